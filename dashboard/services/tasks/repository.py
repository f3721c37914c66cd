"""The rows of tasks: found, put, held while they are changed, kept, removed.

The ORM has no part in it: its bookkeeping took longer than all the rest of a tick. A Task that comes from here belongs
to no session; what is done to it is written by `keep` alone.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Executable,
    Row,
    bindparam,
    delete,
    func,
    inspect,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from dashboard.database.transactions import fetch
from dashboard.models.task import Subtasks, Task

_TABLE: Any = Task.__table__  # pyright: ignore[reportAttributeAccessIssue] (of every table=True)
_NAMES = _TABLE.columns.keys()
_INSTANCES: Any = inspect(Task).class_manager
_THE_TASK = _TABLE.c.id == bindparam("task_id")

# Made once: that takes longer than to answer them.
_FIND = select(_TABLE).where(_THE_TASK)
# PostgreSQL lets two people change one row at once, so the second waits and sees what the first has made of it;
# SQLite has one writer anyway.
_FIND_ALL = select(_TABLE)
_HOLD = _FIND.with_for_update()
_HOLD_SUBTASKS, _HOLD_DELETED_SUBTASKS = (
    select(_TABLE)
    .where(_TABLE.c.parent_id == bindparam("parent_id"), is_meant)
    .order_by(_TABLE.c.position, _TABLE.c.id)
    .with_for_update()
    for is_meant in (_TABLE.c.deleted_at.is_(None), _TABLE.c.deleted_at.is_not(None))
)
_SUBTASKS = (
    select(_TABLE)
    .where(_TABLE.c.parent_id == bindparam("parent_id"), _TABLE.c.deleted_at.is_(None))
    .order_by(_TABLE.c.position, _TABLE.c.id)
)
_COUNT_SUBTASKS = select(
    func.count(), func.count().filter(_TABLE.c.completed_at.is_not(None))
).where(_TABLE.c.parent_id == bindparam("parent_id"), _TABLE.c.deleted_at.is_(None))
_FIND_BY_KEY = select(_TABLE).where(
    _TABLE.c.created_by == bindparam("creator_id"), _TABLE.c.idempotency_key == bindparam("key")
)
_PUT = {
    name: insert(_TABLE).on_conflict_do_nothing().execution_options(preserve_rowcount=True)
    for name, insert in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}
_CHANGE = update(_TABLE).where(_THE_TASK)
_REMOVE = delete(_TABLE).where(_THE_TASK)


def find(session: Session, task_id: UUID) -> Task | None:
    """The task of this id, anybody's."""
    return _first(session, _FIND, {"task_id": task_id})


def find_by_key(session: Session, user_id: UUID, idempotency_key: str) -> Task | None:
    """The task that a user made under a key."""
    return _first(session, _FIND_BY_KEY, {"creator_id": user_id, "key": idempotency_key})


def put(session: Session, task: Task) -> bool:
    """Write a new task. False when there is one of this id or key, even if it is written at the same moment."""
    statement = _PUT[session.get_bind().dialect.name]
    return _send(session, statement, {name: getattr(task, name) for name in _NAMES}) == 1


class Held(NamedTuple):
    """A task that is locked until this transaction ends, and its row as it was found."""

    task: Task
    row: Row[Any]


def hold(session: Session, task_id: UUID) -> Held | None:
    """The task of this id, to be changed and then kept."""
    row = fetch(session, _HOLD, {"task_id": task_id}).first()
    return None if row is None else Held(_task(row), row)


def hold_all(session: Session, *conditions: ColumnElement[bool]) -> Sequence[Held]:
    """Every task of which these hold, to be changed and then kept; in one order, so that nobody waits in a circle."""
    found = _FIND_ALL.where(*conditions).order_by(_TABLE.c.id).with_for_update()
    return [Held(_task(row), row) for row in fetch(session, found, {}).all()]


def hold_subtasks(session: Session, parent_id: UUID, *, in_trash: bool = False) -> Sequence[Held]:
    """The subtasks of a task, to be changed and then kept: those outside the trash, or those in it."""
    statement = _HOLD_DELETED_SUBTASKS if in_trash else _HOLD_SUBTASKS
    rows = fetch(session, statement, {"parent_id": parent_id}).all()
    return [Held(_task(row), row) for row in rows]


def find_subtasks(session: Session, parent_id: UUID) -> Sequence[Task]:
    """The subtasks of a task outside the trash, in their order."""
    return [_task(row) for row in fetch(session, _SUBTASKS, {"parent_id": parent_id}).all()]


def count_subtasks(session: Session, parent_id: UUID) -> Subtasks:
    """How many subtasks a task has outside the trash."""
    return Subtasks(*fetch(session, _COUNT_SUBTASKS, {"parent_id": parent_id}).one())


def keep(session: Session, held: Held) -> dict[str, Any]:
    """Write what is different in a task by now. Returns the earlier values, by column."""
    held.task.settle_state()
    now = vars(held.task)
    before = {
        name: value for name, value in zip(_NAMES, held.row, strict=True) if now[name] != value
    }
    if before:
        changes = {name: now[name] for name in before}
        _send(session, _CHANGE, {**changes, "task_id": held.task.id})
    return before


def remove(session: Session, task_id: UUID) -> None:
    """Remove a task for good."""
    _send(session, _REMOVE, {"task_id": task_id})


def _first(session: Session, statement: Executable, parameters: dict[str, Any]) -> Task | None:
    row = fetch(session, statement, parameters).first()
    return None if row is None else _task(row)


def _task(row: Row[Any]) -> Task:
    # As the ORM makes what it loads: Task(…) sets one attribute after the other, which is a twentieth of a tick.
    task: Task = _INSTANCES.new_instance()
    vars(task).update(zip(_NAMES, row, strict=True))
    return task


def _send(session: Session, statement: Executable, parameters: dict[str, Any]) -> int:
    """Change rows; how many they were."""
    changed: Any = fetch(session, statement, parameters)
    return changed.rowcount
