"""With Redis: a state can be pickled and is nobody else's, and what other processes announce is followed."""

import asyncio
import pickle
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import pytest
import reflex as rx
from redis.asyncio import Redis
from reflex.event import Event
from reflex.istate.manager.redis import StateManagerRedis
from reflex.istate.manager.token import BaseStateToken
from reflex.state import BaseState
from reflex_base.registry import RegistrationContext
from sqlmodel import col, delete
from uuid_utils.compat import uuid7

from dashboard import events
from dashboard.database.transactions import Database
from dashboard.events.redis_bridge import Relay, relay_events
from dashboard.models.session import Actor, UserSession
from dashboard.models.task import Task
from dashboard.services.accounts import sessions
from dashboard.services.accounts.sessions import SignedIn
from dashboard.state.guard import EventGuard
from dashboard.state.session import SessionState
from dashboard.state.tasks import TaskListState
from tests.conftest import RedisServer, task_changed, until
from tests.state.conftest import Tab, go_to
from tests.state.test_guard import asked
from tests.state.test_tasks import act, gesture, told

TOKEN = "a tab"
LIST = TaskListState.get_full_name()


def tree(state: BaseState) -> Iterator[BaseState]:
    yield state
    for substate in state.substates.values():
        yield from tree(substate)


async def test_a_tab_in_use_can_be_pickled_and_comes_back_as_it_was(
    tab: Tab, ana: Actor, make_task: Callable[..., Task]
) -> None:
    long = make_task(
        ana, "Long", description="word " * 200, due_date="2026-03-12", due_time="09:30"
    )
    for number in range(55):
        make_task(ana, f"Task {number}")
    await tab.load()
    await tab.show_more()
    await tab.open_task(str(long.id))
    await act(tab, gesture("create", uuid7(), title="Milk"))
    await act(tab, gesture("change", long.id, title=""))
    await act(tab, gesture("delete", long.id))
    for state in tree(tab._get_root_state()):
        again = pickle.loads(pickle.dumps(state))  # noqa: S301 - our own
        assert again.__getstate__() == state.__getstate__()


