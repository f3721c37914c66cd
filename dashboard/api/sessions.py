"""/api/auth: the session that a request comes with."""

from fastapi import APIRouter
from starlette.responses import Response

from dashboard.api.answers import Answer
from dashboard.api.cookies import clear_cookie
from dashboard.api.dependencies import Read, Write
from dashboard.api.routes import SignedInRoute
from dashboard.api.session_json import SET_COOKIE, SignedInOut, signed_in_out
from dashboard.services import sessions

router = APIRouter(prefix="/api/auth", tags=["Sessions"], route_class=SignedInRoute)


@router.get("/session", summary="Who is signed in", response_model=SignedInOut)
async def get_session(read: Read) -> Answer:
    """Your account and this session."""
    return Answer(signed_in_out(*await read(sessions.current)))


@router.post("/sign-out", summary="Sign out", status_code=204, responses={204: SET_COOKIE})
async def sign_out(write: Write) -> Response:
    """The session is dead at once, wherever its cookie was copied to."""
    await write(sessions.end_session)
    return clear_cookie(Response(status_code=204))
