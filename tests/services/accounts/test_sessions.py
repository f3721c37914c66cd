from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, col, select

from dashboard import events
from dashboard.database.transactions import Database
from dashboard.errors import Forbidden, NotSignedIn, PasswordNeeded, SessionNotFound
from dashboard.models.session import LONGEST_LIFE, NO_SESSION, Actor, Client, UserSession
from dashboard.services.accounts import audit, authentication, sessions
from dashboard.services.accounts.sessions import SignedIn
from tests.services.accounts.test_authentication import who_is


def sessions_of(session: Session, user_id: UUID) -> list[UUID]:
    query = (
        select(UserSession.id).where(UserSession.user_id == user_id).order_by(col(UserSession.id))
    )
    return list(session.exec(query).all())


def test_signing_out_ends_this_session_alone(
    session: Session, ana: Actor, bob: Actor, ana_signed_in: SignedIn
) -> None:
    elsewhere = sessions.open_session(session, ana_signed_in.user, Client(), remember=True)
    sessions.end_session(session, ana)
    assert who_is(session, elsewhere.token).id == ana.id
    assert authentication.authenticate_by_id(session, bob.session_id) == bob


def test_signing_out_twice_is_fine(session: Session, ana: Actor) -> None:
    sessions.end_session(session, ana)
    sessions.end_session(session, ana)


@pytest.mark.parametrize(
    ("remember", "idle"), [(False, timedelta(hours=12)), (True, timedelta(days=30))]
)
def test_a_session_that_is_not_used_ends(
    make_person: Callable[..., SignedIn],
    database: Database,
    frozen_clock,
    remember: bool,
    idle: timedelta,
) -> None:
    signed_in = make_person("Ana", remember=remember)
    frozen_clock.moment += idle - timedelta(microseconds=1)
    with database.transaction(writes=False) as session:
        assert who_is(session, signed_in.token).id == signed_in.user.id
    frozen_clock.moment += timedelta(microseconds=1)
    with database.transaction(writes=False) as session, pytest.raises(NotSignedIn):
        who_is(session, signed_in.token)


def test_no_session_outlives_ninety_days_however_much_it_is_used(
    session: Session, ana: Actor, ana_signed_in: SignedIn, frozen_clock
) -> None:
    row = session.get(UserSession, ana.session_id)
    assert row is not None
    begun = row.absolute_expires_at - LONGEST_LIFE
    assert abs(begun - row.created_at) < timedelta(seconds=5)
    row.expires_at = begun + timedelta(days=365)
    session.flush()
    frozen_clock.set(begun + LONGEST_LIFE - timedelta(seconds=1))
    assert who_is(session, ana_signed_in.token) == ana
    frozen_clock.set(begun + LONGEST_LIFE)
    with pytest.raises(NotSignedIn):
        authentication.authenticate_by_id(session, ana.session_id)
    assert authentication.read_claims(ana_signed_in.token) is None


def test_every_signing_in_has_a_session_and_a_token_of_its_own(
    session: Session, ana_signed_in: SignedIn
) -> None:
    opened = [
        sessions.open_session(session, ana_signed_in.user, Client(), remember=False)
        for _ in range(3)
    ]
    assert len({signed_in.session.id for signed_in in opened}) == 3
    assert len({signed_in.token for signed_in in opened}) == 3
    assert len({signed_in.session.token_hash for signed_in in opened}) == 3


def test_the_database_cannot_tell_the_token(session: Session, ana_signed_in: SignedIn) -> None:
    row = session.get(UserSession, ana_signed_in.session.id)
    assert row is not None
    assert row.token_hash not in ana_signed_in.token
    assert ana_signed_in.token not in str(row.model_dump())


def test_the_oldest_session_beyond_twenty_ends_and_nobody_elses(
    session: Session, ana: Actor, bob: Actor, ana_signed_in: SignedIn
) -> None:
    for _ in range(sessions.MOST_PER_USER - 1):
        sessions.open_session(session, ana_signed_in.user, Client(), remember=False)
    assert authentication.authenticate_by_id(session, ana.session_id) == ana
    last = sessions.open_session(session, ana_signed_in.user, Client(), remember=False)
    with pytest.raises(NotSignedIn):
        authentication.authenticate_by_id(session, ana.session_id)
    assert len(sessions_of(session, ana.id)) == sessions.MOST_PER_USER
    assert last.session.id in sessions_of(session, ana.id)
    assert authentication.authenticate_by_id(session, bob.session_id) == bob


