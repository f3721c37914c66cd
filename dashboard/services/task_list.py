"""Lists of tasks and counts over them. Both come from one set of conditions, so that they always agree."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Uuid, and_, func, literal, select, true, tuple_
from sqlmodel import Session, col

from dashboard import clock
from dashboard.errors import FieldError, InvalidInput
from dashboard.models.session import Actor
from dashboard.models.task import Priority, Task, moment_key
from dashboard.models.task_query import Order, Sort, Status, TaskQuery, day_range
from dashboard.models.text import folded, storable

# What a row of a list shows: a read path selects the columns that it needs.
TASK_COLUMNS = (
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


def list_tasks(session: Session, actor: Actor, query: TaskQuery) -> TaskPage:
    """A page of the actor's tasks. Raises InvalidInput when the cursor is not of this order."""
    descending = query.order is Order.DESCENDING
    return _page(session, actor, query, (query.sort, query.order), _COLUMNS[query.sort], descending)


def list_agenda(session: Session, actor: Actor, query: TaskQuery) -> TaskPage:
    """A page in the order of the dashboard: what is open by due date, then what is completed, latest first."""
    return _page(session, actor, query, (_AGENDA, Order.ASCENDING), col(Task.agenda_key), False)


def find_task(session: Session, actor: Actor, query: TaskQuery, task_id: UUID) -> Row[Any] | None:
    """One task of the actor's, in the trash or not, with `is_listed`: whether the query's list holds it."""
    listed = _conditions(actor, query).label("is_listed")
    found = select(*TASK_COLUMNS, listed).where(_owned_by(actor), col(Task.id) == task_id)
    return session.execute(found).first()


def count_metrics(session: Session, actor: Actor) -> Metrics:
    """Every count in one pass over the actor's tasks."""
    counts = (func.count().filter(_matching(actor, query)) for query in METRIC_QUERIES.values())
    return Metrics(*session.execute(select(*counts).where(_owned_by(actor), _kept())).one())


def _owned_by(actor: Actor) -> ColumnElement[bool]:
    return col(Task.user_id) == actor.id


def _kept() -> ColumnElement[bool]:
    return col(Task.deleted_at).is_(None)


def _conditions(actor: Actor, query: TaskQuery) -> ColumnElement[bool]:
    kept = col(Task.deleted_at).is_not(None) if query.status is Status.DELETED else _kept()
    return and_(_owned_by(actor), kept, _matching(actor, query))


def _matching(actor: Actor, query: TaskQuery) -> ColumnElement[bool]:
    """What a query asks for beyond the owner and the trash."""
    conditions = [_has_status(actor, query.status)]
    if query.priority is not None:
        conditions.append(col(Task.priority) == query.priority)
    if query.due is not None:
        conditions.append(col(Task.due_date).between(*day_range(query.due)))
    conditions += [
        col(Task.search_text).contains(word, autoescape=True) for word in folded(query.q).split()
    ]
    return and_(*conditions)


def _has_status(actor: Actor, status: Status) -> ColumnElement[bool]:
    is_open = col(Task.completed_at).is_(None)
    match status:
        case Status.PENDING:
            return is_open
        case Status.COMPLETED:
            return col(Task.completed_at).is_not(None)
        case Status.OVERDUE:
            return and_(is_open, col(Task.due_key) < moment_key(clock.local_now(actor.timezone)))
        case Status.DUE_TODAY:
            return and_(is_open, col(Task.due_date) == clock.today(actor.timezone))
        case Status.ALL | Status.DELETED:
            return true()


def _page(
    session: Session,
    actor: Actor,
    query: TaskQuery,
    name: tuple[str, str],
    column: Any,
    descending: bool,
) -> TaskPage:
    """The rows after the query's cursor by (column, id); `name` ties the cursors to this order."""
    conditions = _conditions(actor, query)
    count = session.execute(select(func.count()).select_from(Task).where(conditions)).scalar_one()
    page = select(*TASK_COLUMNS, column.label("sort_value")).where(conditions)
    if query.cursor is not None:
        value, task_id = _place(query.cursor, name)
        here = tuple_(column, col(Task.id))
        place = tuple_(literal(value, column.type), literal(task_id, Uuid()))
        page = page.where(here < place if descending else here > place)
    keys = (
        (column.desc(), col(Task.id).desc()) if descending else (column.asc(), col(Task.id).asc())
    )
    rows = session.execute(page.order_by(*keys).limit(query.limit + 1)).all()
    items, more = rows[: query.limit], len(rows) > query.limit
    return TaskPage(items, count, _cursor(items[-1], name) if more else None)


def _cursor(row: Row[Any], name: tuple[str, str]) -> str:
    value = row.sort_value
    plain = clock.microseconds(value) if isinstance(value, datetime) else value
    # Characters as they are: escaped, those of a long title would not fit into a query.
    place = json.dumps([*name, plain, row.id.hex], ensure_ascii=False)
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")


def _place(cursor: str, name: tuple[str, str]) -> tuple[Any, UUID]:
    """The sort value and id that a cursor of this order stands for."""
    try:
        sort, order, value, task_id = json.loads(base64.urlsafe_b64decode(cursor + "=="))
        if (sort, order) != name:
            raise ValueError
        return _sort_value(sort, value), UUID(task_id)
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
