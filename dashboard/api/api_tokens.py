"""/api/auth/tokens: keys for programs."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from dashboard.api.api_token_json import (
    ApiTokensOut,
    NewApiTokenOut,
    TokenBody,
    api_tokens_out,
    new_api_token_out,
)
from dashboard.api.dependencies import Read, Write
from dashboard.api.json_response import Answer
from dashboard.api.openapi import problems
from dashboard.api.routes import SessionRoute
from dashboard.errors import Forbidden, PasswordNeeded, TokenNotFound, TooManyTokens
from dashboard.services.accounts import api_tokens

router = APIRouter(prefix="/api/auth/tokens", tags=["API tokens"], route_class=SessionRoute)


@router.get("", summary="List API tokens", response_model=ApiTokensOut)
async def list_api_tokens(read: Read) -> Answer:
    """Newest first, without the tokens themselves: nobody can read those again."""
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
