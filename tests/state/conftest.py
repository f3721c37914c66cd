"""Tabs: the state of a browser tab, built as Reflex builds it, with what the gate would have told it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from types import SimpleNamespace
from typing import Any, cast
from uuid import uuid4

import pytest
import reflex as rx

from dashboard import events
from dashboard.models.task_fields import BLANK
from dashboard.security import SESSION_HEADER
from dashboard.services.accounts.sessions import SignedIn
from dashboard.state.rows import TaskRow
from dashboard.state.tasks import TaskListState

Tab = TaskListState


def filled(row: TaskRow | None) -> SimpleNamespace:
    """A row as the browser has it, with what did not travel because it is as usual."""
    assert row is not None
    return SimpleNamespace(**{**BLANK, **row})


def counts_of(tab: Tab) -> dict[str, int]:
    """The counts that a browser shows: those of the loading, with what the latest changes say of them."""
    counts = dict(tab.counts)
    for change in tab.changes:
        counts |= change.counts
    return counts


@pytest.fixture
def open_tab() -> Callable[..., Tab]:
    """Opens a tab of a signed-in person (or of nobody), at an address, before anything is loaded."""

    def open_it(signed_in: SignedIn | None, address: str = "/dashboard") -> Tab:
        root = rx.State(_reflex_internal_init=True)  # pyright: ignore[reportCallIssue] (as Reflex itself does)
        go_to(root, address, signed_in)
        return cast(Tab, root.get_substate(TaskListState.get_full_name().split(".")[1:]))

    return open_it


def go_to(
    state: rx.State, address: str, signed_in: SignedIn | None, socket: str = "socket"
) -> None:
    """Have the tab's socket say this address and this session."""
    root = state._get_root_state()
    headers = {SESSION_HEADER: str(signed_in.session.id)} if signed_in else {}
    path, _, query = address.partition("?")
    router_data = {
        "pathname": path,
        "asPath": address,
        "query": dict(pair.split("=", 1) for pair in query.split("&") if pair),
        "headers": {"origin": "http://localhost:3000", **headers},
        "token": str(uuid4()),
        "sid": socket,
        "ip": "127.0.0.1",
    }
    root.router_data = root._update_router_vars(router_data, root.router_data)


@pytest.fixture
async def tab(open_tab: Callable[..., Tab], ana_signed_in: SignedIn) -> Tab:
    """Ana's dashboard, loaded."""
    tab = open_tab(ana_signed_in)
    await tab.load()
    return tab


@pytest.fixture
def listening() -> Callable[[Tab], AbstractAsyncContextManager[asyncio.Lock]]:
    """Runs a tab's listener for the time of a block, from the moment at which it listens; gives the state's lock."""

    @asynccontextmanager
    async def run(tab: Tab) -> AsyncIterator[asyncio.Lock]:
        lock = asyncio.Lock()
        heard = asyncio.ensure_future(TaskListState.listen.fn(Background(tab, lock)))
        while not events._listeners:
            await asyncio.sleep(0)
        # It has the lock until it has loaded what happened before it listened.
        await lock.acquire()
        lock.release()
        yield lock
        heard.cancel()
        await asyncio.gather(heard, return_exceptions=True)

    return run


class Background:
    """Stands for the proxy that a background event gets: `async with` takes the lock, all else is the state's."""

    def __init__(self, tab: Tab, lock: asyncio.Lock) -> None:
        self._tab, self._lock = tab, lock

    async def __aenter__(self) -> None:
        await self._lock.acquire()

    async def __aexit__(self, *_: object) -> None:
        self._lock.release()
        # What waits for the lock comes first then, as it does while the real one tells the browser.
        await asyncio.sleep(0)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._tab, name)
