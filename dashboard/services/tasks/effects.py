"""What a command did to tasks: written into the record and told to those who see it, here and nowhere else."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlmodel import Session

from dashboard import events
from dashboard.models.activity import Action
from dashboard.models.session import Actor
from dashboard.models.task import Task, TaskDraft
from dashboard.services import activity
from dashboard.services.activity import Entry
from dashboard.services.lists import access

_DEFAULTS = {name: field.default for name, field in TaskDraft.model_fields.items()}
_RECORDED = {*_DEFAULTS, "completed_at", "deleted_at"}
"""What people decide of a task; everything else follows from it."""


class TaskEffect(NamedTuple):
    """A task that was changed."""

    action: Action
    task: Task
    """As it is now; as it was last, when it is removed for good."""
    before: Mapping[str, Any] | None = None
    """What its changed columns held; None for a task that was not there."""

    @property
    def list_ids(self) -> set[UUID]:
        """The list that it lies in, and the one that it has left."""
        return {self.task.list_id, (self.before or {}).get("list_id", self.task.list_id)}


class TaskEffects(NamedTuple):
    """What a command answers: the task that it is about, and every task that it changed."""

    task: Task
    changed: Sequence[TaskEffect] = ()


def settle(
    session: Session, actor: Actor, *changed: TaskEffect, based_on: int | None = None
) -> TaskEffects:
    """Record and announce what a command has done; the first is the task that the command is about."""
    if entries := [entry for effect in changed for entry in _entries(effect)]:
        activity.record(session, actor, *entries)
    by_list: dict[UUID, list[tuple[UUID, int]]] = defaultdict(list)
    for effect in changed:
        for list_id in effect.list_ids:
            by_list[list_id].append((effect.task.id, effect.task.version))
    by = actor.id, actor.session_id, actor.nonce
    for list_id, tasks in by_list.items():
        audience = access.audience_of(session, actor, list_id)
        event = events.TasksChanged(audience, list_id, tuple(tasks), *by, based_on=based_on)
        events.announce(session, event)
    return TaskEffects(changed[0].task, changed)


def _entries(effect: TaskEffect) -> Iterator[Entry]:
    action, task, before = effect
    if action is Action.ERASE:
        # It is to be gone: its title, too.
        yield Entry(action, task.list_id)
    elif before is None:
        made = {
            name: getattr(task, name)
            for name, usual in _DEFAULTS.items()
            if getattr(task, name) != usual
        }
        yield Entry(action, task.list_id, task.id, after=made)
    elif was := {name: before[name] for name in before if name in _RECORDED}:
        now = {name: getattr(task, name) for name in was}
        if "list_id" in was:
            # Those of the old list need not see the new one, nor the other way round.
            yield Entry(action, was["list_id"], task.id, before=was)
            yield Entry(action, task.list_id, task.id, after=now)
        else:
            yield Entry(action, task.list_id, task.id, was, now)
