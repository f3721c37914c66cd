"""What a person did to a task, as the record of what happens has it."""

from typing import NamedTuple
from uuid import UUID

from sqlmodel import Session, col, select

from dashboard.models.activity import Activity
from dashboard.models.session import Actor
from dashboard.models.task_query import StepQuery
from dashboard.services.tasks import commands


class StepPage(NamedTuple):
    items: list[Activity]
    next_cursor: UUID | None


def list_steps(session: Session, actor: Actor, task_id: UUID, query: StepQuery) -> StepPage:
    """The actor's own steps, latest first. Raises what `get_task` raises."""
    commands.get_task(session, actor, task_id)
    own = (col(Activity.task_id) == task_id, col(Activity.actor_id) == actor.id)
    beyond = () if query.cursor is None else (col(Activity.id) < query.cursor,)
    # One more than asked for: then there is a next page.
    newest = select(Activity).where(*own, *beyond).order_by(col(Activity.id).desc())
    found = session.exec(newest.limit(query.limit + 1)).all()
    items = list(found[: query.limit])
    return StepPage(items, items[-1].id if len(found) > query.limit else None)
