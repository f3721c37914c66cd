"""/api/auth: the session that a request comes with."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response
from typing_extensions import TypedDict

from dashboard.api.dependencies import Read, Write
from dashboard.api.json_response import Answer, Moment, moment
from dashboard.api.openapi import SET_COOKIE, problems
from dashboard.api.routes import SessionRoute
from dashboard.errors import Forbidden, PasswordNeeded, SessionNotFound
from dashboard.models.session import UserSession
from dashboard.models.task import Priority
from dashboard.models.user import DateOrder, LandingPage, TimeFormat, User, WeekStart
from dashboard.services.accounts import sessions
from dashboard.services.accounts.devices import Kind, describe
from dashboard.services.accounts.sessions import OwnSession
from dashboard.web.cookies import clear_cookie


class UserOut(TypedDict):
    """A person with an account."""

    id: UUID
    name: str
    email: str
    email_verified: bool
    timezone: str
    week_start: WeekStart | None
    date_order: DateOrder | None
    time_format: TimeFormat | None
    landing_page: LandingPage | None
    default_list_id: UUID | None
    default_priority: Priority | None
    image: Annotated[None, Field(description="Always null; here for older programs.")]
    created_at: Moment
    updated_at: Moment


class SessionOut(TypedDict):
    """A signed-in browser or program."""

    id: UUID
    created_at: Moment
    expires_at: Moment
    remember: bool


class OwnSessionOut(SessionOut):
    """One of your sessions, and what is known of the device that it was opened on."""

    is_current: Annotated[bool, Field(description="Whether it is the one that asks.")]
    last_seen_at: Annotated[
        Moment, Field(description="To about a minute: a page is open, or a request came.")
    ]
    browser: str
    system: str
    device: Kind
    ip_address: str


class OwnSessionsOut(TypedDict):
    """Your sessions."""

    items: list[OwnSessionOut]


class SignedInOut(TypedDict):
    """Who is signed in, and by which session."""

    user: UserOut
    session: SessionOut


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


def signed_in_out(user: User, session: UserSession) -> SignedInOut:
    return SignedInOut(
        user=user_out(user),
        session=_session_out(session),
    )


def user_out(user: User) -> UserOut:
    return UserOut(
        id=user.id,
        name=user.name,
        email=user.email,
        email_verified=user.email_verified,
        timezone=user.timezone,
        **user.customs,
        image=None,
        created_at=moment(user.created_at),
        updated_at=moment(user.updated_at),
    )


def own_sessions_out(sessions: Sequence[OwnSession]) -> OwnSessionsOut:
    return OwnSessionsOut(items=[own_session_out(*each) for each in sessions])


def own_session_out(row: UserSession, is_current: bool) -> OwnSessionOut:
    browser, system, kind = describe(row.user_agent)
    return OwnSessionOut(
        **_session_out(row),
        is_current=is_current,
        last_seen_at=moment(row.last_seen_at),
        browser=browser,
        system=system,
        device=kind,
        ip_address=row.ip_address,
    )


def _session_out(session: UserSession) -> SessionOut:
    return SessionOut(
        id=session.id,
        created_at=moment(session.created_at),
        expires_at=moment(session.expires_at),
        remember=session.remember,
    )
