"""Days and times in words and figures. Each function looks at the words from one place on, and says what it found."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

from dateutil.relativedelta import relativedelta

from dashboard.services.tasks.quick_add import english as words_of
from dashboard.services.tasks.quick_add.pieces import Context, Kind, Needs, Piece, When
from dashboard.services.tasks.quick_add.words import Words

_FIRST_YEAR, _LAST_YEAR = 1970, 9999
_ORDINAL = re.compile(r"(\d{1,2})(st|nd|rd|th)", re.ASCII)
_YEAR = re.compile(r"\d{4}", re.ASCII)
_ISO = re.compile(r"(\d{4})([-/])(\d{1,2})\2(\d{1,2})(?:[tT](\d{1,2}):(\d{2}))?", re.ASCII)
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})(?:/(\d{4}|\d{2}))?", re.ASCII)
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2})?", re.ASCII)
_DIGITS = re.compile(r"\d{1,4}", re.ASCII)
_TOGETHER = re.compile(r"(\d{1,4})([a-z]{1,4})", re.ASCII)
_TIME = re.compile(r"@?(\d{1,2})(?::(\d{2})|\.(\d{2}))?(am|pm|a\.m|p\.m)?", re.ASCII)
"""A dot stands in a time only before am or pm: 9.30 is a number."""
_ALL_WEEKDAYS = words_of.WEEKDAYS | words_of.SHORT_WEEKDAYS
_CALENDAR_UNITS = frozenset(words_of.UNITS.values()) - {words_of.HOUR, words_of.MINUTE}
_NOT_BEFORE_A_SPAN = frozenset(
    {"for", "last", "past", "next", "first", "within", "over", "under", "about", "than", "every"}
)


def find_date(words: Words, at: int, context: Context) -> Piece | None:
    """A day (perhaps with a time) that begins at this word."""
    word = words[at]
    finders = _BY_WORD.get(word.low) or (_numeric_date, _day_of_month, _span)
    for finder in finders:
        if found := finder(words, at, context):
            return found
    return None


def find_time(words: Words, at: int, _context: Context) -> Piece | None:
    """A time of day that begins at this word."""
    word = words[at]
    if word.low in words_of.CLOCK_WORDS:
        return Piece(
            at, at + 1, Kind.TIME, When(at=words_of.CLOCK_WORDS[word.low]), Needs.NAMED_CLOCK
        )
    if period := _period(words, at):
        return period
    match = _TIME.fullmatch(word.low)
    if not match:
        return None
    hour, minute, half = int(match[1]), int(match[2] or match[3] or 0), match[4]
    last = at + 1
    if half is None and (following := low(words, last)) in words_of.AM_PM and not word.ends_clause:
        half, last = following, last + 1
    clock = _clock(hour, minute, half)
    if clock is None:
        return None
    if match[3] and not half:
        return None
    needs = Needs.NOTHING if half else Needs.CLOCK if match[2] else Needs.HOUR
    return Piece(at, last, Kind.TIME, When(at=clock), needs)


def low(words: Words, at: int) -> str:
    """The word at a place in lower case; "" beyond the ends and for what is quoted."""
    return words.lows[at]


def ordinal(word: str) -> int | None:
    """3 for "3rd" and for "third"; None for what is no ordinal."""
    if match := _ORDINAL.fullmatch(word):
        number = int(match[1])
        return number if match[2] == _suffix(number) else None
    return words_of.ORDINALS.get(word)


def number(word: str) -> int | None:
    """3 for "3" and for "three"."""
    return int(word) if _DIGITS.fullmatch(word) else words_of.NUMBERS.get(word)


def duration(words: Words, at: int) -> tuple[int, str, int] | None:
    """A count, its unit, and the place behind: "3 hours", "an hour", "30m"."""
    if low(words, at) and (match := _TOGETHER.fullmatch(words[at].core)):
        unit = words_of.UNIT_LETTERS.get(match[2])
        return (int(match[1]), unit, at + 1) if unit else None
    if (
        low(words, at) == words_of.HALF
        and low(words, at + 1) == "an"
        and low(words, at + 2) == words_of.HOUR
    ):
        return 30, words_of.MINUTE, at + 3
    count, unit = number(low(words, at)), words_of.UNITS.get(low(words, at + 1))
    return (count, unit, at + 2) if count is not None and unit else None


def month_day(words: Words, at: int) -> tuple[int, int, int] | None:
    """A month, a day, and the place behind: "jan 27", "27th of January"."""
    month = words_of.MONTHS.get(low(words, at))
    if month is not None and not words[at].ends_clause:
        day = _day_number(low(words, at + 1))
        return (month, day, at + 2) if day else None
    day = _day_number(low(words, at))
    if day is None or words[at].ends_clause:
        return None
    behind = at + 2 if low(words, at + 1) == words_of.OF else at + 1
    month = words_of.MONTHS.get(low(words, behind))
    return (month, day, behind + 1) if month is not None else None


def next_month_day(context: Context, month: int, day: int) -> date | None:
    """The next such day of a year, today included; a 29 February is the next real one."""
    for year in range(context.today.year, context.today.year + 9):
        found = a_date(year, month, day)
        if found and found >= context.today:
            return found
    return None


def next_weekday(day: date, weekday: int) -> date:
    """The first such weekday from a day on, the day included."""
    return day + timedelta(days=(weekday - day.weekday()) % 7)


def a_date(year: int, month: int, day: int) -> date | None:
    """The day, or None where there is no such day."""
    try:
        return date(year, month, day) if _FIRST_YEAR <= year <= _LAST_YEAR else None
    except ValueError:
        return None


def later(day: date, count: int, unit: str) -> date | None:
    """So many days, weeks, months or years later; a day that the month does not have becomes its last."""
    count, unit = {
        words_of.FORTNIGHT: (2 * count, words_of.WEEK),
        words_of.QUARTER: (3 * count, words_of.MONTH),
    }.get(unit, (count, unit))
    try:
        return day + relativedelta(**{f"{unit}s": count})  # pyright: ignore[reportArgumentType]
    except (ValueError, OverflowError):
        return None


# By their first word


def _plain_day(days: int) -> Callable[[Words, int, Context], Piece | None]:
    def find(words: Words, at: int, context: Context) -> Piece | None:
        if low(words, at - 1) == words_of.OF:
            # The world of tomorrow.
            return None
        if last := _end_of_name(words, at):
            return Piece(at, last, Kind.TEXT, None)
        return _dated(at, at + 1, context.today + timedelta(days=days))

    return find


def _short_day(days: int) -> Callable[[Words, int, Context], Piece | None]:
    def find(words: Words, at: int, context: Context) -> Piece | None:
        if words[at].core != words[at].low:
            return None
        return _dated(at, at + 1, context.today + timedelta(days=days), Needs.TAIL)

    return find


def _day_after_tomorrow(words: Words, at: int, context: Context) -> Piece | None:
    if low(words, at + 1) != words_of.AFTER or low(words, at + 2) not in words_of.TOMORROW:
        return None
    if words[at + 1].core != words_of.AFTER:
        # With capitals, it is the film.
        return Piece(at, at + 3, Kind.TEXT, None)
    return _dated(at, at + 3, context.today + timedelta(days=2))


def _tonight(words: Words, at: int, context: Context) -> Piece:
    if last := _end_of_name(words, at):
        return Piece(at, last, Kind.TEXT, None)
    return _today_at(at, at + 1, words_of.TONIGHT_AT, context)


def _weekday(words: Words, at: int, context: Context) -> Piece | None:
    name = words[at].low
    before = low(words, at - 1)
    is_short = name not in words_of.WEEKDAYS
    if is_short and words[at].core != name:
        return None
    is_counted = before == words_of.LAST or ordinal(before) is not None
    if is_counted or before in words_of.NAMED_DAYS_BEFORE:
        return Piece(at, at + 1, Kind.TEXT, None)
    if last := _end_of_name(words, at):
        return Piece(at, last, Kind.TEXT, None)
    if low(words, at + 1) == words_of.THE and low(words, at + 2) == "13th":
        return Piece(at, at + 3, Kind.TEXT, None)
    weekday = _ALL_WEEKDAYS[name]
    dated = _figured(words, at + 1, context)
    if dated and dated.kind is Kind.DATE and dated.value.day.weekday() == weekday:
        # "Monday 16 March" is one day.
        return Piece(at, dated.last, Kind.DATE, dated.value, dated.needs)
    day = next_weekday(context.today + timedelta(days=1), weekday)
    return _dated(at, at + 1, day, Needs.TAIL if is_short else Needs.NOTHING)


def _end_of_name(words: Words, at: int) -> int:
    """Where a name ends that holds the day at this word; 0 where it is in none."""
    for first, last in ((at, at + 3), (at, at + 2), (at - 1, at + 1), (at - 2, at + 1)):
        if first >= 0 and " ".join(word.core for word in words[first:last]) in words_of.NAMED_DAYS:
            return min(last, len(words))
    return 0


def _this(words: Words, at: int, context: Context) -> Piece | None:
    following = low(words, at + 1)
    if following in words_of.PERIODS:
        clock = words_of.TONIGHT_AT if following == "night" else words_of.PERIODS[following]
        return _today_at(at, at + 2, clock, context)
    if (weekday := _number_of_weekday(following)) is not None:
        return _dated(at, at + 2, next_weekday(context.today, weekday))
    if following in words_of.WEEKEND:
        return _dated(at, at + 2, _this_weekend(context.today))
    return None


def _next(words: Words, at: int, context: Context) -> Piece | None:
    following, today = low(words, at + 1), context.today
    next_week = _week_start(context) + timedelta(days=7)
    if (weekday := _number_of_weekday(following)) is not None:
        return _dated(at, at + 2, next_weekday(next_week, weekday))
    if following in words_of.WEEKEND:
        this_weekend = _this_weekend(today)
        return _dated(at, at + 2, next_weekday(this_weekend + timedelta(days=1), 5))
    days = {
        words_of.WEEK: next_week,
        words_of.MONTH: (today.replace(day=1) + timedelta(days=32)).replace(day=1),
        words_of.YEAR: date(today.year + 1, 1, 1),
    }
    return _dated(at, at + 2, days[following]) if following in days else None


def _later(words: Words, at: int, context: Context) -> Piece | None:
    if low(words, at + 2) != words_of.WEEK:
        return None
    match low(words, at + 1):
        case words_of.THIS:
            return _dated(at, at + 3, context.today + timedelta(days=2))
        case words_of.NEXT:
            return _dated(at, at + 3, _week_start(context) + timedelta(days=11))
    return None


def _end_of(words: Words, at: int, context: Context) -> Piece | None:
    if low(words, at + 1) != words_of.OF:
        return None
    unit = at + 3 if low(words, at + 2) == words_of.THE else at + 2
    today = context.today
    if low(words, at + 2) in words_of.TODAY:
        return _dated(at, at + 3, today)
    if low(words, at + 2) in words_of.TOMORROW:
        return _dated(at, at + 3, today + timedelta(days=1))
    ends = {
        words_of.DAY: today,
        words_of.WEEK: _week_start(context) + timedelta(days=6),
        words_of.MONTH: today + relativedelta(day=31),
        words_of.YEAR: date(today.year, 12, 31),
    }
    named = low(words, unit)
    return _dated(at, unit + 1, ends[named]) if named in ends else None


def _middle_of(words: Words, at: int, context: Context) -> Piece | None:
    month = words_of.MONTHS.get(low(words, at + 1))
    day = next_month_day(context, month, 15) if month else None
    return _dated(at, at + 2, day, Needs.EDGE) if day else None


def _after_in(words: Words, at: int, context: Context) -> Piece | None:
    found = duration(words, at + 1)
    return _elapsed(at, found, context) if found else None


def _month_first(words: Words, at: int, context: Context) -> Piece | None:
    return _named_date(words, at, at, context)


def _after_the(words: Words, at: int, context: Context) -> Piece | None:
    found = (
        _named_date(words, at, at + 1, context)
        or _day_of_month(words, at + 1, context)
        or (low(words, at + 1) == words_of.DAY and _day_after_tomorrow(words, at + 1, context))
    )
    if low(words, at + 1) == words_of.END and (end := _end_of(words, at + 1, context)):
        # "At the end of the day, it works" is a saying.
        return Piece(at, end.last, end.kind, end.value, Needs.EDGE)
    return Piece(at, found.last, found.kind, found.value, found.needs) if found else None


# By their shape


def _figured(words: Words, at: int, context: Context) -> Piece | None:
    """A day in figures, or by its month."""
    if not low(words, at):
        return None
    if low(words, at) == words_of.THE:
        return _after_the(words, at, context)
    return _numeric_date(words, at, context) or _day_of_month(words, at, context)


def _numeric_date(words: Words, at: int, context: Context) -> Piece | None:
    text = words[at].core
    if text.isdigit() or low(words, at - 1) in words_of.NUMBERED:
        return None
    if match := _ISO.fullmatch(text):
        day = a_date(int(match[1]), int(match[3]), int(match[4]))
        clock = _clock(int(match[5]), int(match[6]), None) if match[5] else None
        if day is None or (match[5] and clock is None):
            return None
        return Piece(at, at + 1, Kind.DATE, When(day, clock))
    # A dotted date without a year ends with its dot; without, it is a number.
    if match := _DOTTED.fullmatch(words[at].text.rstrip(",;:)")) or _DOTTED.fullmatch(text):
        return _figures(at, int(match[1]), int(match[2]), match[3], context)
    match = _SLASHED.fullmatch(text)
    if not match or text == words_of.ROUND_THE_CLOCK:
        return None
    first, second = int(match[1]), int(match[2])
    day, month = (second, first) if context.date_order == "mdy" else (first, second)
    return _figures(at, day, month, match[3], context) or _figures(
        at, month, day, match[3], context
    )


def _figures(at: int, day: int, month: int, year: str | None, context: Context) -> Piece | None:
    if year is None:
        found, needs = next_month_day(context, month, day) if 1 <= month <= 12 else None, Needs.EDGE
    else:
        found = a_date(int(year) + (2000 if len(year) == 2 else 0), month, day)
        needs = Needs.EDGE if len(year) == 2 else Needs.NOTHING
    return _dated(at, at + 1, found, needs) if found else None


def _day_of_month(words: Words, at: int, context: Context) -> Piece | None:
    if named := _named_date(words, at, at, context):
        return named
    if not _ORDINAL.fullmatch(low(words, at)) or low(words, at + 1) in words_of.MONTHS:
        return None
    day = ordinal(low(words, at))
    if day is None or not 1 <= day <= 31:
        return None
    month = context.today.replace(day=1)
    found = None
    while found is None or found < context.today:
        found = a_date(month.year, month.month, day)
        month = (month + timedelta(days=32)).replace(day=1)
    return _dated(at, at + 1, found, Needs.EDGE)


def _named_date(words: Words, at: int, first: int, context: Context) -> Piece | None:
    found = month_day(words, first)
    if not found:
        return None
    month, day, last = found
    if _YEAR.fullmatch(low(words, last)):
        dated = a_date(int(low(words, last)), month, day)
        return _dated(at, last + 1, dated) if dated else Piece(at, last + 1, Kind.TEXT, None)
    named = next(word for word in words[first:last] if word.low in words_of.MONTHS)
    is_name = named.core != named.low or named.low in words_of.AMBIGUOUS_MONTHS
    dated = next_month_day(context, month, day)
    return _dated(at, last, dated, Needs.EDGE if is_name else Needs.NOTHING) if dated else None


def _from_a_day(words: Words, at: int, context: Context) -> Piece | None:
    """A week from now, 3 days from tomorrow, two weeks from friday."""
    found = duration(words, at)
    if found is None or low(words, found[2]) != words_of.FROM:
        return None
    count, unit, behind = found
    day = low(words, behind + 1)
    if day == words_of.NOW or day in words_of.TODAY:
        elapsed = _elapsed(at, found, context)
        return elapsed and Piece(at, behind + 2, elapsed.kind, elapsed.value)
    weekday = words_of.WEEKDAYS.get(day)
    start = context.today + timedelta(days=1)
    if unit not in _CALENDAR_UNITS or (weekday is None and day not in words_of.TOMORROW):
        return None
    then = later(start if weekday is None else next_weekday(start, weekday), count, unit)
    return _dated(at, behind + 2, then) if then else None


def _span(words: Words, at: int, context: Context) -> Piece | None:
    unit = words_of.UNITS.get(low(words, at + 1))
    if unit is None:
        return None
    if found := _from_a_day(words, at, context):
        return found
    is_signed = words[at].core.startswith("+")
    figure = words[at].core.removeprefix("+")
    if not _DIGITS.fullmatch(figure):
        return None
    found = int(figure), unit, at + 2
    if is_signed:
        return _elapsed(at, found, context)
    if unit not in _CALENDAR_UNITS or low(words, at - 1) in _NOT_BEFORE_A_SPAN:
        return None
    elapsed = _elapsed(at, found, context)
    return elapsed and Piece(at, at + 2, elapsed.kind, elapsed.value, Needs.TAIL)


def _elapsed(at: int, found: tuple[int, str, int], context: Context) -> Piece | None:
    count, unit, last = found
    if unit in _CALENDAR_UNITS:
        day = later(context.today, count, unit)
        return _dated(at, last, day) if day else None
    # Hours and minutes go by on every clock; days and longer are days of the calendar.
    passed = timedelta(hours=count) if unit == words_of.HOUR else timedelta(minutes=count)
    moment = (context.now.astimezone(UTC) + passed).astimezone(context.now.tzinfo)
    return Piece(at, last, Kind.DATE, When(moment.date(), _minute(moment)))


# Times


def _period(words: Words, at: int) -> Piece | None:
    """Morning, evening …, which count beside a day."""
    last = at
    if low(words, at) == words_of.IN and low(words, at + 1) == words_of.THE:
        last = at + 2
    elif low(words, at) == "at":
        last = at + 1
    clock = words_of.PERIODS.get(low(words, last))
    if clock is None or (low(words, at) == "at" and low(words, last) != "night"):
        return None
    return Piece(at, last + 1, Kind.TIME, When(at=clock), Needs.DAY)


def _clock(hour: int, minute: int, half: str | None) -> time | None:
    if minute > 59 or (half and not 1 <= hour <= 12) or hour > 23:
        return None
    return time(hour % 12 + words_of.AM_PM[half] if half else hour, minute)


def _minute(moment: datetime) -> time:
    return moment.time().replace(second=0, microsecond=0)


# Weeks


def _week_start(context: Context) -> date:
    return context.today - timedelta(days=(context.today.weekday() - context.week_start) % 7)


def _this_weekend(today: date) -> date:
    return today if today.weekday() >= 5 else next_weekday(today, 5)


def _number_of_weekday(name: str) -> int | None:
    return _ALL_WEEKDAYS.get(name)


# Small helpers


def _dated(first: int, last: int, day: date, needs: Needs = Needs.NOTHING) -> Piece:
    return Piece(first, last, Kind.DATE, When(day), needs)


def _today_at(first: int, last: int, clock: time, context: Context) -> Piece:
    """Today at a time, or today alone once the time is past."""
    is_ahead = context.wall.time() < clock
    return Piece(first, last, Kind.DATE, When(context.today, clock if is_ahead else None))


def _day_number(word: str) -> int | None:
    digits = (
        ordinal(word)
        if _ORDINAL.fullmatch(word)
        else int(word)
        if _DIGITS.fullmatch(word)
        else None
    )
    return digits if digits and digits <= 31 else None


def _suffix(number: int) -> str:
    if 11 <= number % 100 <= 13:
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


_Finder = Callable[[Words, int, Context], Piece | None]
_BY_WORD: dict[str, tuple[_Finder, ...]] = {
    **dict.fromkeys(words_of.TODAY, (_plain_day(0),)),
    **dict.fromkeys(words_of.TOMORROW, (_plain_day(1),)),
    **dict.fromkeys(words_of.SHORT_TODAY, (_short_day(0),)),
    **dict.fromkeys(words_of.SHORT_TOMORROW, (_short_day(1),)),
    words_of.TONIGHT: (_tonight,),
    words_of.DAY: (_day_after_tomorrow,),
    **dict.fromkeys([*words_of.WEEKDAYS, *words_of.SHORT_WEEKDAYS], (_weekday,)),
    words_of.THIS: (_this,),
    words_of.NEXT: (_next,),
    words_of.LATER: (_later,),
    words_of.END: (_end_of,),
    words_of.MIDDLE: (_middle_of,),
    words_of.IN: (_after_in,),
    **dict.fromkeys(words_of.MONTHS, (_month_first,)),
    words_of.THE: (_after_the,),
}
