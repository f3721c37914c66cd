"""How often, in words ("every other monday", "daily"), and when it starts or ends ("starting friday", "6 times")."""

import re
from collections.abc import Callable
from typing import NamedTuple

from dashboard.models.repeat import MOST_TIMES
from dashboard.models.repeat import WEEKDAYS as CODES
from dashboard.services.tasks.quick_add import english as words_of
from dashboard.services.tasks.quick_add.dates import (
    duration,
    find_date,
    find_time,
    low,
    month_day,
    number,
    ordinal,
)
from dashboard.services.tasks.quick_add.pieces import Context, Kind, Needs, Piece, When
from dashboard.services.tasks.quick_add.words import Words
from dashboard.services.tasks.recurrence import LONGEST_INTERVAL

_FREQUENCIES = {
    words_of.HOUR: ("HOURLY", 1), words_of.DAY: ("DAILY", 1), words_of.WEEK: ("WEEKLY", 1),
    words_of.MONTH: ("MONTHLY", 1), words_of.YEAR: ("YEARLY", 1), words_of.FORTNIGHT: ("WEEKLY", 2),
    words_of.QUARTER: ("MONTHLY", 3),
}  # fmt: skip
_WORKWEEK = ",".join(CODES[:5])
_COUNTED = re.compile(r"x(\d{1,3})", re.ASCII)


_MONTH_FIRST = frozenset({"on", words_of.THE, words_of.LAST, *words_of.ORDINALS})
"""What begins a day of every month, beside figures."""


class Frequency(NamedTuple):
    """A rule of RFC 5545, and what else the words said."""

    rule: str
    from_completion: bool = False
    at: When = When()


def find_repeat(words: Words, at: int, context: Context) -> Piece | None:
    """How often, beginning at this word."""
    word = words[at]
    if word.low in _MONTH_FIRST or word.low[0].isdigit():
        return _of_every_month(words, at)
    if adverb := words_of.ADVERBS.get(word.low):
        interval, unit = adverb
        return Piece(at, at + 1, Kind.REPEAT, Frequency(_rule(unit, interval)), Needs.TAIL)
    from_completion = word.text.endswith("!")
    if word.low not in words_of.EVERY or word.text.lower() not in (word.low, f"{word.low}!"):
        return None
    found = _every(words, at + 1)
    if found is None:
        return None
    last, rule, when = found
    if low(words, last) == words_of.AFTER and low(words, last + 1) in words_of.COMPLETION:
        from_completion, last = True, last + 2
    rule = _with_week_start(rule, context)
    return Piece(at, last, Kind.REPEAT, Frequency(rule, from_completion, when))


def _with_week_start(rule: str, context: Context) -> str:
    """Which weeks are left out depends on where a week begins, if several days are named; without a word, on Monday."""
    skips = rule.startswith("FREQ=WEEKLY;INTERVAL=") and "," in rule
    return f"{rule};WKST={CODES[context.week_start]}" if skips and context.week_start else rule


def find_limit(words: Words, at: int, context: Context) -> Piece | None:
    """When a repeat starts or ends, beginning at this word."""
    word = low(words, at)
    if word in words_of.STARTING or word in words_of.UNTIL:
        return _bounded(words, at, context)
    if word == words_of.FOR:
        found = duration(words, at + 1)
        is_span = found and found[1] not in (words_of.HOUR, words_of.MINUTE)
        return (
            Piece(at, found[2], Kind.LASTING, found[:2], Needs.REPEAT)
            if found and is_span
            else None
        )
    if match := _COUNTED.fullmatch(word):
        return _times(at, at + 1, int(match[1]))
    if low(words, at + 1) in words_of.TIMES and (count := number(word)) is not None:
        return _times(at, at + 2, count)
    return None


