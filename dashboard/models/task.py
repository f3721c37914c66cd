"""A task, the input types that change one, and the rules of one task alone."""

from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Annotated, Any, NamedTuple, Self
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, ConfigDict, StrictBool, model_validator
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    Text,
    event,
    text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field

from dashboard.errors import FieldError, InvalidInput
from dashboard.models.columns import Stored, at_most
from dashboard.models.label import Labels, LabelsColumn, label_keys
from dashboard.models.position import LONGEST, SEPARATOR, key_at, sorts_as_text
from dashboard.models.repeat import Repeat, RepeatColumn, RepeatInput
from dashboard.models.text import (
    Day,
    Id,
    Input,
    StorableText,
    TimeOfDay,
    is_blank,
    length_shown,
    one_line,
    searchable,
    too_long,
    without_defaults,
)

TITLE_LENGTH = 255
DESCRIPTION_LENGTH = 10_000
IDEMPOTENCY_KEY_LENGTH = 255
TRASH_KEEPS = timedelta(days=30)
"""How long a deleted task can be restored; assets/words.js counts the same days."""
NO_DUE_DATE = 2**62
SECONDS_A_DAY = 86_400
PLACE_LENGTH = 3 * LONGEST + 2


class Priority(StrEnum):
    """How much a task matters, in the words of the screen and of the API."""

    HIGH = "High"
    MEDIUM = "Medium"
    LOW = "Low"


RANKS = {Priority.LOW: 1, Priority.MEDIUM: 2, Priority.HIGH: 3}
BY_RANK = {rank: priority for priority, rank in RANKS.items()}

OPEN, COMPLETED, DELETED = 0, 1, 2
"""The states of a task: open, completed, and in the trash."""


class PriorityColumn(TypeDecorator[Priority]):
    """Kept as a number (Low 1 to High 3), so that the database can sort by it."""

    impl = SmallInteger
    cache_ok = True

    def process_bind_param(self, value: Priority | None, dialect: Dialect) -> int | None:
        return None if value is None else RANKS[Priority(value)]

    def process_result_value(self, value: int | None, dialect: Dialect) -> Priority | None:
        return None if value is None else BY_RANK[value]


def _title(title: str) -> str:
    title = one_line(title.strip())
    if is_blank(title):
        raise ValueError("Enter a title.")
    if len(title) > TITLE_LENGTH:
        raise ValueError(too_long(title, TITLE_LENGTH, " in the title"))
    return title


def _none_is_empty(description: Any) -> Any:
    return "" if description is None else description


def _description(description: str) -> str:
    if len(description) > DESCRIPTION_LENGTH:
        raise ValueError(too_long(description, DESCRIPTION_LENGTH, " in the description"))
    return description


def _priority(value: Any) -> Priority:
    try:
        return Priority(value)
    except ValueError:
        raise ValueError("The priority is High, Medium or Low.") from None


Title = Annotated[
    StorableText,
    AfterValidator(_title),
    length_shown(1, TITLE_LENGTH),
]
Description = Annotated[
    StorableText,
    BeforeValidator(_none_is_empty, json_schema_input_type=str | None),
    AfterValidator(_description),
    length_shown(0, DESCRIPTION_LENGTH),
]
PriorityInput = Annotated[Priority, BeforeValidator(_priority, json_schema_input_type=Priority)]


class TaskDraft(Input):
    """A task to be made. Only the title has to be given."""

    title: Title
    description: Description = ""
    priority: PriorityInput = Priority.MEDIUM
    due_date: Day | None = None
    due_time: TimeOfDay | None = None
    list_id: Id | None = None
    """The list of its section or of its parent, else the Inbox, when it is not given."""
    section_id: Id | None = None
    """Without one, it lies above all sections."""
    parent_id: Id | None = None
    """The task that it is a part of."""
    repeat: RepeatInput | None = None
    """Without a due date, the task is due on the first day of the rule."""
    labels: Labels = ()

    @model_validator(mode="after")
    def _time_needs_a_date(self) -> Self:
        if self.due_time is not None and self.due_date is None:
            raise ValueError("A time needs a due date.")
        return self


