"""When a task that repeats is due next. The rules are examples in tests/vectors/recurrence.json."""

import json
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.errors import InvalidInput
from dashboard.models.repeat import WEEKDAYS, Anchor, Due, Repeat
from dashboard.services.tasks import recurrence

CASES = json.loads((Path(__file__).parents[2] / "vectors/recurrence.json").read_text())["cases"]


def whole(rule: Repeat) -> str:
    """A repeat with its end, as RFC 5545 writes it."""
    count = f";COUNT={rule.count}" if rule.count else ""
    return rule.rule + count + (f";UNTIL={rule.until:%Y%m%d}" if rule.until else "")


def written(due: Due) -> str:
    return due.day.isoformat() + (f"T{due.at:%H:%M}" if due.at else "")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_a_completed_occurrence_is_followed_by_the_next(case: dict[str, Any]) -> None:
    zone = ZoneInfo(case["timezone"])
    at = time.fromisoformat(case["due_time"]) if "due_time" in case else None
    due = Due(date.fromisoformat(case["due"]), at)
    rule = recurrence.parse(case["rrule"], due, anchor=case["anchor"], zone=case["timezone"])
    if not case["rrule"].endswith("Z"):
        assert whole(rule) == case.get("stored", case["rrule"])
    moment = datetime.fromisoformat(case["completed_at"])
    done = moment.astimezone(zone).replace(tzinfo=None)
    found: list[str] = []
    for _ in range(max(1, len(case.get("next", ())))):
        following = recurrence.next_due(rule, due, done)
        if following is None:
            break
        due, rule = following
        found.append(written(due))
        if "after" in case and len(found) == 1:
            assert whole(rule) == case["after"]
        done = due.wall if due.at else datetime.combine(due.day, time(12))
    assert found == case.get("next", [])


@pytest.mark.parametrize(
    ("rule", "was", "day", "expected"),
    [
        ("FREQ=DAILY;INTERVAL=3", "2026-03-11", "2026-03-12", "FREQ=DAILY;INTERVAL=3"),
        ("FREQ=WEEKLY;BYDAY=MO", "2026-03-16", "2026-03-22", "FREQ=WEEKLY;BYDAY=SU"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU", "2026-03-15", "2026-03-16", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TU"),
        ("FREQ=MONTHLY;BYMONTHDAY=1", "2026-03-01", "2026-03-31", "FREQ=MONTHLY;BYMONTHDAY=31,-1;BYSETPOS=1"),
        ("FREQ=MONTHLY;BYMONTHDAY=31,-1;BYSETPOS=1", "2026-03-31", "2026-03-05", "FREQ=MONTHLY;BYMONTHDAY=5"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "2026-03-31", "2026-03-30", "FREQ=MONTHLY;BYMONTHDAY=30,-1;BYSETPOS=1"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "2026-03-31", "2026-04-30", "FREQ=MONTHLY;BYMONTHDAY=-1"),
        ("FREQ=MONTHLY;BYDAY=2TU", "2026-03-10", "2026-03-18", "FREQ=MONTHLY;BYDAY=3WE"),
        ("FREQ=MONTHLY;BYDAY=-1FR", "2026-03-27", "2026-03-26", "FREQ=MONTHLY;BYDAY=-1TH"),
        ("FREQ=MONTHLY;BYDAY=-1FR", "2026-03-27", "2026-03-19", "FREQ=MONTHLY;BYDAY=3TH"),
        ("FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=1", "2026-03-01", "2026-02-28", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=28"),
        ("FREQ=YEARLY;BYMONTH=11;BYDAY=4TH", "2026-11-26", "2026-12-04", "FREQ=YEARLY;BYMONTH=12;BYDAY=1FR"),
    ],
)  # fmt: skip
def test_a_rule_moves_with_one_of_its_days(rule: str, was: str, day: str, expected: str) -> None:
    there = date.fromisoformat(day)
    assert recurrence.shifted(rule, date.fromisoformat(was), there) == expected
    # What follows is on the moved rule.
    assert recurrence.parse(expected, Due(there)).rule == recurrence.normalise(expected, Due(there))


@pytest.mark.parametrize("rule", ["FREQ=MONTHLY;BYMONTHDAY=1,15", "FREQ=MONTHLY;BYDAY=1MO,3MO"])
def test_a_rule_of_several_days_does_not_move_by_itself(rule: str) -> None:
    with pytest.raises(InvalidInput, match="names several days"):
        recurrence.shifted(rule, date(2026, 3, 1), date(2026, 3, 2))


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ("INTERVAL=2", "does not say how often"),
        ("FREQ=OFTEN", "does not say how often"),
        ("FREQ=MINUTELY", "every hour at most"),
        ("FREQ=SECONDLY;COUNT=3", "every hour at most"),
        ("FREQ=DAILY;COUNT=3;UNTIL=20270101", "not both"),
        ("FREQ=DAILY;UNTIL=20260310", "ends before the task is due"),
        ("FREQ=DAILY;UNTIL=tomorrow", "Write the end"),
        ("FREQ=DAILY;COUNT=0", "COUNT of a repeat"),
        ("FREQ=DAILY;INTERVAL=1001", "INTERVAL of a repeat"),
        ("FREQ=DAILY;INTERVAL=-1", "INTERVAL of a repeat"),
        ("FREQ=DAILY;FREQ=WEEKLY", "same thing twice"),
        ("FREQ=DAILY;BYHOUR=9", "cannot have BYHOUR"),
        ("FREQ=WEEKLY;BYDAY=XX", "weekday that does not exist"),
        ("FREQ=WEEKLY;BYDAY=2MO", "second Monday"),
        ("FREQ=WEEKLY;WKST=NO", "starts on no weekday"),
        ("FREQ=MONTHLY;BYMONTHDAY=32", "BYMONTHDAY of a repeat"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "never happens"),
        ("FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=31", "never happens"),
        ("FREQ=HOURLY", "needs a due time"),
        ("FREQ=HOURLY;BYDAY=MO", "cannot be limited"),
        (";".join(["FREQ=DAILY", *(f"X{n}=1" for n in range(10))]), "at most 10 parts"),
    ],
)
def test_a_rule_that_cannot_be_kept_is_refused_in_a_sentence(rule: str, sentence: str) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        recurrence.parse(rule, Due(date(2026, 3, 11)))


