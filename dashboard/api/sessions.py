"""/api/auth: the session that a request comes with."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from dashboard.api.dependencies import Read, Write
from dashboard.api.json_response import Answer
from dashboard.api.openapi import problems
from dashboard.api.routes import SessionRoute
from dashboard.api.session_json import (
    SET_COOKIE,
    OwnSessionsOut,
    SignedInOut,
    own_sessions_out,
    signed_in_out,
)
from dashboard.errors import Forbidden, PasswordNeeded, SessionNotFound
from dashboard.services.accounts import sessions
from dashboard.web.cookies import clear_cookie

router = APIRouter(prefix="/api/auth", tags=["Sessions"], route_class=SessionRoute)


@router.get("/session", summary="Who is signed in", response_model=SignedInOut)
async def get_session(read: Read) -> Answer:
    """Your account and this session."""
    return Answer(signed_in_out(*await read(sessions.current)))


@router.post("/sign-out", summary="Sign out", status_code=204, responses={204: SET_COOKIE})
async def sign_out(write: Write) -> Response:
    """The session is dead at once, wherever its cookie was copied to."""
    await write(sessions.end_session)
    return clear_cookie(Response(status_code=204))


@router.get("/sessions", summary="List your sessions", response_model=OwnSessionsOut)
async def list_sessions(read: Read) -> Answer:
    """Where you are signed in: this session first, then those that were seen last."""
    return Answer(own_sessions_out(await read(sessions.list_sessions)))


@router.delete(
    "/sessions/{session_id}",
    summary="End one of your sessions",
    status_code=204,
    responses=problems(SessionNotFound, Forbidden, PasswordNeeded),
)
async def end_session(write: Write, session_id: UUID) -> Response:
    """It is dead at once, in every open tab. Another than this one needs a password entered lately."""
    await write(sessions.end_one, session_id)
    return Response(status_code=204)


@router.delete(
    "/sessions",
    summary="End all your other sessions",
    status_code=204,
    responses=problems(PasswordNeeded),
)
async def end_other_sessions(write: Write) -> Response:
    """Only this one stays. Needs a password entered lately."""
    await write(sessions.end_others)
    return Response(status_code=204)