@pytest.fixture
async def manager(
    redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[StateManagerRedis]:
    """Keeps state in Redis, as Reflex does with REDIS_URL."""
    async with Redis.from_url(redis_server.url) as redis:
        manager = StateManagerRedis(redis=redis)
        monkeypatch.setattr("reflex.istate.manager.get_state_manager", lambda: manager)
        yield manager
        await manager.close()


@asynccontextmanager
async def event(
    manager: StateManagerRedis, guard: EventGuard, signed_in: SignedIn | None, of: type[BaseState]
) -> AsyncIterator[tuple[BaseState, Any]]:
    """An event of a state's, as the framework processes it; gives the root and what the guard says."""
    async with manager.modify_state(BaseStateToken(ident=TOKEN, cls=of)) as root:
        assert isinstance(root, rx.State)
        go_to(root, "/dashboard", signed_in)
        said = {**root.router_data, "token": TOKEN}
        root.router_data = root._update_router_vars(said, root.router_data)
        app: Any = None
        yield root, await guard.preprocess(app, root, Event(name=f"{LIST}.load"))


async def kept(manager: StateManagerRedis, state: type[BaseState]) -> Any:
    """What Redis holds of a state."""
    root = await manager.get_state(BaseStateToken(ident=TOKEN, cls=rx.State))
    return await root.get_state(state)


async def test_a_list_that_one_event_loads_is_there_for_the_next(
    manager: StateManagerRedis, ana_signed_in: SignedIn, anas_milk: Task
) -> None:
    guard = EventGuard()
    async with event(manager, guard, ana_signed_in, TaskListState) as (root, answer):
        assert answer is None
        await (await root.get_state(TaskListState)).load()
    tab = await kept(manager, TaskListState)
    assert [row["title"] for row in tab.rows] == ["Milk"]
    async with event(manager, guard, ana_signed_in, TaskListState) as (root, answer):
        tab = await root.get_state(TaskListState)
        await act(tab, gesture("change", anas_milk.id, is_completed=True))
        assert told(tab).is_completed
    assert (await kept(manager, TaskListState)).changes == tab.changes


async def test_whatever_part_of_a_state_an_event_needs_another_session_finds_all_of_it_empty(
    manager: StateManagerRedis, ana_signed_in: SignedIn, bob_signed_in: SignedIn, anas_milk: Task
) -> None:
    guard = EventGuard()
    with RegistrationContext.get().fork():

        class Diary(SessionState):
            """Another page's state, which an event of the list does not need."""

            secret: str = ""

        async with event(manager, guard, ana_signed_in, rx.State) as (root, _):
            await (await root.get_state(TaskListState)).load()
            (await root.get_state(Diary)).secret = "Dear diary"
        assert (await kept(manager, Diary)).secret == "Dear diary"
        async with event(manager, guard, bob_signed_in, TaskListState) as (_, answer):
            assert answer is None
        assert (await kept(manager, Diary)).secret == ""
        tab = await kept(manager, TaskListState)
        assert (tab.rows, tab.name, tab._versions) == ([], "", {})


async def test_a_session_that_ended_finds_its_state_in_redis_empty(
    manager: StateManagerRedis,
    ana_signed_in: SignedIn,
    ana: Actor,
    anas_milk: Task,
    database: Database,
) -> None:
    guard = EventGuard()
    async with event(manager, guard, ana_signed_in, TaskListState) as (root, _):
        await (await root.get_state(TaskListState)).load()
    await database.write(sessions.end_session, ana)
    async with event(manager, guard, ana_signed_in, TaskListState) as (_, answer):
        assert "/sign-in?expired=true" in str(answer.delta)
    assert (await kept(manager, TaskListState)).rows == []


async def test_the_token_of_a_session_is_not_in_redis(
    manager: StateManagerRedis, ana_signed_in: SignedIn, anas_milk: Task
) -> None:
    async with event(manager, EventGuard(), ana_signed_in, TaskListState) as (root, _):
        await (await root.get_state(TaskListState)).load()
    keys = await manager.redis.keys()
    stored = b"".join([await manager.redis.get(key) or b"" for key in keys])
    assert b"Milk" in stored
    assert ana_signed_in.token.encode() not in stored


# What other processes say


@pytest.fixture
async def elsewhere(
    redis_server: RedisServer, set_env: Callable[..., None]
) -> AsyncIterator[Relay]:
    """Another process, while this one relays."""
    set_env(REDIS_URL=redis_server.url)
    other = Relay(redis_server.url, lambda _: None)
    heard: list[events.Event] = []
    stop = events.listen(uuid4(), heard.append)
    running = [asyncio.create_task(relay_events())]
    await until(lambda: len(heard) == 1)
    running.append(asyncio.create_task(other.run()))
    # Whoever joins has everyone look again, and a test wants to see what comes after that.
    await until(lambda: len(heard) == 2)
    stop()
    yield other
    for task in running:
        task.cancel()
    await asyncio.wait(running)


async def end_unheard(database: Database, actor: Actor) -> None:
    """End a session as another process does: nobody announces it here."""
    with database.transaction() as session:
        session.exec(delete(UserSession).where(col(UserSession.id) == actor.session_id))


async def test_a_session_that_another_process_ends_is_trusted_no_longer(
    elsewhere: Relay, tab: Tab, ana: Actor, database: Database
) -> None:
    guard = EventGuard()
    assert await asked(guard, tab, f"{LIST}.load") is None
    await end_unheard(database, ana)
    assert await asked(guard, tab, f"{LIST}.load") is None
    elsewhere.send(events.SessionEnded(ana.id, ana.session_id))
    await until(lambda: ana.session_id not in guard._alive)
    assert await asked(guard, tab, f"{LIST}.load") is not None


async def test_no_session_is_trusted_unseen_after_news_may_have_been_missed(
    tab: Tab, ana: Actor, database: Database
) -> None:
    guard = EventGuard()
    assert await asked(guard, tab, f"{LIST}.load") is None
    await end_unheard(database, ana)
    events.deliver(events.EventsLost())
    assert await asked(guard, tab, f"{LIST}.load") is not None


async def test_a_tab_follows_what_another_process_announces(
    elsewhere: Relay,
    tab: Tab,
    ana: Actor,
    make_task: Callable[..., Task],
    listening: Callable[[Tab], Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with listening(tab):
        with monkeypatch.context() as deaf:
            deaf.setattr(events, "_publish", lambda _: None)
            milk = make_task(ana, "Milk")
        elsewhere.send(task_changed(ana, milk.id, milk.version))
        await until(lambda: tab.changes)
    assert told(tab).title == "Milk"


async def test_a_tab_leaves_when_another_process_ends_its_session(
    elsewhere: Relay, tab: Tab, ana: Actor, listening: Callable[[Tab], Any]
) -> None:
    async with listening(tab):
        elsewhere.send(events.SessionEnded(ana.id, ana.session_id))
        await until(lambda: tab.leave_to)
