"""Who a cookie or a socket speaks for: decided by the row of its session, at each use."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from cachetools import FIFOCache
from sqlalchemy import Executable, Row, bindparam
from sqlmodel import Session, col, select, update

from dashboard import clock, security
from dashboard.config import get_settings, signing_secrets
from dashboard.database.transactions import fetch
from dashboard.errors import NotSignedIn
from dashboard.models.session import Actor, UserSession
from dashboard.models.user import User
from dashboard.security import SessionClaims

SEEN_EVERY = timedelta(minutes=1)
"""How often it is written down at most that a session is in use."""

_ended: FIFOCache[UUID, bool] = FIFOCache(10_000)
"""The sessions that were found to have ended here. Only the event loop asks."""


class Holder(NamedTuple):
    """Who a cookie speaks for, and whether the use of its session is to be written down again."""

    actor: Actor
    is_use_due: bool


def issue_token(row: UserSession, token_id: str, at: datetime) -> str:
    """What the cookie of a new session holds."""
    return security.issue_token(
        _ring(),
        user_id=row.user_id,
        session_id=row.id,
        token_id=token_id,
        issued_at=at,
        expires_at=row.absolute_expires_at,
    )


def read_claims(token: str) -> SessionClaims | None:
    """What a cookie claims, when its signature and dates hold; the row still has to agree."""
    return security.read_token(_ring(), token, at=clock.now())


def recognize(session: Session, claims: SessionClaims) -> Holder:
    """Who these claims speak for. Raises NotSignedIn unless the session's row is there, alive and of that token."""
    row = _alive(session, _BY_CLAIMS, claims._asdict())
    return Holder(_actor(row), is_use_due(row.last_seen_at))


def authenticate(session: Session, claims: SessionClaims) -> Actor:
    """As `recognize`, where the use of the session is noted elsewhere."""
    return recognize(session, claims).actor


def authenticate_by_id(session: Session, session_id: UUID) -> Actor:
    """Who a session speaks for whose cookie was verified before. Raises NotSignedIn once it has ended."""
    return _actor(_alive(session, _BY_ID, {"session_id": session_id}))


def remember_end(session_id: UUID) -> None:
    """Note in this process that a session has ended: its cookie is none of its owner's doing any more."""
    _ended[session_id] = True


def is_remembered_as_ended(session_id: UUID) -> bool:
    """Whether a session was seen to have ended, without asking the database. What has ended never begins again."""
    return session_id in _ended


def living(session: Session, session_ids: Collection[UUID]) -> Mapping[UUID, datetime]:
    """Those of these sessions that have not ended, and when each was last seen."""
    asked = {"session_ids": list(session_ids), "now": clock.now()}
    return {row.id: row.last_seen_at for row in fetch(session, _LIVING, asked)}


def is_use_due(seen_at: datetime) -> bool:
    """Whether the use of a session that was seen then is to be written down again."""
    return clock.now() - seen_at >= SEEN_EVERY


def note_seen(session: Session, session_ids: Collection[UUID]) -> None:
    """Write down that sessions are in use."""
    session.exec(
        update(UserSession)
        .where(col(UserSession.id).in_(session_ids))
        .values(last_seen_at=clock.now())
    )


# Asked with every request, and so made once.
_ALIVE = (
    col(UserSession.expires_at) > bindparam("now"),
    col(UserSession.absolute_expires_at) > bindparam("now"),
    col(User.disabled_at).is_(None),
)
_BY_ID = (
    select(
        col(User.id).label("user_id"),
        col(UserSession.id).label("session_id"),
        col(User.timezone),
        col(UserSession.last_seen_at),
    )
    .join(UserSession, col(UserSession.user_id) == col(User.id))
    .where(col(UserSession.id) == bindparam("session_id"), *_ALIVE)
)
_BY_CLAIMS = _BY_ID.where(
    col(UserSession.user_id) == bindparam("user_id"),
    col(UserSession.token_hash) == bindparam("token_hash"),
)
_LIVING = (
    select(col(UserSession.id), col(UserSession.last_seen_at))
    .join(User, col(UserSession.user_id) == col(User.id))
    .where(col(UserSession.id).in_(bindparam("session_ids", expanding=True)), *_ALIVE)
)


def _actor(row: Row[Any]) -> Actor:
    return Actor(row.user_id, row.session_id, row.timezone)


def _alive(session: Session, statement: Executable, parameters: dict[str, Any]) -> Row[Any]:
    row = fetch(session, statement, {**parameters, "now": clock.now()}).first()
    if row is None:
        raise NotSignedIn
    return row


@lru_cache(maxsize=1)
def _ring() -> tuple[bytes, ...]:
    return signing_secrets(get_settings())
