"""Lists of tasks and counts over them. Both come from one filter, so that they always agree."""

import base64
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    Row,
    SmallInteger,
    String,
    Uuid,
    bindparam,
    literal_column,
    select,
)
from sqlalchemy.types import TypeEngine
from sqlmodel import Session, col
from sqlmodel.sql.sqltypes import UTCDateTime

from dashboard import clock
from dashboard.database.transactions import fetch
from dashboard.errors import FieldError, InvalidInput
from dashboard.models.session import Actor
from dashboard.models.task import COMPLETED, SECONDS_A_DAY, Priority, Task, moment_key
from dashboard.models.task_fields import TASK_COLUMNS
from dashboard.models.task_query import Order, Sort, Status, TaskQuery
from dashboard.models.text import storable
from dashboard.services.lists import access
from dashboard.services.lists.queries import count_open, names_of
from dashboard.services.tasks import counts as task_counts
from dashboard.services.tasks import pages, search
from dashboard.services.tasks.counts import count_statement
from dashboard.services.tasks.filter import ANY_STATE, TaskFilter
from dashboard.services.tasks.pages import (
    Columns,
    ListOrder,
    PageWish,
    agenda_of,
    find_statement,
    order_of,
    page_statement,
)
from dashboard.services.tasks.query.plan import At


@dataclass(frozen=True)
class TaskPage:
    """Rows with the columns of TASK_COLUMNS, how many match in all, and where the next page starts (None: no more)."""

    items: Sequence[Row[Any]]
    count: int
    next_cursor: str | None
    is_counted: bool = True
    """False: more match than `count` says."""


class Metrics(NamedTuple):
    """Counts over a user's tasks outside the trash; the priorities count pending tasks."""

    total: int
    completed: int
    pending: int
    overdue: int
    due_today: int
    until_tonight: int
    """Overdue, or due today: what the page of today holds."""
    high_priority: int
    medium_priority: int
    low_priority: int


class Groups(NamedTuple):
    """How many tasks a list holds under each heading of the agenda."""

    overdue: int = 0
    today: int = 0
    upcoming: int = 0
    no_date: int = 0
    completed: int = 0


class FoundTasks(NamedTuple):
    """For each id a row with the columns of TASK_COLUMNS and `is_listed` (the list holds it); None for no task."""

    rows: Mapping[UUID, Row[Any] | None]
    counts: Metrics
    groups: Groups = Groups()
    """Of a list without headings nothing is counted under them."""
    open_counts: Mapping[UUID, int] = {}
    """How many tasks are open in each list beside the Inbox; a list without any is left out."""


METRIC_QUERIES = {
    "total": TaskQuery(status=Status.ALL),
    "completed": TaskQuery(status=Status.COMPLETED),
    "pending": TaskQuery(status=Status.PENDING),
    "overdue": TaskQuery(status=Status.OVERDUE),
    "due_today": TaskQuery(status=Status.DUE_TODAY),
    "until_tonight": TaskQuery(filter="due<=today"),
    "high_priority": TaskQuery(status=Status.PENDING, priority=Priority.HIGH),
    "medium_priority": TaskQuery(status=Status.PENDING, priority=Priority.MEDIUM),
    "low_priority": TaskQuery(status=Status.PENDING, priority=Priority.LOW),
}
"""The list that each count counts: what a metric card links to."""
_METRICS = select(task_counts.metrics())
_DONE_SUBTASKS = select(*TASK_COLUMNS).where(
    col(Task.parent_id).in_(bindparam("parents", expanding=True)),
    col(Task.state) == literal_column(str(COMPLETED)),
)
_NEWEST_LAST = ListOrder(Sort.CREATED, Order.ASCENDING, order_of(TaskQuery(), 0, 0).columns)


def list_tasks(
    session: Session,
    actor: Actor,
    query: TaskQuery,
    columns: Columns = TASK_COLUMNS,
    *,
    counts_all: bool = True,
) -> TaskPage:
    """A page of the tasks that the actor sees. Raises InvalidInput when the cursor is not of this order.

    To count all tasks that have a word of very many takes long: without `counts_all`, MOST_RANKED are counted.
    """
    wanted, candidates, count = _matching(session, actor, query, counts_all=counts_all)
    order = order_of(query, len(wanted.words), count)
    page = _page(session, actor, _Asked(query, wanted, candidates, count, columns), [order])
    if counts_all or not wanted.words or count <= pages.MOST_RANKED:
        return page
    return replace(page, count=pages.MOST_RANKED, is_counted=False)


