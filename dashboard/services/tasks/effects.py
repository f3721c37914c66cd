"""What a command did to tasks: written into the record and told to those who see it, here and nowhere else."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlmodel import Session

from dashboard import clock, events
from dashboard.models.activity import Action
from dashboard.models.session import Actor
from dashboard.models.task import Task, TaskDraft
from dashboard.services import activity
from dashboard.services.activity import Entry
from dashboard.services.lists import access
from dashboard.services.tasks import repository

_DEFAULTS = {name: field.default for name, field in TaskDraft.model_fields.items()}
_RECORDED = {*_DEFAULTS, "position", "completed_at", "deleted_at"}
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
    changed = (*changed, *_count_subtasks(session, changed))
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


_COUNTED = {"parent_id", "completed_at", "deleted_at"}


def _count_subtasks(session: Session, changed: Sequence[TaskEffect]) -> Iterator[TaskEffect]:
    """Bring what parents say of their subtasks up to date. Those that were not changed anyway are changed by it."""
    known = {effect.task.id: effect.task for effect in changed}
    for parent_id in _parents(changed):
        # Held before its subtasks are counted: nobody else changes one of them meanwhile and counts, too.
        held = repository.hold(session, parent_id)
        if held is None:
            continue
        count = repository.count_subtasks(session, parent_id)
        held.task.subtasks = count if count.total else None
        if parent_id in known:
            known[parent_id].subtasks = held.task.subtasks
        elif held.task.subtasks != held.row.subtasks:
            held.task.touch(at=clock.now())
            yield TaskEffect(Action.CHANGE, held.task, {})
        repository.keep(session, held)


def _parents(changed: Sequence[TaskEffect]) -> dict[UUID, None]:
    """The tasks that may have other subtasks by now, or another number of completed ones."""
    found: dict[UUID, None] = {}
    for effect in changed:
        before = effect.before
        if before is None or _COUNTED & before.keys():
            both = effect.task.parent_id, (before or {}).get("parent_id")
            found |= dict.fromkeys(parent_id for parent_id in both if parent_id is not None)
    return found


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
