"""The daily round, on a clock that moves when it sleeps."""

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlmodel import Session, SQLModel, func, select

from dashboard import clock, events, security
from dashboard.database.transactions import Database
from dashboard.errors import Unavailable
from dashboard.events import SessionEnded
from dashboard.models.session import Actor, UserSession
from dashboard.models.task import Task
from dashboard.models.verification import Verification
from dashboard.services.accounts import sessions
from dashboard.services.operation import batches, housekeeping, rate_limits
from dashboard.services.operation.housekeeping import DAILY, SOON, keep_house
from dashboard.services.tasks import commands, trash
from tests.conftest import actor_of

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def rounds(frozen_clock) -> Callable[..., Any]:
    """Keeps house for some rounds; the sleep before each of them only moves the clock. Gives the sleeps."""

    async def keep(count: int) -> list[float]:
        slept: list[float] = []

        async def sleep(seconds: float) -> None:
            if len(slept) == count:
                raise asyncio.CancelledError
            slept.append(seconds)
            frozen_clock.advance(seconds=seconds)

        with pytest.raises(asyncio.CancelledError):
            await keep_house(sleep)
        return slept

    return keep


def how_many(database: Database, table: type[SQLModel]) -> int:
    with database.transaction(writes=False) as session:
        return session.exec(select(func.count()).select_from(table)).one()


def make_verification(session: Session, minutes: int) -> None:
    session.add(
        Verification(
            identifier="reset:ana@example.org",
            value=security.token_hash(security.new_token_id()),
            expires_at=clock.now() + timedelta(minutes=minutes),
        )
    )


async def test_the_first_round_comes_soon_and_then_one_a_day(
    rounds, database: Database, ana: Actor
) -> None:
    assert await rounds(3) == [SOON, DAILY, DAILY]


async def test_a_round_throws_away_what_is_over_and_keeps_the_rest(
    rounds, frozen_clock, database: Database, make_person, make_task
) -> None:
    old, young = (actor_of(make_person(name, remember=True)) for name in ("Ana", "Bob"))
    for actor in (old, young):
        milk = make_task(actor)
        await database.write(commands.delete_task, actor, milk.id)
        make_task(actor, "Kept")
    await database.write(make_verification, 60)
    frozen_clock.advance(days=30, hours=1)
    # Bob has used his session and restored his task since.
    await database.write(_renew_and_restore, young)
    await database.write(make_verification, 60)
    await rounds(1)
    assert how_many(database, Task) == 3
    assert how_many(database, UserSession) == 1
    assert how_many(database, Verification) == 1


