"""Lists of tasks and counts over them. Both come from one set of conditions, so that they always agree."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Executable,
    Row,
    Uuid,
    and_,
    bindparam,
    func,
    select,
    true,
    tuple_,
    type_coerce,
)
from sqlalchemy.types import NullType, TypeEngine
from sqlmodel import Session, col

from dashboard import clock
from dashboard.db import fetch
from dashboard.errors import FieldError, InvalidInput
from dashboard.models.session import Actor
from dashboard.models.task import Priority, Task, moment_key
from dashboard.models.task_query import Order, Sort, Status, TaskQuery, day_range
from dashboard.models.text import folded, storable

Columns = tuple[Any, ...]

# What a row of a list shows: a read path selects the columns that it needs.
TASK_COLUMNS: Columns = (
    col(Task.id),
    col(Task.user_id),
    col(Task.title),
    col(Task.description),
    col(Task.priority),
    col(Task.completed_at),
    col(Task.due_date),
    col(Task.due_time),
    col(Task.created_at),
    col(Task.updated_at),
    col(Task.deleted_at),
    col(Task.version),
)
_COLUMNS = {
    Sort.CREATED: col(Task.created_at),
    Sort.UPDATED: col(Task.updated_at),
    Sort.DUE: col(Task.due_key),
    Sort.PRIORITY: col(Task.priority),
    Sort.TITLE: col(Task.title_key),
}
_AGENDA = "agenda"


@dataclass(frozen=True)
class TaskPage:
    """Rows with the columns of TASK_COLUMNS, how many match in all, and where the next page starts (None: no more)."""

    items: Sequence[Row[Any]]
    count: int
    next_cursor: str | None


class _Order(NamedTuple):
    """An order of a list: by a column, then by id."""

    sort: str
    direction: Order
    column: Any

    @property
    def name(self) -> list[str]:
        """What ties a cursor to this order."""
        return [self.sort, self.direction]


class Metrics(NamedTuple):
    """Counts over a user's tasks outside the trash; the priorities count pending tasks."""

    total: int
    completed: int
    pending: int
    overdue: int
    due_today: int
    high_priority: int
    medium_priority: int
    low_priority: int


METRIC_QUERIES = {
    "total": TaskQuery(status=Status.ALL),
    "completed": TaskQuery(status=Status.COMPLETED),
    "pending": TaskQuery(status=Status.PENDING),
    "overdue": TaskQuery(status=Status.OVERDUE),
    "due_today": TaskQuery(status=Status.DUE_TODAY),
    "high_priority": TaskQuery(status=Status.PENDING, priority=Priority.HIGH),
    "medium_priority": TaskQuery(status=Status.PENDING, priority=Priority.MEDIUM),
    "low_priority": TaskQuery(status=Status.PENDING, priority=Priority.LOW),
}
"""The list that each count counts: what a metric card links to."""


def list_tasks(
    session: Session, actor: Actor, query: TaskQuery, columns: Columns = TASK_COLUMNS
) -> TaskPage:
    """A page of the actor's tasks. Raises InvalidInput when the cursor is not of this order."""
    order = _Order(query.sort, query.order, _COLUMNS[query.sort])
    return _page(session, actor, query, order, columns)


def list_agenda(session: Session, actor: Actor, query: TaskQuery) -> TaskPage:
    """A page in the order of the dashboard: what is open by due date, then what is completed, latest first."""
    order = _Order(_AGENDA, Order.ASCENDING, col(Task.agenda_key))
    return _page(session, actor, query, order, TASK_COLUMNS)


def find_task(session: Session, actor: Actor, query: TaskQuery, task_id: UUID) -> Row[Any] | None:
    """One task of the actor's, in the trash or not, with `is_listed`: whether the query's list holds it."""
    asked: Any = query
    parameters = {**_parameters(actor), "task_id": task_id}
    return fetch(session, _find_statement(asked), parameters).first()


def count_metrics(session: Session, actor: Actor) -> Metrics:
    """Every count in one pass over the actor's tasks."""
    return Metrics(*fetch(session, _metrics_statement(), _parameters(actor)).one())


# Statements are made once for each question, with places for who asks and when: making one takes longer than to
# answer it.


def _parameters(actor: Actor) -> dict[str, Any]:
    """Who asks, and what their clock and calendar say."""
    now = clock.local_now(actor.timezone)
    return {"actor_id": actor.id, "now": moment_key(now), "today": now.date()}


@lru_cache(maxsize=256)
def _find_statement(query: TaskQuery) -> Executable:
    listed = _conditions(query).label("is_listed")
    return select(*TASK_COLUMNS, listed).where(
        _owned_by_actor(), col(Task.id) == bindparam("task_id")
    )


@lru_cache(maxsize=1)
def _metrics_statement() -> Executable:
    counts = (func.count().filter(_matching(query)) for query in METRIC_QUERIES.values())
    return select(*counts).where(_owned_by_actor(), _kept())


