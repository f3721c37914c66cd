"""Who a cookie or a socket speaks for is decided by its session's row."""

from uuid import uuid4

import pytest
from sqlmodel import Session

from dashboard import clock
from dashboard.errors import NotSignedIn
from dashboard.models.session import Actor
from dashboard.models.user import User
from dashboard.services.accounts import authentication, sessions
from dashboard.services.accounts.sessions import SignedIn


def who_is(session: Session, token: str) -> Actor:
    claims = authentication.read_claims(token)
    if claims is None:
        raise NotSignedIn
    return authentication.authenticate(session, claims)


def test_a_token_is_its_user_until_they_sign_out(
    session: Session, ana: Actor, ana_signed_in: SignedIn
) -> None:
    assert who_is(session, ana_signed_in.token) == ana
    assert authentication.authenticate_by_id(session, ana.session_id) == ana
    sessions.end_session(session, ana)
    for attempt in (
        lambda: who_is(session, ana_signed_in.token),
        lambda: authentication.authenticate_by_id(session, ana.session_id),
    ):
        with pytest.raises(NotSignedIn):
            attempt()


@pytest.mark.parametrize("token", ["", "a.b.c", "nonsense", "\ud800"])
def test_nonsense_is_nobody(token: str) -> None:
    assert authentication.read_claims(token) is None


def test_a_token_signed_with_another_secret_is_nobody(ana_signed_in: SignedIn, set_env) -> None:
    assert authentication.read_claims(ana_signed_in.token) is not None
    set_env(AUTH_SECRET="kV8q0Jt4mZ1uXw7cR5yB2nL9sD3fH6gA")
    authentication._ring.cache_clear()
    assert authentication.read_claims(ana_signed_in.token) is None


@pytest.mark.parametrize("wrong", ["session_id", "user_id", "token_hash"])
def test_a_genuine_token_that_its_row_does_not_agree_with_is_nobody(
    session: Session, ana_signed_in: SignedIn, bob: Actor, wrong: str
) -> None:
    claims = authentication.read_claims(ana_signed_in.token)
    assert claims is not None
    others = {"session_id": bob.session_id, "user_id": bob.id, "token_hash": "0" * 64}
    with pytest.raises(NotSignedIn):
        authentication.authenticate(session, claims._replace(**{wrong: others[wrong]}))


def test_an_unknown_session_is_nobody(session: Session, ana: Actor) -> None:
    with pytest.raises(NotSignedIn):
        authentication.authenticate_by_id(session, uuid4())


def test_whoever_is_disabled_is_signed_out_everywhere_at_once(
    session: Session, ana: Actor, ana_signed_in: SignedIn
) -> None:
    user = session.get(User, ana.id)
    assert user is not None
    user.disabled_at = clock.now()
    session.flush()
    with pytest.raises(NotSignedIn):
        who_is(session, ana_signed_in.token)
    with pytest.raises(NotSignedIn):
        authentication.authenticate_by_id(session, ana.session_id)


def test_a_new_zone_counts_from_the_next_request_on(
    session: Session, ana: Actor, ana_signed_in: SignedIn
) -> None:
    user = session.get(User, ana.id)
    assert user is not None
    user.timezone = "Asia/Tokyo"
    session.flush()
    assert who_is(session, ana_signed_in.token).timezone == "Asia/Tokyo"


def test_the_living_are_those_that_authenticate(session: Session, ana: Actor, bob: Actor) -> None:
    asked = {ana.session_id, bob.session_id, uuid4()}
    assert set(authentication.living(session, asked)) == {ana.session_id, bob.session_id}
    assert set(authentication.living(session, [ana.session_id])) == {ana.session_id}
    assert not authentication.living(session, [])
    sessions.end_session(session, ana)
    bob_himself = session.get(User, bob.id)
    assert bob_himself is not None
    bob_himself.disabled_at = clock.now()
    assert not authentication.living(session, asked)


def test_a_session_whose_time_is_over_is_not_among_the_living(
    frozen_clock, session: Session, ana: Actor
) -> None:
    frozen_clock.advance(hours=12)
    assert not authentication.living(session, [ana.session_id])


def test_the_use_of_a_session_is_due_to_be_noted_every_minute(
    frozen_clock, session: Session, ana_signed_in: SignedIn
) -> None:
    claims = authentication.read_claims(ana_signed_in.token)
    assert claims is not None
    frozen_clock.advance(seconds=59)
    assert not authentication.recognize(session, claims).is_use_due
    frozen_clock.advance(seconds=1)
    assert authentication.recognize(session, claims).is_use_due
    authentication.note_seen(session, [claims.session_id])
    assert not authentication.recognize(session, claims).is_use_due
    assert authentication.living(session, [claims.session_id]) == {
        claims.session_id: frozen_clock.now()
    }