def list_agenda(
    session: Session, actor: Actor, query: TaskQuery, *, by_hand: bool = False
) -> TaskPage:
    """A page in the order of the dashboard: what is open by due date, then what is completed, latest first.

    Or what is open by hand, and with it what is completed among the subtasks of what the page has.
    """
    wanted, candidates, count = _matching(session, actor, query)
    asked = _Asked(query, wanted, candidates, count, TASK_COLUMNS)
    page = _page(session, actor, asked, agenda_of(wanted.states, by_hand=by_hand))
    if not by_hand:
        return page
    return replace(page, items=[*page.items, *_done_subtasks(session, page.items)])


def _done_subtasks(session: Session, rows: Sequence[Row[Any]]) -> Sequence[Row[Any]]:
    parents = [row.id for row in rows if row.subtasks is not None and row.completed_at is None]
    if not parents:
        return ()
    return fetch(session, _DONE_SUBTASKS, {"parents": parents}).all()


def find_tasks(
    session: Session,
    actor: Actor,
    query: TaskQuery,
    task_ids: Collection[UUID],
    *,
    in_groups: bool = False,
    in_lists: bool = False,
) -> FoundTasks:
    """Tasks that the actor sees, in the trash or not, and every count: what changes of them change on the screen."""
    wanted = _filter(session, actor, query)
    task_id, *others = task_ids
    named = {"task_ids": [task_id, *others]} if others else {"task_id": task_id}
    statement = find_statement(wanted.shape, several=bool(others), in_groups=in_groups)
    found = fetch(session, statement, {**wanted.parameters(), **_today(actor), **named}).all()
    counts = _metrics_of(found[0])
    groups = _groups_of(found[0]) if in_groups else Groups()
    open_counts = count_open(session, actor) if in_lists else {}
    rows = {row.id: row for row in found}
    named_rows = {task_id: rows.get(task_id) for task_id in task_ids}
    return FoundTasks(named_rows, counts, groups, open_counts)


def count_groups(session: Session, actor: Actor, query: TaskQuery) -> Groups:
    """How many tasks the list of the dashboard holds under each heading, those that are not loaded too."""
    wanted = _filter(session, actor, query)
    parameters = {**wanted.parameters(), **_today(actor)}
    return _groups_of(fetch(session, task_counts.groups(wanted.shape), parameters).one())


def list_everything(
    session: Session, actor: Actor, limit: int, last: Row[Any] | None = None
) -> Sequence[Row[Any]]:
    """All tasks that the actor sees, the trash too, oldest first: so many of them, those after `last`.

    Nothing that a change can move: who goes on like this meets each task once, whatever happens meanwhile.
    """
    parameters = {"actor_id": actor.id, "most": limit}
    if last is not None:
        parameters |= {"sort_0": last.created_at, "sort_id": last.id}
    wish = PageWish(_NEWEST_LAST, TASK_COLUMNS, last is not None, is_found=False)
    everything = TaskFilter(states=ANY_STATE, has_archived=True)
    return fetch(session, page_statement(everything.shape, wish), parameters).all()


def count_metrics(session: Session, actor: Actor) -> Metrics:
    """Every count."""
    return _metrics_of(fetch(session, _METRICS, _today(actor)).one())


def _metrics_of(row: Row[Any]) -> Metrics:
    return Metrics(*(getattr(row, name) for name in Metrics._fields))


def _groups_of(row: Row[Any]) -> Groups:
    return Groups(*(getattr(row, f"group_{name}") for name in Groups._fields))


class _Asked(NamedTuple):
    """What a page is asked for."""

    query: TaskQuery
    wanted: TaskFilter
    candidates: Sequence[Any] | None
    matches: int
    columns: Columns


def _matching(
    session: Session, actor: Actor, query: TaskQuery, *, counts_all: bool = True
) -> tuple[TaskFilter, Sequence[Any] | None, int]:
    """The filter of a query, the tasks that the full-text index names for it, if few, and how many match.

    Without `counts_all`, more than MOST_RANKED matches of words are counted as one more than that.
    """
    wanted = _narrowed(session, actor, _filter(session, actor, query))
    is_bounded = bool(wanted.words) and not counts_all
    most = search.MOST_COMPARED if is_bounded else search.MOST_LOOKED_UP
    found = search.find_candidates(session, wanted.words, most)

    def count(candidates: Sequence[Any] | None) -> int:
        is_found = candidates is not None
        statement = count_statement(wanted.shape, is_found=is_found, is_bounded=is_bounded)
        given = {"actor_id": actor.id, "candidates": candidates, "most": pages.MOST_RANKED + 1}
        return fetch(session, statement, {**wanted.parameters(), **given}).scalar_one()

    if found is not None and len(found) <= search.MOST_LOOKED_UP:
        return wanted, found, count(found)
    if found and is_bounded and (enough := count(found)) > pages.MOST_RANKED:
        return wanted, None, enough
    return wanted, None, count(None)


