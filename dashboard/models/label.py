"""Labels: words on a task, seen by everyone who sees the task. Their colours are each person's own."""

import re
import unicodedata
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, ConfigDict
from pydantic import Field as PydanticField
from sqlalchemy import Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

from dashboard.models.columns import at_most
from dashboard.models.list import Color, ColorInput
from dashboard.models.text import (
    Input,
    StorableText,
    is_blank,
    length_shown,
    too_long,
    without_defaults,
)

LABEL_LENGTH = 50
MOST_LABELS = 50
"""Of one task."""
_KEPT_OUT = re.compile(r'[\s@/\\",]')
"""What ends a word, or begins and ends a label where labels are written or addressed."""


class LabelsColumn(TypeDecorator[tuple[str, ...]]):
    """Kept as words with a space between them."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> str:
        return " ".join(value or ())

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...]:
        return tuple((value or "").split(" ")) if value else ()


class LabelColor(SQLModel, table=True):
    """The colour that a person gave to a label; it stays while no task has the label."""

    __tablename__ = "label_color"  # pyright: ignore[reportAssignmentType] (as SQLModel documents it)
    __table_args__ = (at_most("key", 4 * LABEL_LENGTH),)

    user_id: UUID = Field(foreign_key="user.id", ondelete="CASCADE", primary_key=True)
    key: str = Field(max_length=4 * LABEL_LENGTH, primary_key=True)
    """As label_key makes it, which can be longer than the name."""
    color: str = Field(max_length=16)


def label_key(name: str) -> str:
    """Two labels with the same key are one: capitals make no difference."""
    return unicodedata.normalize("NFC", name.casefold())


def label_keys(names: tuple[str, ...]) -> str:
    """The keys of a task's labels, each between spaces, so that one can be looked for; empty for none."""
    return f" {' '.join(map(label_key, names))} " if names else ""


def unique(names: tuple[str, ...]) -> tuple[str, ...]:
    """Each label once, in the first spelling."""
    by_key: dict[str, str] = {}
    for name in names:
        by_key.setdefault(label_key(name), name)
    return tuple(by_key.values())


def label_problem(name: str) -> str:
    """Why a text is no label, as a sentence; empty when it is one."""
    if is_blank(name):
        return "A label is a word: write at least one character."
    if len(name) > LABEL_LENGTH:
        return too_long(name, LABEL_LENGTH, " in a label")
    if _KEPT_OUT.search(name) or any(unicodedata.category(each) == "Cc" for each in name):
        return "A label is one word, without spaces, commas, slashes, quotes or @."
    return ""


def _label(name: str) -> str:
    if problem := label_problem(name):
        raise ValueError(problem)
    return name


def _words(value: Any) -> Any:
    is_list = isinstance(value, list | tuple)
    if not is_list:
        raise ValueError("Give the labels as a list of words.")
    return value


def _at_most_so_many(names: tuple[str, ...]) -> tuple[str, ...]:
    names = unique(names)
    if len(names) > MOST_LABELS:
        more = len(names) - MOST_LABELS
        raise ValueError(f"A task has at most {MOST_LABELS} labels: {more} too many.")
    return names


LabelName = Annotated[StorableText, AfterValidator(_label), length_shown(1, LABEL_LENGTH)]
Labels = Annotated[
    tuple[LabelName, ...],
    PydanticField(strict=False),
    BeforeValidator(_words, json_schema_input_type=list[str]),
    AfterValidator(_at_most_so_many),
]


class LabelChanges(Input):
    """Some of what can be changed of a label: what is not given stays as it is."""

    model_config = ConfigDict(json_schema_extra=without_defaults)

    name: LabelName = ""
    """On every task of yours that has it. Where a task has the other label already, the two become one."""
    color: ColorInput = Color.STONE
    """For you alone."""
