"""Events between processes. Each relay here stands for a process; the last test starts a real second one."""

import asyncio
import logging
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

import pytest
from redis.asyncio import Redis

from dashboard import events
from dashboard.database.transactions import Database
from dashboard.events import (
    Event,
    EventsLost,
    ListsChanged,
    ProfileChanged,
    SessionEnded,
    SessionOpened,
    SidebarChanged,
    TasksChanged,
    TrashEmptied,
    redis_bridge,
)
from dashboard.events.redis_bridge import CHANNEL, Relay, decode, encode, relay_events
from dashboard.models.session import Actor
from dashboard.models.task import Task
from dashboard.services.tasks import commands
from tests.conftest import RedisServer, task_changed, until

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ANA, BOB, MILK = uuid4(), uuid4(), uuid4()


class Process(NamedTuple):
    """A relay, and what it was told of the other processes."""

    relay: Relay
    heard: list[Event]

    @property
    def news(self) -> list[Event]:
        return [event for event in self.heard if event != EventsLost()]

    @property
    def looked_again(self) -> int:
        return self.heard.count(EventsLost())


@pytest.fixture(autouse=True)
def _quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redis_bridge, "FIRST_PAUSE", 0.01)
    monkeypatch.setattr(redis_bridge, "LONGEST_PAUSE", 0.05)


@pytest.fixture
def process(redis_server: RedisServer) -> Callable[[], AbstractAsyncContextManager[Process]]:
    """Runs a process for the time of a block, from the moment at which it hears."""

    @asynccontextmanager
    async def run() -> AsyncIterator[Process]:
        heard: list[Event] = []
        one = Process(Relay(redis_server.url, heard.append), heard)
        running = asyncio.create_task(one.relay.run())
        await until(lambda: one.looked_again)
        yield one
        assert not running.done()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    return run


def change(version: int) -> TasksChanged:
    return TasksChanged((ANA,), ANA, ((MILK, version),))


async def test_processes_hear_each_other_and_none_hears_itself(process) -> None:
    async with process() as one, process() as other:
        one.relay.send(change(1))
        other.relay.send(change(2))
        await until(lambda: one.news and other.news)
        one.relay.send(change(3))
        await until(lambda: len(other.news) == 2)
    assert (one.news, other.news) == ([change(2)], [change(1), change(3)])


async def test_facts_arrive_in_the_order_in_which_they_were_announced(process) -> None:
    async with process() as one, process() as other:
        for version in range(300):
            one.relay.send(change(version))
        await until(lambda: len(other.news) == 300)
    assert other.news == [change(version) for version in range(300)]


async def test_an_event_may_come_from_any_thread(process) -> None:
    async with process() as one, process() as other:
        await asyncio.to_thread(one.relay.send, change(1))
        await until(lambda: other.news)


async def test_whoever_joins_has_everyone_look_again_because_someone_may_have_died_with_news(
    process,
) -> None:
    async with process() as one, process() as other:
        await until(lambda: one.looked_again == 2)
        assert other.looked_again == 1


async def test_what_a_process_announced_last_is_heard_although_it_ended(
    process, redis_server: RedisServer
) -> None:
    async with process() as other:
        ending = Relay(redis_server.url, lambda _: None)
        running = asyncio.create_task(ending.run())
        await until(lambda: other.looked_again == 2)
        for version in range(100):
            ending._enqueue(change(version))
        running.cancel()
        await asyncio.wait([running])
        # The one on its way may be told twice.
        await until(lambda: {*other.news} == {change(version) for version in range(100)})


async def test_a_redis_that_stops_and_starts_again_is_survived(process, redis_server) -> None:
    async with process() as one, process() as other:
        redis_server.stop()
        one.relay.send(change(1))
        redis_server.start()
        before = one.looked_again, other.looked_again
        await until(lambda: one.looked_again > before[0] and other.looked_again > before[1])
        one.relay.send(change(2))
        other.relay.send(change(3))
        await until(lambda: change(2) in other.news and change(3) in one.news)


async def test_a_redis_that_is_away_at_the_start_is_waited_for(process, redis_server) -> None:
    redis_server.stop()
    asyncio.get_running_loop().call_later(0.1, redis_server.start)
    async with process() as one:
        assert one.looked_again == 1