def test_a_session_remembers_where_it_was_opened_as_far_as_there_is_room(
    session: Session, ana_signed_in: SignedIn
) -> None:
    client = Client(ip_address="fe80::1%" + "x" * 60, user_agent="Browser " + "é" * 600)
    opened = sessions.open_session(session, ana_signed_in.user, client, remember=False)
    session.expire(opened.session)
    assert opened.session.ip_address == client.ip_address[:45]
    assert opened.session.user_agent == client.user_agent[:512]


@pytest.mark.parametrize(
    ("remember", "every", "idle"),
    [
        (False, timedelta(hours=1), timedelta(hours=12)),
        (True, timedelta(days=1), timedelta(days=30)),
    ],
)
def test_a_session_in_use_is_put_off_now_and_then(
    make_person: Callable[..., SignedIn],
    database: Database,
    frozen_clock,
    remember: bool,
    every: timedelta,
    idle: timedelta,
) -> None:
    opened = make_person("Ana", remember=remember)
    actor = Actor(opened.user.id, opened.session.id, "UTC")
    end = opened.session.expires_at
    with database.transaction() as session:
        frozen_clock.moment += every - timedelta(seconds=1)
        assert not sessions.is_renewable(session, actor)
        assert sessions.renew(session, actor).expires_at == end
        frozen_clock.moment += timedelta(seconds=1)
        assert sessions.is_renewable(session, actor)
        renewed = sessions.renew(session, actor)
        assert renewed.expires_at == frozen_clock.now() + idle == end + every
        assert renewed.last_seen_at == frozen_clock.now()
        assert not sessions.is_renewable(session, actor)
    with database.transaction(writes=False) as session:
        assert who_is(session, opened.token).id == actor.id


def test_a_session_in_use_still_ends_after_ninety_days(
    make_person: Callable[..., SignedIn], database: Database, frozen_clock
) -> None:
    opened = make_person("Ana", remember=True)
    actor = Actor(opened.user.id, opened.session.id, "UTC")
    for _ in range(89):
        frozen_clock.advance(days=1)
        with database.transaction() as session:
            authentication.authenticate_by_id(session, actor.session_id)
            sessions.renew(session, actor)
    frozen_clock.advance(days=1)
    with database.transaction() as session, pytest.raises(NotSignedIn):
        authentication.authenticate_by_id(session, actor.session_id)


def test_what_has_expired_is_removed_and_what_is_alive_stays(
    database: Database, make_person: Callable[..., SignedIn], frozen_clock
) -> None:
    short_lived, remembered = make_person("Ana"), make_person("Bob", remember=True)
    frozen_clock.advance(hours=12)
    with database.transaction() as session:
        assert sessions.remove_expired(session) == 1
        assert sessions.remove_expired(session) == 0
        assert sessions_of(session, short_lived.user.id) == []
        assert sessions_of(session, remembered.user.id) == [remembered.session.id]


def test_the_end_of_an_expired_session_is_announced(
    database: Database, make_person: Callable[..., SignedIn], frozen_clock
) -> None:
    signed_in = make_person("Ana")
    heard: list[events.Event] = []
    events.listen(signed_in.user.id, heard.append)
    frozen_clock.advance(days=90)
    with database.transaction() as session:
        sessions.remove_expired(session)
    assert heard == [events.SessionEnded(signed_in.user.id, signed_in.session.id)]


def test_the_current_user_and_session_come_whole(session: Session, ana: Actor) -> None:
    user, row = sessions.current(session, ana)
    assert (user.id, user.email, row.id) == (ana.id, "ana@example.org", ana.session_id)
    sessions.end_session(session, ana)
    session.expire_all()
    with pytest.raises(NotSignedIn):
        sessions.current(session, ana)


def another_session(session: Session, signed_in: SignedIn) -> Actor:
    opened = sessions.open_session(session, signed_in.user, Client(), remember=True)
    return Actor(signed_in.user.id, opened.session.id, signed_in.user.timezone)


def test_the_list_has_this_session_first_and_then_those_seen_last(
    frozen_clock, session: Session, ana: Actor, bob: Actor, ana_signed_in: SignedIn
) -> None:
    frozen_clock.advance(hours=1)
    phone = another_session(session, ana_signed_in)
    frozen_clock.advance(hours=1)
    tablet = another_session(session, ana_signed_in)
    frozen_clock.advance(hours=1)
    authentication.note_seen(session, [phone.session_id])
    session.expire_all()
    listed = sessions.list_sessions(session, ana)
    assert [each.row.id for each in listed] == [each.session_id for each in (ana, phone, tablet)]
    assert [each.is_current for each in listed] == [True, False, False]
    assert [each.row.id for each in sessions.list_sessions(session, bob)] == [bob.session_id]


