"""A series in the database: one open occurrence, whatever people do, from however many places."""

import asyncio
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import col, select

from dashboard import clock
from dashboard.database.transactions import Database
from dashboard.errors import InvalidInput, TaskNotFound
from dashboard.models.repeat import WEEKDAYS, RepeatInput
from dashboard.models.session import Actor
from dashboard.models.task import OPEN, Task, TaskChanges, TaskDraft, due_key, moment_key
from dashboard.services.tasks import commands, series
from dashboard.services.tasks.effects import TaskEffects
from tests.conftest import FrozenClock

DONE, OPEN_AGAIN = TaskChanges(is_completed=True), TaskChanges(is_completed=False)


def wish(rule: str, anchor: str = "due", **end: Any) -> RepeatInput:
    return RepeatInput.model_validate({"rule": rule, "from": anchor, **end})


class Series:
    """One person's series, changed by commands, each in a transaction of its own."""

    def __init__(
        self, database: Database, actor: Actor, repeat: RepeatInput, **fields: Any
    ) -> None:
        self.database, self.actor = database, actor
        draft = TaskDraft(title="Bins", repeat=repeat, **fields)
        self.id = self.do(commands.create_task, draft).task.series_id

    def do(self, command: Callable[..., TaskEffects], *args: Any, **kwargs: Any) -> TaskEffects:
        with self.database.transaction() as session:
            return command(session, self.actor, *args, **kwargs)

    @property
    def all(self) -> list[Task]:
        with self.database.transaction(writes=False) as session:
            mine = select(Task).where(col(Task.created_by) == self.actor.id)
            return list(session.exec(mine.order_by(col(Task.occurrence))).all())

    @property
    def open(self) -> list[Task]:
        return [task for task in self.all if task.state == OPEN and task.series_id == self.id]


@pytest.fixture
def start_series(
    database: Database, ana: Actor, frozen_clock: FrozenClock
) -> Callable[..., Series]:
    """Starts one of Ana's: `start_series("FREQ=DAILY", due_date=…)`. It is Tuesday 10 March 2026, 13:00."""

    def start(rule: str = "FREQ=DAILY", **fields: Any) -> Series:
        return Series(database, ana, wish(rule), **fields)

    return start


def test_completing_twice_makes_one_next_and_moves_no_date_twice(
    start_series: Callable[..., Series], frozen_clock: FrozenClock
) -> None:
    bins = start_series("FREQ=WEEKLY;BYDAY=TU")
    (first,) = bins.open
    done = bins.do(commands.update_task, first.id, DONE)
    assert [
        effect.task.due_date.isoformat() for effect in done.changed if effect.task.due_date
    ] == [
        "2026-03-10",
        "2026-03-17",
    ]
    frozen_clock.advance(seconds=1)
    assert len(bins.do(commands.update_task, first.id, DONE).changed) == 1
    kept, following = bins.all
    assert kept.completed_at is not None
    assert (following.id, following.due_date) == (done.changed[1].task.id, following.due_date)
    assert bins.open == [following]


def test_opening_it_again_takes_the_untouched_next_one_away(
    start_series: Callable[..., Series], frozen_clock: FrozenClock
) -> None:
    bins = start_series()
    (first,) = bins.open
    versions: list[int] = []
    for _ in range(2):
        _, made = bins.do(commands.update_task, first.id, DONE).changed
        frozen_clock.advance(seconds=1)
        _, taken = bins.do(commands.update_task, first.id, OPEN_AGAIN).changed
        frozen_clock.advance(seconds=1)
        assert made.task.id == taken.task.id
        versions += [made.task.version, taken.task.version]
    # A tab that saw it go is to see it come again.
    assert versions == sorted(versions)
    assert [task.id for task in bins.all] == [first.id]


def test_a_next_one_that_was_changed_stays_and_goes_on(
    start_series: Callable[..., Series], frozen_clock: FrozenClock
) -> None:
    bins = start_series()
    (first,) = bins.open
    bins.do(commands.update_task, first.id, DONE)
    (second,) = bins.open
    frozen_clock.advance(seconds=1)
    bins.do(commands.update_task, second.id, TaskChanges(title="Both bins"))
    bins.do(commands.update_task, first.id, OPEN_AGAIN)
    assert {task.title for task in bins.all if task.state == OPEN} == {"Bins", "Both bins"}
    assert [task.title for task in bins.open] == ["Both bins"]
    bins.do(commands.update_task, first.id, DONE)
    assert len(bins.open) == 1