DAYS = st.dates(date(2020, 1, 1), date(2032, 12, 31))
TIMES = st.none() | st.times().map(lambda at: at.replace(second=0, microsecond=0))


@st.composite
def rules(draw: st.DrawFn) -> str:
    parts = [f"FREQ={draw(st.sampled_from(['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY']))}"]
    parts.append(f"INTERVAL={draw(st.integers(1, 5))}")
    if parts[0] == "FREQ=WEEKLY" and draw(st.booleans()):
        days = draw(st.lists(st.sampled_from(WEEKDAYS), min_size=1, max_size=3, unique=True))
        parts.append(f"BYDAY={','.join(days)}")
    elif parts[0] == "FREQ=MONTHLY" and draw(st.booleans()):
        parts.append(f"BYMONTHDAY={draw(st.integers(1, 31))}")
    return ";".join(parts)


@given(rules(), DAYS, TIMES, st.sampled_from(["due", "completion"]), st.integers(-400, 4000))
def test_the_next_occurrence_is_always_ahead_and_never_the_same(
    rule: str, day: date, at: time | None, anchor: Anchor, hours_late: int
) -> None:
    due = Due(day, at)
    kept = recurrence.parse(rule, due, anchor=anchor)
    done = due.wall + timedelta(hours=hours_late)
    following = recurrence.next_due(kept, due, done)
    assert following is not None
    following_due, unchanged = following
    assert unchanged == kept
    assert following_due != due or hours_late < 0
    if at is None or anchor == "completion":
        assert following_due.day > done.date()
    else:
        assert following_due.wall > done
    if anchor == "due":
        assert following_due.wall > due.wall


@given(st.integers(29, 31), st.integers(1, 6), DAYS)
def test_a_late_day_of_the_month_never_drifts(day: int, interval: int, start: date) -> None:
    due = Due(start)
    rule = recurrence.parse(f"FREQ=MONTHLY;INTERVAL={interval};BYMONTHDAY={day}", due)
    for _ in range(14):
        following = recurrence.next_due(rule, due, due.wall)
        assert following is not None
        due, rule = following
        is_last = (due.day + timedelta(days=1)).day == 1
        assert due.day.day == day or (is_last and due.day.day < day)
