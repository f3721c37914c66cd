"""A way to sign in: a password now, other providers later."""

from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from dashboard.models.columns import Stored

CREDENTIAL = "credential"


class Account(Stored, table=True):
    __table_args__ = (UniqueConstraint("provider_id", "account_id"),)

    user_id: UUID = Field(foreign_key="user.id", ondelete="CASCADE", index=True)
    provider_id: str = Field(max_length=64)
    account_id: str = Field(max_length=255)
    password: str | None = None
    """The hash, for the provider 'credential'."""