def _page(session: Session, actor: Actor, asked: _Asked, orders: Sequence[ListOrder]) -> TaskPage:
    """The rows after the query's cursor, in these orders, one after the other."""
    query = asked.query
    parameters = {
        **asked.wanted.parameters(),
        "actor_id": actor.id,
        "candidates": asked.candidates,
    }
    begun = None
    if query.cursor is not None:
        begun, place = _place(query.cursor, orders)
        parameters |= place
        orders = orders[orders.index(begun) :]
    # One row more than the page has tells whether there is another page; beyond all matches there is nothing to find.
    most = min(query.limit + 1, asked.matches)
    found: list[tuple[ListOrder, Row[Any]]] = []
    for order in orders:
        if len(found) == most:
            break
        wish = PageWish(order, asked.columns, order is begun, asked.candidates is not None)
        parameters["most"] = most - len(found)
        rows = fetch(session, page_statement(asked.wanted.shape, wish), parameters)
        found += [(order, row) for row in rows]
    shown, more = found[: query.limit], len(found) > query.limit
    cursor = _cursor(session, *shown[-1]) if more else None
    return TaskPage([row for _, row in shown], asked.matches, cursor)


def _narrowed(session: Session, actor: Actor, wanted: TaskFilter) -> TaskFilter:
    """The same tasks, by their list when all are in one: the index of a list has its order, and nothing is sorted."""
    if wanted.list_id is not None or wanted.has_archived:
        return wanted
    lists = access.some_lists_in_use(session, actor, 2)
    return replace(wanted, list_id=lists[0]) if len(lists) == 1 else wanted


def _filter(session: Session, actor: Actor, query: TaskQuery) -> TaskFilter:
    lists, sections = names_of(session, actor) if query.filter else ({}, {})
    return TaskFilter.of(query, At(clock.local_now(actor.timezone), lists, sections))


def _today(actor: Actor) -> dict[str, Any]:
    """Who asks, and what their clock and calendar say."""
    now = clock.local_now(actor.timezone)
    begins = now.toordinal() * SECONDS_A_DAY
    day = {"day_begins": begins, "day_ends": begins + SECONDS_A_DAY}
    return {"actor_id": actor.id, "now": moment_key(now), **day}


def _cursor(session: Session, order: ListOrder, row: Row[Any]) -> str:
    values = [
        _loaded(session, column.type, getattr(row, f"sort_{place}"))
        for place, column in enumerate(order.columns)
    ]
    plain = [clock.microseconds(each) if isinstance(each, datetime) else each for each in values]
    task_id: UUID = _loaded(session, Uuid(), row.sort_id)
    # Characters as they are: escaped, those of a long title would not fit into a query.
    place = json.dumps([*order.name, *plain, task_id.hex], ensure_ascii=False)
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")


def _loaded(session: Session, kind: TypeEngine[Any], value: Any) -> Any:
    """What a column of this type makes of the driver's value."""
    dialect = session.get_bind().dialect
    process = kind.dialect_impl(dialect).result_processor(dialect, None)
    return value if process is None else process(value)


def _place(cursor: str, orders: Sequence[ListOrder]) -> tuple[ListOrder, dict[str, Any]]:
    """The order that a cursor is of, and the values and the id that it stands for."""
    try:
        sort, direction, *values, task_id = json.loads(base64.urlsafe_b64decode(cursor + "=="))
        (order,) = [order for order in orders if order.name == [sort, direction]]
        place = {
            f"sort_{number}": _sort_value(column, value)
            for number, (column, value) in enumerate(zip(order.columns, values, strict=True))
        }
        return order, {**place, "sort_id": UUID(task_id)}
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError):
        message = "This cursor is not one of this list; start from the first page."
        raise InvalidInput(FieldError("cursor", message)) from None


def _sort_value(column: Any, value: Any) -> Any:
    if isinstance(column.type, String):
        return storable(_text(value))
    most = 2**15 if isinstance(column.type, SmallInteger) else 2**63
    if type(value) is not int or not 0 <= value < most:
        raise ValueError
    is_moment = isinstance(column.type, UTCDateTime)
    return clock.from_microseconds(value) if is_moment else value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value
