"""Whether this process can do its work. While it cannot reach its database or its Redis, it answers 503: another
process may be able to, and what this one could still show is no longer current.

With SQLite and without Redis there is nothing that could be out of reach.
"""

import asyncio
import logging
from collections.abc import Callable

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from dashboard.config import get_settings
from dashboard.database.revisions import is_current
from dashboard.database.transactions import get_database
from dashboard.errors import Unavailable
from dashboard.logging import reason

PROBE = "cairn:probe"
"""What is written to see whether Redis takes anything."""
_SECONDS = 2
LOOK_EVERY = 1.0
"""Seconds between two looks."""
MOST_MISSES = 2
"""How many of them may fail in a row: a single one may be a hiccup."""
ANSWER = 5.0
MOST_LAG = 0.5
"""Seconds by which this process may be behind with its own work: when it is more, answers are late because of that."""

_log = logging.getLogger(__name__)


class _Readiness:
    """The result of the latest probes."""

    def __init__(self) -> None:
        self.listeners: set[Callable[[], object]] = set()
        self.misses = 0

    @property
    def is_ready(self) -> bool:
        return self.misses < MOST_MISSES

    def note(self, error: Exception | None) -> None:
        was_ready = self.is_ready
        self.misses = self.misses + 1 if error else 0
        if error and was_ready and not self.is_ready:
            why = reason(error)
            _log.error("Out of reach of its data, this process answers 503: %s", why)
            for listener in self.listeners:
                _call(listener)
        if self.is_ready and not was_ready:
            _log.warning("What this process needs is back.")


_readiness = _Readiness()


def require_serving() -> None:
    """Raises Unavailable while this process does not serve."""
    if not _readiness.is_ready:
        raise Unavailable


def when_unready(listener: Callable[[], object]) -> None:
    """Have `listener` called, on the event loop, whenever this process ceases to serve."""
    _readiness.listeners.add(listener)


async def require_ready() -> None:
    """Raises Unavailable unless the database is there and migrated, and Redis answers where it is set."""
    if not await get_database().read(is_current):
        raise Unavailable("The database is not migrated to this version yet.")
    await require_redis()


async def require_redis() -> None:
    """Raises Unavailable when a Redis is set and keeps nothing for us."""
    url = get_settings().redis_url
    if url is None:
        return
    once = Retry(NoBackoff(), retries=0)
    try:
        async with Redis.from_url(
            url, socket_timeout=_SECONDS, socket_connect_timeout=_SECONDS, retry=once
        ) as redis:
            # One that is full, or somebody's replica, answers a ping as well.
            await redis.set(PROBE, "", ex=60)
    except (RedisError, OSError) as error:
        raise Unavailable("Redis does not answer.") from error


async def watch_over() -> None:
    """For as long as the server runs, look whether what it needs can be reached."""
    settings, lag = get_settings(), 0.0
    while settings.redis_url or not settings.is_sqlite:
        error = await _what_is_missing()
        # Letting go of everyone would make a process that has too much to do have more of it.
        if error is None or lag < MOST_LAG:
            _readiness.note(error)
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
            await require_redis()
    except Exception as error:  # noqa: BLE001
        # Whatever keeps it from looking: what it cannot see it cannot vouch for, and the next look may succeed.
        return error
    return None


def _call(listener: Callable[[], object]) -> None:
    try:
        listener()
    except Exception:  # noqa: BLE001
        # The others have to be told, and the watch goes on.
        _log.exception("A listener failed when this process ceased to serve")
