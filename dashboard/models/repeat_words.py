"""How a repeat reads: "every Monday, 9:15"."""

import json
from collections.abc import Sequence
from datetime import time

from dashboard.models.repeat import WEEKDAYS, Repeat, repeat_as_json

_UNITS = {"HOURLY": "hour", "DAILY": "day", "WEEKLY": "week", "MONTHLY": "month", "YEARLY": "year"}
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_NAMED = ("first", "second", "third", "fourth", "fifth")
_WORKWEEK = ",".join(WEEKDAYS[:5])


AT = "{at}"
"""Stands for the time of day where the browser writes it, in its own form."""


def in_words(repeat: Repeat, at: time | None = None) -> str:
    """How a repeat reads, with its time of day and its end."""
    return _in_words(repeat, "" if at is None else f"{at.hour}:{at.minute:02}")


def in_row(repeat: Repeat) -> str:
    """A repeat in a row: as text, so that two are compared at once, and with its words."""
    said = {**repeat_as_json(repeat), "words": _in_words(repeat, AT)}
    return json.dumps(said, separators=(",", ":"))


def _in_words(repeat: Repeat, at: str) -> str:
    words = _how_often(dict(part.split("=") for part in repeat.rule.split(";")))
    if repeat.anchor == "completion":
        words += " after completion"
    if at:
        words += f", {at}"
    if repeat.until is not None:
        until = repeat.until
        words += f", until {until.day} {_MONTHS[until.month - 1]} {until.year}"
    if repeat.count is not None:
        words += ", once" if repeat.count == 1 else f", {repeat.count} times"
    if repeat.keep_missed:
        words += ", missed ones too"
    return f"{words}, paused" if repeat.paused else words


def _how_often(parts: dict[str, str]) -> str:
    interval, unit = int(parts.get("INTERVAL", "1")), _UNITS[parts["FREQ"]]
    if parts["FREQ"] in ("DAILY", "WEEKLY") and interval == 1 and "BYDAY" in parts:
        return f"every {_weekdays(parts)}{_months(parts)}"
    every = f"every {unit}" if interval == 1 else f"every {interval:,} {unit}s"
    if parts["FREQ"] == "YEARLY" and {"BYMONTH", "BYMONTHDAY"} <= parts.keys():
        return f"{every} on {_days_of_months(parts)}"
    return every + _on(parts) + _months(parts)


def _on(parts: dict[str, str]) -> str:
    if "BYMONTHDAY" in parts:
        days, last = _month_days(parts)
        return f" on the {_listed(days)}{last}"
    if "BYDAY" not in parts:
        return ""
    if "BYSETPOS" in parts:
        places = _listed([_place(place) for place in parts["BYSETPOS"].split(",")])
        return f" on the {places} {_weekdays(parts, ' or ')}"
    if parts["FREQ"] in ("DAILY", "WEEKLY"):
        return f" on {_weekdays(parts)}"
    return f" on {_listed([_nth_weekday(day) for day in parts['BYDAY'].split(',')])}"


def _days_of_months(parts: dict[str, str]) -> str:
    days, last = _month_days(parts, is_named=False)
    months = [_MONTHS[int(month) - 1] for month in parts["BYMONTH"].split(",")]
    return f"{_listed(days)} {_listed(months)}{last}"


def _month_days(parts: dict[str, str], *, is_named: bool = True) -> tuple[list[str], str]:
    """The days, and what a short month has instead of those that it lacks."""
    days = parts["BYMONTHDAY"].split(",")
    is_clamped = "BYSETPOS" in parts and days[-1] == "-1" and len(days) > 1
    shown = days[:-1] if is_clamped else days
    names = [_day(day) if is_named or day.startswith("-") else day for day in shown]
    return names, ", or the last day of a shorter month" if is_clamped else ""


def _months(parts: dict[str, str]) -> str:
    if "BYMONTH" not in parts:
        return ""
    return f" in {_listed([_MONTHS[int(month) - 1] for month in parts['BYMONTH'].split(',')])}"


def _weekdays(parts: dict[str, str], joined: str = " and ") -> str:
    if parts["BYDAY"] == _WORKWEEK:
        return "weekday"
    if set(parts["BYDAY"].split(",")) == set(WEEKDAYS):
        return "day"
    return _listed([_DAYS[WEEKDAYS.index(day[-2:])] for day in parts["BYDAY"].split(",")], joined)


def _nth_weekday(day: str) -> str:
    name = _DAYS[WEEKDAYS.index(day[-2:])]
    return f"the {_place(day[:-2])} {name}" if day[:-2] else f"every {name}"


def _place(number: str) -> str:
    """The second, the last, the second to last."""
    place = int(number)
    named = _NAMED[abs(place) - 1] if abs(place) <= len(_NAMED) else _ordinal(abs(place))
    return named if place > 0 else "last" if place == -1 else f"{named} to last"


def _day(number: str) -> str:
    return f"{_place(number)} day" if number.startswith("-") else _ordinal(int(number))


def _ordinal(number: int) -> str:
    suffix = (
        "th" if 11 <= number % 100 <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    )
    return f"{number}{suffix}"


def _listed(names: Sequence[str], joined: str = " and ") -> str:
    return joined.join(filter(None, (", ".join(names[:-1]), names[-1])))
