"""What the clock does: summer time comes and goes, people move, a clock is set back, and February has 29 days."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from dashboard import clock
from dashboard.database.transactions import Database
from dashboard.errors import TooManyRequests
from dashboard.models.session import Actor
from dashboard.models.task import Task, moment_key
from dashboard.models.task_query import Sort, Status, TaskQuery
from dashboard.models.user import User
from dashboard.services.accounts import authentication, sessions
from dashboard.services.accounts.sessions import SignedIn
from dashboard.services.operation import rate_limits
from dashboard.services.tasks import task_list
from tests.conftest import FrozenClock, actor_of

BERLIN = "Europe/Berlin"

# A day on which the clock is set, some zones that do it in ways of their own, and what is due around it. All are
# past: what governments decide about days to come reaches Python's table and Node's at different times.
CHANGES = {
    "summer time ends": (BERLIN, datetime(2023, 10, 28, 22, tzinfo=UTC)),
    "summer time begins": (BERLIN, datetime(2023, 3, 25, 23, tzinfo=UTC)),
    "by half an hour": ("Australia/Lord_Howe", datetime(2023, 4, 1, 13, tzinfo=UTC)),
    "at midnight": ("America/Havana", datetime(2023, 11, 5, 4, tzinfo=UTC)),
    "to the day before": ("America/Asuncion", datetime(2023, 3, 25, 23, tzinfo=UTC)),
    "by a whole day": ("Pacific/Apia", datetime(2011, 12, 30, 8, tzinfo=UTC)),
    "a leap day": ("Pacific/Kiritimati", datetime(2024, 2, 28, 9, tzinfo=UTC)),
    "a year ends": ("America/St_Johns", datetime(2023, 12, 31, 22, tzinfo=UTC)),
}
change = pytest.mark.parametrize("change", CHANGES)
TIMES = (None, "00:00", "00:30", "01:45", "02:00", "02:30", "02:59", "03:00", "23:30", "23:59")


def is_late(task: Task, local: datetime) -> bool:
    """Whether a task is overdue at this moment of the wall clock."""
    return not task.is_completed and task.due_key < moment_key(local)


def utc(*moment: int) -> datetime:
    year, month, day, *time = moment
    return datetime(year, month, day, *time, tzinfo=UTC)


def somebody_in(
    zone: str, at: datetime, make_person: Callable[..., SignedIn], frozen_clock: FrozenClock
) -> Actor:
    frozen_clock.set(at)
    return actor_of(make_person("Ana", timezone=zone))


def tasks_around(at: datetime, actor: Actor, make_task: Callable[..., Task]) -> list[Task]:
    days = [(at + timedelta(days=days)).date().isoformat() for days in (-1, 0, 1, 2)]
    return [
        make_task(actor, f"{day} {time}", due_date=day, due_time=time)
        for day in days
        for time in TIMES
    ]


def titles(database: Database, actor: Actor, status: Status) -> set[str]:
    query = TaskQuery(status=status, limit=200)
    with database.transaction(writes=False) as session:
        return {row.title for row in task_list.list_tasks(session, actor, query).items}


def counted(database: Database, actor: Actor) -> tuple[int, int]:
    with database.transaction(writes=False) as session:
        counts = task_list.count_metrics(session, actor)
    return counts.overdue, counts.due_today


def moments(start: datetime) -> list[datetime]:
    """Two days from a moment, by the quarter of an hour, and a second after each."""
    quarters = [start + timedelta(minutes=15 * number) for number in range(150)]
    return [moment for quarter in quarters for moment in (quarter, quarter + timedelta(seconds=1))]


# Summer time


@change
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_is_overdue_stays_so_whatever_the_wall_clock_does(
    database: Database, frozen_clock: FrozenClock, make_person, make_task, change: str
) -> None:
    zone, start = CHANGES[change]
    actor = somebody_in(zone, start, make_person, frozen_clock)
    made = tasks_around(start, actor, make_task)
    overdue: list[set[str]] = []
    for moment in moments(start):
        frozen_clock.set(moment)
        local = clock.local_now(zone)
        overdue.append({task.title for task in made if is_late(task, local)})
    assert all(before <= after for before, after in pairwise(overdue))
    assert overdue[0] < overdue[-1]


@change
def test_lists_and_counts_agree_at_every_moment_of_a_change(
    database: Database, frozen_clock: FrozenClock, make_person, make_task, change: str
) -> None:
    zone, start = CHANGES[change]
    actor = somebody_in(zone, start, make_person, frozen_clock)
    made = tasks_around(start, actor, make_task)
    for moment in moments(start)[::6]:
        frozen_clock.set(moment)
        local = clock.local_now(zone)
        overdue = titles(database, actor, Status.OVERDUE)
        today = titles(database, actor, Status.DUE_TODAY)
        assert overdue == {task.title for task in made if is_late(task, local)}
        assert today == {task.title for task in made if task.due_date == local.date()}
        assert counted(database, actor) == (len(overdue), len(today))


def test_what_is_due_in_the_hour_that_comes_twice_is_due_the_first_time(
    database: Database, frozen_clock: FrozenClock, make_person, make_task
) -> None:
    actor = somebody_in(BERLIN, utc(2026, 10, 24, 22), make_person, frozen_clock)
    make_task(actor, "Call", due_date="2026-10-25", due_time="02:30")
    make_task(actor, "All day", due_date="2026-10-25")
    for moment, is_overdue in (
        (utc(2026, 10, 25, 0, 30), False),
        (utc(2026, 10, 25, 0, 30, 1), True),
        (utc(2026, 10, 25, 1, 0), True),
        (utc(2026, 10, 25, 1, 29), True),
        (utc(2026, 10, 25, 2, 0), True),
    ):
        frozen_clock.set(moment)
        assert titles(database, actor, Status.OVERDUE) == ({"Call"} if is_overdue else set())
        assert titles(database, actor, Status.DUE_TODAY) == {"Call", "All day"}


# Another zone


def test_who_moves_to_another_zone_has_their_lists_by_its_clock_at_once(
    database: Database, frozen_clock: FrozenClock, make_person, make_task
) -> None:
    signed_in: SignedIn = make_person("Ana", timezone="Pacific/Kiritimati")
    frozen_clock.set(utc(2026, 3, 10, 10, 30))
    actor = actor_of(signed_in)
    make_task(actor, "In the east", due_date="2026-03-11")
    make_task(actor, "In the west", due_date="2026-03-09")
    assert titles(database, actor, Status.DUE_TODAY) == {"In the east"}
    assert titles(database, actor, Status.OVERDUE) == {"In the west"}
    with database.transaction() as session:
        user = session.get(User, actor.id)
        assert user is not None
        user.timezone = "Pacific/Pago_Pago"
    with database.transaction() as session:
        actor = authentication.authenticate_by_id(session, actor.session_id)
    assert titles(database, actor, Status.DUE_TODAY) == {"In the west"}
    assert titles(database, actor, Status.OVERDUE) == set()
    assert counted(database, actor) == (0, 1)


# A clock that is set back


def test_who_is_signed_in_stays_so_when_the_clock_is_set_back(
    database: Database, frozen_clock: FrozenClock, make_person
) -> None:
    signed_in: SignedIn = make_person("Ana")
    frozen_clock.advance(hours=-1)
    claims = authentication.read_claims(signed_in.token)
    assert claims is not None
    with database.transaction() as session:
        actor, is_use_due = authentication.recognize(session, claims)
        assert not is_use_due
        assert set(authentication.living(session, [actor.session_id])) == {actor.session_id}
        assert not sessions.is_renewable(session, actor)


def test_a_password_entered_an_hour_ahead_of_the_clock_is_not_fresh_for_longer(
    database: Database, frozen_clock: FrozenClock, make_person
) -> None:
    row = make_person("Ana").session
    assert row.is_fresh(clock.now())
    assert row.is_fresh(clock.now() - timedelta(seconds=5)), (
        "clocks of two machines differ a little"
    )
    assert not row.is_fresh(clock.now() - timedelta(hours=1))


def test_nobody_waits_for_longer_because_the_clock_was_set_back(
    database: Database, frozen_clock: FrozenClock, set_env
) -> None:
    set_env(RATE_LIMIT_SCALE="1")
    with database.transaction() as session:
        for _ in range(rate_limits.SIGN_UPS.most):
            rate_limits.take(session, rate_limits.SIGN_UPS, "ana")
        for _ in range(rate_limits.GUESSES_AT_ONCE):
            rate_limits.take_guess(session, "ana")
    frozen_clock.advance(hours=-1)
    with database.transaction() as session:
        with pytest.raises(TooManyRequests) as full:
            rate_limits.take(session, rate_limits.SIGN_UPS, "ana")
        with pytest.raises(TooManyRequests) as early:
            rate_limits.take_guess(session, "ana")
    assert full.value.retry_after <= rate_limits.SIGN_UPS.window.total_seconds()
    assert early.value.retry_after <= rate_limits.FIRST_PAUSE.total_seconds()


@pytest.mark.parametrize("sort", list(Sort))
def test_pages_neither_skip_nor_repeat_what_was_there_when_the_clock_is_set_back_between_them(
    database: Database, frozen_clock: FrozenClock, make_person, make_task, sort: Sort
) -> None:
    actor = somebody_in(BERLIN, utc(2026, 10, 25, 0, 30), make_person, frozen_clock)
    before = []
    for number in range(12):
        frozen_clock.advance(minutes=1)
        before.append(make_task(actor, f"Task {number:02}", due_date="2026-10-25").title)
    seen: list[str] = []
    query = TaskQuery(sort=sort, limit=5)
    while True:
        with database.transaction(writes=False) as session:
            page = task_list.list_tasks(session, actor, query)
        seen += [row.title for row in page.items]
        if page.next_cursor is None:
            break
        query = query.model_copy(update={"cursor": page.next_cursor})
        frozen_clock.advance(hours=-1)
        make_task(actor, f"Made earlier, or so it seems, after {len(seen)}")
    assert len(seen) == len(set(seen))
    assert set(before) <= set(seen)
