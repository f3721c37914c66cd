from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlmodel import Session

from dashboard import clock, security
from dashboard.database.transactions import Database
from dashboard.errors import (
    Forbidden,
    InvalidInput,
    NotSignedIn,
    PasswordNeeded,
    TokenNotEnough,
    TokenNotFound,
    TooManyTokens,
)
from dashboard.models.api_token import TokenScope, TokenWish
from dashboard.models.session import NO_SESSION, Actor
from dashboard.models.user import User
from dashboard.services.accounts import api_tokens, audit, sessions
from dashboard.services.accounts.api_tokens import Bearer, NewToken

READER = TokenWish(name="Reader", scope=TokenScope.READ)
WRITER = TokenWish(name="Writer", scope=TokenScope.WRITE)


def bearer_of(session: Session, secret: str, *, writes: bool = False) -> Bearer:
    claims = security.read_api_token(secret)
    if claims is None:
        raise NotSignedIn
    return api_tokens.authenticate(session, claims, writes=writes)


def test_a_token_speaks_for_who_made_it_until_it_is_revoked(session: Session, ana: Actor) -> None:
    made = api_tokens.create_token(session, ana, WRITER)
    assert bearer_of(session, made.secret, writes=True).actor == Actor(
        ana.id, NO_SESSION, ana.timezone
    )
    api_tokens.revoke_token(session, ana, made.row.id)
    with pytest.raises(NotSignedIn):
        bearer_of(session, made.secret)


def test_a_token_to_read_with_does_not_write(session: Session, ana: Actor) -> None:
    made = api_tokens.create_token(session, ana, READER)
    assert bearer_of(session, made.secret).actor.id == ana.id
    with pytest.raises(TokenNotEnough):
        bearer_of(session, made.secret, writes=True)


def test_a_token_ends_when_it_was_to(frozen_clock, session: Session, ana: Actor) -> None:
    end = frozen_clock.now() + timedelta(minutes=5)
    made = api_tokens.create_token(
        session, ana, TokenWish(name="Short", scope=TokenScope.READ, expires_at=end)
    )
    frozen_clock.set(end - timedelta(microseconds=1))
    assert bearer_of(session, made.secret).actor.id == ana.id
    frozen_clock.set(end)
    with pytest.raises(NotSignedIn):
        bearer_of(session, made.secret)
    assert [row.id for row in api_tokens.list_tokens(session, ana)] == [made.row.id]


def test_a_token_that_would_be_over_already_is_refused(
    frozen_clock, session: Session, ana: Actor
) -> None:
    late = TokenWish(name="Late", scope=TokenScope.READ, expires_at=frozen_clock.now())
    with pytest.raises(InvalidInput, match="still to come"):
        api_tokens.create_token(session, ana, late)


def test_the_token_of_a_disabled_user_is_nobodys(session: Session, ana: Actor) -> None:
    made = api_tokens.create_token(session, ana, WRITER)
    session.execute(update(User).values(disabled_at=clock.now()))
    with pytest.raises(NotSignedIn):
        bearer_of(session, made.secret)


def test_the_database_cannot_tell_a_token(session: Session, ana: Actor) -> None:
    made = api_tokens.create_token(session, ana, WRITER)
    (row,) = api_tokens.list_tokens(session, ana)
    assert made.secret.startswith(row.hint)
    assert len(row.hint) == 8
    assert made.secret[len(row.hint) :] not in str(row.model_dump())
    assert row.token_hash not in made.secret


@pytest.mark.parametrize(
    "token",
    ["", "crn_", "crn_" + "a" * 42, "crn_" + "a" * 44, "CRN_" + "a" * 43, "crn_" + "é" * 43],
)
def test_what_is_not_shaped_like_a_token_is_not_looked_up(token: str) -> None:
    assert security.read_api_token(token) is None


def test_the_hash_of_a_token_is_not_the_token(session: Session, ana: Actor) -> None:
    made = api_tokens.create_token(session, ana, WRITER)
    with pytest.raises(NotSignedIn):
        bearer_of(session, made.row.token_hash)


def test_each_token_is_another(session: Session, ana: Actor) -> None:
    made = [api_tokens.create_token(session, ana, READER) for _ in range(3)]
    assert len({each.secret for each in made}) == 3
    newest_first = [each.row.id for each in reversed(made)]
    assert [row.id for row in api_tokens.list_tokens(session, ana)] == newest_first


def test_nobody_sees_or_revokes_another_persons_token(
    session: Session, ana: Actor, bob: Actor
) -> None:
    made = api_tokens.create_token(session, ana, READER)
    assert list(api_tokens.list_tokens(session, bob)) == []
    with pytest.raises(Forbidden):
        api_tokens.revoke_token(session, bob, made.row.id)
    assert bearer_of(session, made.secret).actor.id == ana.id


def test_a_token_is_revoked_once(session: Session, ana: Actor) -> None:
    made = api_tokens.create_token(session, ana, READER)
    api_tokens.revoke_token(session, ana, made.row.id)
    session.expire_all()
    with pytest.raises(TokenNotFound):
        api_tokens.revoke_token(session, ana, made.row.id)


def test_a_token_is_made_only_shortly_after_the_password_was_entered(
    frozen_clock, session: Session, ana: Actor
) -> None:
    sessions.freshen(session, ana)
    frozen_clock.advance(minutes=10)
    assert api_tokens.create_token(session, ana, READER)
    frozen_clock.advance(seconds=1)
    with pytest.raises(PasswordNeeded):
        api_tokens.create_token(session, ana, READER)
    sessions.freshen(session, ana)
    assert api_tokens.create_token(session, ana, READER)


def test_the_making_and_the_end_of_a_token_are_in_the_audit_trail(
    session: Session, ana: Actor
) -> None:
    made = api_tokens.create_token(session, ana, READER)
    api_tokens.revoke_token(session, ana, made.row.id)
    told = [event.type for event in audit.recent(session, ana)]
    assert told == ["token_revoked", "token_created"]


def test_an_account_has_fifty_tokens_at_most(session: Session, ana: Actor, bob: Actor) -> None:
    made = [api_tokens.create_token(session, ana, READER) for _ in range(api_tokens.MOST_PER_USER)]
    with pytest.raises(TooManyTokens):
        api_tokens.create_token(session, ana, READER)
    assert api_tokens.create_token(session, bob, READER)
    api_tokens.revoke_token(session, ana, made[0].row.id)
    assert api_tokens.create_token(session, ana, READER)


def test_the_use_of_a_token_is_due_to_be_noted_once_a_minute(
    frozen_clock, database: Database, ana: Actor
) -> None:
    with database.transaction() as session:
        made = api_tokens.create_token(session, ana, READER)
    assert last_used(database, made) is None
    with database.transaction() as session:
        assert bearer_of(session, made.secret).is_use_due
        api_tokens.note_use(session, made.row.id)
    noted = frozen_clock.now()
    assert last_used(database, made) == noted
    for seconds, is_due in ((59, False), (1, True)):
        frozen_clock.advance(seconds=seconds)
        with database.transaction(writes=False) as session:
            assert bearer_of(session, made.secret).is_use_due is is_due


def last_used(database: Database, made: NewToken) -> object:
    with database.transaction(writes=False) as session:
        return next(
            row.last_used_at
            for row in api_tokens.list_tokens(session, Actor(made.row.user_id, NO_SESSION, "UTC"))
        )
