"""Accounts as the person who runs the server sees and manages them."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session, col

from dashboard import clock
from dashboard.errors import UserNotFound
from dashboard.models.auth_event import AuthEventType
from dashboard.models.session import UserSession
from dashboard.models.user import User, normal_email
from dashboard.services.accounts import audit, email_addresses, links, sessions


class UserLine(NamedTuple):
    """An account in a list."""

    id: UUID
    email: str
    name: str
    created_at: datetime
    disabled_at: datetime | None
    sessions: int
    """How many are alive."""


class SessionLine(NamedTuple):
    """A live session in a list."""

    id: UUID
    last_seen_at: datetime
    expires_at: datetime
    ip_address: str
    user_agent: str


def list_users(session: Session) -> Sequence[UserLine]:
    """All accounts, oldest first."""
    alive = func.count(col(UserSession.id))
    rows = session.execute(
        select(
            col(User.id),
            col(User.email),
            col(User.name),
            col(User.created_at),
            col(User.disabled_at),
            alive,
        )
        .join(
            UserSession,
            (col(UserSession.user_id) == col(User.id))
            & (col(UserSession.expires_at) > clock.now()),
            isouter=True,
        )
        .group_by(col(User.id))
        .order_by(col(User.id))
    )
    return [UserLine(*row) for row in rows]


def first_created_at(session: Session) -> datetime | None:
    """When the oldest account was created; None while there is none."""
    return session.execute(select(func.min(col(User.created_at)))).scalar()


def list_sessions(session: Session, email: str) -> Sequence[SessionLine]:
    """The live sessions of an account, the one seen last first. Raises UserNotFound."""
    rows = session.execute(
        select(
            col(UserSession.id),
            col(UserSession.last_seen_at),
            col(UserSession.expires_at),
            col(UserSession.ip_address),
            col(UserSession.user_agent),
        )
        .where(
            col(UserSession.user_id) == find(session, email).id,
            col(UserSession.expires_at) > clock.now(),
        )
        .order_by(col(UserSession.last_seen_at).desc(), col(UserSession.id))
    )
    return [SessionLine(*row) for row in rows]


def find(session: Session, email: str) -> User:
    """The account with this address. Raises UserNotFound."""
    is_theirs = col(User.email) == normal_email(email)
    user = session.execute(select(User).where(is_theirs)).scalar_one_or_none()
    if user is None:
        raise UserNotFound
    return user


def disable(session: Session, email: str) -> User:
    """Disable an account. Raises UserNotFound."""
    user = find(session, email)
    user.disabled_at = user.disabled_at or clock.now()
    audit.record(session, user.id, AuthEventType.USER_DISABLED)
    sessions.end_sessions_of(session, user.id)
    return user


def enable(session: Session, email: str) -> User:
    """Let an account be used again. Raises UserNotFound."""
    user = find(session, email)
    user.disabled_at = None
    audit.record(session, user.id, AuthEventType.USER_ENABLED)
    return user


def set_email(session: Session, email: str, new: str) -> User:
    """Give an account another address, which is not proved yet. Its sessions end.

    Raises UserNotFound, UserAlreadyExists.
    """
    user = find(session, email)
    user.email_verified = False
    email_addresses.change(session, user, new, audit.NOWHERE, keep=None)
    return user


def reset_link(session: Session, email: str) -> str:
    """Where the person chooses another password, within an hour. Raises UserNotFound."""
    user = find(session, email)
    audit.record(session, user.id, AuthEventType.RESET_LINK_MADE)
    return links.reset_link(session, user)


def revoke_sessions(session: Session, email: str, session_id: UUID | None = None) -> int:
    """End all sessions of an account, or one of them. Returns how many. Raises UserNotFound."""
    user = find(session, email)
    count = sessions.end_sessions_of(session, user.id, only=session_id)
    if count:
        audit.record(session, user.id, AuthEventType.SESSION_REVOKED)
    return count