def _owned_by_actor() -> ColumnElement[bool]:
    return col(Task.user_id) == bindparam("actor_id")


def _kept() -> ColumnElement[bool]:
    return col(Task.deleted_at).is_(None)


def _conditions(query: TaskQuery) -> ColumnElement[bool]:
    kept = col(Task.deleted_at).is_not(None) if query.status is Status.DELETED else _kept()
    return and_(_owned_by_actor(), kept, _matching(query))


def _matching(query: TaskQuery) -> ColumnElement[bool]:
    """What a query asks for beyond the owner and the trash."""
    conditions = [_has_status(query.status)]
    if query.priority is not None:
        conditions.append(col(Task.priority) == query.priority)
    if query.due is not None:
        conditions.append(col(Task.due_date).between(*day_range(query.due)))
    conditions += [
        col(Task.search_text).contains(word, autoescape=True) for word in folded(query.q).split()
    ]
    return and_(*conditions)


def _has_status(status: Status) -> ColumnElement[bool]:
    is_open = col(Task.completed_at).is_(None)
    match status:
        case Status.PENDING:
            return is_open
        case Status.COMPLETED:
            return col(Task.completed_at).is_not(None)
        case Status.OVERDUE:
            return and_(is_open, col(Task.due_key) < bindparam("now"))
        case Status.DUE_TODAY:
            return and_(is_open, col(Task.due_date) == bindparam("today"))
        case Status.ALL | Status.DELETED:
            return true()


def _page(
    session: Session, actor: Actor, query: TaskQuery, order: _Order, columns: Columns
) -> TaskPage:
    """The rows after the query's cursor, in this order."""
    parameters = _parameters(actor)
    if query.cursor is not None:
        parameters["place"], parameters["place_id"] = _place(query.cursor, order)
    # Frozen and therefore hashable, which the type checker does not know.
    asked: Any = query.model_copy(update={"cursor": None})
    count = fetch(session, _count_statement(asked), parameters).scalar_one()
    statement = _page_statement(asked, order, columns, query.cursor is not None)
    rows = fetch(session, statement, parameters).all()
    items, more = rows[: query.limit], len(rows) > query.limit
    return TaskPage(items, count, _cursor(session, items[-1], order) if more else None)


@lru_cache(maxsize=256)
def _count_statement(query: TaskQuery) -> Executable:
    return select(func.count()).select_from(Task).where(_conditions(query))


@lru_cache(maxsize=256)
def _page_statement(
    query: TaskQuery, order: _Order, columns: Columns, continued: bool
) -> Executable:
    """One row more than the page has, to tell whether there is another page."""
    column, task_id = order.column, col(Task.id)
    descending = order.direction is Order.DESCENDING
    # Of the last row alone the place is needed, so it comes as the driver has it.
    sort_value = type_coerce(column, NullType()).label("sort_value")
    sort_id = type_coerce(task_id, NullType()).label("sort_id")
    page = select(*columns, sort_value, sort_id).where(_conditions(query))
    if continued:
        here = tuple_(column, task_id)
        place = tuple_(bindparam("place", type_=column.type), bindparam("place_id", type_=Uuid()))
        page = page.where(here < place if descending else here > place)
    keys = (key.desc() if descending else key.asc() for key in (column, task_id))
    return page.order_by(*keys).limit(query.limit + 1)


def _cursor(session: Session, row: Row[Any], order: _Order) -> str:
    value = _loaded(session, order.column.type, row.sort_value)
    task_id: UUID = _loaded(session, Uuid(), row.sort_id)
    plain = clock.microseconds(value) if isinstance(value, datetime) else value
    # Characters as they are: escaped, those of a long title would not fit into a query.
    place = json.dumps([*order.name, plain, task_id.hex], ensure_ascii=False)
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")


def _loaded(session: Session, kind: TypeEngine[Any], value: Any) -> Any:
    """What a column of this type makes of the driver's value."""
    dialect = session.get_bind().dialect
    process = kind.dialect_impl(dialect).result_processor(dialect, None)
    return value if process is None else process(value)


def _place(cursor: str, order: _Order) -> tuple[Any, UUID]:
    """The sort value and id that a cursor of this order stands for."""
    try:
        *name, value, task_id = json.loads(base64.urlsafe_b64decode(cursor + "=="))
        if name != order.name:
            raise ValueError
        return _sort_value(order.sort, value), UUID(task_id)
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError):
        message = "This cursor is not one of this list; start from the first page."
        raise InvalidInput(FieldError("cursor", message)) from None


def _sort_value(sort: str, value: Any) -> Any:
    if sort == Sort.PRIORITY:
        return Priority(value)
    if sort == Sort.TITLE:
        return storable(_text(value))
    if type(value) is not int or not 0 <= value < 2**63:
        raise ValueError
    return clock.from_microseconds(value) if sort in (Sort.CREATED, Sort.UPDATED) else value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value
