"""/api/account: who you are here, everything of yours, and the end of it."""

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from dashboard import clock
from dashboard.api.answers import Answer
from dashboard.api.cookies import clear_cookie
from dashboard.api.dependencies import Read, Who, Write
from dashboard.api.document import problems
from dashboard.api.profile_json import ATTACHMENT, ExportOut, ProfileBody, attachment, export_out
from dashboard.api.routes import SessionRoute
from dashboard.api.session_json import SET_COOKIE, PasswordBody, UserOut, user_out
from dashboard.errors import PasswordNeeded, TooBusy, WrongPassword
from dashboard.models.session import Actor
from dashboard.services import accounts, profiles

router = APIRouter(prefix="/api/account", tags=["Account"], route_class=SessionRoute)


@router.patch("", summary="Change your profile", response_model=UserOut)
async def change_profile(write: Write, changes: ProfileBody) -> Answer:
    """What is not given stays as it is. The time zone decides what "today" means."""
    return Answer(user_out(await write(profiles.change_profile, changes)))


@router.get(
    "/export",
    summary="Export everything",
    response_model=ExportOut,
    responses={200: ATTACHMENT, **problems(PasswordNeeded)},
)
async def export_account(read: Read) -> Answer:
    """All that is kept of you, the trash included, as a file. Needs a password entered lately."""
    # Made on the thread of the database: a thousand tasks take longer than other people should wait.
    return Answer(await read(_export), headers=attachment(clock.now()))


@router.delete(
    "",
    summary="Delete your account",
    status_code=204,
    responses={204: SET_COOKIE, **problems(WrongPassword, TooBusy)},
)
async def delete_account(who: Who, given: PasswordBody) -> Response:
    """With all tasks, sessions and tokens, at once and for good."""
    await accounts.delete_account(who, given.password)
    return clear_cookie(Response(status_code=204))


def _export(session: Session, actor: Actor) -> ExportOut:
    return export_out(profiles.export(session, actor), clock.now())
