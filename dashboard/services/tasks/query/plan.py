"""A tree to conditions: first a plan, whose values are parameters, so that its SQL is made once, then the SQL."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    SmallInteger,
    Uuid,
    and_,
    bindparam,
    exists,
    literal_column,
    not_,
    or_,
    true,
    type_coerce,
)
from sqlalchemy import (
    Text as TextType,
)
from sqlmodel import col
from sqlmodel.sql.sqltypes import UTCDateTime

from dashboard.database.sql import position
from dashboard.errors import FieldError, InvalidInput
from dashboard.models.label import label_key
from dashboard.models.task import (
    COMPLETED,
    NO_DUE_DATE,
    OPEN,
    RANKS,
    SECONDS_A_DAY,
    Task,
    moment_key,
)
from dashboard.models.text import searchable
from dashboard.services.tasks.query.tree import (
    And,
    Being,
    Dated,
    Has,
    HasLabel,
    HasPriority,
    InList,
    InSection,
    Is,
    Moment,
    Not,
    Operator,
    Or,
    Query,
    Term,
    Text,
    Without,
    day_from,
    parts_of,
)

UNKNOWN_LIST = "You have no list of a name that is asked for. An archived one has its own page."
UNKNOWN_SECTION = "You have no section of a name that is asked for."
Parameters = dict[str, Any]
Named = Mapping[str, Sequence[UUID]]
"""The ids of what a person sees, by name in small letters."""


class Step(NamedTuple):
    """A part of a plan: what is asked for, the names of its parameters, and for `and`, `or` and `not` the parts."""

    kind: str
    names: tuple[str, ...] = ()
    parts: tuple["Step", ...] = ()


@dataclass(frozen=True)
class At:
    """The moment of the person who asks, and their lists and sections."""

    local_now: datetime
    lists: Named
    sections: Named


class Planner:
    """Makes the plan of one query, and keeps its values."""

    def __init__(self, at: At) -> None:
        self._at = at
        self.parameters: Parameters = {}

    def plan(self, query: Query) -> Step:
        """Raises InvalidInput for the name of none of the person's lists."""
        match query:
            case And() | Or() | Not():
                kind = type(query).__name__.lower()
                return Step(kind, parts=tuple(map(self.plan, parts_of(query))))
            case _:
                return self._term(query)

    def _term(self, term: Term) -> Step:  # noqa: C901, PLR0911 (a case for each kind of term)
        match term:
            case Text(text):
                return self._step("text", searchable(text))
            case InList(name):
                return self._one_of("list", named(self._at.lists, name, UNKNOWN_LIST))
            case InSection(name):
                return self._one_of("section", named(self._at.sections, name, UNKNOWN_SECTION))
            case HasLabel(name):
                return self._step("label", f" {label_key(name)} ")
            case HasPriority(priority):
                return self._step("priority", RANKS[priority])
            case Dated():
                return self._dated(term)
            case Is(being):
                return self._being(being)
            case Without(lack):
                return Step(f"no {lack}")
            case Has(having):
                return Step(f"has {having}")

    def _one_of(self, kind: str, ids: Sequence[UUID]) -> Step:
        return Step("or", parts=tuple(self._step(kind, each) for each in ids))

    def _being(self, being: Being) -> Step:
        if being is not Being.OVERDUE:
            return Step(f"is {being}")
        late = self._step("due before", moment_key(self._at.local_now))
        return Step("and", parts=(Step(f"is {Being.OPEN}"), late))

    def _dated(self, term: Dated) -> Step:
        """From the beginning of one day to before that of another; a bound that is not there is left out."""
        day = day_from(term.day, self._at.local_now.date()).toordinal()
        first, end = {
            Operator.ON: (day, day + 1),
            Operator.BEFORE: (None, day),
            Operator.UNTIL: (None, day + 1),
            Operator.AFTER: (day + 1, None),
            Operator.FROM: (day, None),
        }[term.operator]
        bounds = [
            self._step(f"{term.moment} {word}", self._bound(term.moment, each))
            for word, each in (("from", first), ("before", end))
            if each is not None
        ]
        return Step("and", parts=(Step(f"has {term.moment}"), *bounds))

    def _bound(self, moment: Moment, ordinal: int) -> int | datetime:
        if moment is Moment.DUE:
            return ordinal * SECONDS_A_DAY
        try:
            midnight = datetime.fromordinal(ordinal).replace(tzinfo=self._at.local_now.tzinfo)
            return midnight.astimezone(UTC)
        except (ValueError, OverflowError):
            return datetime.max.replace(tzinfo=UTC)

    def _step(self, kind: str, value: Any) -> Step:
        name = f"query_{len(self.parameters)}"
        self.parameters[name] = value
        return Step(kind, (name,))