def _bounded(words: Words, at: int, context: Context) -> Piece | None:
    kind = Kind.START if low(words, at) in words_of.STARTING else Kind.UNTIL
    first = at + 2 if low(words, at + 1) in (words_of.DATE_PREPOSITIONS | {"@"}) else at + 1
    if not low(words, first):
        return None
    found = find_date(words, first, context)
    if found is None and kind is Kind.START:
        found = find_time(words, first, context)
    if found is None or found.kind is Kind.TEXT:
        return None
    return Piece(at, found.last, kind, found.value, Needs.REPEAT)


def _times(first: int, last: int, count: int) -> Piece | None:
    return Piece(first, last, Kind.TIMES, count, Needs.REPEAT) if 1 <= count <= MOST_TIMES else None


Found = tuple[int, str, When]
"""The place behind, the rule, and a time that the words imply."""


def _every(words: Words, at: int) -> Found | None:
    for find in (_day_of_the_year, _every_other, _every_last, _every_nth, _by_name, _every_few):
        if found := find(words, at):
            return found
    return _unit(words, at, 1) or _weekdays(words, at, 1)


def _of_every_month(words: Words, at: int) -> Piece | None:
    """The other way round: "on the first monday of every month", "15th of each month"."""
    first = at + 1 if low(words, at) == "on" else at
    first += low(words, first) == words_of.THE
    is_last = low(words, first) == words_of.LAST
    found = (_last_day(words, first + 1) if is_last else None) or _nth_weekday(words, first)
    if found is None and (day := _month_day(low(words, first))) is not None:
        found = first + 1, f"FREQ=MONTHLY;BYMONTHDAY={day}", When()
    if found is None:
        return None
    last, rule, _ = found
    behind = [low(words, last), low(words, last + 1), low(words, last + 2)]
    if behind[0] != words_of.OF or behind[1] not in words_of.EVERY or behind[2] != words_of.MONTH:
        return None
    return Piece(at, last + 3, Kind.REPEAT, Frequency(rule))


def _day_of_the_year(words: Words, at: int) -> Found | None:
    found = month_day(words, at)
    if found is None:
        return None
    month, day, last = found
    return last, f"FREQ=YEARLY;BYMONTH={month};BYMONTHDAY={day}", When()


def _every_other(words: Words, at: int) -> Found | None:
    if low(words, at) != words_of.OTHER:
        return None
    return _unit(words, at + 1, 2) or _weekdays(words, at + 1, 2)


def _every_last(words: Words, at: int) -> Found | None:
    if low(words, at) != words_of.LAST:
        return None
    return _last_day(words, at + 1) or _nth_weekday(words, at)


def _every_nth(words: Words, at: int) -> Found | None:
    nth = ordinal(low(words, at))
    if nth is None:
        return None
    return _nth_weekday(words, at) or _unit(words, at + 1, nth) or _month_days(words, at)


def _by_name(words: Words, at: int) -> Found | None:
    word = low(words, at)
    if word in words_of.PERIODS:
        return at + 1, "FREQ=DAILY", When(at=words_of.PERIODS[word])
    days = _WORKWEEK if word in words_of.WORKDAYS else "SA" if word in words_of.WEEKEND else None
    return (at + 1, f"FREQ=WEEKLY;BYDAY={days}", When()) if days else None


def _every_few(words: Words, at: int) -> Found | None:
    count = number(low(words, at))
    if count is None or not 1 <= count <= LONGEST_INTERVAL:
        return None
    return _unit(words, at + 1, count)


def _unit(words: Words, at: int, interval: int) -> Found | None:
    unit = words_of.UNITS.get(low(words, at))
    if unit not in _FREQUENCIES:
        return None
    return _narrowed(words, at + 1, unit, interval) or (at + 1, _rule(unit, interval), When())


