"""Queues for dear work: each has threads and a length of its own, and does nothing for someone who has gone."""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from functools import cached_property
from typing import Any, TypeVar

from dashboard.errors import RequestTimedOut, TooBusy
from dashboard.metrics import timed

T = TypeVar("T")

asker_goes: ContextVar[Callable[[], Coroutine[Any, Any, object]] | None] = ContextVar(
    "asker_goes", default=None
)
"""Waits until the one who asked for what is done here goes away; None where that cannot be known."""


class Queue:
    def __init__(self, name: str, *, threads: Callable[[], int], longest: int) -> None:
        self._name = name
        self._count_threads = threads
        self.longest = longest
        """How many may be in it at once, those included whose work is being done."""
        self._length = 0

    async def run(self, work: Callable[[], T]) -> T:
        """What `work` returns, on a thread of this queue.

        Raises TooBusy when too many are in it, RequestTimedOut when the asker has gone.
        """
        if self._length >= self.longest:
            raise TooBusy
        # Counted on the event loop alone.
        self._length += 1
        try:
            with timed(self._name, work.__qualname__.partition(".")[0]):
                running = asyncio.get_running_loop().run_in_executor(self._threads, work)
                return await _unless_the_asker_goes(running)
        finally:
            self._length -= 1

    @cached_property
    def _threads(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(self._count_threads(), thread_name_prefix=self._name)


async def _unless_the_asker_goes(running: asyncio.Future[T]) -> T:
    if (goes := asker_goes.get()) is None:
        return await running
    going = asyncio.ensure_future(goes())
    try:
        await asyncio.wait((running, going), return_when=asyncio.FIRST_COMPLETED)
        if not running.done():
            raise RequestTimedOut
        return await running
    finally:
        going.cancel()
        # Work that no thread has started is dropped.
        running.cancel()
