"""Tasks as JSON: what an answer says of one, and examples of what to send."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import Body
from pydantic import Field
from pydantic_core import to_json
from sqlalchemy import Row
from typing_extensions import TypedDict

from dashboard.api.json_response import Answer, Moment, moment
from dashboard.models.task import Priority, Task, TaskChanges, TaskDraft, TaskReplacement
from dashboard.services.tasks.task_list import TaskPage

# FastAPI leaves null out of examples, so there is none here.
_SHORT_DRAFT = {"title": "Buy oat milk"}
_LONG_DRAFT = {
    "title": "Renew passport",
    "description": "Photos are in the drawer.",
    "priority": "High",
    "due_date": "2026-03-10",
    "due_time": "14:30",
}
_REPLACEMENT = {
    "title": "Renew passport",
    "description": "",
    "priority": "Medium",
    "is_completed": False,
    "due_date": "2026-03-12",
    "due_time": "09:00",
}

DraftBody = Annotated[TaskDraft, Body(examples=[_SHORT_DRAFT, _LONG_DRAFT])]
ReplacementBody = Annotated[TaskReplacement, Body(examples=[_REPLACEMENT])]
ChangesBody = Annotated[
    TaskChanges,
    Body(examples=[{"is_completed": True}, {"due_date": "2026-03-12", "priority": "Low"}]),
]


class TaskOut(TypedDict):
    """A task."""

    id: UUID
    title: str
    description: str
    priority: Priority
    is_completed: bool
    completed_at: Moment | None
    due_date: date | None
    due_time: Annotated[str | None, Field(description="HH:MM on the wall clock of your zone.")]
    created_at: Moment
    updated_at: Moment
    version: Annotated[int, Field(description="Grows with each change; in quotes, the ETag.")]
    user_id: Annotated[UUID | None, Field(description="Who made it; null once they are gone.")]
    created_by: Annotated[UUID | None, Field(description="The same.")]
    list_id: UUID


class TaskPageOut(TypedDict):
    """A page of a list."""

    items: list[TaskOut]
    count: Annotated[int, Field(description="How many match, on all pages together.")]
    next_cursor: Annotated[str | None, Field(description="Asks for the next page.")]


class MetricsOut(TypedDict):
    """Counts of tasks; the priorities count pending ones."""

    total: int
    completed: int
    pending: int
    overdue: int
    due_today: int
    high_priority: int
    medium_priority: int
    low_priority: int


class TaskAnswer(Answer):
    """One task, with its version as the ETag, and its address when it is new."""

    def __init__(self, task: Task, status_code: int = 200) -> None:
        headers = {"ETag": f'"{task.version}"'}
        if status_code == 201:
            headers["Location"] = f"/api/tasks/{task.id}"
        super().__init__(task_out(task), status_code, headers)


ETAG = {"headers": {"ETag": {"schema": {"type": "string"}, "example": '"3"'}}}
LOCATION = {
    "headers": {
        **ETAG["headers"],
        "Location": {"schema": {"type": "string"}, "example": "/api/tasks/0192f0c1-…"},
    }
}


class TaskPageAnswer(Answer):
    """A page of rows that are JSON already (TASK_JSON)."""

    def render(self, content: TaskPage) -> bytes:
        items = ",".join([row[0] for row in content.items])
        rest = to_json({"count": content.count, "next_cursor": content.next_cursor})
        return b'{"items":[%b],%b' % (items.encode(), rest[1:])


def task_out(task: Task | Row[Any]) -> TaskOut:
    """What any answer says of a task."""
    return TaskOut(
        id=task.id,
        title=task.title,
        description=task.description,
        priority=task.priority,
        is_completed=task.completed_at is not None,
        completed_at=None if task.completed_at is None else moment(task.completed_at),
        due_date=task.due_date,
        due_time=None if task.due_time is None else task.due_time.isoformat("minutes"),
        created_at=moment(task.created_at),
        updated_at=moment(task.updated_at),
        version=task.version,
        user_id=task.created_by,
        created_by=task.created_by,
        list_id=task.list_id,
    )
