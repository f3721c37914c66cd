"""A task once more: right behind the one that it is like, with its subtasks, and all of it open."""

from typing import Any
from uuid import UUID

from sqlmodel import Session

from dashboard.models.repeat import Paused, Repeat, RepeatInput
from dashboard.models.session import Actor
from dashboard.models.task import Move, Task, TaskDraft
from dashboard.services.tasks import commands
from dashboard.services.tasks.effects import TaskEffects

_COPIED = (
    *("title", "description", "priority", "due_date", "due_time"),
    *("list_id", "section_id", "parent_id", "labels"),
)


def duplicate_task(session: Session, actor: Actor, task_id: UUID, *, copy_id: UUID) -> TaskEffects:
    """Make a task like another one, under this id. Raises what `get_task` and `create_task` raise."""
    task, parts, _ = commands.open_task(session, actor, task_id)
    made = commands.create_task(session, actor, _draft(task), task_id=copy_id)
    if not made.changed:
        return made
    moved = commands.move_task(session, actor, copy_id, Move(after=task.id))
    copies = [
        commands.create_task(session, actor, _draft(part, parent_id=copy_id)) for part in parts
    ]
    changed = [effect for effects in (made, moved, *copies) for effect in effects.changed]
    return TaskEffects(moved.task, changed)


def _draft(task: Task, **changes: UUID) -> TaskDraft:
    """What makes the same task; it has passed the rules of an input before."""
    values: dict[str, Any] = {name: getattr(task, name) for name in _COPIED} | changes
    return TaskDraft.model_construct(**values, repeat=_repeat(task.repeat))


def _repeat(repeat: Repeat | None) -> RepeatInput | None:
    if repeat is None:
        return None
    paused = repeat.paused and Paused.model_construct(
        due_date=repeat.paused.day, due_time=repeat.paused.at
    )
    names = ("rule", "anchor", "until", "count", "keep_missed")
    values = {name: getattr(repeat, name) for name in names}
    return RepeatInput.model_construct(**values, paused=paused)