class Columns(NamedTuple):
    """The columns that have an index, which is used or not."""

    list_id: Any
    state: Any
    due: Any


def named(known: Named, name: str, unknown: str) -> Sequence[UUID]:
    """What has a name. Raises InvalidInput, in the words of `unknown`, when nothing has."""
    if found := known.get(name.casefold()):
        return found
    raise InvalidInput(FieldError("filter", unknown))


def is_labelled() -> ColumnElement[bool]:
    """That a task has a label; written like this, so that it is found in the index of those."""
    return col(Task.label_keys) != literal_column("''")


def has_label(key: Any) -> ColumnElement[bool]:
    """That a task has the label of this key, which stands between spaces."""
    return position(col(Task.label_keys), key) > 0


def sql_of(step: Step, columns: Columns) -> ColumnElement[bool]:
    """The conditions of a plan."""
    parts = [sql_of(part, columns) for part in step.parts]
    match step.kind:
        case "and":
            return and_(*parts)
        case "or":
            return or_(*parts)
        case "not":
            return not_(parts[0])
        case kind:
            return _TERMS[kind](columns, *step.names)


def _state_is(columns: Columns, state: int) -> ColumnElement[bool]:
    return columns.state == literal_column(str(state))


def _moment(name: str) -> Any:
    return bindparam(name, type_=UTCDateTime())


def _number(name: str) -> Any:
    return bindparam(name, type_=BigInteger())


def _text(name: str) -> Any:
    return bindparam(name, type_=TextType())


_NEVER = literal_column(str(NO_DUE_DATE))
_NOTHING = literal_column("''")
_CREATED, _COMPLETED = col(Task.created_at), col(Task.completed_at)
_TASK: Any = Task.__table__  # pyright: ignore[reportAttributeAccessIssue] (of every table=True)
_PART = _TASK.alias("part")
_PART_IS_KEPT = _PART.c.state.in_([literal_column(str(state)) for state in (OPEN, COMPLETED)])
_TERMS: Mapping[str, Callable[..., ColumnElement[bool]]] = {
    "text": lambda _, name: position(col(Task.search_text), _text(name)) > 0,
    "list": lambda columns, name: columns.list_id == bindparam(name, type_=Uuid()),
    "section": lambda _, name: col(Task.section_id) == bindparam(name, type_=Uuid()),
    "label": lambda _, name: has_label(_text(name)),
    "priority": lambda _, name: (
        type_coerce(col(Task.priority), SmallInteger()) == bindparam(name, type_=SmallInteger())
    ),
    "due from": lambda columns, name: columns.due >= _number(name),
    "due before": lambda columns, name: columns.due < _number(name),
    "created from": lambda _, name: _moment(name) <= _CREATED,
    "created before": lambda _, name: _moment(name) > _CREATED,
    "completed from": lambda _, name: _moment(name) <= _COMPLETED,
    "completed before": lambda _, name: _moment(name) > _COMPLETED,
    "is open": lambda columns: _state_is(columns, OPEN),
    "is completed": lambda columns: _state_is(columns, COMPLETED),
    "is repeating": lambda _: col(Task.repeat).is_not(None),
    "is subtask": lambda _: col(Task.parent_id).is_not(None),
    "no section": lambda _: col(Task.section_id).is_(None),
    "has subtasks": lambda _: exists().where(_PART.c.parent_id == col(Task.id), _PART_IS_KEPT),
    "no due": lambda columns: columns.due == _NEVER,
    "no label": lambda _: not_(is_labelled()),
    "no repeat": lambda _: col(Task.repeat).is_(None),
    "has description": lambda _: col(Task.description) != _NOTHING,
    "has label": lambda _: is_labelled(),
    "has due": lambda columns: columns.due < _NEVER,
    "has created": lambda _: true(),
    # Without a moment a comparison is unknown, and so would be its opposite.
    "has completed": lambda _: _COMPLETED.is_not(None),
}
