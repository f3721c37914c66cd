"""What is found in a line, and the moment and customs that it is read with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from functools import cached_property
from typing import Any, Literal, NamedTuple


class Kind(StrEnum):
    """What a piece of a line says."""

    DATE = "date"
    TIME = "time"
    REPEAT = "repeat"
    START = "start"
    UNTIL = "until"
    TIMES = "times"
    LASTING = "lasting"
    PRIORITY = "priority"
    LIST = "list"
    LABEL = "label"
    ASSIGNEE = "assignee"
    REMINDER = "reminder"
    TEXT = "text"
    """Looks like a date and is none: Friday the 13th."""


class Needs(StrEnum):
    """Where a piece has to stand to count."""

    NOTHING = "nothing"
    TAIL = "tail"
    """At the end of the line, or before a time or a token."""
    EDGE = "edge"
    """As TAIL, or after "on", "by" or "due"."""
    DAY = "day"
    """Beside a day."""
    HOUR = "hour"
    """Beside a day and after "at"."""
    CLOCK = "clock"
    """At either end of the line, after "at", or beside a day."""
    NAMED_CLOCK = "named clock"
    """After "at" or "by", or beside a day."""
    REPEAT = "repeat"
    """In a line that says how often."""


class When(NamedTuple):
    """A day, a time, or both."""

    day: date | None = None
    at: time | None = None


class Piece(NamedTuple):
    """The words from `first` up to, but without, `last`."""

    first: int
    last: int
    kind: Kind
    value: Any
    needs: Needs = Needs.NOTHING


@dataclass(frozen=True)
class Context:
    """The moment that "tomorrow" is counted from, and the customs and names of a person."""

    now: datetime
    """Aware, in the zone of the person."""
    week_start: int = 0
    """0 for Monday to 6 for Sunday."""
    date_order: Literal["dmy", "mdy"] = "dmy"
    people: Sequence[str] = ()
    lists: Sequence[str] = ()
    labels: Sequence[str] = ()

    @cached_property
    def known(self) -> Mapping[Kind, Mapping[str, str]]:
        """The names of lists, labels and people, by how they are written without capitals."""
        names = {Kind.LIST: self.lists, Kind.LABEL: self.labels, Kind.ASSIGNEE: self.people}
        return {
            kind: {name.casefold(): name for name in reversed(some)} for kind, some in names.items()
        }

    @property
    def today(self) -> date:
        """The day it is for the person."""
        return self.now.date()

    @property
    def wall(self) -> datetime:
        """The moment without its zone."""
        return self.now.replace(tzinfo=None)
