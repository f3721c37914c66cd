"""/api/auth/tokens: keys for programs."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body
from pydantic import Field
from starlette.responses import Response
from typing_extensions import TypedDict

from dashboard.api.dependencies import Read, Write
from dashboard.api.json_response import Answer, Moment, moment
from dashboard.api.openapi import problems
from dashboard.api.routes import SessionRoute
from dashboard.errors import Forbidden, PasswordNeeded, TokenNotFound, TooManyTokens
from dashboard.models.api_token import ApiToken, TokenScope, TokenWish
from dashboard.services.accounts import api_tokens
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


router = APIRouter(prefix="/api/auth/tokens", tags=["API tokens"], route_class=SessionRoute)


@router.get("", summary="List API tokens", response_model=ApiTokensOut)
async def list_api_tokens(read: Read) -> Answer:
    """Newest first, without the tokens themselves: those cannot be read again."""
    return Answer(api_tokens_out(await read(api_tokens.list_tokens)))


@router.post(
    "",
    summary="Create an API token",
    status_code=201,
    response_model=NewApiTokenOut,
    responses=problems(PasswordNeeded, TooManyTokens),
)
async def create_api_token(write: Write, wish: TokenBody) -> Answer:
    """The answer is the only one that has the token. Needs a password entered within the last 10 minutes."""
    made = await write(api_tokens.create_token, wish)
    return Answer(new_api_token_out(made), status_code=201)


@router.delete(
    "/{token_id}",
    summary="Revoke an API token",
    status_code=204,
    responses=problems(TokenNotFound, Forbidden),
)
async def revoke_api_token(write: Write, token_id: UUID) -> Response:
    """It is worth nothing from then on."""
    await write(api_tokens.revoke_token, token_id)
    return Response(status_code=204)


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
