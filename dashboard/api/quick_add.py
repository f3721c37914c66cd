"""/api/tasks/quick: tasks in words."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Body
from pydantic import Field
from typing_extensions import TypedDict

from dashboard.api.dependencies import IdempotencyKey, Read, Write
from dashboard.api.json_response import Answer
from dashboard.api.openapi import problems
from dashboard.api.routes import SignedInRoute
from dashboard.api.tasks import TaskOut
from dashboard.errors import Conflict, Forbidden, ListNotFound
from dashboard.models.quick_add import QuickAdd
from dashboard.models.repeat import RepeatOut, repeat_as_json
from dashboard.models.task import Priority
from dashboard.models.task_fields import json_of
from dashboard.services.tasks.quick_add import ParsedTask
from dashboard.services.tasks.quick_add.add import add_tasks, preview
from dashboard.services.tasks.quick_add.pieces import Kind

router = APIRouter(prefix="/api/tasks/quick", tags=["Tasks"], route_class=SignedInRoute)

_EXAMPLES: list[Any] = [
    {"text": "Call mum tomorrow 18:00 !high"},
    {"text": "Bins every monday #Home @errand", "dry_run": True},
]


class SpanOut(TypedDict):
    """A piece of the text that was understood, in code points of its line."""

    start: int
    end: int
    kind: Kind


class ReminderOut(TypedDict):
    """When to be reminded."""

    before_minutes: int


class ParsedOut(TypedDict):
    """What a line says; null where it says nothing."""

    title: str
    due_date: date | None
    due_time: str | None
    repeat: RepeatOut | None
    priority: Priority | None
    labels: Sequence[str]
    list: str | None
    is_new_list: Annotated[bool, Field(description="You have none of that name: adding makes it.")]
    assignee: str | None
    reminders: Sequence[ReminderOut]
    is_completed: bool
    is_subtask: bool
    spans: Sequence[SpanOut]


class PreviewOut(TypedDict):
    """What the lines say, one for each."""

    tasks: list[ParsedOut]


class QuickAddOut(TypedDict):
    """The tasks that were made, and what their lines say."""

    tasks: list[TaskOut]  # pyright: ignore[reportInvalidTypeForm] (made from the table of fields)
    parsed: list[ParsedOut]


@router.post(
    "",
    summary="Add tasks in words",
    status_code=201,
    response_model=QuickAddOut,
    responses={
        200: {"model": PreviewOut, "description": "With dry_run"},
        **problems(Conflict, Forbidden, ListNotFound),
    },
)
async def add_in_words(
    read: Read,
    write: Write,
    asked: Annotated[QuickAdd, Body(examples=_EXAMPLES)],
    idempotency_key: IdempotencyKey = None,
) -> Answer:
    """Each line becomes a task, all of them or none; `dry_run` only says what the words mean."""
    if asked.dry_run:
        return Answer(PreviewOut(tasks=[_said(task) for task in await read(preview, asked)]))
    made = await write(add_tasks, asked, idempotency_key=idempotency_key)
    tasks = [json_of(task) for task, _ in made]
    return Answer(QuickAddOut(tasks=tasks, parsed=[_said(parsed) for _, parsed in made]), 201)


def _said(task: ParsedTask) -> ParsedOut:
    return ParsedOut(
        title=task.title,
        due_date=task.due_date,
        due_time=task.due_time and task.due_time.isoformat("minutes"),
        repeat=task.repeat and repeat_as_json(task.repeat),
        priority=task.priority,
        labels=list(task.labels),
        list=task.list,
        is_new_list=task.is_new_list,
        assignee=task.assignee,
        reminders=[ReminderOut(before_minutes=minutes) for minutes in task.reminders],
        is_completed=task.is_completed,
        is_subtask=task.depth > 0,
        spans=[SpanOut(start=start, end=end, kind=kind) for start, end, kind in task.spans],
    )
