"""/api/auth: signing up and signing in."""

from fastapi import APIRouter

from dashboard.api.answers import Answer
from dashboard.api.dependencies import From
from dashboard.api.document import problems
from dashboard.api.routes import OpenRoute
from dashboard.api.session_json import (
    SET_COOKIE,
    SignedInAnswer,
    SignedInOut,
    SignInBody,
    SignUpBody,
)
from dashboard.errors import (
    InvalidEmailOrPassword,
    SignUpClosed,
    TooBusy,
    TooManyRequests,
    UserAlreadyExists,
)
from dashboard.services import accounts

router = APIRouter(prefix="/api/auth", tags=["Sessions"], route_class=OpenRoute)


@router.post(
    "/sign-up",
    summary="Create an account",
    status_code=201,
    response_model=SignedInOut,
    responses={
        201: SET_COOKIE,
        **problems(SignUpClosed, UserAlreadyExists, TooManyRequests, TooBusy),
    },
)
async def sign_up(wish: SignUpBody, client: From) -> Answer:
    """Create an account and sign in to it."""
    return SignedInAnswer(await accounts.sign_up(wish, client), status_code=201)


@router.post(
    "/sign-in",
    summary="Sign in",
    response_model=SignedInOut,
    responses={200: SET_COOKIE, **problems(InvalidEmailOrPassword, TooManyRequests, TooBusy)},
)
async def sign_in(credentials: SignInBody, client: From) -> Answer:
    """With `remember` the session outlives the browser."""
    return SignedInAnswer(await accounts.sign_in(credentials, client))
