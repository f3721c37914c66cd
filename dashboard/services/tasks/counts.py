"""The statements that count tasks, each made once for each shape of a filter."""

from functools import lru_cache

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Executable,
    FromClause,
    Select,
    Uuid,
    bindparam,
    func,
    literal_column,
    select,
    true,
)
from sqlmodel import col

from dashboard.models.task import COMPLETED, NO_DUE_DATE, OPEN, RANKS, Priority, Task
from dashboard.services.lists.access import in_use_by
from dashboard.services.tasks.filter import Shape, among, conditions

_NOW, _DAY_BEGINS, _DAY_ENDS, _MOST = (
    bindparam(name, type_=BigInteger()) for name in ("now", "day_begins", "day_ends", "most")
)


@lru_cache(maxsize=256)
def count_statement(
    shape: Shape, *, is_found: bool = False, is_bounded: bool = False
) -> Executable:
    """How many tasks a filter is for, or whether there are as many as `most`; `is_found` as in PageWish."""
    asked = among(shape) if is_found else conditions(shape)
    if not is_bounded:
        return select(func.count()).select_from(Task).where(*asked)
    some = select(literal_column("1")).select_from(Task).where(*asked)
    return select(func.count()).select_from(some.limit(_MOST).subquery())


@lru_cache(maxsize=256)
def groups(shape: Shape) -> Select[int, int, int, int, int]:
    """How many tasks a filter is for under each heading of the agenda: `group_` and the names of Groups, in order."""
    n, due, state = func.count(), col(Task.due_key), col(Task.state)
    is_open, never = state == literal_column(str(OPEN)), literal_column(str(NO_DUE_DATE))
    return (
        select(
            n.filter(is_open, due < _NOW).label("group_overdue"),
            n.filter(is_open, due >= _NOW, due < _DAY_ENDS).label("group_today"),
            n.filter(is_open, due >= _NOW, due >= _DAY_ENDS, due < never).label("group_upcoming"),
            n.filter(is_open, due == never).label("group_no_date"),
            n.filter(state == literal_column(str(COMPLETED))).label("group_completed"),
        )
        .select_from(Task)
        .where(*conditions(shape))
    )


def metrics() -> FromClause:
    """One row with every count, by the names of Metrics: what is open is read once, what is completed only counted."""
    n, due, priority = func.count(), col(Task.due_key), col(Task.priority)
    of_actor = in_use_by(bindparam("actor_id", type_=Uuid()))

    def of(named: Priority) -> ColumnElement[int]:
        return n.filter(priority == literal_column(str(RANKS[named])))

    is_open = of_actor, col(Task.state) == literal_column(str(OPEN))
    is_completed = of_actor, col(Task.state) == literal_column(str(COMPLETED))
    pending = (
        select(
            n.label("pending"),
            n.filter(due < _NOW).label("overdue"),
            n.filter(due >= _DAY_BEGINS, due < _DAY_ENDS).label("due_today"),
            n.filter(due < _DAY_ENDS).label("until_tonight"),
            of(Priority.HIGH).label("high_priority"),
            of(Priority.MEDIUM).label("medium_priority"),
            of(Priority.LOW).label("low_priority"),
        )
        .select_from(Task)
        .where(*is_open)
        .subquery()
    )
    completed = select(n.label("completed")).select_from(Task).where(*is_completed).subquery()
    both = select(
        (pending.c.pending + completed.c.completed).label("total"),
        completed.c.completed,
        *pending.c,
    ).select_from(pending.join(completed, true()))
    return both.subquery()