async def test_a_round_goes_on_until_nothing_is_left(
    rounds,
    frozen_clock,
    database: Database,
    ana: Actor,
    make_task,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(batches, "BATCH", 2)
    for number in range(5):
        await database.write(commands.delete_task, ana, make_task(ana, f"Task {number}").id)
    frozen_clock.advance(days=31)
    await rounds(1)
    assert how_many(database, Task) == 0


async def test_a_day_that_fails_is_logged_and_the_rest_of_the_round_and_the_next_day_come(
    rounds,
    frozen_clock,
    database: Database,
    ana: Actor,
    anas_milk: Task,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    attempts = []

    def purge_trash(session: Session) -> int:
        attempts.append(clock.now())
        if len(attempts) == 1:
            raise Unavailable
        return 0

    monkeypatch.setattr(housekeeping.trash, "purge_trash", purge_trash)
    frozen_clock.advance(days=91)
    with caplog.at_level(logging.ERROR):
        await rounds(2)
    assert [later - sooner for sooner, later in pairwise(attempts)] == [timedelta(days=1)]
    assert caplog.messages == ["Housekeeping failed at purge_trash"]
    assert how_many(database, UserSession) == 0


async def test_two_processes_that_keep_house_at_once_do_it_once(
    rounds, frozen_clock, database: Database, ana: Actor, make_task, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "BATCH", 3)
    for number in range(20):
        await database.write(commands.delete_task, ana, make_task(ana, f"Task {number}").id)
    frozen_clock.advance(days=31)
    removed = await asyncio.gather(*(_purge(database) for _ in range(3)))
    assert sum(removed) == 20
    assert how_many(database, Task) == 0


async def test_of_several_processes_one_keeps_house_each_day_and_another_when_that_one_is_gone(
    rounds, frozen_clock, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = []
    monkeypatch.setattr(
        housekeeping.trash, "purge_trash", lambda _session: days.append(clock.now())
    )
    start = clock.now()
    for hours in (0, 1, 2, 24, 25, 48 + 1):
        frozen_clock.set(start + timedelta(hours=hours))
        await rounds(1)
    assert [round((day - start) / timedelta(hours=1)) for day in days] == [0, 24, 49]


async def test_of_processes_that_ask_at_the_same_moment_one_hears_yes(database: Database) -> None:
    asked = [database.write(rate_limits.claim, "housekeeping", housekeeping.TURN) for _ in range(8)]
    assert sum(await asyncio.gather(*asked)) == 1


async def test_a_clock_that_was_wrong_for_a_while_puts_it_off_for_a_day_at_most(
    frozen_clock, database: Database
) -> None:
    frozen_clock.advance(days=1000)
    assert await database.write(rate_limits.claim, "housekeeping", housekeeping.TURN)
    frozen_clock.advance(days=-1000)
    assert not await database.write(rate_limits.claim, "housekeeping", housekeeping.TURN)
    frozen_clock.advance(days=1)
    assert await database.write(rate_limits.claim, "housekeeping", housekeeping.TURN)


async def test_a_database_that_is_away_puts_it_off(
    rounds, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, database: Database
) -> None:
    def away(*_: Any) -> bool:
        raise Unavailable

    monkeypatch.setattr(housekeeping.rate_limits, "claim", away)
    assert await rounds(2) == [SOON, DAILY]
    assert caplog.messages == ["Housekeeping cannot begin"] * 2


async def test_the_end_of_the_server_ends_it(database: Database) -> None:
    running = asyncio.create_task(keep_house())
    await asyncio.sleep(0)
    running.cancel()
    await asyncio.wait([running], timeout=1)
    assert running.cancelled()


# Sessions


def test_sessions_that_are_over_are_removed_and_their_tabs_hear_it(
    database: Database, make_person, frozen_clock
) -> None:
    over, alive = make_person("Ana"), make_person("Bob", remember=True)
    heard: list[events.Event] = []
    events.listen(over.user.id, heard.append)
    events.listen(alive.user.id, heard.append)
    frozen_clock.advance(hours=12)
    with database.transaction() as session:
        assert sessions.remove_expired(session) == 1
    with database.transaction() as session:
        assert sessions.remove_expired(session) == 0
        assert session.get(UserSession, alive.session.id) is not None
    assert heard == [SessionEnded(over.user.id, over.session.id)]


def test_a_session_is_over_after_ninety_days_even_if_it_was_put_off(
    database: Database, make_person, frozen_clock
) -> None:
    made = make_person("Ana", remember=True)
    with database.transaction() as session:
        row = session.get(UserSession, made.session.id)
        assert row is not None
        row.expires_at = row.absolute_expires_at + timedelta(days=1)
    frozen_clock.advance(days=90)
    with database.transaction() as session:
        assert sessions.remove_expired(session) == 1


def _renew_and_restore(session: Session, actor: Actor) -> None:
    row = session.get(UserSession, actor.session_id)
    assert row is not None
    row.renew(clock.now())
    task = session.exec(select(Task).where(Task.created_by == actor.id, Task.title == "Milk")).one()
    commands.restore_task(session, actor, task.id)


async def _purge(database: Database) -> int:
    removed = 0
    while batch := await database.write(trash.purge_trash):
        removed += batch
    return removed
