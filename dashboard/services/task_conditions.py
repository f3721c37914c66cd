"""Which tasks a query asks for, as conditions of statements: of the list and of its count alike, so that they agree.

Tasks lie on nine shelves, by state and priority, and each order has an index that begins with the shelf.
"""

from typing import Any

from sqlalchemy import ColumnElement, Uuid, bindparam, literal_column, type_coerce
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import NullType
from sqlmodel import col

from dashboard.models.task import COMPLETED, DELETED, OPEN, RANKS, SECONDS_A_DAY, Task
from dashboard.models.task_query import Status, TaskQuery, day_range
from dashboard.services.task_search import conditions_of

STATES = {
    Status.ALL: (OPEN, COMPLETED),
    Status.PENDING: (OPEN,),
    Status.COMPLETED: (COMPLETED,),
    Status.OVERDUE: (OPEN,),
    Status.DUE_TODAY: (OPEN,),
    Status.DELETED: (DELETED,),
}
"""What state a task is in that a query asks for."""


def owned_by_actor() -> ColumnElement[bool]:
    return col(Task.user_id) == bindparam("actor_id")


def is_on(shelf: Any, query: TaskQuery) -> ColumnElement[bool]:
    # Written into the statement: SQLAlchemy would make a list of parameters anew at each execution.
    return shelf.in_([literal_column(str(number)) for number in shelves_of(query)])


def shelves_of(query: TaskQuery) -> list[int]:
    """Where the tasks are that a query asks for, as far as state and priority go."""
    ranks = RANKS.values() if query.priority is None else [RANKS[query.priority]]
    return [state + rank for state in STATES[query.status] for rank in ranks]


def within_shelves(query: TaskQuery, due: Any) -> list[ColumnElement[bool]]:
    """What a query asks for beyond the owner and the shelves."""
    conditions = []
    if query.status is Status.OVERDUE:
        conditions.append(due < bindparam("now"))
    if query.status is Status.DUE_TODAY:
        conditions += [due >= bindparam("day_begins"), due < bindparam("day_ends")]
    if query.due is not None:
        first, last = days_of(query.due)
        conditions += [due >= first * SECONDS_A_DAY, due < (last + 1) * SECONDS_A_DAY]
    return conditions + conditions_of(query)


def days_of(due: str) -> tuple[int, int]:
    first, last = day_range(due)
    return first.toordinal(), last.toordinal()


def among_candidates(query: TaskQuery) -> list[ColumnElement[bool]]:
    """What is asked for among what the full-text index has named; all but the ids is looked at on the way."""
    candidates = bindparam("candidates", expanding=True, type_=NullType())
    is_owned = Passed(col(Task.user_id)) == bindparam("actor_id", type_=Uuid())
    is_listed = (
        is_on(Passed(col(Task.shelf)), query),
        *within_shelves(query, Passed(col(Task.due_key))),
    )
    return [type_coerce(col(Task.id), NullType()).in_(candidates), is_owned, *is_listed]


class Passed(FunctionElement[int]):
    """A column that is looked at on the way.

    SQLite knows nothing of how rows are spread: it would rather follow this column's index, and sort what it finds.
    """

    inherit_cache = True


@compiles(Passed, "sqlite")
def _no_reason_for_an_index(element: Passed, compiler: SQLCompiler, **options: Any) -> str:
    return f"+{compiler.process(element.clauses, **options)}"


@compiles(Passed, "postgresql")
def _as_it_is(element: Passed, compiler: SQLCompiler, **options: Any) -> str:
    return compiler.process(element.clauses, **options)
