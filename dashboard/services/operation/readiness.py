"""Whether this process can do its work. One that cannot reach its database or its Redis serves nobody: another one may
be able to, and what it would still show was true a while ago.

With SQLite and without Redis there is nothing that could be out of reach.
"""

import asyncio
import logging
from collections.abc import Callable

from dashboard.config import get_settings
from dashboard.database.transactions import get_database
from dashboard.errors import Unavailable
from dashboard.logging import reason
from dashboard.services.operation import health

LOOK_EVERY = 1.0
"""Seconds between two looks."""
MOST_MISSES = 2
"""How many of them may fail in a row: a single one may be a hiccup."""
ANSWER = 5.0
MOST_LAG = 0.5
"""Seconds by which this process may be behind with its own work: when it is more, answers are late because of that."""

_log = logging.getLogger(__name__)


class _Fitness:
    """What was found lately."""

    def __init__(self) -> None:
        self.listeners: set[Callable[[], object]] = set()
        self.misses = 0

    @property
    def is_fit(self) -> bool:
        return self.misses < MOST_MISSES

    def note(self, error: Exception | None) -> None:
        was_fit = self.is_fit
        self.misses = self.misses + 1 if error else 0
        if error and was_fit and not self.is_fit:
            why = reason(error)
            _log.error("Out of reach of its data, this process serves nobody: %s", why)
            for listener in self.listeners:
                listener()
        if self.is_fit and not was_fit:
            _log.warning("What this process needs is back.")


_fitness = _Fitness()


def require_fit() -> None:
    """Raises Unavailable while this process serves nobody."""
    if not _fitness.is_fit:
        raise Unavailable


def when_unfit(listener: Callable[[], object]) -> None:
    """Have `listener` called, on the event loop, whenever this process ceases to serve."""
    _fitness.listeners.add(listener)


async def watch_over() -> None:
    """For as long as the server runs, look whether what it needs can be reached."""
    settings, lag = get_settings(), 0.0
    while settings.redis_url or not settings.is_sqlite:
        error = await _what_is_missing()
        # Letting go of everyone would make a process that has too much to do have more of it.
        if error is None or lag < MOST_LAG:
            _fitness.note(error)
        lag = await _pause()


async def _pause() -> float:
    """Wait until the next look; by how many seconds it came too late."""
    loop = asyncio.get_running_loop()
    due = loop.time() + LOOK_EVERY
    await asyncio.sleep(LOOK_EVERY)
    return loop.time() - due


async def _what_is_missing() -> Exception | None:
    try:
        async with asyncio.timeout(ANSWER):
            await get_database().require_reachable()
            await health.require_redis()
    except (Unavailable, TimeoutError) as error:
        return error
    return None
