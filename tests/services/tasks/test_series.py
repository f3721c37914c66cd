"""What comes after an occurrence: pure, of one task."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from dashboard.errors import InvalidInput
from dashboard.models.repeat import Due, RepeatInput, Shift
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


def test_the_last_of_june_is_followed_by_the_last_of_july() -> None:
    for rule in ("FREQ=MONTHLY;BYMONTHDAY=-1", "FREQ=MONTHLY;BYMONTHDAY=31"):
        following = series.following(repeating(rule, date(2026, 6, 30)), NOW, NOW)
        assert following is not None
        assert following.due_date == date(2026, 7, 31)


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
        series.settle_due(task)


def test_a_series_that_keeps_missed_ones_comes_to_each_of_them() -> None:
    task = repeating("FREQ=DAILY;COUNT=9", TODAY - timedelta(days=2), keep_missed=True)
    days: list[date | None] = []
    for _ in range(4):
        following = series.following(task, NOW, NOW)
        assert following is not None
        task = following
        days.append(task.due_date)
    assert days == [TODAY + timedelta(days=ahead) for ahead in (-1, 0, 1, 2)]
    assert task.repeat is not None
    assert (task.repeat.count, task.repeat.keep_missed) == (5, True)
    with pytest.raises(InvalidInput, match="misses none"):
        repeating("FREQ=DAILY", anchor="completion", keep_missed=True)


@pytest.mark.parametrize(
    ("task", "days_later", "due"),
    [
        (repeating("FREQ=WEEKLY;BYDAY=WE;COUNT=3", at=time(9, 15)), 1, date(2026, 3, 18)),
        (repeating("FREQ=WEEKLY;BYDAY=FR", date(2026, 3, 13)), 1, date(2026, 3, 13)),
        (repeating("FREQ=WEEKLY;INTERVAL=2;BYDAY=WE"), 20, date(2026, 4, 8)),
        (repeating("FREQ=DAILY", keep_missed=True), 20, date(2026, 3, 31)),
        (repeating("FREQ=WEEKLY;INTERVAL=6", anchor="completion"), 20, date(2026, 3, 31)),
    ],
)
def test_a_paused_series_has_no_date_and_goes_on_with_the_first_one_ahead(
    task: Task, days_later: int, due: date
) -> None:
    before = task.repeat, task.due_time
    series.pause(task, NOW)
    series.pause(task, NOW)
    assert (task.due_date, task.due_time) == (None, None)
    series.resume(task, NOW + timedelta(days=days_later))
    series.resume(task, NOW + timedelta(days=days_later))
    assert (task.due_date, task.repeat, task.due_time) == (due, *before)


def test_what_is_done_to_a_paused_series_leaves_it_paused_and_a_date_ends_the_pause() -> None:
    task = repeating("FREQ=DAILY;COUNT=9", at=time(9, 15))
    series.pause(task, NOW)
    series.skip(task, NOW)
    following = series.following(task, NOW, NOW)
    assert following is not None
    assert following.repeat is not None
    assert following.due_date is None
    assert following.repeat.paused == Due(TODAY + timedelta(days=2), time(9, 15))
    series.settle_due(following)
    with pytest.raises(InvalidInput, match="paused: let it go on"):
        series.shift(following, Shift(due_date=TODAY))
    following.due_date = date(2026, 5, 1)
    series.settle_due(following)
    assert following.repeat.paused is None


def test_a_pause_outlasts_no_end() -> None:
    task = repeating("FREQ=DAILY", until="2026-03-20")
    series.pause(task, NOW)
    with pytest.raises(InvalidInput, match="Nothing comes after"):
        series.resume(task, NOW + timedelta(days=20))


def test_a_series_moves_from_here_on() -> None:
    task = repeating("FREQ=WEEKLY;BYDAY=MO,WE", at=time(9, 15))
    series.shift(task, Shift(due_date=TODAY + timedelta(days=1)))
    assert task.repeat is not None
    assert (task.due_date, task.due_time) == (date(2026, 3, 12), time(9, 15))
    assert task.repeat.rule == "FREQ=WEEKLY;BYDAY=TU,TH"
    # What was moved for once before can be what all that follow do, too.
    task = repeating("FREQ=WEEKLY;BYDAY=MO", date(2026, 3, 17))
    series.shift(task, Shift(due_date=date(2026, 3, 17), was=date(2026, 3, 16)))
    assert task.repeat is not None
    assert task.repeat.rule == "FREQ=WEEKLY;BYDAY=TU"


@pytest.mark.parametrize("change", [series.skip, series.pause, series.resume])
def test_only_an_open_task_that_repeats_is_changed(change: Callable[..., None]) -> None:
    task = repeating("FREQ=DAILY")
    task.completed_at = NOW
    with pytest.raises(InvalidInput, match="goes on with the next one"):
        change(task, NOW)
    series.set_repeat(task, None, NOW)
    with pytest.raises(InvalidInput, match="does not repeat"):
        change(task, NOW)


def test_a_repeat_has_one_end() -> None:
    task = repeating("FREQ=DAILY", count=3)
    with pytest.raises(InvalidInput, match="not both"):
        series.set_repeat(task, wish("FREQ=DAILY;COUNT=2", until="2026-06-30"), NOW)
