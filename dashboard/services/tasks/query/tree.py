"""What a query says, as a tree. Two queries with the same tree mean the same."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from dashboard.models.task import Priority


class Operator(StrEnum):
    """How a day is compared; a colon means that day."""

    ON = ":"
    BEFORE = "<"
    UNTIL = "<="
    AFTER = ">"
    FROM = ">="


class Moment(StrEnum):
    """What of a task has a day."""

    DUE = "due"
    CREATED = "created"
    COMPLETED = "completed"


class Being(StrEnum):
    """What a task can be."""

    OPEN = "open"
    COMPLETED = "completed"
    OVERDUE = "overdue"
    REPEATING = "repeating"
    SUBTASK = "subtask"


class Lack(StrEnum):
    """What a task can be without."""

    DUE = "due"
    LABEL = "label"
    REPEAT = "repeat"
    SECTION = "section"


class Having(StrEnum):
    """What a task can have."""

    DESCRIPTION = "description"
    LABEL = "label"
    SUBTASKS = "subtasks"


@dataclass(frozen=True)
class Text:
    """Words in the title or the description, one after the other."""

    text: str


@dataclass(frozen=True)
class InList:
    name: str


@dataclass(frozen=True)
class InSection:
    name: str


@dataclass(frozen=True)
class HasLabel:
    name: str


@dataclass(frozen=True)
class HasPriority:
    priority: Priority


@dataclass(frozen=True)
class FromToday:
    """A day that is so many days after today."""

    days: int


Day = date | FromToday


@dataclass(frozen=True)
class Dated:
    moment: Moment
    operator: Operator
    day: Day


@dataclass(frozen=True)
class Is:
    being: Being


@dataclass(frozen=True)
class Without:
    lack: Lack


@dataclass(frozen=True)
class Has:
    having: Having


@dataclass(frozen=True)
class Not:
    part: "Query"


@dataclass(frozen=True)
class And:
    parts: tuple["Query", ...]


@dataclass(frozen=True)
class Or:
    parts: tuple["Query", ...]


Term = Text | InList | InSection | HasLabel | HasPriority | Dated | Is | Without | Has
Query = Term | Not | And | Or


def parts_of(query: Query) -> tuple[Query, ...]:
    match query:
        case And(parts) | Or(parts):
            return parts
        case Not(part):
            return (part,)
        case _:
            return ()


def terms_of(query: Query) -> Iterator[Term]:
    """Every term, from left to right."""
    if isinstance(query, Not | And | Or):
        for part in parts_of(query):
            yield from terms_of(part)
    else:
        yield query


def day_from(day: Day, today: date) -> date:
    """The day that is meant, today."""
    return today + timedelta(days=day.days) if isinstance(day, FromToday) else day


def says_which_state(query: Query) -> bool:
    """Whether a query says anything of open and completed tasks; one that does not is for open ones."""
    states = (Being.OPEN, Being.COMPLETED, Being.OVERDUE)
    return any(
        (isinstance(term, Is) and term.being in states)
        or (isinstance(term, Dated) and term.moment is Moment.COMPLETED)
        for term in terms_of(query)
    )
