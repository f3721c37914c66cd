"""What the framework holds for a tab, so that it can be bounded, and goes when the tab does: events that have no answer
yet, and state.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import reflex as rx

from dashboard.reflex_adapter import event_queue, states
from dashboard.state.event_schemas import OF_THE_FRAMEWORK

_app: list[rx.App] = []
_READS = ("load", "show_more", "open_task", "read_words")


def is_read(name: str) -> bool:
    """Whether an event only looks, so that it need not be done when the tab that asked is gone."""
    return name in OF_THE_FRAMEWORK or name.rpartition(".")[2] in _READS


def lasts(name: str) -> bool:
    """Whether an event goes on for as long as the tab is there."""
    return name.rpartition(".")[2] == "listen"


def replaces(name: str) -> bool:
    """Whether an event says all that those of its name said before it: of several that wait, the last is enough."""
    return name.rpartition(".")[2] in ("load", "read_words")


def follow_events(app: rx.App) -> Callable[[], Any]:
    """A lifespan task: tells the sockets of every event that is queued."""

    @asynccontextmanager
    async def followed() -> AsyncIterator[None]:
        _app[:] = [app]
        async with event_queue.followed(app):
            yield
        _app.clear()

    return followed


async def forget(tab: str) -> None:
    """Delete the state of a tab that is gone."""
    if _app:
        await states.delete(_app[0], tab)
