"""Whether this process can do its work."""

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from dashboard.config import get_settings
from dashboard.database import migrations
from dashboard.database.transactions import get_database
from dashboard.errors import Unavailable

PROBE = "cairn:probe"
"""What is written to see whether Redis takes anything."""
_SECONDS = 2


async def require_ready() -> None:
    """Raises Unavailable unless the database is there and migrated, and Redis answers where it is set."""
    if not await get_database().read(migrations.is_current):
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
