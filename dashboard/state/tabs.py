"""What the framework holds for a tab, so that it can be bounded, and goes when the tab does: events that have no answer
yet, and state.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Any

import reflex as rx
from reflex.event import Event
from reflex.istate.manager.memory import StateManagerMemory
from reflex.istate.manager.redis import StateManagerRedis
from reflex.istate.manager.token import BaseStateToken
from reflex.state import BaseState, State

from dashboard.state.event_schemas import OF_THE_FRAMEWORK

Answer = asyncio.Future[Any]
OnEvent = Callable[[str, Event, Answer], None]
"""Called with the name of the tab, an event of its, and what is done when it is answered."""

on_event: ContextVar[OnEvent | None] = ContextVar("on_event", default=None)
"""Who is told of the events that are queued from here on: the socket that they come by."""
_app: list[rx.App] = []


def is_read(name: str) -> bool:
    """Whether an event only looks, so that it need not be done when the tab that asked is gone."""
    return name in OF_THE_FRAMEWORK or name.rpartition(".")[2] in ("load", "show_more", "open_task")


def lasts(name: str) -> bool:
    """Whether an event goes on for as long as the tab is there."""
    return name.rpartition(".")[2] == "listen"


def replaces(name: str) -> bool:
    """Whether an event says all that those of its name said before it: of several that wait, the last is enough."""
    return name.rpartition(".")[2] == "load"


def follow_events(app: rx.App) -> Callable[[], Any]:
    """A lifespan task: tells `on_event` of every event that is queued."""

    @asynccontextmanager
    async def followed() -> AsyncIterator[None]:
        _app[:] = [app]
        processor: Any = app.event_processor
        enqueue = processor.enqueue

        async def enqueue_and_tell(token: str, event: Event, ev_ctx: Any = None) -> Answer:
            answer = await enqueue(token, event, ev_ctx)
            # What follows from an event is queued from the framework's own task, where nobody is to be told.
            if (tell := on_event.get()) is not None:
                tell(token, event, answer)
            return answer

        processor.enqueue = enqueue_and_tell
        yield
        _app.clear()

    return followed


async def forget(tab: str) -> None:
    """Throw away the state of a tab that is gone."""
    if not _app:
        return
    manager = _app[0].state_manager
    token = BaseStateToken(ident=tab, cls=State)
    if isinstance(manager, StateManagerMemory):
        if (lock := manager._states_locks.get(token.lock_key)) is not None:
            # What is at work in it ends first.
            async with lock:
                pass
        manager._purge_token(token)
    elif isinstance(manager, StateManagerRedis):
        await manager.redis.delete(*(token._state_key(each) for each in _all_states(State)))


def _all_states(state: type[BaseState]) -> list[type[BaseState]]:
    return [state, *(each for sub in state.get_substates() for each in _all_states(sub))]
