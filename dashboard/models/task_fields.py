"""A task, described once: what each field is called, how it is stored and written, and where it appears.

The columns of a page, the API's task, the row that travels to the browser and assets/task_fields.js come from this
table (bin/fields writes the last). A new field is a column of `Task`, a line here, and, where people write it, a line
in each input of models/task.py and an element of the dialog.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from enum import Flag, auto
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field
from sqlalchemy import type_coerce
from sqlalchemy.engine import Dialect
from sqlalchemy.types import UserDefinedType
from typing_extensions import TypedDict

from dashboard import clock
from dashboard.database.sql import AsMinutes, AsMoment, AsText
from dashboard.models.repeat import RepeatOut, repeat_as_json
from dashboard.models.repeat_words import in_row
from dashboard.models.task import (
    BY_RANK,
    DESCRIPTION_LENGTH,
    TITLE_LENGTH,
    Priority,
    Subtasks,
    Task,
    subtask_words,
    subtasks_in,
)

PREVIEW_LENGTH = 140
"""How much of a description a row holds."""

Convert = Callable[[Any], Any]


def _as_it_is(value: Any) -> Any:
    return value


def _unless_none(convert: Convert) -> Convert:
    return lambda value: None if value is None else convert(value)


@dataclass(frozen=True, eq=False)
class Kind:
    """A kind of value: its type in the API's document, and how a value of the column is written."""

    json_type: Any
    blank: Any
    """In a row, where the column holds nothing; the browser fills it in."""
    json: Convert = _as_it_is
    """For the API."""
    row: Convert = _as_it_is
    """For a row. Not called for None."""
    as_text: type[AsText] | None = None
    """How PostgreSQL is asked for the text that the API writes."""
    sqlite_json: Convert | None = None
    """For the API, from what SQLite's driver gives: a page has hundreds of values, and this saves the way round."""


def _dashed(hex_digits: str) -> str:
    h = hex_digits
    return f"{h[:8]}-{h[8:12]}-{h[12:16]}-{h[16:20]}-{h[20:]}"


def _is_set(value: Any) -> bool:
    return value is not None


def _minutes(at: time) -> str:
    return at.isoformat("minutes")


def _words_of(text: str) -> list[str]:
    return text.split(" ") if text else []


ID = Kind(UUID, "", row=str, as_text=AsText, sqlite_json=_unless_none(_dashed))
TEXT = Kind(str, "")
PREVIEW = Kind(str, "", row=lambda text: text[:PREVIEW_LENGTH])
IS_LONG = Kind(bool, False, row=lambda text: len(text) > PREVIEW_LENGTH)
NUMBER = Kind(int, 0)
PRIORITY = Kind(
    Priority, Priority.MEDIUM.value, row=lambda value: value.value, sqlite_json=BY_RANK.__getitem__
)
IS_SET = Kind(bool, False, json=_is_set, row=_is_set, sqlite_json=_is_set)
MOMENT = Kind(
    Annotated[str, Field(json_schema_extra={"format": "date-time"})],
    0,
    json=_unless_none(clock.rfc3339),
    row=clock.microseconds,
    as_text=AsMoment,
    sqlite_json=_unless_none(lambda text: text.replace(" ", "T") + "Z"),
)
DAY = Kind(date, "", row=date.isoformat, as_text=AsText, sqlite_json=_as_it_is)
TIME_OF_DAY = Kind(
    str,
    "",
    json=_unless_none(_minutes),
    row=_minutes,
    as_text=AsMinutes,
    sqlite_json=_unless_none(lambda text: text[:5]),
)
LABELS = Kind(list[str], "", json=list, row=" ".join, sqlite_json=_words_of)
"""In a row as text, so that two are compared at once."""


def _counted(subtasks: Subtasks | None) -> dict[str, int]:
    return (subtasks or Subtasks())._asdict()


class SubtasksOut(TypedDict):
    """How many subtasks a task has, and how many of them are completed."""

    total: int
    completed: int


SUBTASKS = Kind(
    SubtasksOut,
    "",
    json=_counted,
    row=subtask_words,
    sqlite_json=lambda words: _counted(words and subtasks_in(words)),
)
REPEAT = Kind(
    RepeatOut,
    "",
    json=_unless_none(repeat_as_json),
    row=in_row,
    sqlite_json=_unless_none(json.loads),
)


class Place(Flag):
    """Where a field appears."""

    API = auto()
    ROW = auto()
    """In the row that travels to the browser."""
    EXPORT = auto()


_PROGRAMS = Place.API | Place.EXPORT
_ALL = _PROGRAMS | Place.ROW


@dataclass(frozen=True, eq=False)
class TaskField:
    """A field of a task."""

    name: str
    kind: Kind
    column: str = ""
    """Of the table; empty where it has the name of the field."""
    is_optional: bool = False
    """May be null."""
    places: Place = _ALL
    is_written: bool = False
    """People and programs write it; the server writes all others."""
    label: str = ""
    """In the dialog, for those that people write there."""
    longest: int | None = None
    note: str = ""
    """In the API's document."""

    @property
    def stored_in(self) -> str:
        return self.column or self.name


