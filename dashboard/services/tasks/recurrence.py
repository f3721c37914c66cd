"""When a task that repeats is due next: RFC 5545 rules in a normal form, on the wall clock of the person's zone.

A rule says how often, without its end: `until` and `count` stand beside it. Rules are expanded by python-dateutil over
naive wall times, so that 8:00 stays 8:00 across a change of the clocks. RFC 5545 skips months without a 31st; a rule
for days 29 to 31 is therefore stored as `BYMONTHDAY=31,-1;BYSETPOS=1` (the recipe of the dateutil documentation), which
every RFC 5545 engine reads as "the 31st, or the last day".
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import MAXYEAR, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta
from dateutil.rrule import rrulestr

from dashboard.errors import FieldError, InvalidInput
from dashboard.models.repeat import MOST_TIMES, WEEKDAYS, Anchor, Due, Repeat

MOST_PARTS, LONGEST_INTERVAL = 10, 1000
NEVER_WITHIN = 28
"""Years (times the interval of a yearly rule) without an occurrence, after which a rule never happens: leap years and
weekdays are the same again after 28."""

_UNITS = {
    "HOURLY": "hours",
    "DAILY": "days",
    "WEEKLY": "weeks",
    "MONTHLY": "months",
    "YEARLY": "years",
}
_DATE_PARTS = ("BYMONTH", "BYMONTHDAY", "BYDAY", "BYSETPOS")
_ORDER = ("FREQ", "INTERVAL", *_DATE_PARTS, "WKST")
_NUMBERS = {
    "INTERVAL": (1, LONGEST_INTERVAL),
    "BYMONTH": (1, 12),
    "BYMONTHDAY": (1, 31),
    "BYSETPOS": (1, 366),
}
_WEEKDAY = re.compile(r"([+-]?[1-9]\d?)?(MO|TU|WE|TH|FR|SA|SU)")
_ONE_DAY = re.compile(r"\d+(,-1)?|-1")
_ONE_PLACE = re.compile(r"-?\d+[A-Z]{2}")
_LATE_DAYS = (29, 30, 31)
_CALENDAR_REPEATS, _IRREGULAR_YEAR = 400, 2100
"""Years after which the calendar is the same again, and the first that breaks the cycle of 28: it is no leap year."""


def parse(rule: str, due: Due, *, anchor: Anchor = "due", zone: str = "UTC") -> Repeat:
    """The repeat that an RFC 5545 rule describes for a task that is due then, in normal form.

    An UNTIL that is an instant counts by its day in the zone. Raises InvalidInput with a sentence.
    """
    parts = _parts(rule)
    until, count = _until(parts.pop("UNTIL", None), zone), _count(parts.pop("COUNT", None))
    repeat = Repeat(normalise(_text(parts), due, anchor=anchor), anchor, until, count)
    check(repeat, due)
    return repeat


def check(repeat: Repeat, due: Due) -> None:
    """Raise InvalidInput where a task that is due then cannot repeat so."""
    if repeat.until is not None and repeat.count is not None:
        raise _invalid("A repeat ends on a day or after a number of times, not both.")
    if repeat.until is not None and repeat.until < due.day:
        raise _invalid("The repeat ends before the task is due.")
    if repeat.keep_missed and repeat.anchor == "completion":
        raise _invalid("A repeat that counts from completion misses none: leave keep_missed out.")
    if repeat.count is not None and not 1 <= repeat.count <= MOST_TIMES:
        raise _invalid(f"A task repeats between 1 and {MOST_TIMES:,} times.")
    parts = _parts(repeat.rule)
    if parts["FREQ"] == "HOURLY" and due.at is None:
        raise _invalid("A task that repeats within a day needs a due time.")
    if not _happens(parts, due.wall):
        raise _invalid("This repeat never happens.")


def normalise(rule: str, due: Due, *, anchor: Anchor = "due") -> str:
    """The rule as it is stored: what it leaves to the day of the task is written out, and days 29 to 31 are clamped.

    A rule that counts from completion has nothing to take from the due day.
    """
    parts = _parts(rule)
    if anchor == "due" and not _has_date_parts(parts):
        parts |= _days_of(parts["FREQ"], due.day)
    elif (
        parts["FREQ"] == "YEARLY"
        and "BYMONTH" in parts
        and not {"BYMONTHDAY", "BYDAY"} & parts.keys()
    ):
        parts["BYMONTHDAY"] = str(due.day.day)
    return _text(_clamped(parts))


def first(rule: str, after: datetime, start: Due) -> Due | None:
    """The first occurrence on or after the start and, where there is a time, after a moment on the wall clock.

    An end that the rule names says nothing here.
    """
    parts = _clamped(_parts(rule))
    if not _has_date_parts(parts):
        # Eight weeks from now would be a long wait for a repeat that could begin tomorrow.
        is_ahead = start.at is None or start.wall > after
        return start if is_ahead else Due(after.date() + timedelta(days=1), start.at)
    # An interval is counted from the first occurrence, wherever in its week or month the start lies.
    parts.pop("INTERVAL", None)
    if not _happens(parts, start.wall):
        return None
    for moment in _within_reach(_text(parts), start.wall):
        if start.at is None or moment > after:
            return Due(moment.date(), start.at)
    return None


def next_due(repeat: Repeat, due: Due, completed_at: datetime) -> tuple[Due, Repeat] | None:
    """When the task is due after it was completed, and how it repeats from there; None where the series ends.

    `completed_at` is naive, on the wall clock of the zone. Of a repeat that counts from the due time, missed
    occurrences are passed over and use up its count, unless it keeps them: the next is later than both the due time and
    the completion. A day without a time is done with any completion on it.
    """
    if repeat.anchor == "completion":
        try:
            following, used = _after_completion(repeat, due, completed_at), 1
        except (ValueError, OverflowError):
            # It would be after the last day of the calendar.
            return None
    else:
        following, used = _after_due(repeat, due, completed_at)
    if following is None or (repeat.until is not None and following.day > repeat.until):
        return None
    if repeat.count is None:
        return following, repeat
    left = repeat.count - used
    return (following, replace(repeat, count=left)) if left > 0 else None


def resumed(repeat: Repeat, due: Due, now: datetime) -> Due | None:
    """When a task is due whose series was paused when it was due then: as it was, or the first time ahead.

    What came meanwhile is not missed, and uses up no count. None where the series has ended. `now` is as `completed_at`
    of `next_due`.
    """
    if (due.wall > now) if due.at else (due.day >= now.date()):
        return due
    if repeat.anchor == "completion":
        return first(repeat.rule, now, Due(now.date(), due.at))
    # A day without a time may be today.
    passed = now if due.at else now - timedelta(days=1)
    following = next_due(replace(repeat, count=None, keep_missed=False), due, passed)
    return following and following[0]


def shifted(rule: str, was: date, day: date) -> str:
    """The rule of a series whose occurrence of one day takes place on another one, from there on.

    Raises InvalidInput where the rule names days of which that does not say what becomes of them.
    """
    parts = _parts(rule)
    given = set(_DATE_PARTS) & parts.keys()
    if not given:
        # It counts from the day of the task.
        return rule
    if parts["FREQ"] in ("DAILY", "WEEKLY") and given == {"BYDAY"}:
        ahead = (day - was).days
        moved = {(WEEKDAYS.index(each) + ahead) % 7 for each in parts["BYDAY"].split(",")}
        parts["BYDAY"] = ",".join(WEEKDAYS[each] for each in sorted(moved))
        return _text(parts)
    months = {"BYMONTH"} if parts["FREQ"] == "YEARLY" else set[str]()
    if given - {"BYSETPOS"} == months | {"BYMONTHDAY"} and _ONE_DAY.fullmatch(parts["BYMONTHDAY"]):
        is_last = parts.pop("BYMONTHDAY") == "-1" and (day + timedelta(days=1)).day == 1
        parts.pop("BYSETPOS", None)
        parts["BYMONTHDAY"] = "-1" if is_last else str(day.day)
    elif given == months | {"BYDAY"} and _ONE_PLACE.fullmatch(parts["BYDAY"]):
        is_last = parts["BYDAY"].startswith("-1") and (day + timedelta(days=7)).month != day.month
        place = -1 if is_last else (day.day + 6) // 7
        parts["BYDAY"] = f"{place}{WEEKDAYS[day.weekday()]}"
    else:
        raise _invalid("This repeat names several days: choose them in the repeat itself.")
    if months:
        parts["BYMONTH"] = str(day.month)
    return _text(_clamped(parts))


def _after_due(repeat: Repeat, due: Due, completed_at: datetime) -> tuple[Due | None, int]:
    passed = completed_at if due.at else datetime.combine(completed_at.date(), time())
    passed, used = due.wall if repeat.keep_missed else max(due.wall, passed), 1
    start = due.wall
    if repeat.count is None:
        start = _nearer(_parts(repeat.rule), start, passed)
    for moment in _within_reach(repeat.rule, start):
        if moment > passed:
            return Due(moment.date(), moment.time() if due.at else None), used
        if moment > due.wall:
            used += 1
            if used == repeat.count:
                break
    return None, used


def _after_completion(repeat: Repeat, due: Due, completed_at: datetime) -> Due | None:
    parts = _parts(repeat.rule)
    unit, interval = _UNITS[parts["FREQ"]], _interval(parts)
    if parts["FREQ"] == "HOURLY":
        moment = completed_at.replace(second=0, microsecond=0) + timedelta(hours=interval)
        return Due(moment.date(), moment.time())
    day = completed_at.date()
    if not _has_date_parts(parts):
        return Due(day + relativedelta(**{unit: interval}), due.at)  # pyright: ignore[reportArgumentType]
    earliest = day + relativedelta(**{unit: interval - 1})  # pyright: ignore[reportArgumentType]
    parts.pop("INTERVAL", None)
    for moment in _within_reach(_text(parts), datetime.combine(earliest, time())):
        if moment.date() > day and moment.date() != due.day:
            return Due(moment.date(), due.at)
    return None


def _happens(parts: dict[str, str], start: datetime) -> bool:
    """Whether there is an occurrence within NEVER_WITHIN years (times the interval of a yearly rule).

    python-dateutil looks for one until its calendar ends in 9999, which takes seconds where there is none. It looks
    in the last years of the calendar instead, which have the same weekdays and leap years.
    """
    is_yearly = parts["FREQ"] == "YEARLY"
    reach = NEVER_WITHIN * (_interval(parts) if is_yearly else 1)
    cycle = _CALENDAR_REPEATS if is_yearly or start.year >= _IRREGULAR_YEAR else NEVER_WITHIN
    last = MAXYEAR - reach
    if start.year < last:
        start = start.replace(year=last - (last - start.year) % cycle)
    found = next(_within_reach(_text(parts), start), None)
    return found is not None and found.year <= start.year + reach


def _occurrences(rule: str, start: datetime) -> Iterator[datetime]:
    return iter(rrulestr(rule, dtstart=start))


def _within_reach(rule: str, start: datetime) -> Iterator[datetime]:
    try:
        yield from _occurrences(rule, start)
    except (ValueError, OverflowError):
        # The calendar of Python ends with the year 9999, and a series with it.
        return


def _nearer(parts: dict[str, str], start: datetime, goal: datetime) -> datetime:
    """A start on the same grid, close before the goal: an hourly rule of ten years ago has 87,000 occurrences."""
    if parts["FREQ"] not in ("HOURLY", "DAILY", "WEEKLY") or goal <= start:
        return start
    step = timedelta(**{_UNITS[parts["FREQ"]]: _interval(parts)})
    return start + max(0, (goal - start) // step - 1) * step


def _days_of(frequency: str, day: date) -> dict[str, str]:
    match frequency:
        case "WEEKLY":
            return {"BYDAY": WEEKDAYS[day.weekday()]}
        case "MONTHLY":
            return {"BYMONTHDAY": str(day.day)}
        case "YEARLY":
            return {"BYMONTH": str(day.month), "BYMONTHDAY": str(day.day)}
        case _:
            return {}


def _clamped(parts: dict[str, str]) -> dict[str, str]:
    days = sorted({int(day) for day in parts.get("BYMONTHDAY", "0").split(",")})
    is_monthly = parts["FREQ"] == "MONTHLY"
    is_leap_day = parts["FREQ"] == "YEARLY" and parts.get("BYMONTH") == "2" and days == [29]
    if not (is_monthly or is_leap_day) or days[0] < 1 or days[-1] not in _LATE_DAYS:
        return parts
    if {"BYDAY", "BYSETPOS"} & parts.keys():
        return parts
    written = ",".join(map(str, [*days, -1]))
    places = ",".join(str(place + 1) for place in range(len(days)))
    return parts | {"BYMONTHDAY": written, "BYSETPOS": places}


def _has_date_parts(parts: dict[str, str]) -> bool:
    return any(part in parts for part in _DATE_PARTS)


def _interval(parts: dict[str, str]) -> int:
    return int(parts.get("INTERVAL", "1"))


def _parts(rule: str) -> dict[str, str]:
    """The parts of a rule by name, each as it may stand. Raises InvalidInput."""
    pairs = [pair.partition("=") for pair in rule.upper().removeprefix("RRULE:").split(";") if pair]
    if len(pairs) > MOST_PARTS:
        raise _invalid(f"A repeat has at most {MOST_PARTS} parts.")
    parts = {name: value for name, _, value in pairs}
    if len(parts) < len(pairs):
        raise _invalid("The repeat says the same thing twice.")
    for name, value in parts.items():
        if name not in _CHECKS:
            raise _invalid(f"A repeat cannot have {name[:20]}.")
        _CHECKS[name](name, value)
    _check_together(parts)
    if parts.get("INTERVAL") == "1":
        del parts["INTERVAL"]
    return parts


def _check_together(parts: dict[str, str]) -> None:
    if "FREQ" not in parts:
        raise _invalid(_NO_FREQUENCY)
    if parts["FREQ"] == "HOURLY" and _has_date_parts(parts):
        raise _invalid("A repeat by the hour cannot be limited to some days.")
    if parts["FREQ"] in ("DAILY", "WEEKLY") and re.search(r"\d", parts.get("BYDAY", "")):
        raise _invalid("Only a monthly or yearly repeat can name the second Monday.")


def _check_frequency(_name: str, value: str) -> None:
    if value in ("MINUTELY", "SECONDLY"):
        raise _invalid("A task repeats every hour at most.")
    if value not in _UNITS:
        raise _invalid(_NO_FREQUENCY)


def _check_numbers(name: str, value: str) -> None:
    low, high = _NUMBERS[name]
    for number in value.split(","):
        # Days and places are counted from the end, too.
        _number(
            number if name in ("INTERVAL", "BYMONTH") else number.removeprefix("-"), low, high, name
        )


def _check_weekdays(_name: str, value: str) -> None:
    if not all(_WEEKDAY.fullmatch(day) for day in value.split(",")):
        raise _invalid("The repeat names a weekday that does not exist.")


def _check_week_start(_name: str, value: str) -> None:
    if value not in WEEKDAYS:
        raise _invalid("The week of the repeat starts on no weekday.")


def _check_end(_name: str, _value: str) -> None:
    """Ends are read where they are kept, apart from the rule."""


_NO_FREQUENCY = (
    "The repeat does not say how often: FREQ is HOURLY, DAILY, WEEKLY, MONTHLY or YEARLY."
)
_CHECKS: dict[str, Callable[[str, str], None]] = {
    "FREQ": _check_frequency,
    **dict.fromkeys(_NUMBERS, _check_numbers),
    "BYDAY": _check_weekdays,
    "WKST": _check_week_start,
    "UNTIL": _check_end,
    "COUNT": _check_end,
}


def _number(text: str, low: int, high: int, name: str) -> int:
    if not re.fullmatch(r"\d{1,5}", text, re.ASCII) or not low <= int(text) <= high:
        raise _invalid(f"The {name} of a repeat is a number from {low} to {high:,}.")
    return int(text)


def _until(text: str | None, zone: str) -> date | None:
    if text is None:
        return None
    try:
        if re.fullmatch(r"\d{8}", text, re.ASCII):
            return datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007 (a day has no zone)
        moment = datetime.strptime(text.removesuffix("Z"), "%Y%m%dT%H%M%S")  # noqa: DTZ007 (added below)
    except ValueError:
        raise _invalid("Write the end of a repeat as YYYYMMDD or YYYYMMDDTHHMMSSZ.") from None
    if not text.endswith("Z"):
        return moment.date()
    try:
        return moment.replace(tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo(zone)).date()
    except OverflowError:
        return moment.date()


def _count(text: str | None) -> int | None:
    return None if text is None else _number(text, 1, MOST_TIMES, "COUNT")


def _text(parts: dict[str, str]) -> str:
    return ";".join(f"{name}={parts[name]}" for name in _ORDER if name in parts)


def _invalid(sentence: str) -> InvalidInput:
    return InvalidInput(FieldError("repeat", sentence))
