"""The statements that read tasks: a page of a list, in its order, or one task.

Each is made once for each question, with places for who asks and when: making one takes longer than to answer it.

A list is read off one index, on one or more shelves at once; nothing is sorted, and what lies on other shelves is not
looked at. What the full-text index has found is looked up one by one, and sorted.
"""

from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import (
    ColumnElement,
    Executable,
    GenerativeSelect,
    Uuid,
    and_,
    asc,
    bindparam,
    desc,
    literal_column,
    select,
    tuple_,
    type_coerce,
    union_all,
)
from sqlalchemy.types import NullType
from sqlmodel import col

from dashboard.models.task import COMPLETED, DELETED, OPEN, RANKS, Priority, Task
from dashboard.models.task_query import Order, Sort, TaskQuery
from dashboard.services.task_conditions import (
    STATES,
    Passed,
    among_candidates,
    is_on,
    owned_by_actor,
    shelves_of,
    within_shelves,
)
from dashboard.services.task_counts import count_of
from dashboard.services.task_search import relevance_of, words_of

Columns = tuple[Any, ...]
Ordered = TypeVar("Ordered", bound=GenerativeSelect)

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
    # Within each: a list by priority is the list of each priority, one after the other.
    Sort.PRIORITY: col(Task.created_at),
    Sort.TITLE: col(Task.title_key),
}
AGENDA = "agenda"
MOST_RANKED = 1000


class ListOrder(NamedTuple):
    """An order of a list, or of its tasks of one priority alone: by a column, then by id."""

    sort: str
    direction: Order
    column: Any
    priority: Priority | None = None
    is_indexed: bool = True

    @property
    def name(self) -> list[str]:
        """What ties a cursor to this order."""
        name = [self.sort, self.direction]
        return name if self.priority is None else [*name, self.priority]

    @property
    def is_by_due(self) -> bool:
        return self.column is col(Task.due_key)

    @property
    def is_by_moment(self) -> bool:
        moments = col(Task.created_at), col(Task.updated_at)
        return any(self.column is moment for moment in moments)


class PageWish(NamedTuple):
    """How a page of a list is to be read."""

    order: ListOrder
    columns: Columns
    is_continued: bool
    is_sqlite: bool
    is_found: bool
    """The full-text index has named what can match, as `candidates`."""
    is_small: bool
    """So few tasks match that they may as well be looked up by their day and sorted."""


def orders_of(query: TaskQuery, count: int) -> list[ListOrder]:
    """The order that a query asks for; of a list by priority those of its parts, one after the other.

    `count` is how many tasks match: of more than MOST_RANKED none is told from the others by its words, and the newest
    come first.
    """
    if query.sort is Sort.RELEVANCE:
        words = words_of(query)
        if not words or count > MOST_RANKED:
            return [ListOrder(Sort.CREATED, query.order, _COLUMNS[Sort.CREATED])]
        return [ListOrder(query.sort, query.order, relevance_of(*words), is_indexed=False)]
    order = ListOrder(query.sort, query.order, _COLUMNS[query.sort])
    if query.sort is not Sort.PRIORITY:
        return [order]
    ranks = RANKS if query.priority is None else [query.priority]
    highest_first = query.order is Order.DESCENDING
    return [
        order._replace(priority=priority)
        for priority in sorted(ranks, key=RANKS.__getitem__, reverse=highest_first)
    ]


def agenda_of(query: TaskQuery) -> ListOrder:
    """The order of the dashboard."""
    # Of what is open the two are equal, and a condition on the day ends where the order does.
    is_open = STATES[query.status] == (OPEN,)
    return ListOrder(AGENDA, Order.ASCENDING, col(Task.due_key if is_open else Task.agenda_key))


@lru_cache(maxsize=256)
def page_statement(query: TaskQuery, page: PageWish) -> Executable:
    """A page of what a query asks for."""
    if page.order.priority is not None:
        query = query.model_copy(update={"priority": page.order.priority})
    if page.is_found or not page.order.is_indexed:
        rows: Any = _sorted(query, page)
        return _in_order(rows, page.order)
    return _merged(shelves_of(query), query, page)


@lru_cache(maxsize=4)
def everything_statement(page: PageWish) -> Executable:
    """A page of all tasks, whatever their state."""
    states = (OPEN, COMPLETED, DELETED)
    return _merged([state + rank for state in states for rank in RANKS.values()], TaskQuery(), page)


def find_statement(query: TaskQuery, *counted: TaskQuery) -> Executable:
    """One row: how many tasks each of `counted` is for, then the task, or nothing but NULL where there is none."""
    on_a_shelf = is_on(col(Task.shelf), query)
    listed = and_(on_a_shelf, *within_shelves(query, col(Task.due_key))).label("is_listed")
    is_meant = and_(owned_by_actor(), col(Task.id) == bindparam("task_id"))
    counts = (count_of(each, is_found=False) for each in counted)
    always = select(literal_column("0")).subquery()
    return select(*counts, *TASK_COLUMNS, listed).select_from(always.outerjoin(Task, is_meant))


def _merged(shelves: list[int], query: TaskQuery, page: PageWish) -> Executable:
    """The pages of all shelves, each read off its index, as one."""
    pages: list[Any] = [_on_shelf(shelf, query, page) for shelf in shelves]
    if len(pages) == 1:
        return _in_order(pages[0], page.order)
    # PostgreSQL merges what it was told is in order; SQLite sees that it is, and takes no such word inside of a union.
    if not page.is_sqlite:
        pages = [_in_order(each, page.order) for each in pages]
    return _in_order(union_all(*pages), page.order)


def _in_order(page: Ordered, order: ListOrder) -> Ordered:
    direction = desc if order.direction is Order.DESCENDING else asc
    return page.order_by(direction("sort_value"), direction("sort_id")).limit(bindparam("most"))


def _on_shelf(shelf: int, query: TaskQuery, page: PageWish) -> GenerativeSelect:
    due = col(Task.due_key)
    if not page.order.is_by_due and not page.is_small:
        due = Passed(due)
    return _rows(page, owned_by_actor(), col(Task.shelf) == shelf, *within_shelves(query, due))


def _sorted(query: TaskQuery, page: PageWish) -> GenerativeSelect:
    """The rows in no order that an index has: what was found, or all of these shelves."""
    if not page.is_found:
        on_a_shelf = is_on(col(Task.shelf), query)
        return _rows(page, owned_by_actor(), on_a_shelf, *within_shelves(query, col(Task.due_key)))
    return _rows(page, *among_candidates(query))


def _rows(page: PageWish, *conditions: ColumnElement[bool]) -> GenerativeSelect:
    column, task_id = page.order.column, col(Task.id)
    # Of the last row alone the place is needed, so it comes as the driver has it.
    sort_value = type_coerce(column, NullType()).label("sort_value")
    sort_id = type_coerce(task_id, NullType()).label("sort_id")
    rows = select(*page.columns, sort_value, sort_id).where(*conditions)
    if not page.is_continued:
        return rows
    here = tuple_(column, task_id)
    place = tuple_(bindparam("place", type_=column.type), bindparam("place_id", type_=Uuid()))
    return rows.where(here < place if page.order.direction is Order.DESCENDING else here > place)
