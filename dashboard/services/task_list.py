"""Lists of tasks and counts over them. Both come from one set of conditions, so that they always agree."""

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, partial
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Executable, Row, Uuid
from sqlalchemy.types import TypeEngine
from sqlmodel import Session

from dashboard import clock
from dashboard.db import fetch
from dashboard.errors import FieldError, InvalidInput
from dashboard.models.session import Actor
from dashboard.models.task import SECONDS_A_DAY, Priority, moment_key
from dashboard.models.task_query import PAGE_DEFAULT, Order, Sort, Status, TaskQuery
from dashboard.models.text import storable
from dashboard.services.task_counts import count_statement
from dashboard.services.task_pages import (
    TASK_COLUMNS,
    Columns,
    ListOrder,
    PageWish,
    agenda_of,
    everything_statement,
    find_statement,
    orders_of,
    page_statement,
)
from dashboard.services.task_search import find_candidates

FEW = 200
"""How many tasks are sorted rather than looked for among all others."""


@dataclass(frozen=True)
class TaskPage:
    """Rows with the columns of TASK_COLUMNS, how many match in all, and where the next page starts (None: no more)."""

    items: Sequence[Row[Any]]
    count: int
    next_cursor: str | None


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


class FoundTask(NamedTuple):
    """A row with the columns of TASK_COLUMNS and `is_listed`: whether the list holds it; None for no task."""

    row: Row[Any] | None
    counts: Metrics


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
_counted: Any = METRIC_QUERIES.values()
_METRICS = count_statement(*_counted)


def list_tasks(
    session: Session, actor: Actor, query: TaskQuery, columns: Columns = TASK_COLUMNS
) -> TaskPage:
    """A page of the actor's tasks. Raises InvalidInput when the cursor is not of this order."""
    return _page(session, actor, query, partial(orders_of, query), columns)


def list_agenda(session: Session, actor: Actor, query: TaskQuery) -> TaskPage:
    """A page in the order of the dashboard: what is open by due date, then what is completed, latest first."""
    return _page(session, actor, query, lambda _count: [agenda_of(query)], TASK_COLUMNS)


def find_task(session: Session, actor: Actor, query: TaskQuery, task_id: UUID) -> FoundTask:
    """One task of the actor's, in the trash or not, and every count: what a change of it changes on the screen."""
    asked: Any = query
    parameters = {**_parameters(actor), "task_id": task_id}
    row = fetch(session, _find_statement(asked), parameters).one()
    counts = Metrics(*row[: len(METRIC_QUERIES)])
    return FoundTask(None if row.id is None else row, counts)


@lru_cache(maxsize=256)
def _find_statement(query: TaskQuery) -> Executable:
    return find_statement(query, *METRIC_QUERIES.values())


def list_everything(
    session: Session, actor: Actor, limit: int, last: Row[Any] | None = None
) -> Sequence[Row[Any]]:
    """All of the actor's tasks, the trash too, oldest first: so many of them, those after `last`.

    Nothing that a change can move: who goes on like this meets each task once, whatever happens meanwhile.
    """
    (order,) = orders_of(TaskQuery(sort=Sort.CREATED, order=Order.ASCENDING), 0)
    parameters = {"actor_id": actor.id, "most": limit}
    if last is not None:
        parameters |= {"place": last.created_at, "place_id": last.id}
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    wish = PageWish(
        order, TASK_COLUMNS, last is not None, is_sqlite, is_found=False, is_small=False
    )
    return fetch(session, everything_statement(wish), parameters).all()


def count_metrics(session: Session, actor: Actor) -> Metrics:
    """Every count, from the tally that the database keeps."""
    return Metrics(*fetch(session, _METRICS, _parameters(actor)).one())


def _page(
    session: Session,
    actor: Actor,
    query: TaskQuery,
    orders_for: Callable[[int], list[ListOrder]],
    columns: Columns,
) -> TaskPage:
    """The rows after the query's cursor, in the orders for as many as match, one after the other."""
    parameters = _parameters(actor)
    # Frozen and therefore hashable, which the type checker does not know.
    asked: Any = query.model_copy(update={"cursor": None, "limit": PAGE_DEFAULT})
    candidates = find_candidates(session, actor, query)
    is_found = candidates is not None
    if is_found:
        parameters["candidates"] = candidates
    count = fetch(session, count_statement(asked, is_found=is_found), parameters).scalar_one()
    orders, begun = orders_for(count), None
    if query.cursor is not None:
        begun, parameters["place"], parameters["place_id"] = _place(query.cursor, orders)
        orders = orders[orders.index(begun) :]
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    # One row more than the page has tells whether there is another page; for what is not there nobody has to look.
    most = min(query.limit + 1, count)
    found: list[tuple[ListOrder, Row[Any]]] = []
    for order in orders:
        wish = PageWish(order, columns, order is begun, is_sqlite, is_found, count <= FEW)
        parameters["most"] = most - len(found)
        rows = fetch(session, page_statement(asked, wish), parameters)
        found += [(order, row) for row in rows]
        if len(found) == most:
            break
    shown, more = found[: query.limit], len(found) > query.limit
    return TaskPage(
        [row for _, row in shown], count, _cursor(session, *shown[-1]) if more else None
    )


def _parameters(actor: Actor) -> dict[str, Any]:
    """Who asks, and what their clock and calendar say."""
    now = clock.local_now(actor.timezone)
    today = now.date().toordinal()
    begins = today * SECONDS_A_DAY
    day = {"today": today, "day_begins": begins, "day_ends": begins + SECONDS_A_DAY}
    return {"actor_id": actor.id, "now": moment_key(now), **day}


def _cursor(session: Session, order: ListOrder, row: Row[Any]) -> str:
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


def _place(cursor: str, orders: list[ListOrder]) -> tuple[ListOrder, Any, UUID]:
    """The sort value and id that a cursor of one of these orders stands for."""
    try:
        *name, value, task_id = json.loads(base64.urlsafe_b64decode(cursor + "=="))
        (order,) = [order for order in orders if order.name == name]
        return order, _sort_value(order, value), UUID(task_id)
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError):
        message = "This cursor is not one of this list; start from the first page."
        raise InvalidInput(FieldError("cursor", message)) from None


def _sort_value(order: ListOrder, value: Any) -> Any:
    if order.sort == Sort.TITLE:
        return storable(_text(value))
    if type(value) is not int or not 0 <= value < 2**63:
        raise ValueError
    return clock.from_microseconds(value) if order.is_by_moment else value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value