TASK_FIELDS = (
    TaskField("id", ID),
    TaskField("title", TEXT, is_written=True, label="Title", longest=TITLE_LENGTH),
    TaskField(
        "description", PREVIEW, is_written=True, label="Description", longest=DESCRIPTION_LENGTH
    ),
    TaskField("has_more", IS_LONG, "description", places=Place.ROW),
    TaskField("priority", PRIORITY, is_written=True, label="Priority"),
    TaskField("is_completed", IS_SET, "completed_at", is_written=True),
    TaskField("completed_at", MOMENT, is_optional=True),
    TaskField("due_date", DAY, is_optional=True, is_written=True, label="Due date"),
    TaskField(
        "due_time",
        TIME_OF_DAY,
        is_optional=True,
        is_written=True,
        label="Time",
        note="HH:MM on the wall clock of your zone.",
    ),
    TaskField("created_at", MOMENT),
    TaskField("updated_at", MOMENT),
    TaskField("version", NUMBER, note="Grows with each change; in quotes, the ETag."),
    TaskField(
        "user_id",
        ID,
        "created_by",
        is_optional=True,
        places=_PROGRAMS,
        note="Who made it; null once they are gone.",
    ),
    TaskField("created_by", ID, is_optional=True, places=_PROGRAMS, note="The same."),
    TaskField("list_id", ID, is_written=True, label="List"),
    TaskField("section_id", ID, is_optional=True, is_written=True),
    TaskField("parent_id", ID, is_optional=True, is_written=True),
    TaskField(
        "position",
        TEXT,
        note="Its place by hand in its section, or among the subtasks of its parent; sorts as text.",
    ),
    TaskField("subtasks", SUBTASKS),
    TaskField("repeat", REPEAT, is_optional=True, is_written=True, label="Repeat"),
    TaskField("labels", LABELS, is_written=True, label="Labels"),
    TaskField("deleted_at", MOMENT, is_optional=True, places=Place.ROW | Place.EXPORT),
)


def fields_in(place: Place) -> tuple[TaskField, ...]:
    return tuple(field for field in TASK_FIELDS if place in field.places)


API_FIELDS, ROW_FIELDS, EXPORT_FIELDS = map(fields_in, (Place.API, Place.ROW, Place.EXPORT))

_TABLE: Any = Task.__table__  # pyright: ignore[reportAttributeAccessIssue] (of every table=True)
TASK_COLUMNS: tuple[Any, ...] = tuple(
    _TABLE.c[name] for name in dict.fromkeys(field.stored_in for field in TASK_FIELDS)
)
"""What is read of a task to show it."""

BLANK: Mapping[str, Any] = {
    field.name: field.kind.blank for field in ROW_FIELDS if field.name != "id"
}
"""A row of nothing but what is as usual."""


def row_of(task: Any) -> dict[str, Any]:
    """The row that travels to the browser, of a task or of a row with TASK_COLUMNS: without what is as in BLANK."""
    row: dict[str, Any] = {}
    for field in ROW_FIELDS:
        stored = getattr(task, field.stored_in)
        value = field.kind.blank if stored is None else field.kind.row(stored)
        if value != field.kind.blank:
            row[field.name] = value
    return row


def json_of(task: Any, fields: Sequence[TaskField] = API_FIELDS) -> dict[str, Any]:
    """What the API says of a task, or of a row with TASK_COLUMNS, ready to be written as JSON."""
    return {field.name: field.kind.json(getattr(task, field.stored_in)) for field in fields}


def typed_dict(name: str, words: str, fields: Sequence[TaskField]) -> Any:
    """The type of what `json_of` makes, for the API's document."""
    types = {field.name: _documented(field) for field in fields}
    made: Any = TypedDict(name, types)  # pyright: ignore[reportArgumentType] (made from the table)
    made.__doc__ = words
    return made


def _documented(field: TaskField) -> Any:
    of_value = field.kind.json_type | None if field.is_optional else field.kind.json_type
    return Annotated[of_value, Field(description=field.note)] if field.note else of_value


class _Json(UserDefinedType[Any]):
    """A column that comes as the API writes it, without a Python value on the way where the database allows."""

    cache_ok = True

    def __init__(self, field: TaskField) -> None:
        self.field = field

    def get_col_spec(self, **_: Any) -> str:
        raise NotImplementedError

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        kind = self.field.kind
        if dialect.name == "sqlite":
            return kind.sqlite_json or kind.json
        if kind.as_text:
            return None
        stored = _TABLE.c[self.field.stored_in].type.dialect_impl(dialect)
        to_python = stored.result_processor(dialect, coltype)
        return kind.json if to_python is None else lambda value: kind.json(to_python(value))


def _json_column(field: TaskField) -> Any:
    column = _TABLE.c[field.stored_in]
    asked = field.kind.as_text(column) if field.kind.as_text else column
    return type_coerce(asked, _Json(field)).label(field.name)


JSON_COLUMNS = tuple(map(_json_column, API_FIELDS))
"""The columns of a page whose values are as the API writes them, in the order of API_FIELDS."""
