"""Sessions: opened by signing in, decided by their row at each use, ended by signing out or from another device."""

from collections.abc import Collection, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Executable, Row, bindparam, or_
from sqlmodel import Session, col, delete, select, update

from dashboard import clock, security
from dashboard.config import get_settings, signing_secrets
from dashboard.db import fetch
from dashboard.errors import Forbidden, NotSignedIn, PasswordNeeded, SessionNotFound
from dashboard.models.auth_event import AuthEventType
from dashboard.models.session import (
    ABSOLUTE,
    IP_ADDRESS_LENGTH,
    NO_SESSION,
    USER_AGENT_LENGTH,
    Actor,
    Client,
    UserSession,
)
from dashboard.models.user import User
from dashboard.security import SessionClaims
from dashboard.services import audit, devices, facts
from dashboard.services.batches import delete_batch

MOST_PER_USER = 20
SEEN_EVERY = timedelta(minutes=1)
"""How often it is written down at most that a session is in use."""


MOST_REMEMBERED = 10_000

_ended: dict[UUID, None] = {}
"""The sessions that were found to have ended here, oldest first."""


class SignedIn(NamedTuple):
    """A user, the session that was opened for them, and the token that proves it (shown to nobody else)."""

    user: User
    session: UserSession
    token: str


class Holder(NamedTuple):
    """Who a cookie speaks for, and whether the use of its session is to be written down again."""

    actor: Actor
    is_use_due: bool


class OwnSession(NamedTuple):
    """One of a person's sessions, as a list of them shows it."""

    row: UserSession
    is_current: bool


def open_session(session: Session, user: User, client: Client, *, remember: bool) -> SignedIn:
    """A new session with an id and a token of its own; the oldest beyond the limit end."""
    now = clock.now()
    token_id = security.new_token_id()
    row = UserSession(
        user_id=user.id,
        token_hash=security.token_hash(token_id),
        expires_at=now,
        absolute_expires_at=now + ABSOLUTE,
        remember=remember,
        ip_address=client.ip_address[:IP_ADDRESS_LENGTH],
        user_agent=client.user_agent[:USER_AGENT_LENGTH],
    )
    row.expires_at = now + row.idle
    session.add(row)
    session.flush()
    _end_surplus(session, user.id)
    facts.announce(session, facts.SessionOpened(user.id, row.id))
    token = security.issue_token(
        _ring(),
        user_id=user.id,
        session_id=row.id,
        token_id=token_id,
        issued_at=now,
        expires_at=row.absolute_expires_at,
    )
    return SignedIn(user, row, token)


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


def remember_end(session_id: UUID) -> None:
    """Note in this process that a session has ended: its cookie is none of its owner's doing any more."""
    _ended[session_id] = None
    if len(_ended) > MOST_REMEMBERED:
        del _ended[next(iter(_ended))]


def is_remembered_as_ended(session_id: UUID) -> bool:
    """Whether a session was seen to have ended, without asking the database. What has ended never begins again."""
    return session_id in _ended


def authenticate_by_id(session: Session, session_id: UUID) -> Actor:
    """Who a session speaks for whose cookie was verified before. Raises NotSignedIn once it has ended."""
    return _actor(_alive(session, _BY_ID, {"session_id": session_id}))


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


def list_sessions(session: Session, actor: Actor) -> list[OwnSession]:
    """The actor's sessions that are alive: this one, then the others, those seen last first."""
    rows = session.exec(select(UserSession).where(col(UserSession.user_id) == actor.id)).all()
    alive = [row for row in rows if row.is_alive(clock.now())]
    own = [OwnSession(row, row.id == actor.session_id) for row in alive]
    return sorted(own, key=lambda each: (each.is_current, each.row.last_seen_at), reverse=True)


def device_of(session: Session, actor: Actor, session_id: UUID) -> str:
    """The device that one of the actor's sessions is on, in words; empty when that is not known (any more)."""
    if session_id == NO_SESSION:
        return "a program"
    row = session.get(UserSession, session_id)
    return devices.describe(row.user_agent).name if row and row.user_id == actor.id else ""


def current(session: Session, actor: Actor) -> tuple[User, UserSession]:
    """The actor's user and session, whole."""
    user, row = session.get(User, actor.id), session.get(UserSession, actor.session_id)
    if user is None or row is None:
        raise NotSignedIn
    return user, row


