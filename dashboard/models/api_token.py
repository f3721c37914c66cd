"""A key for a program: it acts as its user, within its scope, until it expires or is revoked."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import BeforeValidator
from sqlalchemy import CheckConstraint
from sqlmodel import Field

from dashboard.models.columns import Stored, at_most
from dashboard.models.text import Input, Moment, StorableText, length_shown, name_of_at_most

TOKEN_NAME_LENGTH = 100
HINT_LENGTH = 8
"""How much of a token is kept, so that its owner knows it again: `crn_` and 4 of its 43 characters."""


class TokenScope(StrEnum):
    """What a token may do with tasks; `write` includes reading."""

    READ = "read"
    WRITE = "write"


def _scope(value: Any) -> TokenScope:
    try:
        return TokenScope(value)
    except ValueError:
        raise ValueError("The scope is read or write.") from None


class TokenWish(Input):
    """A token to be made. Without `expires_at` it lasts until it is revoked."""

    name: Annotated[
        StorableText,
        name_of_at_most(TOKEN_NAME_LENGTH, missing="Enter a name for the token."),
        length_shown(1, TOKEN_NAME_LENGTH),
    ]
    scope: Annotated[TokenScope, BeforeValidator(_scope, json_schema_input_type=TokenScope)]
    expires_at: Moment | None = None


class ApiToken(Stored, table=True):
    __tablename__ = "api_token"  # pyright: ignore[reportAssignmentType] (as SQLModel documents it)
    __table_args__ = (
        at_most("name", TOKEN_NAME_LENGTH),
        CheckConstraint("scope IN ('read', 'write')", name="scope_known"),
    )

    user_id: UUID = Field(foreign_key="user.id", ondelete="CASCADE", index=True)
    name: str = Field(max_length=TOKEN_NAME_LENGTH)
    token_hash: str = Field(max_length=64, unique=True)
    hint: str = Field(max_length=HINT_LENGTH)
    """The first characters of the token."""
    scope: str = Field(max_length=8)
    last_used_at: datetime | None = None
    expires_at: datetime | None = None