def _narrowed(words: Words, at: int, unit: str, interval: int) -> Found | None:
    """What "on" says of a repeat: "every 2 weeks on tuesday", "every month on the 1st"."""
    if low(words, at) != "on":
        return None
    first = at + 2 if low(words, at + 1) == words_of.THE else at + 1
    step = _interval(_FREQUENCIES[unit][1] * interval)
    if unit in (words_of.WEEK, words_of.FORTNIGHT):
        return _weekdays(words, first, _FREQUENCIES[unit][1] * interval)
    if unit in (words_of.MONTH, words_of.QUARTER):
        is_last = low(words, first) == words_of.LAST
        found = (_last_day(words, first + 1) if is_last else None) or _nth_weekday(words, first)
        found = found or _month_days(words, first)
        return found and (found[0], found[1].replace("FREQ=MONTHLY", f"FREQ=MONTHLY{step}"), When())
    found = _day_of_the_year(words, first) if unit == words_of.YEAR else None
    return found and (found[0], found[1].replace("FREQ=YEARLY", f"FREQ=YEARLY{step}"), When())


def _weekdays(words: Words, at: int, interval: int) -> Found | None:
    last, days = _range(words, at) or _enumerated(words, at, _weekday)
    if not days:
        return None
    written = ",".join(CODES[day] for day in days)
    return last, f"FREQ=WEEKLY{_interval(interval)};BYDAY={written}", When()


def _range(words: Words, at: int) -> tuple[int, list[int]] | None:
    """Weekdays from one to another: "monday to friday", "mon-fri"."""
    ends, last = re.split("[-–]", low(words, at)), at + 1
    if low(words, at + 1) in words_of.RANGES:
        ends, last = [low(words, at), low(words, at + 2)], at + 3
    if len(ends) != 2:
        return None
    first, final = _weekday(ends[0]), _weekday(ends[1])
    if first is None or final is None:
        return None
    return last, sorted((first + days) % 7 for days in range((final - first) % 7 + 1))


def _nth_weekday(words: Words, at: int) -> Found | None:
    nth = -1 if low(words, at) == words_of.LAST else ordinal(low(words, at))
    weekday = _weekday(low(words, at + 1))
    if nth is None or nth > 5 or weekday is None:
        return None
    return _of_the_month(words, at + 2), f"FREQ=MONTHLY;BYDAY={nth}{CODES[weekday]}", When()


def _last_day(words: Words, at: int) -> Found | None:
    if low(words, at) != words_of.DAY:
        return None
    return _of_the_month(words, at + 1), "FREQ=MONTHLY;BYMONTHDAY=-1", When()


def _month_days(words: Words, at: int) -> Found | None:
    last, days = _enumerated(words, at, _month_day)
    if not days:
        return None
    written = ",".join(map(str, days))
    return _of_the_month(words, last), f"FREQ=MONTHLY;BYMONTHDAY={written}", When()


def _enumerated(words: Words, at: int, read: Callable[[str], int | None]) -> tuple[int, list[int]]:
    """What is named one after the other, with commas and "and" between: the place behind, and each once, in order."""
    named: set[int] = set()
    last = at
    while (value := read(low(words, last))) is not None:
        named.add(value)
        last += 1
        following = last + 1 if low(words, last) in words_of.ANDS else last
        is_joined = following > last or words[last - 1].ends_clause
        if not is_joined or read(low(words, following)) is None:
            break
        last = following
    return last, sorted(named)


def _of_the_month(words: Words, at: int) -> int:
    skipped = [low(words, at), low(words, at + 1), low(words, at + 2)]
    return at + 3 if skipped == [words_of.OF, words_of.THE, words_of.MONTH] else at


def _month_day(word: str) -> int | None:
    day = ordinal(word) if word[:1].isdigit() else None
    return day if day is not None and 1 <= day <= 31 else None


def _weekday(name: str) -> int | None:
    for names in (words_of.WEEKDAYS, words_of.SHORT_WEEKDAYS, words_of.PLURAL_WEEKDAYS):
        if name in names:
            return names[name]
    return None


def _rule(unit: str, interval: int) -> str:
    frequency, times = _FREQUENCIES[unit]
    return f"FREQ={frequency}{_interval(times * interval)}"


def _interval(interval: int) -> str:
    return f";INTERVAL={interval}" if interval > 1 else ""
