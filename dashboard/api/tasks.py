"""/api/tasks: each route is the call of one service."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from dashboard.api.dependencies import IdempotencyKey, IfMatch, Read, Write
from dashboard.api.json_response import Answer
from dashboard.api.openapi import problems
from dashboard.api.routes import SignedInRoute
from dashboard.api.task_json import (
    ETAG,
    LOCATION,
    ChangesBody,
    DraftBody,
    MetricsOut,
    ReplacementBody,
    TaskAnswer,
    TaskOut,
    TaskPageAnswer,
    TaskPageOut,
)
from dashboard.errors import (
    Conflict,
    Forbidden,
    ListArchived,
    ListInTrash,
    ListNotFound,
    StaleVersion,
    TaskNotFound,
)
from dashboard.models.task_fields import JSON_COLUMNS
from dashboard.models.task_query import Deletion, TaskQuery
from dashboard.services.tasks import commands, task_list

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
    return Answer((await read(task_list.count_metrics))._asdict())


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
    "/{task_id}/skip",
    summary="Skip this time",
    response_model=TaskOut,
    responses={200: ETAG, **_CHANGED},
)
async def skip_task(write: Write, task_id: UUID, if_match: IfMatch = None) -> Answer:
    """Move a task that repeats on to its next date, without completing it."""
    return TaskAnswer((await write(commands.skip_task, task_id, version=if_match)).task)


@router.post(
    "/{task_id}/restore",
    summary="Take a task out of the trash",
    response_model=TaskOut,
    responses={200: ETAG, **_FOUND, **problems(ListInTrash)},
)
async def restore_task(write: Write, task_id: UUID) -> Answer:
    """A task that is not in the trash stays as it is."""
    return TaskAnswer((await write(commands.restore_task, task_id)).task)
