"""/api/tasks: each route is the call of one service."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Query
from msgspec import defstruct
from msgspec.json import encode
from pydantic import Field
from starlette.responses import Response
from typing_extensions import TypedDict

from dashboard.api.dependencies import IdempotencyKey, IfMatch, Read, Write
from dashboard.api.json_response import Answer
from dashboard.api.openapi import ETAG, LOCATION, problems
from dashboard.api.routes import SignedInRoute
from dashboard.errors import (
    Conflict,
    Forbidden,
    ListArchived,
    ListInTrash,
    ListNotFound,
    StaleVersion,
    TaskNotFound,
)
from dashboard.models.repeat import Shift
from dashboard.models.task import Move, Task, TaskChanges, TaskDraft, TaskReplacement
from dashboard.models.task_fields import API_FIELDS, JSON_COLUMNS, json_of, typed_dict
from dashboard.models.task_query import Deletion, TaskQuery
from dashboard.services.tasks import commands, task_list
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
ShiftBody = Annotated[Shift, Body(examples=[{"due_date": "2026-03-17"}])]
MoveBody = Annotated[Move, Body(examples=[{"after": "019cd6a4-11aa-7c02-8f4b-0d9e8c7b6a59"}])]


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


_Item = defstruct("_Item", [field.name for field in API_FIELDS])


class TaskPageAnswer(Answer):
    """A page of rows with JSON_COLUMNS."""

    def render(self, content: TaskPage) -> bytes:
        items = [_Item(*row[: len(API_FIELDS)]) for row in content.items]
        return encode({"items": items, "count": content.count, "next_cursor": content.next_cursor})


router = APIRouter(prefix="/api/tasks", tags=["Tasks"], route_class=SignedInRoute)

_FOUND = problems(TaskNotFound, Forbidden)
_CHANGED = problems(TaskNotFound, Forbidden, StaleVersion, ListArchived)


@router.get("", summary="List tasks", response_model=TaskPageOut)
async def list_tasks(read: Read, query: Annotated[TaskQuery, Query()]) -> Answer:
    """A page of your tasks, newest first unless asked otherwise."""
    return TaskPageAnswer(await read(task_list.list_tasks, query, JSON_COLUMNS))


@router.get("/metrics", summary="Count tasks", response_model=MetricsOut)
async def count_tasks(read: Read) -> Answer:
    """The numbers on the metric cards; each equals the `count` of the list that it counts."""
    counts = (await read(task_list.count_metrics))._asdict()
    return Answer({name: counts[name] for name in MetricsOut.__annotations__})


@router.post(
    "",
    summary="Create a task",
    status_code=201,
    response_model=TaskOut,
    responses={201: LOCATION, **problems(Conflict, Forbidden, ListNotFound)},
)
async def create_task(
    write: Write, draft: DraftBody, idempotency_key: IdempotencyKey = None
) -> Answer:
    """Only the title is needed; without a list it lies in your Inbox."""
    effects = await write(commands.create_task, draft, idempotency_key=idempotency_key)
    return TaskAnswer(effects.task, status_code=201)


@router.get(
    "/{task_id}", summary="Look at a task", response_model=TaskOut, responses={200: ETAG, **_FOUND}
)
async def get_task(read: Read, task_id: UUID) -> Answer:
    """One task outside the trash."""
    return TaskAnswer(await read(commands.get_task, task_id))


@router.put(
    "/{task_id}",
    summary="Replace a task",
    response_model=TaskOut,
    responses={200: ETAG, **_CHANGED},
)
async def replace_task(
    write: Write, task_id: UUID, replacement: ReplacementBody, if_match: IfMatch = None
) -> Answer:
    """Every writable field is needed."""
    effects = await write(commands.update_task, task_id, replacement, version=if_match)
    return TaskAnswer(effects.task)


@router.patch(
    "/{task_id}",
    summary="Change a task",
    response_model=TaskOut,
    responses={200: ETAG, **_CHANGED},
)
async def change_task(
    write: Write, task_id: UUID, changes: ChangesBody, if_match: IfMatch = None
) -> Answer:
    """What is not given stays as it is; `null` takes a due date or time away."""
    effects = await write(commands.update_task, task_id, changes, version=if_match)
    return TaskAnswer(effects.task)


@router.delete(
    "/{task_id}", summary="Move a task to the trash", status_code=204, responses=_CHANGED
)
async def delete_task(
    write: Write, task_id: UUID, query: Annotated[Deletion, Query()], if_match: IfMatch = None
) -> Response:
    """It can be restored for 30 days. A task that repeats ends there, unless its series is kept."""
    await write(commands.delete_task, task_id, version=if_match, keeps_series=query.keep_series)
    return Response(status_code=204)


@router.post(
    "/{task_id}/move",
    summary="Move a task",
    response_model=TaskOut,
    responses={200: ETAG, **_CHANGED, **problems(ListNotFound)},
)
async def move_task(
    write: Write, task_id: UUID, move: MoveBody, if_match: IfMatch = None
) -> Answer:
    """Beside another task, to another section or list, or into a task, with its subtasks; last, without a neighbour."""
    return TaskAnswer((await write(commands.move_task, task_id, move, version=if_match)).task)


@router.post(
    "/{task_id}/skip",
    summary="Skip this time",
    response_model=TaskOut,
    responses={200: ETAG, **_CHANGED},
)
async def skip_task(write: Write, task_id: UUID, if_match: IfMatch = None) -> Answer:
    """Move a task that repeats on to its next date, without completing it."""
    return TaskAnswer((await write(commands.skip_task, task_id, version=if_match)).task)


@router.post(
    "/{task_id}/pause",
    summary="Pause a series",
    response_model=TaskOut,
    responses={200: ETAG, **_CHANGED},
)
async def pause_series(write: Write, task_id: UUID, if_match: IfMatch = None) -> Answer:
    """A task that repeats has no date until its series goes on."""
    return TaskAnswer((await write(commands.pause_series, task_id, version=if_match)).task)


@router.post(
    "/{task_id}/resume",
    summary="Let a series go on",
    response_model=TaskOut,
    responses={200: ETAG, **_CHANGED},
)
async def resume_series(write: Write, task_id: UUID, if_match: IfMatch = None) -> Answer:
    """A paused task has the date that it had, or the first one ahead."""
    return TaskAnswer((await write(commands.resume_series, task_id, version=if_match)).task)


@router.post(
    "/{task_id}/shift",
    summary="Move a series from here on",
    response_model=TaskOut,
    responses={200: ETAG, **_CHANGED},
)
async def shift_series(
    write: Write, task_id: UUID, shift: ShiftBody, if_match: IfMatch = None
) -> Answer:
    """A task that repeats, and all that come after it, move to another day; those before it stay as they were."""
    return TaskAnswer((await write(commands.shift_series, task_id, shift, version=if_match)).task)


@router.post(
    "/{task_id}/restore",
    summary="Take a task out of the trash",
    response_model=TaskOut,
    responses={200: ETAG, **_FOUND, **problems(ListInTrash)},
)
async def restore_task(write: Write, task_id: UUID) -> Answer:
    """A task that is not in the trash stays as it is."""
    return TaskAnswer((await write(commands.restore_task, task_id)).task)
