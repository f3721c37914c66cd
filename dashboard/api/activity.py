"""/api/tasks/{task_id}/activity: each route is the call of one service."""

import json
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field
from typing_extensions import TypedDict

from dashboard.api.dependencies import Read
from dashboard.api.json_response import Answer
from dashboard.api.openapi import problems
from dashboard.api.routes import SignedInRoute
from dashboard.errors import Forbidden, TaskNotFound
from dashboard.models.activity import Action, Activity
from dashboard.models.task_query import StepQuery
from dashboard.services.tasks import history


class StepOut(TypedDict):
    """Something that you did to a task."""

    id: UUID
    at: datetime
    action: Action
    before: Annotated[
        dict[str, Any] | None, Field(description="What the changed fields held; null: nothing.")
    ]
    after: dict[str, Any] | None


class StepPageOut(TypedDict):
    """What you did to a task, latest first."""

    items: list[StepOut]
    next_cursor: UUID | None


router = APIRouter(prefix="/api/tasks", tags=["Tasks"], route_class=SignedInRoute)


@router.get(
    "/{task_id}/activity",
    summary="List what you did to a task",
    response_model=StepPageOut,
    responses=problems(TaskNotFound, Forbidden),
)
async def list_steps(read: Read, task_id: UUID, query: Annotated[StepQuery, Query()]) -> Answer:
    """Your own steps, latest first; they are kept for 400 days."""
    page = await read(history.list_steps, task_id, query)
    items = [_step_out(step) for step in page.items]
    return Answer(StepPageOut(items=items, next_cursor=page.next_cursor))


def _step_out(step: Activity) -> StepOut:
    return StepOut(
        id=step.id,
        at=step.at,
        action=Action(step.action),
        before=_fields(step.before),
        after=_fields(step.after),
    )


def _fields(written: str | None) -> dict[str, Any] | None:
    return None if written is None else json.loads(written)