def test_a_paused_one_that_repeats_no_more_has_its_date_back(
    start_series: Callable[..., Series], frozen_clock: FrozenClock
) -> None:
    bins = start_series("FREQ=DAILY", due_date="2026-03-12", due_time="09:30")
    (first,) = bins.open
    bins.do(commands.pause_series, first.id)
    bins.do(commands.update_task, first.id, DONE)
    (second,) = bins.open
    frozen_clock.advance(seconds=1)
    bins.do(commands.update_task, second.id, TaskChanges(title="Both bins"))
    # It is no longer one of the series, which goes on with the second.
    bins.do(commands.update_task, first.id, OPEN_AGAIN)
    bins.do(commands.update_task, second.id, TaskChanges(repeat=None))
    found = {task.title: f"{task.due_date} {task.due_time:%H:%M}" for task in bins.all}
    assert found == {"Bins": "2026-03-12 09:30", "Both bins": "2026-03-13 09:30"}


def test_a_date_that_is_edited_keeps_the_repeat_and_none_at_all_is_refused(
    start_series: Callable[..., Series],
) -> None:
    bins = start_series("FREQ=MONTHLY;BYMONTHDAY=30", due_date="2026-06-30")
    (first,) = bins.open
    bins.do(commands.update_task, first.id, TaskChanges(due_date="2026-07-02"))  # pyright: ignore[reportArgumentType]
    (moved,) = bins.open
    assert moved.repeat == first.repeat
    with pytest.raises(InvalidInput, match="needs a due date"):
        bins.do(commands.update_task, first.id, TaskChanges(due_date=None))
    _, following = bins.do(commands.update_task, first.id, DONE).changed
    assert following.task.due_date is not None
    assert following.task.due_date.isoformat() == "2026-07-30"


def test_completing_for_good_skipping_and_another_rule(
    start_series: Callable[..., Series],
) -> None:
    bins = start_series("FREQ=WEEKLY;BYDAY=TU")
    (first,) = bins.open
    skipped = bins.do(commands.skip_task, first.id).task
    assert (skipped.id, str(skipped.due_date)) == (first.id, "2026-03-17")
    monthly = TaskChanges(repeat=wish("FREQ=MONTHLY"), is_completed=True)
    _, following = bins.do(commands.update_task, first.id, monthly).changed
    assert str(following.task.due_date) == "2026-04-17"
    for_good = TaskChanges(repeat=None, is_completed=True)
    assert len(bins.do(commands.update_task, following.task.id, for_good).changed) == 1
    assert bins.open == []


def test_deleting_ends_the_series_or_only_this_one(
    start_series: Callable[..., Series], frozen_clock: FrozenClock
) -> None:
    bins = start_series()
    (first,) = bins.open
    bins.do(commands.delete_task, first.id)
    assert bins.open == []
    bins.do(commands.restore_task, first.id)
    bins.do(commands.delete_task, first.id, keeps_series=True)
    (second,) = bins.open
    assert second.occurrence == 2
    frozen_clock.advance(seconds=1)
    bins.do(commands.restore_task, first.id)
    assert [task.id for task in bins.open] == [first.id]


async def test_two_devices_that_complete_it_at_once_make_one(
    start_series: Callable[..., Series], database: Database
) -> None:
    bins = start_series()
    (first,) = bins.open
    done = [database.write(commands.update_task, bins.actor, first.id, DONE) for _ in range(6)]
    made = [effect for each in await asyncio.gather(*done) for effect in each.changed[1:]]
    assert len(made) == 1
    assert [task.id for task in bins.open] == [made[0].task.id]
    assert len(bins.all) == 2


COMPLETE_EIGHT = """
import asyncio, sys
from uuid import UUID
from sqlalchemy.orm import configure_mappers
from dashboard.database.transactions import get_database
from dashboard.models.session import Actor
from dashboard.models.task import TaskChanges
from dashboard.services.tasks import commands, series

configure_mappers()
person, session_id, series_id, first = map(UUID, sys.argv[1:])

async def main():
    for number in range(1, 9):
        task_id = first if number == 1 else series.id_of(series_id, number)
        actor, done = Actor(person, session_id, "UTC"), TaskChanges(is_completed=True)
        await get_database().write(commands.update_task, actor, task_id, done)

asyncio.run(main())
"""


def test_two_processes_that_complete_a_series_at_once_make_one_of_each(
    start_series: Callable[..., Series],
) -> None:
    bins = start_series(due_date="2026-03-10")
    (first,) = bins.open
    ids = map(str, (bins.actor.id, bins.actor.session_id, bins.id, first.id))
    command = [sys.executable, "-c", COMPLETE_EIGHT, *ids]
    both = [subprocess.Popen(command) for _ in range(2)]
    assert [each.wait(60) for each in both] == [0, 0]
    assert [task.occurrence for task in bins.all] == list(range(1, 10))
    assert [task.occurrence for task in bins.open] == [9]


