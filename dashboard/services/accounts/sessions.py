"""Sessions: opened by signing in, put off by use, ended by signing out or from another device.

models/session.py says how long one lasts.
"""

from contextlib import suppress
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import Session, col, delete, select

from dashboard import clock, events, security
from dashboard.errors import Forbidden, NotSignedIn, PasswordNeeded, SessionNotFound
from dashboard.models.auth_event import AuthEventType
from dashboard.models.session import (
    IP_ADDRESS_LENGTH,
    LONGEST_LIFE,
    NO_SESSION,
    USER_AGENT_LENGTH,
    Actor,
    Client,
    UserSession,
)
from dashboard.models.user import User
from dashboard.security import SessionClaims
from dashboard.services.accounts import audit, authentication, devices
from dashboard.services.operation.batches import delete_batch

MOST_PER_USER = 20


class SignedIn(NamedTuple):
    """A user, the session that was opened for them, and the token that proves it (shown to them alone)."""

    user: User
    session: UserSession
    token: str


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
        absolute_expires_at=now + LONGEST_LIFE,
        remember=remember,
        ip_address=client.ip_address[:IP_ADDRESS_LENGTH],
        user_agent=client.user_agent[:USER_AGENT_LENGTH],
    )
    row.expires_at = now + row.idle
    session.add(row)
    session.flush()
    _end_surplus(session, user.id)
    events.announce(session, events.SessionOpened(user.id, row.id))
    return SignedIn(user, row, authentication.issue_token(row, token_id, now))


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
            end_session(session, authentication.authenticate(session, claims))


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
        events.announce(session, events.SessionEnded(user_id, session_id))
    return len(ended)


def remove_expired(session: Session) -> int:
    """Remove a batch of sessions that are over, anybody's. Returns how many; 0 when none are left."""
    now = clock.now()
    is_over = or_(col(UserSession.expires_at) <= now, col(UserSession.absolute_expires_at) <= now)
    gone = delete_batch(
        session, UserSession, is_over, col(UserSession.user_id), col(UserSession.id)
    )
    for row in gone:
        events.announce(session, events.SessionEnded(row.user_id, row.id))
    return len(gone)


def _end_surplus(session: Session, user_id: UUID) -> None:
    surplus = session.exec(
        select(col(UserSession.id))
        .where(col(UserSession.user_id) == user_id)
        .order_by(col(UserSession.created_at).desc(), col(UserSession.id).desc())
        .offset(MOST_PER_USER)
    ).all()
    for session_id in surplus:
        end_sessions_of(session, user_id, only=session_id)
