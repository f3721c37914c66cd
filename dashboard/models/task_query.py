"""What a list of tasks is asked for. The address of a page, a REST query and a metric card all say it this way."""

import re
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, NamedTuple

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from dashboard.models.label import LabelName
from dashboard.models.task import PriorityInput
from dashboard.models.text import Id, Input, StorableText, TrueOrFalse, parse_day

PAGE_LIMIT, PAGE_DEFAULT = 200, 50
SEARCH_LENGTH = 200
QUERY_LENGTH = 500
CURSOR_LENGTH = 3_000


class Status(StrEnum):
    """Which tasks: all but the trash, those open, done, late, due today, or the trash."""

    ALL = "all"
    PENDING = "pending"
    COMPLETED = "completed"
    OVERDUE = "overdue"
    DUE_TODAY = "due_today"
    DELETED = "deleted"


class Sort(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    DUE = "due"
    PRIORITY = "priority"
    TITLE = "title"
    POSITION = "position"
    """By hand: as the list is arranged, subtasks below their parent."""
    RELEVANCE = "relevance"


class Order(StrEnum):
    ASCENDING = "asc"
    DESCENDING = "desc"


class DayRange(NamedTuple):
    """Days from first to last, both included."""

    first: date
    last: date


def _one_of(choices: type[StrEnum]) -> BeforeValidator:
    def check(value: Any) -> StrEnum:
        try:
            return choices(value)
        except ValueError:
            raise ValueError(f"Use one of: {', '.join(choices)}.") from None

    return BeforeValidator(check, json_schema_input_type=choices)


def _limit(value: Any) -> int:
    if not re.fullmatch(r"[0-9]{1,3}", str(value)) or not 1 <= int(value) <= PAGE_LIMIT:
        raise ValueError(f"The limit is a whole number from 1 to {PAGE_LIMIT}.")
    return int(value)


Limit = Annotated[
    int,
    BeforeValidator(_limit, json_schema_input_type=int),
    Field(json_schema_extra={"minimum": 1, "maximum": PAGE_LIMIT}),
]
"""How many are on a page at most."""


def _due_range(value: str) -> str:
    day_range(value)
    return value


def day_range(value: str) -> DayRange:
    """The days that `2026-03-10` or `2026-03-10..2026-03-16` names. Raises ValueError with a sentence."""
    first, dots, last = value.partition("..")
    days = DayRange(parse_day(first), parse_day(last if dots else first))
    if days.first > days.last:
        raise ValueError("The first day comes after the last.")
    return days


class TaskQuery(Input):
    """Filters, order and place of a page of tasks."""

    status: Annotated[Status, _one_of(Status)] = Status.ALL
    list: Id | None = None
    """A list that you see; without it, all of them that are not archived."""
    section: Id | None = None
    """A section of a list that you see."""
    parent: Id | None = None
    """The task whose subtasks are meant."""
    priority: PriorityInput | None = None
    label: LabelName | None = None
    """A label, in capitals or not."""
    due: Annotated[StorableText, AfterValidator(_due_range)] | None = None
    """A day, or `from..to`."""
    q: Annotated[StorableText, StringConstraints(max_length=SEARCH_LENGTH)] = ""
    """Literal words, all of which must be in the title or the description; case and accents do not matter."""
    filter: Annotated[StorableText, StringConstraints(max_length=QUERY_LENGTH)] = ""
    """A query in words, like `#Home due<7d -@errand`; docs/query.md has all of them. One that says nothing of the
    state is for open tasks, unless `status` is given.
    """
    sort: Annotated[Sort, _one_of(Sort)] = Sort.CREATED
    order: Annotated[Order, _one_of(Order)] = Order.DESCENDING
    limit: Limit = PAGE_DEFAULT
    cursor: Annotated[StorableText, StringConstraints(max_length=CURSOR_LENGTH)] | None = None
    """`next_cursor` of the page before."""


class StepQuery(Input):
    """The place of a page of steps."""

    limit: Limit = 20
    cursor: Id | None = None
    """`next_cursor` of the page before."""


class Deletion(Input):
    """What a deletion over REST may ask for."""

    keep_series: TrueOrFalse = False
    """Of a task that repeats, delete this one alone: the next one is made."""
