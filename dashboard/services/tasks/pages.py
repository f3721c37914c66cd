"""The statements that read tasks: a page of a list, in its order, or one task.

Each is made once for each shape of a question, with parameters for who asks, and when, and for what: making one takes
longer than to answer it.

A page is found in an index alone (its places and ids), and only then joined to its rows.
"""

from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    Executable,
    FromClause,
    GenerativeSelect,
    Select,
    SmallInteger,
    Uuid,
    and_,
    asc,
    bindparam,
    desc,
    select,
    true,
    tuple_,
    type_coerce,
    union_all,
)
from sqlalchemy.types import NullType
from sqlmodel import col

from dashboard.models.task import COMPLETED, OPEN, Task
from dashboard.models.task_fields import TASK_COLUMNS
from dashboard.models.task_query import Order, Sort, TaskQuery
from dashboard.services.lists.access import visible_to
from dashboard.services.tasks.counts import groups, metrics
from dashboard.services.tasks.filter import Shape, among, conditions
from dashboard.services.tasks.search import relevance_of

Columns = tuple[Any, ...]

_CREATED = col(Task.created_at)
_RANK = type_coerce(col(Task.priority), SmallInteger())
_COLUMNS: dict[str, Columns] = {
    Sort.CREATED: (_CREATED,),
    Sort.UPDATED: (col(Task.updated_at),),
    Sort.DUE: (col(Task.due_key),),
    Sort.PRIORITY: (_RANK, _CREATED),
    Sort.TITLE: (col(Task.title_key),),
    Sort.POSITION: (col(Task.place),),
}
_MOST = bindparam("most", type_=BigInteger())
MOST_RANKED = 1000
"""Of so many matches each is ranked and counted."""


class ListOrder(NamedTuple):
    """An order of a list, or of its tasks of one state alone: by columns in one direction, then by id."""

    sort: str
    direction: Order
    columns: Columns
    state: int | None = None

    @property
    def name(self) -> list[str]:
        """What ties a cursor to this order."""
        return [self.sort, self.direction]


class PageWish(NamedTuple):
    """How a page of a list is to be read."""

    order: ListOrder
    columns: Columns
    is_continued: bool
    is_found: bool
    """The full-text index has named what can match, as `candidates`."""


def order_of(query: TaskQuery, words: int, count: int) -> ListOrder:
    """The order that a query asks for, with so many words.

    `count` is how many tasks match: of more than MOST_RANKED none is told from the others by its words, and the newest
    come first.
    """
    if query.sort is not Sort.RELEVANCE:
        return ListOrder(query.sort, query.order, _COLUMNS[query.sort])
    if not words or count > MOST_RANKED:
        return ListOrder(Sort.CREATED, query.order, _COLUMNS[Sort.CREATED])
    return ListOrder(query.sort, query.order, (relevance_of(words),))


def agenda_of(states: tuple[int, ...], *, by_hand: bool = False) -> list[ListOrder]:
    """The order of the dashboard: what is open by due date (or by hand), then what is completed, latest first."""
    name, first = ("by_hand", Task.place) if by_hand else ("agenda", Task.due_key)
    parts = (
        ListOrder(name, Order.ASCENDING, (col(first),), OPEN),
        ListOrder(name, Order.DESCENDING, (col(Task.completed_at),), COMPLETED),
    )
    # The trash has neither part.
    return [part for part in parts if part.state in states] or [
        ListOrder(name, Order.ASCENDING, (col(first),))
    ]


@lru_cache(maxsize=256)
def page_statement(shape: Shape, page: PageWish) -> Executable:
    """A page of what a filter asks for."""
    if page.order.state is not None:
        shape = shape._replace(states=(page.order.state,))
    places = _places_of(shape, page).subquery()
    # Of the last row alone the place is needed, so it comes as the driver has it.
    named = [type_coerce(places.c[name], NullType()).label(name) for name in _names(page.order)]
    page_id = type_coerce(places.c.page_id, NullType()).label("sort_id")
    rows = select(*page.columns, *named, page_id).join_from(
        places, Task, col(Task.id) == places.c.page_id
    )
    direction = _direction(page.order)
    return rows.order_by(
        *(direction(places.c[name]) for name in _names(page.order)), direction(places.c.page_id)
    )


def _places_of(shape: Shape, page: PageWish) -> Any:
    """Where the rows of a page are in its order, and their ids."""
    if page.is_found:
        return _ordered(_places(page.order).where(*among(shape)), page)
    # An index has its order within one state alone: read state by state, a page ends when it is full.
    of_states = [
        _ordered(_places(page.order).where(*conditions(shape._replace(states=(state,)))), page)
        for state in shape.states
    ]
    if len(of_states) == 1:
        return of_states[0]
    places = union_all(*(select(each.subquery()) for each in of_states)).subquery()
    direction = _direction(page.order)
    in_order = (direction(places.c[name]) for name in (*_names(page.order), "page_id"))
    return select(places).order_by(*in_order).limit(_MOST)


@lru_cache(maxsize=256)
def find_statement(shape: Shape, *, several: bool, in_groups: bool) -> Executable:
    """A row for each task that the actor sees: every count, then the task; one row, with NULL for the task, if none."""
    listed = and_(*conditions(shape)).label("is_listed")
    # A list of parameters is put into the text of a statement at each use, which takes as long as the search for one.
    is_named = (
        col(Task.id).in_(bindparam("task_ids", type_=Uuid(), expanding=True))
        if several
        else col(Task.id) == bindparam("task_id", type_=Uuid())
    )
    is_meant = and_(is_named, visible_to(bindparam("actor_id", type_=Uuid())))
    counts: FromClause = metrics()
    columns = [*counts.c]
    if in_groups:
        under = groups(shape).subquery()
        counts = counts.join(under, true())
        columns += under.c
    return select(*columns, *TASK_COLUMNS, listed).select_from(counts.outerjoin(Task, is_meant))


def _ordered(rows: GenerativeSelect, page: PageWish) -> Any:
    found: Any = rows
    direction, here = _direction(page.order), (*page.order.columns, col(Task.id))
    if page.is_continued:
        place = tuple_(
            *(
                bindparam(name, type_=column.type)
                for name, column in zip(_names(page.order), page.order.columns, strict=True)
            ),
            bindparam("sort_id", type_=Uuid()),
        )
        is_after = tuple_(*here) < place if direction is desc else tuple_(*here) > place
        found = found.where(is_after)
    return found.order_by(*map(direction, here)).limit(_MOST)


def _places(order: ListOrder) -> Select[Any]:
    named = zip(_names(order), order.columns, strict=True)
    return select(col(Task.id).label("page_id"), *(column.label(name) for name, column in named))


def _names(order: ListOrder) -> list[str]:
    return [f"sort_{place}" for place, _ in enumerate(order.columns)]


def _direction(order: ListOrder) -> Any:
    return desc if order.direction is Order.DESCENDING else asc
