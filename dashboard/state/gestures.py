"""What a person does to a task on the screen, as the browser tells it."""

from typing import Annotated, Any, Literal, NamedTuple
from uuid import UUID

from pydantic import BeforeValidator, StringConstraints
from sqlalchemy import Row
from sqlmodel import Session

from dashboard.models.session import Actor
from dashboard.models.task import TaskChanges, TaskDraft
from dashboard.models.task_query import TaskQuery
from dashboard.models.text import Input
from dashboard.services import task_list, tasks
from dashboard.services.task_list import Metrics


def _uuid(value: Any) -> UUID:
    try:
        return UUID(value)
    except (ValueError, TypeError, AttributeError):
        raise ValueError("This is not a valid id.") from None


class Gesture(Input):
    """One gesture. Its nonce names the answer, and the same nonce twice is the same gesture."""

    nonce: Annotated[str, StringConstraints(min_length=8, max_length=64)]
    kind: Literal["create", "change", "delete", "restore"]
    id: Annotated[UUID, BeforeValidator(_uuid)]
    fields: dict[str, Any] = {}


class Outcome(NamedTuple):
    """What a list shows after a gesture: the task's row (None: the list does not hold it) and the counts."""

    row: Row[Any] | None
    version: int
    counts: Metrics


def carry_out(session: Session, actor: Actor, gesture: Gesture, query: TaskQuery) -> Outcome:
    """Do what the gesture says and look at the result, in one transaction.

    Raises what the services raise, and pydantic's ValidationError for fields that break a rule.
    """
    match gesture.kind:
        case "create":
            draft = TaskDraft.model_validate(gesture.fields)
            task = tasks.create_task(session, actor, draft, task_id=gesture.id)
        case "change":
            changes = TaskChanges.model_validate(gesture.fields)
            task = tasks.update_task(session, actor, gesture.id, changes)
        case "delete":
            task = tasks.delete_task(session, actor, gesture.id)
        case "restore":
            task = tasks.restore_task(session, actor, gesture.id)
    return look_at(session, actor, gesture.id, query)._replace(version=task.version)


def look_at(session: Session, actor: Actor, task_id: UUID, query: TaskQuery) -> Outcome:
    """The present row of one task in a list, and the counts."""
    session.flush()
    row = task_list.find_task(session, actor, query, task_id)
    return Outcome(row, row.version if row else 0, task_list.count_metrics(session, actor))