async def test_an_absence_is_logged_once_and_the_return_too(
    process, redis_server: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "dashboard.events.redis_bridge"):
        async with process() as one:
            redis_server.stop()
            await until(lambda: caplog.messages)
            # Long enough for several attempts.
            await asyncio.sleep(0.3)
            redis_server.start()
            await until(lambda: one.looked_again == 2)
    assert [message.split(";")[0] for message in caplog.messages] == [
        "Redis is away",
        "Redis is back.",
    ]


async def test_a_redis_that_no_longer_answers_is_noticed_and_the_log_says_why(
    process,
    redis_server: RedisServer,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    for name, seconds in (("BEAT", 0.05), ("SILENCE", 0.3), ("ANSWER", 0.2)):
        monkeypatch.setattr(redis_bridge, name, seconds)
    async with process() as one:
        redis_server.signal(signal.SIGSTOP)
        await until(lambda: one.relay._is_away)
        redis_server.signal(signal.SIGCONT)
        await until(lambda: one.looked_again > 1)
    assert not any(message.endswith(": ") for message in caplog.messages)


async def test_a_connection_on_which_nothing_happens_stays(
    process, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, seconds in (("BEAT", 0.05), ("SILENCE", 0.3)):
        monkeypatch.setattr(redis_bridge, name, seconds)
    async with process() as one:
        await asyncio.sleep(0.6)
        assert one.looked_again == 1


async def test_of_more_than_can_wait_is_said_that_it_was_missed(
    process, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redis_bridge, "MOST_WAITING", 10)
    async with process() as one, process() as other:
        before = other.looked_again
        for version in range(25):
            one.relay._enqueue(change(version))
        await until(lambda: change(24) in other.news)
    assert len(other.news) < 10
    assert other.looked_again == before + 1


@pytest.mark.parametrize(
    "event",
    [
        change(3),
        TasksChanged((ANA, BOB), uuid4(), ((MILK, 3), (uuid4(), 1)), ANA, uuid4(), "nonce", 2),
        TrashEmptied((ANA, BOB), ANA),
        ListsChanged((ANA,)),
        ListsChanged((ANA, BOB), uuid4(), ANA, "nonce"),
        SidebarChanged(ANA),
        ProfileChanged(ANA),
        SessionOpened(ANA, uuid4()),
        SessionEnded(ANA, uuid4()),
        EventsLost(),
    ],
    ids=lambda event: type(event).__name__,
)
def test_every_kind_of_event_travels(event: Event) -> None:
    message = encode("me", event)
    assert decode(message) == ("me", event)
    assert b" " not in message


def test_what_a_later_version_adds_to_an_event_is_left_out() -> None:
    message = encode("me", ProfileChanged(ANA)).replace(b"]]", b',{"as it may be":[1]}]]')
    assert decode(message) == ("me", ProfileChanged(ANA))


def test_no_kind_of_event_is_forgotten_above() -> None:
    assert set(redis_bridge._KINDS) == {
        "TasksChanged",
        "TrashEmptied",
        "ListsChanged",
        "SidebarChanged",
        "ProfileChanged",
        "SessionOpened",
        "SessionEnded",
        "EventsLost",
    }


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"null",
        b"7",
        b"[]",
        b"\xff",
        b'["me"]',
        b'["me","NextYearsFact",[]]',
        b'["me",["TasksChanged"],[]]',
        b'["me","TasksChanged",[1,2,3]]',
        b'["me","TasksChanged",{"user_id":"ana"}]',
        b'["me","EventsLost",7]',
        b"[" * 100_000,
        1,
    ],
    ids=lambda message: repr(message)[:30],
)
def test_what_is_no_event_is_nothing(message: Any) -> None:
    assert decode(message) is None


async def test_messages_that_nobody_understands_are_ignored(process, redis_server) -> None:
    async with process() as one, process() as other, Redis.from_url(redis_server.url) as redis:
        for message in (b"nonsense", b'["me","NextYearsFact",[]]', b'["me","TasksChanged",[1]]'):
            await redis.publish(CHANNEL, message)
        one.relay.send(change(1))
        await until(lambda: other.news)
    assert (one.news, other.news) == ([], [change(1)])