class TaskReplacement(Input):
    """Everything of a task that can be written; of what the first version had, nothing may be left out."""

    model_config = ConfigDict(json_schema_extra=without_defaults)

    title: Title
    description: Description
    priority: PriorityInput
    is_completed: StrictBool
    due_date: Day | None
    due_time: TimeOfDay | None
    list_id: Id = UUID(int=0)
    """Stays as it is when it is not given: the first version did not know it."""
    section_id: Id | None = None
    """The same."""
    parent_id: Id | None = None
    """The same."""
    repeat: RepeatInput | None = None
    """The same."""
    labels: Labels = ()
    """The same."""


class TaskChanges(Input):
    """Some of what can be written of a task: a field that is not given stays as it is."""

    model_config = ConfigDict(json_schema_extra=without_defaults)

    title: Title = ""
    description: Description = ""
    priority: PriorityInput = Priority.MEDIUM
    is_completed: StrictBool = False
    due_date: Day | None = None
    due_time: TimeOfDay | None = None
    list_id: Id = UUID(int=0)
    """The list to move it to."""
    section_id: Id | None = None
    """The section to move it to; null: above all of them."""
    parent_id: Id | None = None
    """The task to make it a part of; null: a task of its own."""
    repeat: RepeatInput | None = None
    labels: Labels = ()
    """All that it is to have."""


class Move(Input):
    """Where a task is to lie. What is not given stays as it is, but a task that is moved elsewhere leaves its parent.

    Without a neighbour, it comes last where it is new.
    """

    model_config = ConfigDict(json_schema_extra=without_defaults)

    list_id: Id = UUID(int=0)
    section_id: Id | None = None
    """null: above all sections."""
    parent_id: Id | None = None
    """null: a task of its own."""
    before: Id | None = None
    """The task that comes after it."""
    after: Id | None = None
    """The task that comes before it."""

    @model_validator(mode="after")
    def _one_neighbour(self) -> Self:
        if self.before is not None and self.after is not None:
            raise ValueError("Name the task before or the task after, not both.")
        return self


class Subtasks(NamedTuple):
    """How many subtasks a task has, and how many of them are completed."""

    total: int = 0
    completed: int = 0


