"""The queue of events: who queued one, and when it is answered."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Any

import reflex as rx
from reflex.event import Event

Answer = asyncio.Future[Any]
OnEvent = Callable[[str, Event, Answer], None]
"""Called with the name of the tab, one of its events, and a future that is done when the event is answered."""

on_event: ContextVar[OnEvent | None] = ContextVar("on_event", default=None)
"""Called for the events that are queued in this context: by the socket that they arrive on."""


@asynccontextmanager
async def followed(app: rx.App) -> AsyncIterator[None]:
    """Call `on_event` for every event that is queued."""
    processor: Any = app.event_processor
    enqueue = processor.enqueue

    async def enqueue_and_tell(token: str, event: Event, ev_ctx: Any = None) -> Answer:
        answer = await enqueue(token, event, ev_ctx)
        # Events that follow from an event are queued by a task of Reflex, where `on_event` is not set.
        if (tell := on_event.get()) is not None:
            tell(token, event, answer)
        return answer

    processor.enqueue = enqueue_and_tell
    yield