# In the place where the server has it


@pytest.fixture
async def connected(redis_server: RedisServer, set_env) -> AsyncIterator[None]:
    """This process relays, as it does for as long as the server runs."""
    set_env(REDIS_URL=redis_server.url)
    running = asyncio.create_task(relay_events())
    await until(lambda: events._carriers)
    yield
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert not events._carriers


async def test_without_a_redis_there_is_nothing_to_relay() -> None:
    await asyncio.wait_for(relay_events(), 1)
    assert not events._carriers


async def test_what_is_committed_here_is_heard_there(
    ana: Actor, process, connected, database: Database
) -> None:
    async with process() as other:
        made = await database.write(_make_milk, ana)
        await until(lambda: other.news)
    assert other.news == [task_changed(ana, made.id, 1)]


async def test_what_is_rolled_back_here_is_heard_nowhere(
    ana: Actor, process, connected, database: Database
) -> None:
    def make_and_fail(session: Any) -> None:
        _make_milk(session, ana)
        raise RuntimeError

    async with process() as other:
        with pytest.raises(RuntimeError):
            await database.write(make_and_fail)
        made = await database.write(_make_milk, ana)
        await until(lambda: other.news)
    assert other.news == [task_changed(ana, made.id, 1)]


@on_sqlite
async def test_what_happens_there_is_heard_here_by_whom_it_concerns(
    ana: Actor, bob: Actor, process, connected
) -> None:
    anas: list[Event] = []
    bobs: list[Event] = []
    events.listen(ana.id, anas.append)
    events.listen(bob.id, bobs.append)
    async with process() as other:
        other.relay.send(task_changed(ana, MILK, 2))
        await until(lambda: task_changed(ana, MILK, 2) in anas)
    assert EventsLost() in anas
    assert {*bobs} == {EventsLost()}


@on_sqlite
async def test_what_comes_from_elsewhere_is_not_sent_back(ana: Actor, process, connected) -> None:
    here: list[Event] = []
    events.listen(ana.id, here.append)
    async with process() as one, process() as other:
        one.relay.send(task_changed(ana, MILK, 2))
        await until(lambda: task_changed(ana, MILK, 2) in here)
        one.relay.send(task_changed(ana, MILK, 3))
        await until(lambda: len(other.news) == 2)
    assert one.news == []


async def test_a_redis_that_is_away_keeps_no_commit_waiting_and_no_event_from_this_process(
    connected, redis_server: RedisServer, database: Database, ana: Actor
) -> None:
    here: list[Event] = []
    events.listen(ana.id, here.append)
    redis_server.stop()
    made = await asyncio.wait_for(database.write(_make_milk, ana), 5)
    assert task_changed(ana, made.id, 1) in here


ANOTHER_PROCESS = """
import asyncio, sys
from uuid import UUID
from dashboard.database.transactions import get_database
from dashboard.models.session import Actor
from dashboard.models.task import TaskDraft
from dashboard import events
from dashboard.events import redis_bridge
from dashboard.services.tasks import commands

async def main():
    heard = asyncio.Event()
    actor = Actor(UUID(sys.argv[1]), UUID(sys.argv[2]), "UTC")
    events.listen(actor.id, lambda event: heard.set())
    running = asyncio.create_task(redis_bridge.relay_events())
    await heard.wait()
    await get_database().write(commands.create_task, actor, TaskDraft(title="From another process"))
    running.cancel()
    await asyncio.wait([running])

asyncio.run(main())
"""


async def test_a_real_second_process_is_heard(connected, database: Database, ana: Actor) -> None:
    here: list[Event] = []
    events.listen(ana.id, here.append)
    other = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", ANOTHER_PROCESS, str(ana.id), str(ana.session_id)),
        cwd=Path(__file__).parents[2],
    )
    await until(lambda: any(isinstance(event, TasksChanged) for event in here), seconds=30)
    assert await asyncio.wait_for(other.wait(), 60) == 0


def _make_milk(session: Any, actor: Actor) -> Task:
    return commands.create_task(session, actor, commands.TaskDraft(title="Milk")).task
