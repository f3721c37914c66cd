"""What stands before every event: forged, foreign and late ones are answered with nothing, or with the way out."""

from collections.abc import Callable
from typing import cast

import pytest
import reflex as rx
from reflex.event import Event
from reflex.state import StateUpdate

from dashboard.database.transactions import Database
from dashboard.models.session import Actor
from dashboard.models.task import Task
from dashboard.reflex_adapter.handlers import own_handlers
from dashboard.reflex_adapter.names import FRAMEWORK_HANDLERS, HYDRATE
from dashboard.services.accounts import sessions, users
from dashboard.services.accounts.sessions import SignedIn
from dashboard.state.guard import TRUST_SECONDS, EventGuard
from dashboard.state.settings import SettingsState
from dashboard.state.tasks import TaskListState
from tests.state.conftest import Tab, go_to
from tests.state.test_tasks import break_database

LIST = TaskListState.get_full_name()
SETTINGS = SettingsState.get_full_name()


@pytest.fixture
def guard() -> EventGuard:
    return EventGuard()


async def asked(guard: EventGuard, tab: Tab, name: str) -> StateUpdate | None:
    """What the guard says to an event: None lets it through."""
    return await guard.preprocess(cast(rx.App, None), tab, Event(name=name))


def test_the_handlers_that_a_browser_may_call_are_these() -> None:
    """A new handler has to be thought of here, and in the tests of who may call it."""
    assert {name.removeprefix(f"{LIST}.") for name in own_handlers()} == {
        "load",
        "show_more",
        "perform",
        "open_task",
        "read_words",
        "listen",
        f"{SETTINGS}.load",
    }


async def test_a_state_that_knows_nothing_yet_takes_nothing_off_the_screen(
    guard: EventGuard, tab: Tab
) -> None:
    first, again = Event(name=HYDRATE), Event(name=HYDRATE)
    for event in (first, again):
        assert await guard.preprocess(cast(rx.App, None), tab, event) is None
    assert (bool(first.payload.get("hashes")), again.payload) == (True, {})


async def test_a_living_session_passes(guard: EventGuard, tab: Tab) -> None:
    assert await asked(guard, tab, f"{LIST}.load") is None


@pytest.mark.parametrize(
    "name",
    [
        "reflex___state____state.setvar",
        f"{LIST}.setvar",
        f"{LIST}.reset",
        f"{LIST}._load_page",
        "reflex___state____state.reflex___state____update_vars_internal_state.update_vars_internal",
        "reflex___state____state.reflex___state____frontend_event_exception_state.handle_frontend_exception",
        "no.such.handler",
        "",
    ],
)
async def test_what_is_not_on_the_list_is_answered_with_nothing(
    guard: EventGuard, tab: Tab, name: str
) -> None:
    answer = await asked(guard, tab, name)
    assert answer == StateUpdate()


@pytest.mark.parametrize("name", sorted(own_handlers()))
async def test_nobody_reaches_a_handler_without_a_session(
    guard: EventGuard, open_tab: Callable[..., Tab], name: str
) -> None:
    answer = await asked(guard, open_tab(None), name)
    assert "/sign-in?expired=true" in str(answer)


@pytest.mark.parametrize("name", sorted(own_handlers()))
async def test_an_ended_session_reaches_no_handler_and_leaves_an_empty_screen(
    guard: EventGuard, tab: Tab, ana: Actor, anas_milk: Task, database: Database, name: str
) -> None:
    await tab.load()
    await asked(guard, tab, f"{LIST}.load")
    await database.write(sessions.end_session, ana)
    answer = await asked(guard, tab, name)
    assert "/sign-in?expired=true&from=/dashboard" in str(answer)
    assert tab.rows == []


@pytest.mark.parametrize("name", sorted(own_handlers()))
async def test_neither_an_expired_session_nor_a_disabled_user_reaches_a_handler(
    frozen_clock,
    guard: EventGuard,
    open_tab: Callable[..., Tab],
    ana_signed_in: SignedIn,
    bob_signed_in: SignedIn,
    database: Database,
    name: str,
) -> None:
    await database.write(users.disable, bob_signed_in.user.email)
    frozen_clock.advance(hours=11)
    assert "/sign-in" in str(await asked(guard, open_tab(bob_signed_in), name))
    frozen_clock.advance(hours=1)
    assert "/sign-in" in str(await asked(guard, open_tab(ana_signed_in), name))


@pytest.mark.parametrize("name", sorted(FRAMEWORK_HANDLERS))
async def test_the_frameworks_own_events_pass_for_signed_out_pages_too(
    guard: EventGuard, open_tab: Callable[..., Tab], name: str
) -> None:
    assert await asked(guard, open_tab(None), name) is None


async def test_a_state_that_another_session_presents_is_emptied_first(
    guard: EventGuard, tab: Tab, bob_signed_in: SignedIn, anas_milk: Task
) -> None:
    await asked(guard, tab, f"{LIST}.load")
    await tab.load()
    go_to(tab, "/dashboard", bob_signed_in)
    await asked(guard, tab, "reflex___state____state.hydrate_and_load")
    assert (tab.rows, tab.name, tab._versions) == ([], "", {})


async def test_a_state_that_a_signed_out_socket_presents_is_emptied_too(
    guard: EventGuard, tab: Tab, anas_milk: Task
) -> None:
    await asked(guard, tab, f"{LIST}.load")
    await tab.load()
    go_to(tab, "/dashboard", None)
    await asked(guard, tab, "reflex___state____state.hydrate_and_load")
    assert (tab.rows, tab.name) == ([], "")


async def test_a_session_is_looked_up_again_after_a_few_seconds(
    guard: EventGuard, tab: Tab, ana: Actor, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = [0.0]
    monkeypatch.setattr("dashboard.state.guard.time.monotonic", lambda: seconds[0])
    await asked(guard, tab, f"{LIST}.load")
    # As another process would end it, of which this one hears nothing.
    monkeypatch.setattr("dashboard.events._everyone", set())
    await database.write(sessions.end_session, ana)
    assert await asked(guard, tab, f"{LIST}.load") is None
    seconds[0] = TRUST_SECONDS + 1
    assert await asked(guard, tab, f"{LIST}.load") is not None


async def test_a_database_that_is_away_signs_nobody_out(
    guard: EventGuard, tab: Tab, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_database(monkeypatch)
    assert await asked(guard, tab, f"{LIST}.load") is None
