"""/api/auth: the password of who is signed in."""

from typing import Annotated

from fastapi import APIRouter, Body
from starlette.responses import Response

from dashboard.api.dependencies import From, Who
from dashboard.api.openapi import SET_COOKIE, problems
from dashboard.api.routes import SessionRoute
from dashboard.errors import TooBusy, WrongPassword
from dashboard.models.user import (
    PasswordAgain,
    PasswordChange,
)
from dashboard.services.accounts import passwords
from dashboard.web.cookies import session_cookie

_CHANGE = {
    "current_password": "seven otters juggle figs",
    "new_password": "four herons mend a kettle",
}

PasswordChangeBody = Annotated[PasswordChange, Body(examples=[_CHANGE])]
PasswordBody = Annotated[PasswordAgain, Body(examples=[{"password": "seven otters juggle figs"}])]


router = APIRouter(prefix="/api/auth", tags=["Sessions"], route_class=SessionRoute)


@router.post(
    "/confirm",
    summary="Enter your password again",
    status_code=204,
    responses=problems(WrongPassword, TooBusy),
)
async def confirm_password(who: Who, given: PasswordBody, client: From) -> Response:
    """For 10 minutes this session may then do what asks for it with `PASSWORD_NEEDED`."""
    await passwords.confirm(who, given.password, client)
    return Response(status_code=204)


@router.post(
    "/password",
    summary="Change your password",
    status_code=204,
    responses={204: SET_COOKIE, **problems(WrongPassword, TooBusy)},
)
async def change_password(who: Who, change: PasswordChangeBody, client: From) -> Response:
    """All sessions end; the answer sets the cookie of a new one. API tokens stay."""
    signed_in = await passwords.change_password(who, change, client)
    cookie = session_cookie(signed_in.token, signed_in.session)
    return Response(status_code=204, headers={"Set-Cookie": cookie})
