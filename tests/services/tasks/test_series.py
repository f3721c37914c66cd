"""What comes after an occurrence: pure, of one task."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from dashboard.errors import InvalidInput
from dashboard.models.repeat import RepeatInput
from dashboard.models.task import Priority, Task
from dashboard.services.tasks import series

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 11, 10, tzinfo=BERLIN)
TODAY = NOW.date()


def wish(rule: str, anchor: str = "due", **end: Any) -> RepeatInput:
    return RepeatInput.model_validate({"rule": rule, "from": anchor, **end})


def repeating(rule: str, due: date | None = TODAY, at: time | None = None, **end: Any) -> Task:
    person = uuid4()
    task = Task(
        list_id=person,
        created_by=person,
        title="Bins",
        description="Both of them",
        priority=Priority.HIGH,
        due_date=due,
        due_time=at,
    )
    series.set_repeat(task, wish(rule, **end), NOW)
    return task


def test_the_next_occurrence_has_everything_that_the_task_has_and_its_own_date() -> None:
    task = repeating("FREQ=WEEKLY;BYDAY=WE", at=time(9, 15))
    following = series.following(task, NOW, NOW)
    assert following is not None
    assert (following.due_date, following.due_time) == (date(2026, 3, 18), time(9, 15))
    for name in (
        "title",
        "description",
        "priority",
        "list_id",
        "created_by",
        "series_id",
        "repeat",
    ):
        assert getattr(following, name) == getattr(task, name)
    assert (following.occurrence, following.completed_at) == (2, None)
    assert following.id == series.next_id(task)
    # Whoever makes it, and whenever.
    again = series.following(task, NOW + timedelta(minutes=5), NOW + timedelta(minutes=5))
    assert again is not None
    assert (again.id, again.due_date) == (following.id, following.due_date)


def test_a_series_ends_with_its_count_and_its_last_day() -> None:
    twice = repeating("FREQ=DAILY;COUNT=2")
    second = series.following(twice, NOW, NOW)
    assert second is not None
    assert second.repeat is not None
    assert second.repeat.count == 1
    assert series.following(second, NOW, NOW) is None
    assert series.following(repeating("FREQ=DAILY", until="2026-03-11"), NOW, NOW) is None


def test_a_daily_task_that_is_overdue_for_a_week_is_ticked_once() -> None:
    task = repeating("FREQ=DAILY", TODAY - timedelta(days=7))
    following = series.following(task, NOW, NOW)
    assert following is not None
    assert following.due_date == TODAY + timedelta(days=1)


def test_a_repeat_without_a_due_date_gets_the_first_day_of_its_rule() -> None:
    assert repeating("FREQ=WEEKLY;BYDAY=MO", None).due_date == date(2026, 3, 16)
    assert repeating("FREQ=MONTHLY", None).due_date == TODAY
    with pytest.raises(InvalidInput, match="never happens"):
        repeating("FREQ=DAILY;BYSETPOS=2", None)


def test_skipping_moves_on_and_past_what_was_missed() -> None:
    task = repeating("FREQ=WEEKLY;BYDAY=WE;COUNT=9", TODAY - timedelta(days=14))
    series.skip(task, NOW)
    assert task.due_date == date(2026, 3, 18)
    assert task.repeat is not None
    assert task.repeat.count == 6
    last = repeating("FREQ=DAILY;COUNT=1")
    with pytest.raises(InvalidInput, match="Nothing comes after"):
        series.skip(last, NOW)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"due_date": None}, "needs a due date"),
        ({"due_date": date(2026, 7, 1)}, "ends before the task is due"),
    ],
)
def test_a_date_that_the_repeat_cannot_keep_is_refused(
    changes: dict[str, Any], sentence: str
) -> None:
    task = repeating("FREQ=DAILY", until="2026-06-30")
    task.sqlmodel_update(changes)
    with pytest.raises(InvalidInput, match=sentence):
        series.require_consistent(task)


def test_a_repeat_has_one_end() -> None:
    task = repeating("FREQ=DAILY", count=3)
    with pytest.raises(InvalidInput, match="not both"):
        series.set_repeat(task, wish("FREQ=DAILY;COUNT=2", until="2026-06-30"), NOW)
