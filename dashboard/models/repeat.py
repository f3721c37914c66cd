"""How a task repeats: a rule of RFC 5545, what it counts from, and its end."""

import json
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Annotated, Any, Literal, NotRequired

from pydantic import AfterValidator, BeforeValidator, Field, StrictBool, StrictInt
from sqlalchemy import Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator
from typing_extensions import TypedDict

from dashboard.models.text import Day, Input, Moment, StorableText, TimeOfDay, length_shown
from dashboard.models.user import Timezone

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
RULE_LENGTH = 500
MOST_PREVIEWED = 100
MOST_TIMES = 1000

Anchor = Literal["due", "completion"]


@dataclass(frozen=True, slots=True)
class Due:
    """A day, and perhaps a time, on the wall clock of a zone."""

    day: date
    at: time | None = None

    @property
    def wall(self) -> datetime:
        """As a naive wall time; a day alone is its first moment."""
        return datetime.combine(self.day, self.at or time())


@dataclass(frozen=True, slots=True)
class Repeat:
    """How a task repeats. `until` is the last day on which it may be due; `count` includes the present occurrence."""

    rule: str
    anchor: Anchor = "due"
    until: date | None = None
    count: int | None = None
    keep_missed: bool = False
    """Whether completing late goes to the next date of the rule, missed or not, instead of the first one ahead."""
    paused: Due | None = None
    """When the task was due that has no date while its series is paused."""


class PausedOut(TypedDict):
    """When a task was due whose series is paused."""

    due_date: date
    due_time: str | None


# Written as a call, since "from" is a word of Python.
RepeatOut = TypedDict(
    "RepeatOut",
    {
        "rule": Annotated[str, Field(description="RFC 5545, without its end.")],
        "from": Anchor,
        "until": date | None,
        "count": int | None,
        "keep_missed": NotRequired[
            Annotated[bool, Field(description="Only where missed ones are kept.")]
        ],
        "paused": NotRequired[
            Annotated[PausedOut, Field(description="Only while the series is paused.")]
        ],
    },
)
"""What the API says of a repeat, and how the database keeps it."""


def repeat_as_json(repeat: Repeat) -> Any:
    """A repeat as RepeatOut: with its settings only where they are set."""
    until = repeat.until and repeat.until.isoformat()
    said = {"rule": repeat.rule, "from": repeat.anchor, "until": until, "count": repeat.count}
    if repeat.keep_missed:
        said["keep_missed"] = True
    if paused := repeat.paused:
        at = paused.at and paused.at.isoformat("minutes")
        said["paused"] = {"due_date": paused.day.isoformat(), "due_time": at}
    return said


def _repeat_from(said: dict[str, Any]) -> Repeat:
    until, paused = said["until"], said.get("paused")
    if paused:
        at = paused["due_time"] and time.fromisoformat(paused["due_time"])
        paused = Due(date.fromisoformat(paused["due_date"]), at)
    until = until and date.fromisoformat(until)
    keep_missed = said.get("keep_missed", False)
    return Repeat(said["rule"], said["from"], until, said["count"], keep_missed, paused)


class RepeatColumn(TypeDecorator[Repeat]):
    """Kept as the JSON that the API writes."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Repeat | None, dialect: Dialect) -> str | None:
        return None if value is None else json.dumps(repeat_as_json(value), separators=(",", ":"))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Repeat | None:
        return None if value is None else _repeat_from(json.loads(value))


def _rule(rule: str) -> str:
    if len(rule) > RULE_LENGTH:
        raise ValueError(f"The rule of a repeat has at most {RULE_LENGTH} characters.")
    return rule


def _anchor(value: Any) -> Any:
    if value not in ("due", "completion"):
        raise ValueError("A repeat counts from due or from completion.")
    return value


def _count(count: int) -> int:
    if not 1 <= count <= MOST_TIMES:
        raise ValueError(f"A task repeats between 1 and {MOST_TIMES:,} times.")
    return count


def _previewed(count: int) -> int:
    if not 1 <= count <= MOST_PREVIEWED:
        raise ValueError(f"Ask for 1 to {MOST_PREVIEWED} dates.")
    return count


Rule = Annotated[StorableText, AfterValidator(_rule), length_shown(1, RULE_LENGTH)]
"""As RFC 5545 writes it: FREQ=WEEKLY;BYDAY=MO."""
AnchorInput = Annotated[
    Anchor, BeforeValidator(_anchor, json_schema_input_type=Anchor), Field(alias="from")
]


class Paused(Input):
    """When a task was due whose series is paused."""

    due_date: Day
    due_time: TimeOfDay | None = None


class RepeatInput(Input):
    """How a task is to repeat. The rule is kept in its normal form; an end that it names stands beside it."""

    rule: Rule
    anchor: AnchorInput
    until: Day | None = None
    """The last day on which it may be due."""
    count: Annotated[StrictInt, AfterValidator(_count)] | None = None
    """How many times it is due, this one included."""
    keep_missed: StrictBool = False
    """Completing it late goes to the next date of the rule, even one that is past."""
    paused: Paused | None = None
    """The series is paused: until it goes on, the task has no date."""


class RepeatPreview(Input):
    """A repeat that is thought about: its rule, and a task that is due then."""

    rule: Rule
    anchor: AnchorInput
    due_date: Day
    due_time: TimeOfDay | None = None
    timezone: Timezone | None = None
    """Yours, when it is not given."""
    keep_missed: StrictBool = False
    completed_at: Moment | None = None
    """When the task is completed; when it is due, if this is not given."""
    n: Annotated[StrictInt, AfterValidator(_previewed)] = 5
    """How many dates to list."""


class Shift(Input):
    """Where a series goes from here."""

    due_date: Day
    was: Day | None = None
    """The date of the rule that it takes the place of: the one that the task has, if it is not given."""
