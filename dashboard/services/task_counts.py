"""The statements that count tasks, each made once for each question.

What lies on a shelf, in all or on a day, is read off the tally that the database keeps; only what has certain words, or
is late today, is counted one by one.
"""

from functools import lru_cache

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Executable,
    bindparam,
    cast,
    func,
    literal_column,
    select,
)
from sqlmodel import col

from dashboard.models.task import Task
from dashboard.models.task_query import Status, TaskQuery
from dashboard.models.task_tally import WHENEVER, TaskTally
from dashboard.services.task_conditions import (
    among_candidates,
    days_of,
    is_on,
    owned_by_actor,
    within_shelves,
)
from dashboard.services.task_search import words_of

# Written into the statements: each parameter is made anew at each execution.
_NONE, _WHENEVER = literal_column("0"), literal_column(str(WHENEVER))


@lru_cache(maxsize=256)
def count_statement(*queries: TaskQuery, is_found: bool = False) -> Executable:
    """How many tasks each query is for; `is_found` as in PageWish."""
    return select(*(count_of(query, is_found) for query in queries))


def count_of(query: TaskQuery, is_found: bool) -> ColumnElement[int]:
    """How many tasks a query is for, as a column of a statement."""
    if words_of(query):
        on_a_shelf = is_on(col(Task.shelf), query)
        read = [owned_by_actor(), on_a_shelf, *within_shelves(query, col(Task.due_key))]
        matching = select(func.count()).select_from(Task)
        return matching.where(*(among_candidates(query) if is_found else read)).scalar_subquery()
    tallied = select(func.coalesce(func.sum(TaskTally.n), _NONE)).where(
        col(TaskTally.user_id) == bindparam("actor_id"),
        is_on(col(TaskTally.shelf), query),
        *_tallied_days(query),
    )
    count = cast(tallied.scalar_subquery(), BigInteger)
    return count + _late_today(query) if query.status is Status.OVERDUE else count


def _tallied_days(query: TaskQuery) -> list[ColumnElement[bool]]:
    """Which rows of the tally are to be added up."""
    day = col(TaskTally.day)
    if query.due is None and query.status not in (Status.OVERDUE, Status.DUE_TODAY):
        return [day == _WHENEVER]
    conditions = [day > _WHENEVER]
    if query.status is Status.OVERDUE:
        conditions.append(day < bindparam("today"))
    if query.status is Status.DUE_TODAY:
        conditions.append(day == bindparam("today"))
    if query.due is not None:
        conditions.append(day.between(*days_of(query.due)))
    return conditions


def _late_today(query: TaskQuery) -> ColumnElement[int]:
    """How many are late though their day has not ended: a tally counts days, so these are looked at themselves."""
    late = select(func.count()).select_from(Task)
    on_a_shelf = is_on(col(Task.shelf), query)
    is_today = col(Task.due_key) >= bindparam("day_begins")
    return late.where(
        owned_by_actor(), on_a_shelf, is_today, *within_shelves(query, col(Task.due_key))
    ).scalar_subquery()