class SubtasksColumn(TypeDecorator[Subtasks]):
    """Kept as the row says it: `2/5`."""

    impl = String(16)
    cache_ok = True

    def process_bind_param(self, value: Subtasks | None, dialect: Dialect) -> str | None:
        return None if value is None else subtask_words(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Subtasks | None:
        return None if value is None else subtasks_in(value)


def subtask_words(subtasks: Subtasks) -> str:
    """`2/5`: two of five are completed."""
    return f"{subtasks.completed}/{subtasks.total}"


def subtasks_in(words: str) -> Subtasks:
    completed, _, total = words.partition("/")
    return Subtasks(int(total), int(completed))


def _list_index(order: str, column: str, *filtered: str) -> Index:
    """Of an order within a list and a state, with all that filters look at: a page is found in the index alone."""
    return Index(f"ix_task_list_by_{order}", "list_id", "state", column, "id", *filtered)


def _index_where(condition: str, name: str, *columns: str, unique: bool = False) -> Index:
    """Of the tasks alone for which a condition holds."""
    where = text(condition)
    return Index(name, *columns, unique=unique, sqlite_where=where, postgresql_where=where)


_NOT_PLAIN = {"repeat", "list_id", "section_id", "parent_id"}
"""What is decided by more than the task alone: services/tasks/series.py and places.py."""


class Task(Stored, table=True):
    __table_args__ = (
        at_most("title", TITLE_LENGTH),
        at_most("description", DESCRIPTION_LENGTH),
        CheckConstraint("priority BETWEEN 1 AND 3", name="priority_rank"),
        CheckConstraint(
            "state = CASE WHEN deleted_at IS NOT NULL THEN 2"
            " WHEN completed_at IS NOT NULL THEN 1 ELSE 0 END",
            name="state_of_its_moments",
        ),
        Index("uq_task_created_by_idempotency_key", "created_by", "idempotency_key", unique=True),
        _list_index("created", "created_at", "due_key", "priority"),
        _list_index("updated", "updated_at", "due_key", "priority"),
        _list_index("completed", "completed_at", "due_key", "priority"),
        _list_index("title", "title_key", "due_key", "priority"),
        _list_index("due", "due_key", "priority"),
        _list_index("place", "place", "due_key", "priority"),
        _index_where("parent_id IS NOT NULL", "ix_task_parent_id", "parent_id"),
        # With its state: the open tasks of each section are counted in the index alone.
        _index_where("section_id IS NOT NULL", "ix_task_section_id", "section_id", "state"),
        # Whatever goes wrong: a series never has two open tasks.
        _index_where(
            "state = 0 AND series_id IS NOT NULL",
            "uq_task_open_occurrence",
            "series_id",
            unique=True,
        ),
        _index_where("label_keys <> ''", "ix_task_labelled", "list_id", "state"),
        _index_where("deleted_at IS NOT NULL", "ix_task_trash", "deleted_at"),
    )

    list_id: UUID = Field(foreign_key="list.id", ondelete="CASCADE")
    created_by: UUID | None = Field(default=None, foreign_key="user.id", ondelete="SET NULL")
    """Who made it; None once their account is gone."""
    title: str = Field(max_length=TITLE_LENGTH)
    description: str = Field(default="", sa_column=Column(Text, nullable=False))
    priority: Priority = Field(
        default=Priority.MEDIUM, sa_column=Column(PriorityColumn, nullable=False)
    )
    due_date: date | None = None
    due_time: time | None = None
    completed_at: datetime | None = None
    deleted_at: datetime | None = None
    version: int = 1
    idempotency_key: str | None = Field(default=None, max_length=IDEMPOTENCY_KEY_LENGTH)
    repeat: Repeat | None = Field(default=None, sa_column=Column(RepeatColumn))
    """How it goes on when it is completed; a completed task keeps how it was."""
    series_id: UUID | None = None
    occurrence: int | None = None
    """Its number in the series, from 1."""
    labels: tuple[str, ...] = Field(
        default=(), sa_column=Column(LabelsColumn, nullable=False, server_default=text("''"))
    )
    section_id: UUID | None = Field(default=None, foreign_key="section.id", ondelete="SET NULL")
    """Of its list; that of a subtask is its parent's."""
    parent_id: UUID | None = Field(
        default=None,
        # A backup is put back in the order of ids, in which a subtask may come before its parent.
        sa_column=Column(
            ForeignKey("task.id", ondelete="CASCADE", deferrable=True, initially="DEFERRED")
        ),
    )
    """The task that this one is a part of. In the trash it may name a task that is in another list by now."""
    position: str = Field(default="", sa_column=Column(sorts_as_text(LONGEST), nullable=False))
    """Its place by hand among the tasks of its section, or of its parent."""

    # Derived from the fields above at each change, so that a list can be sorted and searched by an index.
    due_key: int = Field(default=NO_DUE_DATE, sa_column=Column(BigInteger, nullable=False))
    title_key: str = Field(
        default="",
        sa_column=Column(
            String().with_variant(String(collation="C"), "postgresql"), nullable=False
        ),
    )
    search_text: str = Field(default="", sa_column=Column(Text, nullable=False))
    label_keys: str = Field(
        default="", sa_column=Column(Text, nullable=False, server_default=text("''"))
    )
    state: int = Field(default=OPEN, sa_column=Column(SmallInteger, nullable=False))
    place: str = Field(default="", sa_column=Column(sorts_as_text(PLACE_LENGTH), nullable=False))
    """Its place by hand in all of its list, see `place_of`."""
    subtasks: Subtasks | None = Field(default=None, sa_column=Column(SubtasksColumn))
    """None where it has none."""

    @property
    def is_completed(self) -> bool:
        return self.completed_at is not None

    def apply(self, changes: Input, at: datetime) -> None:
        """Take over the fields that were given. Raises InvalidInput when they do not go together."""
        given = changes.model_dump(include=changes.model_fields_set - _NOT_PLAIN)
        if given.get("due_date", self.due_date) is None:
            if given.get("due_time") is not None:
                raise InvalidInput(FieldError("due_time", "A time needs a due date."))
            given["due_time"] = None
        completed = given.pop("is_completed", self.is_completed)
        self.sqlmodel_update(given)
        self.completed_at = (self.completed_at or at) if completed else None
        self.index()
        self.touch(at)

    def touch(self, at: datetime) -> None:
        """Count a change, so that another device can tell."""
        self.version += 1
        self.updated_at = at

    def index(self) -> None:
        """Bring the derived columns up to date."""
        self.settle_state()
        if not self.position:
            self.put_at(key_at(self.created_at))
        self.due_key = due_key(self.due_date, self.due_time)
        title = searchable(self.title)
        # That can be 18 times as long as it was; PostgreSQL has no room for it in an index.
        self.title_key = title[:TITLE_LENGTH]
        self.search_text = f"{title}\n{searchable(self.description)}"
        self.label_keys = label_keys(self.labels)

    def put_at(self, position: str, *containers: str) -> None:
        """Give a task its place by hand; `containers` are the positions of its section and of its parent."""
        self.position = position
        self.place = place_of(position, *containers)

    def settle_state(self) -> None:
        """Say which state its moments put it in; done by itself before the task is written."""
        self.state = OPEN if self.completed_at is None else COMPLETED
        if self.deleted_at is not None:
            self.state = DELETED


def place_of(position: str, section: str = "", parent: str = "") -> str:
    """A key that sorts all tasks of a list: by section (none first), then by hand, subtasks below their parent."""
    of_parent = f"{parent}{SEPARATOR}" if parent else ""
    return f"{section}{SEPARATOR}{of_parent}{position}"


@event.listens_for(Task, "before_insert")
@event.listens_for(Task, "before_update")
def _before_it_is_written(_mapper: Any, _connection: Any, task: Task) -> None:
    task.settle_state()


def due_key(day: date | None, time_of_day: time | None) -> int:
    """Seconds on the wall clock since day 0 of the calendar; a day alone counts as its last, none as the very last."""
    if day is None:
        return NO_DUE_DATE
    seconds = (
        SECONDS_A_DAY - 1
        if time_of_day is None
        else time_of_day.hour * 3600 + time_of_day.minute * 60
    )
    return day.toordinal() * SECONDS_A_DAY + seconds


def moment_key(local: datetime) -> int:
    """A moment of the wall clock on the scale of `due_key`; what is due at exactly this second is not overdue.

    It never goes back. When summer time ends, the wall clock shows an hour twice: what was due in it was due the first
    time, and while it is shown again it is all over. assets/words.js does the same.
    """
    seconds = local.hour * 3600 + local.minute * 60 + local.second
    if local.fold:
        seconds = _end_of_the_first_time(local) - 1
    return local.toordinal() * SECONDS_A_DAY + seconds


def _end_of_the_first_time(second_time: datetime) -> int:
    """The seconds of the day until which the wall clock had come when it was set back."""
    minute = second_time.replace(second=0)
    shown = minute.hour * 60 + minute.minute
    while _is_shown_twice(minute):
        minute, shown = minute + timedelta(minutes=1), shown + 1
    return shown * 60


def _is_shown_twice(local: datetime) -> bool:
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
