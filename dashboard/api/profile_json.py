"""A profile and an export as JSON."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import Body
from msgspec.json import encode
from pydantic_core import to_json
from sqlalchemy import Row
from typing_extensions import TypedDict

from dashboard.api.api_token_json import ApiTokenOut, api_token_out
from dashboard.api.json_response import Moment, moment
from dashboard.api.session_json import OwnSessionOut, UserOut, own_session_out, user_out
from dashboard.models.auth_event import AuthEvent, AuthEventType
from dashboard.models.task_fields import EXPORT_FIELDS, json_of, typed_dict
from dashboard.models.user import ProfileChanges
from dashboard.services.accounts.devices import describe
from dashboard.services.accounts.profiles import Everything

ProfileBody = Annotated[
    ProfileChanges, Body(examples=[{"timezone": "Europe/London"}, {"name": "Ada King"}])
]
Batches = AsyncIterator[Sequence[Row[Any]]]
ATTACHMENT: dict[str, Any] = {"headers": {"Content-Disposition": {"schema": {"type": "string"}}}}


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
    sessions: list[OwnSessionOut]
    tokens: list[ApiTokenOut]
    activity: list[ActivityOut]


def attachment(at: datetime) -> dict[str, str]:
    """The header by which a browser saves the answer instead of showing it."""
    return {"Content-Disposition": f'attachment; filename="cairn-{at:%Y-%m-%d}.json"'}


async def export_json(everything: Everything, at: datetime, tasks: Batches) -> AsyncIterator[bytes]:
    """An ExportOut, a batch of tasks at a time, so that its size is nobody's trouble."""
    beginning = {"format": "cairn", "version": 1, "exported_at": moment(at)}
    yield to_json(beginning | {"user": user_out(everything.user)})[:-1] + b',"tasks":['
    comma = b""
    async for batch in tasks:
        yield comma + encode([json_of(task, EXPORT_FIELDS) for task in batch])[1:-1]
        comma = b","
    end = {
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
