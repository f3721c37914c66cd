"""Tasks as JSON: what an answer says of one, and examples of what to send."""

from typing import Annotated

from fastapi import Body
from msgspec import defstruct
from msgspec.json import encode
from pydantic import Field
from typing_extensions import TypedDict

from dashboard.api.json_response import Answer
from dashboard.models.task import Task, TaskChanges, TaskDraft, TaskReplacement
from dashboard.models.task_fields import API_FIELDS, json_of, typed_dict
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


TaskOut = typed_dict("TaskOut", "A task.", API_FIELDS)


class TaskPageOut(TypedDict):
    """A page of a list."""

    items: list[TaskOut]  # pyright: ignore[reportInvalidTypeForm] (made from the table of fields)
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
        super().__init__(json_of(task), status_code, headers)


ETAG = {"headers": {"ETag": {"schema": {"type": "string"}, "example": '"3"'}}}
LOCATION = {
    "headers": {
        **ETAG["headers"],
        "Location": {"schema": {"type": "string"}, "example": "/api/tasks/0192f0c1-…"},
    }
}


_Item = defstruct("_Item", [field.name for field in API_FIELDS])


class TaskPageAnswer(Answer):
    """A page of rows with JSON_COLUMNS."""

    def render(self, content: TaskPage) -> bytes:
        items = [_Item(*row[: len(API_FIELDS)]) for row in content.items]
        return encode({"items": items, "count": content.count, "next_cursor": content.next_cursor})
