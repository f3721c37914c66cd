"""The end of a server: what is under way is finished and answered, and only then does it stop.

Granian closes every socket as soon as it is told to stop, whatever its events have begun; so we are told first.
"""

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

LONGEST_FAREWELL = 5.0
"""Seconds that all of it may take: `serve` gives ten, and requests may need the rest."""

_log = logging.getLogger(__name__)
_before_the_end: list[Callable[[], Awaitable[object]]] = []


def before_the_end(finish: Callable[[], Awaitable[object]]) -> None:
    """Have `finish` called, and waited for, when the server is told to stop."""
    _before_the_end.append(finish)


@asynccontextmanager
async def stop_gracefully() -> AsyncIterator[None]:
    """For as long as the server runs: hear of its end before Granian does."""
    loop = asyncio.get_running_loop()
    # There is no other way to what was asked to be called at a signal. A loop without it stops as it always did.
    granians: asyncio.Handle | None = getattr(loop, "_signal_handlers", {}).get(signal.SIGTERM)
    farewells: list[asyncio.Task[None]] = []

    def begin(stop: Callable[[], object]) -> None:
        # Ctrl-C is followed by the signal of the main process.
        if not farewells:
            farewells.append(loop.create_task(_finish(stop)))

    if granians is not None:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, begin, granians._run)  # noqa: SLF001 - as above
    yield


async def _finish(stop: Callable[[], object]) -> None:
    try:
        async with asyncio.timeout(LONGEST_FAREWELL):
            await asyncio.gather(*(finish() for finish in _before_the_end))
    except TimeoutError:
        _log.warning("Not everything was finished before the end.")
    finally:
        stop()