def is_renewable(session: Session, actor: Actor) -> bool:
    """Whether it is time to put the session's end off."""
    return current(session, actor)[1].is_renewable(clock.now())


def renew(session: Session, actor: Actor) -> UserSession:
    """Put the end of a session in use off, at most daily (hourly without "remember me"). Its token stays good."""
    _user, row = current(session, actor)
    if row.is_renewable(clock.now()):
        row.renew(clock.now())
    return row


def require_fresh(session: Session, actor: Actor) -> None:
    """Raises PasswordNeeded unless the password was entered a short while ago."""
    if not current(session, actor)[1].is_fresh(clock.now()):
        raise PasswordNeeded


def freshen(session: Session, actor: Actor) -> None:
    """The password has just been entered once more."""
    current(session, actor)[1].fresh_at = clock.now()


def end_session(session: Session, actor: Actor) -> None:
    """Sign this session out, at once and for good."""
    note(session, actor, AuthEventType.SIGN_OUT)
    end_sessions_of(session, actor.id, only=actor.session_id)


def note(session: Session, actor: Actor, what: AuthEventType) -> None:
    """Put what this session does into the audit trail."""
    row = session.get(UserSession, actor.session_id)
    if row is not None:
        audit.record(session, actor.id, what, Client(row.ip_address, row.user_agent))


def end_presented(session: Session, claims: SessionClaims | None) -> None:
    """Sign out the session that a browser came with, if it is alive: it gets a new one in its place."""
    with suppress(NotSignedIn):
        if claims is not None:
            end_session(session, authenticate(session, claims))


def end_one(session: Session, actor: Actor, session_id: UUID) -> None:
    """End one of the actor's sessions. Raises SessionNotFound, Forbidden, and PasswordNeeded unless it is this one."""
    row = session.get(UserSession, session_id)
    if row is None:
        raise SessionNotFound
    if row.user_id != actor.id:
        raise Forbidden
    if session_id == actor.session_id:
        end_session(session, actor)
        return
    require_fresh(session, actor)
    note(session, actor, AuthEventType.SESSION_REVOKED)
    end_sessions_of(session, actor.id, only=session_id)


def end_others(session: Session, actor: Actor) -> None:
    """End all of the actor's sessions but this one. Raises PasswordNeeded."""
    require_fresh(session, actor)
    note(session, actor, AuthEventType.SESSION_REVOKED)
    end_sessions_of(session, actor.id, but=actor.session_id)


def end_sessions_of(
    session: Session, user_id: UUID, *, only: UUID | None = None, but: UUID | None = None
) -> int:
    """End the sessions of a user: all, only one, or all but one. Returns how many."""
    gone = delete(UserSession).where(col(UserSession.user_id) == user_id)
    if only is not None:
        gone = gone.where(col(UserSession.id) == only)
    if but is not None:
        gone = gone.where(col(UserSession.id) != but)
    ended = session.execute(gone.returning(col(UserSession.id))).scalars().all()
    for session_id in ended:
        facts.announce(session, facts.SessionEnded(user_id, session_id))
    return len(ended)


def remove_expired(session: Session) -> int:
    """Remove a batch of sessions that are over, anybody's. Returns how many; 0 when none are left."""
    now = clock.now()
    is_over = or_(col(UserSession.expires_at) <= now, col(UserSession.absolute_expires_at) <= now)
    gone = delete_batch(
        session, UserSession, is_over, col(UserSession.user_id), col(UserSession.id)
    )
    for row in gone:
        facts.announce(session, facts.SessionEnded(row.user_id, row.id))
    return len(gone)


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


def _end_surplus(session: Session, user_id: UUID) -> None:
    surplus = session.exec(
        select(col(UserSession.id))
        .where(col(UserSession.user_id) == user_id)
        .order_by(col(UserSession.created_at).desc(), col(UserSession.id).desc())
        .offset(MOST_PER_USER)
    ).all()
    for session_id in surplus:
        end_sessions_of(session, user_id, only=session_id)


@lru_cache(maxsize=1)
def _ring() -> tuple[bytes, ...]:
    return signing_secrets(get_settings())
