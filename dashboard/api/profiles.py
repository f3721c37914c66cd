"""/api/account: who you are here, everything of yours, and the end of it."""

from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body
from msgspec.json import encode
from pydantic_core import to_json
from sqlalchemy import Row
from starlette.responses import Response, StreamingResponse
from typing_extensions import TypedDict

from dashboard import clock
from dashboard.api.api_tokens import ApiTokenOut, api_token_out
from dashboard.api.dependencies import From, Read, Who, Write
from dashboard.api.filters import FilterOut, filter_out
from dashboard.api.json_response import Answer, Moment, moment
from dashboard.api.labels import LabelOut, label_out
from dashboard.api.openapi import SET_COOKIE, problems
from dashboard.api.passwords import PasswordBody
from dashboard.api.routes import SessionRoute
from dashboard.api.sessions import OwnSessionOut, UserOut, own_session_out, user_out
from dashboard.errors import (
    Conflict,
    Forbidden,
    ListNotFound,
    NoRoom,
    PasswordNeeded,
    TooBusy,
    WrongPassword,
)
from dashboard.models.auth_event import AuthEvent, AuthEventType
from dashboard.models.profile import ProfileChanges
from dashboard.models.task_fields import EXPORT_FIELDS, json_of, typed_dict
from dashboard.services.accounts import account_deletion, profiles
from dashboard.services.accounts.devices import describe
from dashboard.services.accounts.profiles import Everything
from dashboard.services.tasks import task_list
from dashboard.web.cookies import clear_cookie

ProfileBody = Annotated[
    ProfileChanges,
    Body(examples=[{"timezone": "Europe/London"}, {"name": "Ada King", "week_start": "sunday"}]),
]
_Batches = AsyncIterator[Sequence[Row[Any]]]
_ATTACHMENT: dict[str, Any] = {"headers": {"Content-Disposition": {"schema": {"type": "string"}}}}


ExportedTaskOut = typed_dict(
    "ExportedTaskOut", "A task, and when it was moved to the trash.", EXPORT_FIELDS
)


class ActivityOut(TypedDict):
    """Something that happened to the account, and where from."""

    at: Moment
    type: AuthEventType
    ip_address: str
    browser: str
    system: str


class ExportOut(TypedDict):
    """Everything of one person's."""

    format: Literal["cairn"]
    version: Literal[1]
    exported_at: Moment
    user: UserOut
    tasks: list[ExportedTaskOut]  # pyright: ignore[reportInvalidTypeForm] (made from the table of fields)
    labels: list[LabelOut]
    filters: list[FilterOut]
    sessions: list[OwnSessionOut]
    tokens: list[ApiTokenOut]
    activity: list[ActivityOut]


EXPORTED_AT_ONCE = 200
"""Tasks in memory while they are exported."""

router = APIRouter(prefix="/api/account", tags=["Account"], route_class=SessionRoute)


@router.patch(
    "",
    summary="Change your profile",
    response_model=UserOut,
    responses=problems(Forbidden, ListNotFound, Conflict),
)
async def change_profile(write: Write, changes: ProfileBody) -> Answer:
    """What is not given stays as it is. The time zone decides what "today" means.

    What is null follows the browser, or is as usual.
    """
    return Answer(user_out(await write(profiles.change_profile, changes)))


@router.get(
    "/export",
    summary="Export everything",
    response_model=ExportOut,
    responses={200: _ATTACHMENT, **problems(PasswordNeeded)},
)
async def export_account(read: Read, write: Write, client: From) -> StreamingResponse:
    """All that is kept of you, the trash included, as a file. Needs a password entered lately."""
    everything, at = await read(profiles.export), clock.now()
    # On a disk that is full, people need it most.
    with suppress(NoRoom):
        await write(profiles.note_export, client)
    return StreamingResponse(
        _export_json(everything, at, _tasks(read)),
        media_type="application/json",
        headers=_attachment(at),
    )


@router.delete(
    "",
    summary="Delete your account",
    status_code=204,
    responses={204: SET_COOKIE, **problems(WrongPassword, TooBusy)},
)
async def delete_account(who: Who, given: PasswordBody, client: From) -> Response:
    """With all sessions and tokens at once, and with all tasks within seconds, for good."""
    await account_deletion.delete_account(who, given.password, client)
    return clear_cookie(Response(status_code=204))


async def _tasks(read: Read) -> _Batches:
    """All of them, with a transaction for each batch, so that other people come in between."""
    last = None
    while batch := await read(task_list.list_everything, EXPORTED_AT_ONCE, last):
        yield batch
        last = batch[-1]


def _attachment(at: datetime) -> dict[str, str]:
    """The header by which a browser saves the answer instead of showing it."""
    return {"Content-Disposition": f'attachment; filename="cairn-{at:%Y-%m-%d}.json"'}


async def _export_json(
    everything: Everything, at: datetime, tasks: _Batches
) -> AsyncIterator[bytes]:
    """An ExportOut, a batch of tasks at a time, so that memory does not grow with it."""
    beginning = {"format": "cairn", "version": 1, "exported_at": moment(at)}
    yield to_json(beginning | {"user": user_out(everything.user)})[:-1] + b',"tasks":['
    comma = b""
    async for batch in tasks:
        yield comma + encode([json_of(task, EXPORT_FIELDS) for task in batch])[1:-1]
        comma = b","
    end = {
        "labels": [label_out(row) for row in everything.labels],
        "filters": [filter_out(row) for row in everything.filters],
        "sessions": [own_session_out(*each) for each in everything.sessions],
        "tokens": [api_token_out(token) for token in everything.tokens],
        "activity": [_activity_out(event) for event in everything.activity],
    }
    yield b"]," + to_json(end)[1:]


def _activity_out(event: AuthEvent) -> ActivityOut:
    browser, system, _kind = describe(event.user_agent)
    return ActivityOut(
        at=moment(event.created_at),
        type=AuthEventType(event.type),
        ip_address=event.ip_address,
        browser=browser,
        system=system,
    )
