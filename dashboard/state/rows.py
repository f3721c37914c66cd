"""What the screen gets of a task: small frozen rows, and the changes to them."""

from dataclasses import dataclass, fields, replace
from typing import Any, Self

import reflex as rx
from sqlalchemy import Row

from dashboard import clock

PREVIEW_LENGTH = 140


@dataclass(frozen=True)
class TaskRow:
    """One line of the list. Moments are microseconds since 1970, so that the browser can sort by them."""

    version: int
    title: str
    created_at: int
    updated_at: int
    id: str = ""
    description: str = ""
    """The beginning, at most PREVIEW_LENGTH characters."""
    has_more: bool = False
    """Whether the description goes on."""
    priority: str = "Medium"
    is_completed: bool = False
    due_date: str = ""
    due_time: str = ""
    completed_at: int = 0
    deleted_at: int = 0
    """0 outside the trash."""

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        return cls(
            id=str(row.id),
            version=row.version,
            title=row.title,
            description=row.description[:PREVIEW_LENGTH],
            has_more=len(row.description) > PREVIEW_LENGTH,
            priority=row.priority.value,
            is_completed=row.completed_at is not None,
            due_date=row.due_date.isoformat() if row.due_date else "",
            due_time=f"{row.due_time:%H:%M}" if row.due_time else "",
            completed_at=clock.microseconds(row.completed_at) if row.completed_at else 0,
            created_at=clock.microseconds(row.created_at),
            updated_at=clock.microseconds(row.updated_at),
            deleted_at=clock.microseconds(row.deleted_at) if row.deleted_at else 0,
        )


@dataclass(frozen=True)
class Change:
    """One change to the list since it was loaded, numbered so that the browser notices a missing one.

    With a nonce it answers a gesture; `error` says why that was refused, in a sentence.
    """

    seq: int
    id: str
    row: TaskRow | None = None
    """The task as it is now; None: there is no such task of this person's."""
    is_hidden: bool = False
    """The list that is on the screen does not hold the task."""
    is_deleted: bool = False
    """The task is in the trash."""
    is_unknown: bool = False
    """The truth could not be read: the row stays as it was."""
    nonce: str = ""
    error: str = ""
    is_passing: bool = False
    """It was refused because the server could not reach its data: once it can, the browser sends it again."""
    based_on: int | None = None
    """The version that the author of the change had on the screen."""
    device: str = ""
    """Where it was made, `Firefox on Linux`, as far as that is known and elsewhere."""


@dataclass(frozen=True)
class OpenedTask:
    """The rest of a task that is open in the dialog."""

    id: str
    version: int
    description: str


@rx.serializer
def _row_as_it_travels(row: TaskRow) -> dict[str, Any]:
    """What is as usual is left out, and the browser fills it in."""
    return {f.name: value for f in fields(row) if (value := getattr(row, f.name)) != f.default}


@rx.serializer
def _change_as_it_travels(change: Change) -> dict[str, Any]:
    """What is as usual is left out, and the id is said once."""
    said = {
        f.name: value for f in fields(change) if (value := getattr(change, f.name)) != f.default
    }
    return {**said, "row": replace(change.row, id="")} if change.row else said