def test_the_list_leaves_out_what_has_expired(
    frozen_clock, session: Session, ana_signed_in: SignedIn, ana: Actor
) -> None:
    remembered = another_session(session, ana_signed_in)
    frozen_clock.advance(hours=13)
    listed = sessions.list_sessions(session, remembered)
    assert [each.row.id for each in listed] == [remembered.session_id]


def test_one_of_the_others_is_ended_and_told(
    database: Database, ana: Actor, ana_signed_in: SignedIn
) -> None:
    with database.transaction() as session:
        phone = another_session(session, ana_signed_in)
    heard: list[events.Event] = []
    events.listen(ana.id, heard.append)
    with database.transaction() as session:
        sessions.end_one(session, ana, phone.session_id)
    assert heard == [events.SessionEnded(ana.id, phone.session_id)]
    with database.transaction() as session:
        with pytest.raises(NotSignedIn):
            authentication.authenticate_by_id(session, phone.session_id)
        with pytest.raises(SessionNotFound):
            sessions.end_one(session, ana, phone.session_id)


def test_all_the_others_are_ended_and_told(
    database: Database, ana: Actor, bob: Actor, ana_signed_in: SignedIn
) -> None:
    with database.transaction() as session:
        others = {another_session(session, ana_signed_in).session_id for _ in range(3)}
    heard: list[events.Event] = []
    events.listen(ana.id, heard.append)
    with database.transaction() as session:
        sessions.end_others(session, ana)
    assert {event.session_id for event in heard if isinstance(event, events.SessionEnded)} == others
    with database.transaction() as session:
        assert sessions_of(session, ana.id) == [ana.session_id]
        assert sessions_of(session, bob.id) == [bob.session_id]


def test_nobody_ends_another_persons_session(session: Session, ana: Actor, bob: Actor) -> None:
    with pytest.raises(Forbidden):
        sessions.end_one(session, bob, ana.session_id)
    with pytest.raises(SessionNotFound):
        sessions.end_one(session, bob, uuid4())
    assert authentication.authenticate_by_id(session, ana.session_id) == ana


def test_ending_others_needs_the_password_and_ending_this_one_does_not(
    frozen_clock, session: Session, ana: Actor, ana_signed_in: SignedIn
) -> None:
    phone = another_session(session, ana_signed_in)
    frozen_clock.advance(minutes=10, seconds=1)
    for attempt in (
        lambda: sessions.end_one(session, ana, phone.session_id),
        lambda: sessions.end_others(session, ana),
    ):
        with pytest.raises(PasswordNeeded):
            attempt()
    sessions.end_one(session, ana, ana.session_id)
    assert sessions_of(session, ana.id) == [phone.session_id]


def test_being_seen_does_not_keep_a_session_from_being_put_off(
    frozen_clock, make_person: Callable[..., SignedIn], database: Database
) -> None:
    opened = make_person("Ana", remember=True)
    actor = Actor(opened.user.id, opened.session.id, "UTC")
    frozen_clock.advance(days=1)
    with database.transaction() as session:
        authentication.note_seen(session, [actor.session_id])
        assert sessions.is_renewable(session, actor)


def test_a_device_is_told_to_its_owner_alone(
    session: Session, ana: Actor, bob: Actor, ana_signed_in: SignedIn
) -> None:
    firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    opened = sessions.open_session(session, ana_signed_in.user, Client("", firefox), remember=True)
    session_id = opened.session.id
    assert sessions.device_of(session, ana, session_id) == "Firefox on Linux"
    assert sessions.device_of(session, bob, session_id) == ""
    assert sessions.device_of(session, ana, uuid4()) == ""
    assert sessions.device_of(session, ana, NO_SESSION) == "a program"


def test_what_is_done_to_sessions_is_in_the_audit_trail(
    session: Session, ana: Actor, ana_signed_in: SignedIn
) -> None:
    phone = another_session(session, ana_signed_in)
    sessions.end_one(session, ana, phone.session_id)
    sessions.end_others(session, ana)
    sessions.end_one(session, ana, ana.session_id)
    told = [event.type for event in reversed(audit.recent(session, ana))]
    assert told == ["session_revoked", "session_revoked", "sign_out"]
