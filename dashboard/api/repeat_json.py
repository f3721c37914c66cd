"""Repeats as JSON."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

from fastapi import Body
from pydantic import Field
from typing_extensions import TypedDict

from dashboard.models.repeat import RepeatPreview
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
