"""Types of input that every model shares: text that can be stored everywhere, days, times of day."""

import re
import unicodedata
from datetime import UTC, date, datetime, time
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TIME_OF_DAY = re.compile(r"\d{2}:\d{2}", re.ASCII)
_MOMENT = re.compile(
    r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-]\d{2}:\d{2})", re.ASCII
)
# Letters, marks and symbols by category, but nothing to see: fillers of Hangul, the empty Braille cell, the joiner,
# inherent vowels of Khmer, variation selectors.
_INVISIBLE = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0"
) | {chr(code) for block in (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0)) for code in block}

_LINE_ENDS = re.compile(r"[\r\n]+")
FIRST_YEAR = 1970

_ACCENTS = dict.fromkeys(range(0x300, 0x370))
"""Marks over and under letters of Latin, Greek and Cyrillic; those of other scripts make another letter."""

_LETTERS = str.maketrans(dict(zip("đðħıłøŧς", "ddhilotσ", strict=True)))
_LETTERS |= str.maketrans({"æ": "ae", "œ": "oe", "ß": "ss", "þ": "th"})
"""Letters that are written with a stroke or joined, and the sigma at the end of a word, as they are typed without."""


class Input(BaseModel):
    """Base of everything that comes from outside: unknown fields and lookalike types are refused."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        frozen=True,
        hide_input_in_errors=True,
        use_attribute_docstrings=True,
    )


def storable(text: str) -> str:
    """The text as it is; raises ValueError for what some database or encoding cannot hold."""
    if "\x00" in text:
        raise ValueError("The text has a NUL character; remove it.")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError("The text has half of a character; type it again.")
    return text


def is_blank(text: str) -> bool:
    """Whether nothing of the text can be seen: spaces, controls and zero-width characters only."""
    return all(
        unicodedata.category(character) in ("Zs", "Zl", "Zp", "Cc", "Cf") or character in _INVISIBLE
        for character in text
    )


def one_line(text: str) -> str:
    """The text with a space for each run of line ends: what a field of one line can show and give back."""
    return _LINE_ENDS.sub(" ", text)


def too_long(text: str, longest: int, where: str = "") -> str:
    """What to say of a text that is too long. assets/fields.js says the same."""
    return f"Use at most {longest:,} characters{where}: {len(text) - longest:,} too many."


def searchable(text: str) -> str:
    """The form in which text is searched and sorted: case, accents and compatibility forms do not matter.

    assets/title_order.js makes the same of it, by the same steps: JavaScript has no casefold.
    """
    letters = unicodedata.normalize("NFKD", text).translate(_ACCENTS)
    return unicodedata.normalize("NFKC", letters).upper().lower().translate(_LETTERS)


def parse_day(value: Any) -> date:
    """The day that `2026-03-10` names. Raises ValueError with a sentence."""
    if isinstance(value, date):
        return value
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError("Write the date as YYYY-MM-DD.")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError("The date does not exist.") from None


def _due_day(value: Any) -> date:
    day = parse_day(value)
    if day.year < FIRST_YEAR:
        raise ValueError(f"Use a year from {FIRST_YEAR} to 9999.")
    return day


def _time_of_day(value: Any) -> time:
    if isinstance(value, time):
        return value
    if not isinstance(value, str) or not _TIME_OF_DAY.fullmatch(value):
        raise ValueError("Write the time as HH:MM.")
    try:
        return time.fromisoformat(value)
    except ValueError:
        raise ValueError("The time does not exist.") from None


def _moment(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        raise ValueError("Write the moment with its zone, like 2026-03-10T12:00:00Z.")
    try:
        return datetime.fromisoformat(value).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError("The moment does not exist.") from None


def _id(value: Any) -> UUID:
    try:
        return value if isinstance(value, UUID) else UUID(value)
    except (ValueError, TypeError, AttributeError):
        raise ValueError("This is not a valid id.") from None


def name_of_at_most(longest: int, *, missing: str) -> AfterValidator:
    """Trims a name, and refuses one that is too long, that is not one line, or (in the words of `missing`) where there
    is nothing to see.

    Names are put into lists, mails and logs among our own words: with a line of its own, one could pass for these.
    """

    def name(text: str) -> str:
        text = text.strip()
        if is_blank(text):
            raise ValueError(missing)
        if len(text) > longest:
            raise ValueError(too_long(text, longest))
        if any(unicodedata.category(character) in ("Cc", "Zl", "Zp") for character in text):
            raise ValueError("Use one line, without tabs or control characters.")
        return text

    return AfterValidator(name)


def length_shown(minimum: int, maximum: int) -> Any:
    """What the API's document says of a text's length; a validator checks it, in words."""
    return Field(json_schema_extra={"minLength": minimum, "maxLength": maximum})


def without_defaults(json_schema: dict[str, Any]) -> None:
    """For the document of an input whose missing fields mean "as it is"."""
    for field in json_schema["properties"].values():
        field.pop("default", None)


def _true_or_false(value: Any) -> bool:
    if value not in ("true", "false"):
        raise ValueError("This is true or false.")
    return value == "true"


TrueOrFalse = Annotated[bool, BeforeValidator(_true_or_false, json_schema_input_type=bool)]
"""As it stands in the query of an address."""

StorableText = Annotated[str, AfterValidator(storable)]
"""A string that every database can hold, byte for byte."""

Id = Annotated[UUID, BeforeValidator(_id, json_schema_input_type=UUID)]
IdText = Annotated[str, AfterValidator(lambda text: str(_id(text)))]
"""The same, left as text."""

Day = Annotated[
    date,
    BeforeValidator(_due_day, json_schema_input_type=str),
    Field(json_schema_extra={"format": "date", "examples": ["2026-03-10"]}),
]
"""A calendar day from 1970 to 9999, written YYYY-MM-DD."""

TimeOfDay = Annotated[
    time,
    BeforeValidator(_time_of_day, json_schema_input_type=str),
    Field(json_schema_extra={"pattern": r"^([01]\d|2[0-3]):[0-5]\d$", "examples": ["14:30"]}),
]
"""A time of day to the minute, written HH:MM, on the wall clock of the user's zone."""

Moment = Annotated[
    datetime,
    BeforeValidator(_moment, json_schema_input_type=str),
    Field(json_schema_extra={"format": "date-time", "examples": ["2027-03-10T12:00:00Z"]}),
]
"""A point in time, written as RFC 3339 has it, with its zone."""
