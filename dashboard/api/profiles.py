"""/api/account: who you are here, everything of yours, and the end of it."""

from contextlib import suppress

from fastapi import APIRouter
from starlette.responses import Response, StreamingResponse

from dashboard import clock
from dashboard.api.dependencies import From, Read, Who, Write
from dashboard.api.json_response import Answer
from dashboard.api.openapi import problems
from dashboard.api.profile_json import (
    ATTACHMENT,
    Batches,
    ExportOut,
    ProfileBody,
    attachment,
    export_json,
)
from dashboard.api.routes import SessionRoute
from dashboard.api.session_json import SET_COOKIE, PasswordBody, UserOut, user_out
from dashboard.errors import NoRoom, PasswordNeeded, TooBusy, WrongPassword
from dashboard.services.accounts import accounts, profiles
from dashboard.services.tasks import task_list
from dashboard.web.cookies import clear_cookie

EXPORTED_AT_ONCE = 200
"""Tasks in memory while they are exported."""

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
async def export_account(read: Read, write: Write, client: From) -> StreamingResponse:
    """All that is kept of you, the trash included, as a file. Needs a password entered lately."""
    everything, at = await read(profiles.export), clock.now()
    # On a disk that is full, people need it most.
    with suppress(NoRoom):
        await write(profiles.note_export, client)
    return StreamingResponse(
        export_json(everything, at, _tasks(read)),
        media_type="application/json",
        headers=attachment(at),
    )


@router.delete(
    "",
    summary="Delete your account",
    status_code=204,
    responses={204: SET_COOKIE, **problems(WrongPassword, TooBusy)},
)
async def delete_account(who: Who, given: PasswordBody, client: From) -> Response:
    """With all sessions and tokens at once, and with all tasks within seconds, for good."""
    await accounts.delete_account(who, given.password, client)
    return clear_cookie(Response(status_code=204))


async def _tasks(read: Read) -> Batches:
    """All of them, with a transaction for each batch, so that other people come in between."""
    last = None
    while batch := await read(task_list.list_everything, EXPORTED_AT_ONCE, last):
        yield batch
        last = batch[-1]
