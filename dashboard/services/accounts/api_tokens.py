"""API tokens: made and revoked by their owner at a screen, decided by their row at each use."""

from collections.abc import Sequence
from datetime import timedelta
from threading import Lock
from typing import NamedTuple
from uuid import UUID

from cachetools import FIFOCache
from sqlalchemy import bindparam, delete, func, or_, select, update
from sqlmodel import Session, col

from dashboard import clock, security
from dashboard.database.transactions import fetch
from dashboard.errors import (
    FieldError,
    Forbidden,
    InvalidInput,
    NotSignedIn,
    TokenNotEnough,
    TokenNotFound,
    TooManyTokens,
)
from dashboard.models.api_token import HINT_LENGTH, ApiToken, TokenScope, TokenWish
from dashboard.models.auth_event import AuthEventType
from dashboard.models.session import NO_SESSION, Actor
from dashboard.models.user import User
from dashboard.security import TokenClaims
from dashboard.services.accounts import sessions

MOST_PER_USER = 50
NOTED_EVERY = timedelta(minutes=1)
"""How often the use of a token is written down at most."""

_noting = Lock()
_owners: FIFOCache[str, UUID] = FIFOCache(10_000)
"""Whose the tokens are that were used here, by their hashes."""


class NewToken(NamedTuple):
    """A token's row, and the token itself, which cannot be read again."""

    row: ApiToken
    secret: str


class Bearer(NamedTuple):
    """Who a token speaks for, and whether its use is to be written down again."""

    actor: Actor
    token_id: UUID
    is_use_due: bool


def create_token(session: Session, actor: Actor, wish: TokenWish) -> NewToken:
    """Make a token. Raises PasswordNeeded, InvalidInput (it would be over already), TooManyTokens."""
    sessions.require_fresh(session, actor)
    if wish.expires_at is not None and wish.expires_at <= clock.now():
        raise InvalidInput(FieldError("expires_at", "Choose a moment that is still to come."))
    _require_room(session, actor)
    secret = security.new_api_token()
    row = ApiToken(
        user_id=actor.id,
        name=wish.name,
        token_hash=security.token_hash(secret),
        hint=secret[:HINT_LENGTH],
        # The column holds text: PostgreSQL's driver would write an enum's name.
        scope=wish.scope.value,
        expires_at=wish.expires_at,
    )
    session.add(row)
    sessions.note(session, actor, AuthEventType.TOKEN_CREATED)
    session.flush()
    return NewToken(row, secret)


def list_tokens(session: Session, actor: Actor) -> Sequence[ApiToken]:
    """The actor's tokens, newest first, also those that are over."""
    newest_first = col(ApiToken.id).desc()
    return session.scalars(
        select(ApiToken)
        .where(col(ApiToken.user_id) == actor.id)
        .order_by(newest_first)
        .limit(MOST_PER_USER)
    ).all()


def revoke_token(session: Session, actor: Actor, token_id: UUID) -> None:
    """End a token, at once and for good. Raises TokenNotFound, Forbidden."""
    token = session.get(ApiToken, token_id)
    if token is None:
        raise TokenNotFound
    if token.user_id != actor.id:
        raise Forbidden
    session.execute(delete(ApiToken).where(col(ApiToken.id) == token_id))
    sessions.note(session, actor, AuthEventType.TOKEN_REVOKED)


def revoke_all(session: Session, user_id: UUID) -> None:
    """End every token of a user."""
    session.execute(delete(ApiToken).where(col(ApiToken.user_id) == user_id))


def authenticate(session: Session, claims: TokenClaims, *, writes: bool) -> Bearer:
    """Who a token speaks for. Raises NotSignedIn unless it is there and alive, TokenNotEnough beyond its scope."""
    now = clock.now()
    row = fetch(session, _BY_HASH, {"token_hash": claims.token_hash, "now": now}).first()
    with _noting:
        if row is None:
            _owners.pop(claims.token_hash, None)
            raise NotSignedIn
        _owners[claims.token_hash] = row.user_id
    if writes and row.scope != TokenScope.WRITE:
        raise TokenNotEnough
    is_use_due = row.last_used_at is None or now - row.last_used_at >= NOTED_EVERY
    return Bearer(Actor(row.user_id, NO_SESSION, row.timezone), row.id, is_use_due)


def remembered_owner(claims: TokenClaims) -> UUID | None:
    """Whose a token was when it was used here last, without asking the database; its row still decides."""
    with _noting:
        return _owners.get(claims.token_hash)


def note_use(session: Session, token_id: UUID) -> None:
    """Write down that a token was used just now."""
    session.execute(
        update(ApiToken).where(col(ApiToken.id) == token_id).values(last_used_at=clock.now())
    )


# Asked with every request of a program, and so made once.
_BY_HASH = (
    select(
        col(ApiToken.user_id),
        col(ApiToken.id),
        col(ApiToken.scope),
        col(ApiToken.last_used_at),
        col(User.timezone),
    )
    .join(User, col(User.id) == col(ApiToken.user_id))
    .where(
        col(ApiToken.token_hash) == bindparam("token_hash"),
        or_(col(ApiToken.expires_at).is_(None), col(ApiToken.expires_at) > bindparam("now")),
        col(User.disabled_at).is_(None),
    )
)


def _require_room(session: Session, actor: Actor) -> None:
    # Locked, so that two that are made at once are counted one after the other.
    session.execute(select(col(User.id)).where(col(User.id) == actor.id).with_for_update())
    count = select(func.count()).select_from(ApiToken).where(col(ApiToken.user_id) == actor.id)
    if session.execute(count).scalar_one() >= MOST_PER_USER:
        raise TooManyTokens
