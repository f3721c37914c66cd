"""How many requests a person may send to the API: 300 at once, and 5 a second from then on.

Asked with every request, so it must cost next to nothing: one process counts in its own memory. Where several serve,
Redis counts for all of them, in minutes; while it is away each of them counts alone.
"""

import asyncio
import time
from functools import lru_cache
from typing import Any, cast

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from dashboard import clock
from dashboard.config import get_settings
from dashboard.errors import TooManyRequests
from dashboard.services.operation.token_bucket import Buckets

PER_MINUTE = 300
ANSWER = 0.2
"""Seconds that Redis has to answer: no request waits longer for it."""
LEFT_ALONE = 10.0
"""Seconds for which it is not asked again after that."""
_MINUTE = 60


async def count_request(who: str) -> None:
    """Count a request of someone's. Raises TooManyRequests."""
    settings = get_settings()
    if not (scale := settings.rate_limit_scale):
        return
    if settings.redis_url is not None:
        counter = _counter(settings.redis_url, asyncio.get_running_loop())
        if (count := await counter.count(who)) is not None:
            if count > PER_MINUTE * scale:
                raise TooManyRequests(_MINUTE - clock.now().timestamp() % _MINUTE)
            return
    if wait := _buckets(scale).take(who):
        raise TooManyRequests(wait)


class _Counter:
    """Requests of this minute, in Redis."""

    def __init__(self, url: str) -> None:
        once = Retry(NoBackoff(), retries=0)
        self._redis = Redis.from_url(
            url, socket_timeout=ANSWER, socket_connect_timeout=ANSWER, retry=once
        )
        self._asked_again_at = 0.0

    async def count(self, who: str) -> int | None:
        """How many there were, this one included; None when Redis does not answer."""
        if time.monotonic() < self._asked_again_at:
            return None
        key = f"cairn:requests:{who}:{int(clock.now().timestamp()) // _MINUTE}"
        try:
            async with self._redis.pipeline(transaction=True) as both:
                both.incr(key)
                both.expire(key, 2 * _MINUTE)
                count, _ = cast(list[Any], await both.execute())
        except (RedisError, OSError):
            self._asked_again_at = time.monotonic() + LEFT_ALONE
            return None
        return count


@lru_cache(maxsize=1)
def _counter(url: str, _loop: asyncio.AbstractEventLoop) -> _Counter:
    # Connections belong to the event loop that made them.
    return _Counter(url)


@lru_cache(maxsize=1)
def _buckets(scale: float) -> Buckets:
    return Buckets(PER_MINUTE / _MINUTE * scale, PER_MINUTE * scale)
