"""What becomes of subtasks when something is done to their parent: all of it is one step, and is taken back as one.

What was done to them with their parent has the same moment as what was done to it: that tells it from what somebody
had done to one of them before.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime
from uuid import uuid5

from sqlmodel import Session

from dashboard.errors import FieldError, InvalidInput
from dashboard.models.activity import Action
from dashboard.models.task import Subtasks, Task
from dashboard.services.tasks import places, repository
from dashboard.services.tasks.effects import TaskEffect


def require_consistent(task: Task) -> None:
    """Raise InvalidInput for a subtask that repeats."""
    if task.parent_id is not None and task.repeat is not None:
        raise InvalidInput(FieldError("repeat", places.SUBTASKS_DO_NOT_REPEAT))


def complete(session: Session, task: Task) -> Sequence[TaskEffect]:
    """Complete what is open in a task that was completed."""
    return _complete_all(session, task, None, task.completed_at)


def reopen(session: Session, task: Task, completed_at: datetime | None) -> Sequence[TaskEffect]:
    """Open again what was completed with a task, at this moment."""
    return _complete_all(session, task, completed_at, None)


def _complete_all(
    session: Session, task: Task, earlier: datetime | None, now: datetime | None
) -> Sequence[TaskEffect]:
    if task.subtasks is None:
        return ()
    changed: list[TaskEffect] = []
    for held in repository.hold_subtasks(session, task.id):
        if held.task.completed_at == earlier:
            held.task.completed_at = now
            held.task.touch(at=task.updated_at)
            changed.append(TaskEffect(Action.CHANGE, held.task, repository.keep(session, held)))
    return changed


def delete(session: Session, task: Task) -> Sequence[TaskEffect]:
    """Move the subtasks of a task to the trash with it."""
    if task.subtasks is None:
        return ()
    changed: list[TaskEffect] = []
    for held in repository.hold_subtasks(session, task.id):
        held.task.deleted_at = task.deleted_at
        held.task.touch(at=task.updated_at)
        changed.append(TaskEffect(Action.DELETE, held.task, repository.keep(session, held)))
    return changed


def restore(session: Session, task: Task, deleted_at: datetime) -> Sequence[TaskEffect]:
    """Bring back what went to the trash with a task, at this moment."""
    changed: list[TaskEffect] = []
    for held in repository.hold_subtasks(session, task.id, in_trash=True):
        if held.task.deleted_at == deleted_at and held.task.list_id == task.list_id:
            held.task.deleted_at = None
            places.settle_restored(session, held.task)
            held.task.touch(at=task.updated_at)
            changed.append(TaskEffect(Action.RESTORE, held.task, repository.keep(session, held)))
    return changed


def erase(session: Session, task: Task) -> Sequence[TaskEffect]:
    """Remove all subtasks of a task for good."""
    changed: list[TaskEffect] = []
    for in_trash in (False, True):
        for held in repository.hold_subtasks(session, task.id, in_trash=in_trash):
            repository.remove(session, held.task.id)
            held.task.version += 1
            changed.append(TaskEffect(Action.ERASE, held.task))
    return changed


def open_again(session: Session, done: Task, following: Task) -> Sequence[Task]:
    """The subtasks of an occurrence that is done, open again for the next one, due as much later as it is."""
    if done.subtasks is None:
        return ()
    at = following.created_at
    made = [
        _open_again(held.task, done, following, at)
        for held in repository.hold_subtasks(session, done.id)
    ]
    following.subtasks = Subtasks(len(made))
    return made


def _planned(task: Task) -> date | None:
    """The date of an occurrence; while its series is paused, the one that it would have."""
    paused = task.repeat and task.repeat.paused
    return paused.day if paused else task.due_date


def _open_again(task: Task, done: Task, following: Task, at: datetime) -> Task:
    due_date = None
    was, then = _planned(done), _planned(following)
    if task.due_date and was and then:
        with suppress(OverflowError):
            due_date = task.due_date + (then - was)
    again = Task(
        id=uuid5(following.id, str(task.id)),
        list_id=following.list_id,
        created_by=task.created_by,
        title=task.title,
        description=task.description,
        priority=task.priority,
        labels=task.labels,
        due_date=due_date,
        due_time=due_date and task.due_time,
        section_id=following.section_id,
        parent_id=following.id,
        position=task.position,
        place=following.place + task.place[len(done.place) :],
        created_at=at,
        updated_at=at,
        version=task.version,
    )
    again.index()
    return again