@st.composite
def rules(draw: st.DrawFn) -> str:
    """A rule of each kind that people can choose, and of which something follows."""
    frequency = draw(st.sampled_from(["HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    parts = [f"FREQ={frequency}", f"INTERVAL={draw(st.integers(1, 30))}"]
    days = draw(st.sets(st.sampled_from(WEEKDAYS), max_size=3))
    if frequency == "WEEKLY" and days:
        parts.append(f"BYDAY={','.join(day for day in WEEKDAYS if day in days)}")
    if frequency == "MONTHLY":
        by_day = st.builds("BYMONTHDAY={}".format, st.integers(1, 31) | st.just(-1))
        places = st.sampled_from([-1, 1, 2, 3, 4, 5])
        by_weekday = st.builds("BYDAY={}{}".format, places, st.sampled_from(WEEKDAYS))
        parts += draw(st.lists(by_day | by_weekday, max_size=1))
    return ";".join(parts)


COUNTS = st.none() | st.integers(1, 4)
REPEATS = st.builds(wish, rules(), st.sampled_from(["due", "completion"]), count=COUNTS) | (
    st.builds(wish, rules(), count=COUNTS, keep_missed=st.just(True))
)
ZONES = st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Pacific/Apia"])
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["done", "done", "again", "open", "edit", "move", "skip", "drop", "keep", "back", "pause", "on"]
        ),
        st.integers(0, 9),
        st.sampled_from([1, 60, 7_000, 90_000, 900_000, 9_000_000]),
    ),
    min_size=1,
    max_size=12,
)  # fmt: skip


@settings(max_examples=20)
@given(REPEATS, ZONES, STEPS)
def test_a_series_never_doubles_is_never_lost_and_never_in_the_past(
    database: Database,
    make_actor: Callable[..., Actor],
    frozen_clock: FrozenClock,
    repeat: RepeatInput,
    zone: str,
    steps: list[tuple[str, int, int]],
) -> None:
    frozen_clock.set(datetime(2026, 3, 10, 12, tzinfo=UTC))
    person = make_actor("Person", timezone=zone)
    bins = Series(database, person, repeat, due_date="2026-03-08", due_time="09:30")
    for name, which, seconds in steps:
        frozen_clock.advance(seconds=seconds)
        before = {task.id: task for task in bins.all}
        task = list(before.values())[which % len(before)]
        _try(bins, name, task)
        after = {task.id: task for task in bins.all}
        assert len(bins.open) <= 1
        # Only an untouched occurrence after one that is open again may go.
        assert all(series.is_untouched(before[gone]) for gone in before.keys() - after.keys())
        for made in after.keys() - before.keys():
            new = after[made]
            now = clock.local_now(zone)
            assert repeat.keep_missed or due_key(new.due_date, new.due_time) > moment_key(now)
        for each in after.values():
            is_paused = each.repeat is not None and each.repeat.paused is not None
            assert is_paused is (each.due_date is None)
        if name in ("done", "keep") and task.state == OPEN and task.series_id == bins.id:
            goes_on = series.following(task, clock.local_now(zone), clock.now()) is not None
            assert len(bins.open) == int(goes_on)


def _try(bins: Series, name: str, task: Task) -> None:
    moved = (task.due_date or clock.now().date()) + timedelta(days=2)
    attempts: dict[str, tuple[Any, ...]] = {
        "done": (commands.update_task, task.id, DONE),
        "again": (commands.update_task, task.id, DONE),
        "open": (commands.update_task, task.id, OPEN_AGAIN),
        "edit": (commands.update_task, task.id, TaskChanges(title="Both bins")),
        "move": (commands.update_task, task.id, TaskChanges(due_date=moved)),
        "skip": (commands.skip_task, task.id),
        "pause": (commands.pause_series, task.id),
        "on": (commands.resume_series, task.id),
        "drop": (commands.delete_task, task.id),
        "back": (commands.restore_task, task.id),
    }
    try:
        if name == "keep":
            bins.do(commands.delete_task, task.id, keeps_series=True)
        else:
            bins.do(*attempts[name])
    except (TaskNotFound, InvalidInput):
        pass  # It is in the trash, or it has no next date.


def test_ids_follow_from_series_and_number() -> None:
    one = UUID("01890a5d-ac96-774b-bcce-b302099a8057")
    assert series.id_of(one, 2) == series.id_of(one, 2) != series.id_of(one, 3)
