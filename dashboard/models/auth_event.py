"""A line of the audit trail: what happened to an account, when and from where."""

from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from dashboard.models.columns import Stored, at_most
from dashboard.models.session import IP_ADDRESS_LENGTH, USER_AGENT_LENGTH


class AuthEventType(StrEnum):
    SIGN_UP = "sign_up"
    SIGN_IN = "sign_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGN_OUT = "sign_out"
    PASSWORD_REFUSED = "password_refused"  # noqa: S105 (the name of an event)
    SESSION_REVOKED = "session_revoked"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 (the same)
    PASSWORD_RESET = "password_reset"  # noqa: S105 (the same)
    RESET_LINK_SENT = "reset_link_sent"
    RESET_LINK_MADE = "reset_link_made"
    EMAIL_CHANGE_ASKED = "email_change_asked"
    EMAIL_CHANGED = "email_changed"
    EMAIL_VERIFIED = "email_verified"
    TOKEN_CREATED = "token_created"  # noqa: S105 (the same)
    TOKEN_REVOKED = "token_revoked"  # noqa: S105 (the same)
    EXPORTED = "exported"
    USER_CREATED = "user_created"
    USER_DISABLED = "user_disabled"
    USER_ENABLED = "user_enabled"


class AuthEvent(Stored, table=True):
    __tablename__ = "auth_event"  # pyright: ignore[reportAssignmentType] (as SQLModel documents it)
    __table_args__ = (
        at_most("user_agent", USER_AGENT_LENGTH),
        Index("ix_auth_event_user_id_created_at", "user_id", "created_at"),
        Index("ix_auth_event_created_at", "created_at"),
    )

    user_id: UUID = Field(foreign_key="user.id", ondelete="CASCADE")
    type: str = Field(max_length=32)
    """An AuthEventType."""
    ip_address: str = Field(default="", max_length=IP_ADDRESS_LENGTH)
    user_agent: str = Field(default="", max_length=USER_AGENT_LENGTH)
