"""Which tasks: every list, every count and all that is done to many tasks starts from one filter.

Its SQL is made once for each shape (which conditions there are), always with parameters for their values: making a
statement takes longer than to answer it, and no statement that is kept holds anybody's words.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, Self
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, Uuid, bindparam, literal_column, type_coerce
from sqlalchemy.types import NullType
from sqlalchemy.types import Text as TextType
from sqlmodel import col

from dashboard.database.sql import position, without_index
from dashboard.models.label import label_keys
from dashboard.models.task import (
    COMPLETED,
    DELETED,
    OPEN,
    SECONDS_A_DAY,
    Priority,
    Task,
    moment_key,
)
from dashboard.models.task_query import Status, TaskQuery, day_range
from dashboard.models.text import searchable
from dashboard.services.lists.access import in_use_by, visible_to
from dashboard.services.tasks.query.parse import parsed
from dashboard.services.tasks.query.plan import (
    At,
    Columns,
    Planner,
    Step,
    has_label,
    is_labelled,
    sql_of,
)
from dashboard.services.tasks.query.tree import And, Query, Text, says_which_state

STATES = {
    Status.ALL: (OPEN, COMPLETED),
    Status.PENDING: (OPEN,),
    Status.COMPLETED: (COMPLETED,),
    Status.OVERDUE: (OPEN,),
    Status.DUE_TODAY: (OPEN,),
    Status.DELETED: (DELETED,),
}
ANY_STATE = (OPEN, COMPLETED, DELETED)


class Shape(NamedTuple):
    """Which conditions a filter has, whatever their values."""

    states: tuple[int, ...]
    has_list: bool
    has_archived: bool
    has_section: bool
    has_parent: bool
    has_priority: bool
    has_due_from: bool
    has_due_until: bool
    has_label: bool
    words: int
    plan: Step | None = None
    """Of a query."""


@dataclass(frozen=True)
class TaskFilter:
    """Tasks in these states of all that a person sees, narrowed by what is given."""

    states: tuple[int, ...] = (OPEN, COMPLETED)
    list_id: UUID | None = None
    has_archived: bool = False
    """With the tasks of archived lists; those of a list that is asked for are always meant."""
    section_id: UUID | None = None
    parent_id: UUID | None = None
    priority: Priority | None = None
    due_from: int | None = None
    due_until: int | None = None
    """Due keys: the first that is meant, and the first that is not any more."""
    label: str | None = None
    """The key of a label, between spaces."""
    words: tuple[str, ...] = ()
    """In the form in which texts are searched; a task has all of them."""
    plan: Step | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    """The parameters of the plan."""

    @classmethod
    def of(cls, query: TaskQuery, at: At) -> Self:
        """What a query means at this moment of the person's wall clock, with their lists and sections by name.

        Raises InvalidInput for a query in words that cannot be understood.
        """
        first, until = _due(query, at.local_now)
        asked = parsed(query.filter, "filter") if query.filter else None
        words, planner = words_of(query.q), Planner(at)
        return cls(
            _states(query, asked),
            list_id=query.list,
            section_id=query.section,
            parent_id=query.parent,
            has_archived=query.status is Status.DELETED,
            priority=query.priority,
            due_from=first,
            due_until=until,
            label=None if query.label is None else label_keys((query.label,)),
            words=words if asked is None else tuple(dict.fromkeys((*words, *_words_in(asked)))),
            plan=None if asked is None else planner.plan(asked),
            values=planner.parameters,
        )

    @property
    def shape(self) -> Shape:
        return Shape(
            self.states,
            has_list=self.list_id is not None,
            has_archived=self.has_archived,
            has_section=self.section_id is not None,
            has_parent=self.parent_id is not None,
            has_priority=self.priority is not None,
            has_due_from=self.due_from is not None,
            has_due_until=self.due_until is not None,
            has_label=self.label is not None,
            words=len(self.words),
            plan=self.plan,
        )

    def parameters(self) -> dict[str, Any]:
        """The values of its conditions; a condition that it does not have takes none."""
        given = {
            "list_id": self.list_id,
            "section_id": self.section_id,
            "parent_id": self.parent_id,
            "priority": self.priority,
            "due_from": self.due_from,
            "due_until": self.due_until,
            "label": self.label,
        }
        words = {f"word_{place}": word for place, word in enumerate(self.words)}
        given = {name: value for name, value in given.items() if value is not None}
        return {**given, **words, **self.values}


def words_of(text: str) -> tuple[str, ...]:
    """The words that a text looks for, each once, in the form in which texts are searched."""
    return tuple(dict.fromkeys(searchable(text).split()))


def conditions(shape: Shape) -> list[ColumnElement[bool]]:
    """What a filter of this shape asks for."""
    return _narrowed(shape, col(Task.list_id), col(Task.state), col(Task.due_key))


def among(shape: Shape) -> list[ColumnElement[bool]]:
    """The same, among the tasks that the full-text index has named: no index but that of their ids is used."""
    candidates = bindparam("candidates", expanding=True, type_=NullType())
    looked_at = (without_index(col(column)) for column in (Task.list_id, Task.state, Task.due_key))
    return [type_coerce(col(Task.id), NullType()).in_(candidates), *_narrowed(shape, *looked_at)]


def _narrowed(shape: Shape, list_id: Any, state: Any, due: Any) -> list[ColumnElement[bool]]:
    actor_id = bindparam("actor_id", type_=Uuid())
    is_everywhere = shape.has_list or shape.has_archived or shape.has_section or shape.has_parent
    # The states are our own three numbers. As parameters they would be expanded at each execution.
    is_in_state = state.in_([literal_column(str(number)) for number in shape.states])
    wishes = (
        (shape.has_list, list_id == _id("list_id")),
        (shape.has_section, col(Task.section_id) == _id("section_id")),
        (shape.has_parent, col(Task.parent_id) == _id("parent_id")),
        (True, is_in_state),
        (shape.has_priority, col(Task.priority) == bindparam("priority")),
        (shape.has_due_from, due >= bindparam("due_from", type_=BigInteger())),
        (shape.has_due_until, due < bindparam("due_until", type_=BigInteger())),
        (shape.has_label, is_labelled()),
        (shape.has_label, has_label(bindparam("label", type_=TextType()))),
    )
    found = [(visible_to if is_everywhere else in_use_by)(actor_id, list_id)]
    found += [condition for is_asked, condition in wishes if is_asked]
    if shape.plan is not None:
        found.append(sql_of(shape.plan, Columns(list_id, state, due)))
    # Every character as it was typed.
    found += [position(col(Task.search_text), word) > 0 for word in word_parameters(shape.words)]
    return found


def _id(name: str) -> Any:
    return bindparam(name, type_=Uuid())


def word_parameters(count: int) -> list[Any]:
    return [bindparam(f"word_{place}", type_=TextType()) for place in range(count)]


def _states(query: TaskQuery, asked: Query | None) -> tuple[int, ...]:
    """A query in words that says nothing of the state is for open tasks, unless a status is asked for, too."""
    if asked is None or "status" in query.model_fields_set or says_which_state(asked):
        return STATES[query.status]
    return (OPEN,)


def _words_in(asked: Query) -> list[str]:
    """The words that every task of a query has: they are looked up in the full-text index."""
    parts = asked.parts if isinstance(asked, And) else (asked,)
    words = (searchable(part.text) for part in parts if isinstance(part, Text))
    return [word for word in words if len(word.split()) == 1]


def _due(query: TaskQuery, local_now: datetime) -> tuple[int | None, int | None]:
    """The due keys that a query is for, from the first to before the last."""
    first: list[int] = []
    until: list[int] = []
    if query.status is Status.OVERDUE:
        until.append(moment_key(local_now))
    if query.status is Status.DUE_TODAY:
        first.append(local_now.toordinal() * SECONDS_A_DAY)
        until.append((local_now.toordinal() + 1) * SECONDS_A_DAY)
    if query.due is not None:
        days = day_range(query.due)
        first.append(days.first.toordinal() * SECONDS_A_DAY)
        until.append((days.last.toordinal() + 1) * SECONDS_A_DAY)
    return max(first, default=None), min(until, default=None)
