"""What a person does to a task on the screen, as the browser tells it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints
from sqlmodel import Session

from dashboard import clock
from dashboard.errors import TaskNotFound
from dashboard.models.quick_add import LineInWords
from dashboard.models.session import Actor
from dashboard.models.task import TaskChanges, TaskDraft
from dashboard.models.task_query import TaskQuery
from dashboard.models.text import Id, Input
from dashboard.services.tasks import commands, done_gestures, task_list
from dashboard.services.tasks.effects import TaskEffect, TaskEffects
from dashboard.services.tasks.quick_add.add import add_line
from dashboard.services.tasks.task_list import FoundTasks


class Gesture(Input):
    """One gesture. Its nonce names the answer, and the same nonce twice is the same gesture."""

    load_id: Annotated[str, StringConstraints(max_length=64)]
    """The loading of the list that the tab had before it when it sent this."""
    nonce: Annotated[str, StringConstraints(min_length=8, max_length=64)]
    kind: Literal["create", "change", "delete", "restore", "erase", "empty", "skip"]
    """`erase` is for one task in the trash, `empty` for all that was in it (its id: the task deleted last)."""
    id: Id
    fields: dict[str, Any] = {}
    version: Annotated[int, Field(ge=1, le=2**31)] | None = None
    """The version of the task that the person had before them."""


class Emptying(Input):
    """How much of the trash the person saw when they emptied it."""

    until: Annotated[int, Field(ge=0, le=2**53)]
    """When the task deleted last was deleted, in microseconds since 1970."""


def until_of(gesture: Gesture) -> datetime:
    """Until when what is in the trash is to be removed. Raises pydantic's ValidationError when it does not say."""
    return clock.from_microseconds(Emptying.model_validate(gesture.fields).until)


def carry_out(
    session: Session, actor: Actor, gesture: Gesture, query: TaskQuery, **counted: bool
) -> FoundTasks:
    """Do what the gesture says, once, and look at every task that it changed, its own first, in one transaction.

    All but `empty`, which takes many. `counted` is for `find_tasks`. Raises what the services raise, and pydantic's
    ValidationError for fields that break a rule.
    """
    changed: Sequence[TaskEffect] = ()
    if done_gestures.claim(session, actor, gesture.nonce):
        changed = _do(session, actor._replace(nonce=gesture.nonce), gesture)
    ids = dict.fromkeys((gesture.id, *(effect.task.id for effect in changed)))
    return task_list.find_tasks(session, actor, query, ids, **counted)


def _do(session: Session, actor: Actor, gesture: Gesture) -> Sequence[TaskEffect]:
    try:
        return _COMMANDS[gesture.kind](session, actor, gesture).changed
    except TaskNotFound:
        # Deleted elsewhere meanwhile, it is where it was to go.
        if gesture.kind in ("delete", "erase"):
            return ()
        raise


def _create(session: Session, actor: Actor, gesture: Gesture) -> TaskEffects:
    if "in_words" in gesture.fields:
        line = LineInWords.model_validate(gesture.fields)
        return add_line(session, actor, line, task_id=gesture.id)
    draft = TaskDraft.model_validate(gesture.fields)
    return commands.create_task(session, actor, draft, task_id=gesture.id)


def _change(session: Session, actor: Actor, gesture: Gesture) -> TaskEffects:
    changes = TaskChanges.model_validate(gesture.fields)
    return commands.update_task(session, actor, gesture.id, changes, based_on=gesture.version)


def _delete(session: Session, actor: Actor, gesture: Gesture) -> TaskEffects:
    keeps_series = gesture.fields.get("keep_series") is True
    return commands.delete_task(session, actor, gesture.id, keeps_series=keeps_series)


_COMMANDS: Mapping[str, Callable[[Session, Actor, Gesture], TaskEffects]] = {
    "create": _create,
    "change": _change,
    "delete": _delete,
    "restore": lambda session, actor, gesture: commands.restore_task(session, actor, gesture.id),
    "erase": lambda session, actor, gesture: commands.delete_forever(session, actor, gesture.id),
    "skip": lambda session, actor, gesture: commands.skip_task(session, actor, gesture.id),
}
