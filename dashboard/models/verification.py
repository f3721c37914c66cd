"""A secret sent to someone to prove an address or reset a password, kept as a hash and used once."""

from datetime import datetime

from sqlmodel import Field

from dashboard.models.columns import Stored


class Verification(Stored, table=True):
    identifier: str = Field(max_length=320, index=True)
    value: str = Field(max_length=64, unique=True)
    """SHA-256 of the secret, 64 hex digits."""
    payload: str | None = None
    expires_at: datetime = Field(index=True)
