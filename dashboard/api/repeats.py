"""/api/repeat: what a repeat would do."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Body
from pydantic import Field
from typing_extensions import TypedDict

from dashboard.api.dependencies import Read
from dashboard.api.json_response import Answer
from dashboard.api.routes import SignedInRoute
from dashboard.models.repeat import RepeatPreview
from dashboard.services.tasks import repeat_previews
from dashboard.services.tasks.repeat_previews import Preview

_PREVIEWS: list[Any] = [
    {"rule": "FREQ=MONTHLY;BYMONTHDAY=31", "from": "due", "due_date": "2026-03-31"},
    {
        "rule": "FREQ=WEEKLY;INTERVAL=6",
        "from": "completion",
        "due_date": "2026-03-10",
        "due_time": "09:15",
        "completed_at": "2026-03-12T10:00:00Z",
        "n": 3,
    },
]
PreviewBody = Annotated[RepeatPreview, Body(examples=_PREVIEWS)]


class OccurrenceOut(TypedDict):
    """A day and a time on the wall clock."""

    date: date
    time: str | None


class RepeatPreviewOut(TypedDict):
    """The normal form of a rule, how it reads, and the next dates."""

    rule: Annotated[str, Field(description="RFC 5545, without its end.")]
    until: date | None
    count: int | None
    words: str
    next: Sequence[OccurrenceOut]
    ends: Annotated[bool, Field(description="Whether nothing follows: the series is over.")]


router = APIRouter(prefix="/api/repeat", tags=["Tasks"], route_class=SignedInRoute)


@router.post("/preview", summary="Preview a repeat", response_model=RepeatPreviewOut)
async def preview_repeat(read: Read, asked: PreviewBody) -> Answer:
    """The dates after the completion, or after the due date; nothing is kept."""
    return Answer(preview_out(await read(repeat_previews.preview, asked)))


def preview_out(preview: Preview) -> RepeatPreviewOut:
    """What the preview of a repeat says."""
    following = [
        OccurrenceOut(date=due.day, time=due.at and due.at.isoformat("minutes"))
        for due in preview.following
    ]
    return RepeatPreviewOut(
        rule=preview.repeat.rule,
        until=preview.repeat.until,
        count=preview.repeat.count,
        words=preview.words,
        next=following,
        ends=not following,
    )
