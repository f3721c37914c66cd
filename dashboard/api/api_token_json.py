"""API tokens as JSON. Only the answer that makes one has a field for the token itself."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Body
from pydantic import Field
from typing_extensions import TypedDict

from dashboard.api.json_response import Moment, moment
from dashboard.models.api_token import ApiToken, TokenScope, TokenWish
from dashboard.services.accounts.api_tokens import NewToken

_SHORT_WISH = {"name": "Home dashboard", "scope": "read"}
_LONG_WISH = {"name": "Backup script", "scope": "write", "expires_at": "2126-03-10T12:00:00Z"}

TokenBody = Annotated[TokenWish, Body(examples=[_SHORT_WISH, _LONG_WISH])]


class ApiTokenOut(TypedDict):
    """A key for a program, without the key."""

    id: UUID
    name: str
    scope: TokenScope
    hint: Annotated[str, Field(description="The first characters of the token.")]
    created_at: Moment
    expires_at: Moment | None
    last_used_at: Annotated[Moment | None, Field(description="To the minute.")]


class NewApiTokenOut(ApiTokenOut):
    """A new token, and for this once the token itself."""

    token: Annotated[str, Field(description="Shown only now.")]


class ApiTokensOut(TypedDict):
    """Your tokens."""

    items: list[ApiTokenOut]


def api_tokens_out(tokens: Sequence[ApiToken]) -> ApiTokensOut:
    return ApiTokensOut(items=[api_token_out(token) for token in tokens])


def new_api_token_out(made: NewToken) -> NewApiTokenOut:
    return NewApiTokenOut(**api_token_out(made.row), token=made.secret)


def api_token_out(token: ApiToken) -> ApiTokenOut:
    return ApiTokenOut(
        id=token.id,
        name=token.name,
        scope=TokenScope(token.scope),
        hint=token.hint,
        created_at=moment(token.created_at),
        expires_at=None if token.expires_at is None else moment(token.expires_at),
        last_used_at=None if token.last_used_at is None else moment(token.last_used_at),
    )
