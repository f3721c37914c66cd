"""Events from process to process, through one channel of Redis.

No request waits for this channel: an event that does not arrive is made up for by `EventsLost`, and everyone then
looks again. So each connection, the first one too, begins with telling that to all. Where Redis stays away,
services/operation/readiness.py takes the process out of service.
"""

import asyncio
import json
import logging
import random
import secrets
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any, get_args

from pydantic import TypeAdapter
from pydantic_core import to_json
from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from dashboard import events
from dashboard.config import get_settings
from dashboard.events import Event, EventsLost
from dashboard.logging import reason

CHANNEL = "cairn:events"
BEAT, SILENCE = 3.0, 9.0
"""Each relay sends something every BEAT seconds and hears itself: after SILENCE seconds the connection is dead."""
ANSWER = 5.0
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 10.0
MOST_WAITING = 10_000

_log = logging.getLogger(__name__)
_KINDS: dict[str, tuple[TypeAdapter[Any], int]] = {
    kind.__name__: (TypeAdapter(kind), len(kind._fields)) for kind in get_args(Event)
}
"""How to read each kind of event, and how many fields of it are known here."""


async def relay_events() -> None:
    """For as long as the server runs: tell its other processes what is announced here, and here what they announce."""
    url = get_settings().redis_url
    if url is None:
        return
    relay = Relay(url, events.deliver)
    stop = events.carry(relay.send)
    try:
        await relay.run()
    finally:
        stop()


class Relay:
    """One process's end of the channel: `send` what happened here; what happened elsewhere is given to `deliver`."""

    def __init__(self, url: str, deliver: Callable[[Event], object]) -> None:
        self._url = url
        self._deliver = deliver
        self._name = secrets.token_hex(8)
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[Event] = deque()
        self._is_waiting = asyncio.Event()
        self._pause = FIRST_PAUSE
        self._is_away = False

    def send(self, event: Event) -> None:
        """Have an event told to the other processes. From any thread; it neither waits nor fails."""
        # The loop is closed when the server is about to be gone, and its tabs with it.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._enqueue, event)

    async def run(self) -> None:
        """Send and deliver until cancelled. While Redis is away, try again, later each time."""
        while True:
            try:
                async with self._redis() as redis, redis.pubsub() as channel:
                    await self._join(channel)
                    async with asyncio.TaskGroup() as both:
                        both.create_task(self._send_all(redis))
                        both.create_task(self._hear_all(channel))
            except* (RedisError, OSError) as errors:
                self._say_that_it_is_away(errors)
            # Not all processes at the same moment.
            await asyncio.sleep(self._pause * random.uniform(0.5, 1))  # noqa: S311
            self._pause = min(self._pause * 2, LONGEST_PAUSE)

    def _redis(self) -> Redis:
        # The library's own way to try again would subscribe again without saying that something was missed.
        once = Retry(NoBackoff(), retries=0)
        return Redis.from_url(self._url, socket_connect_timeout=ANSWER, retry=once)

    async def _join(self, channel: PubSub) -> None:
        """Listen, and only then have everyone look again, so that nothing falls in between."""
        await channel.subscribe(CHANNEL)
        if not await channel.get_message(timeout=ANSWER):
            raise ConnectionError("The subscription was not confirmed.")
        self._waiting.clear()
        self._enqueue(EventsLost())

    async def _send_all(self, redis: Redis) -> None:
        try:
            while True:
                await self._send_waiting(redis)
                self._is_waiting.clear()
                try:
                    async with asyncio.timeout(BEAT):
                        await self._is_waiting.wait()
                except TimeoutError:
                    await _publish(redis, b"")
        except asyncio.CancelledError:
            # The server ends, and what it announced last is news all the same.
            await self._send_waiting(redis)
            raise

    async def _send_waiting(self, redis: Redis) -> None:
        while self._waiting:
            event = self._waiting.popleft()
            try:
                await _publish(redis, encode(self._name, event))
            except asyncio.CancelledError:
                # It may not be out yet, and to be told twice does no harm.
                self._waiting.appendleft(event)
                raise

    async def _hear_all(self, channel: PubSub) -> None:
        while message := await channel.get_message(timeout=SILENCE):
            self._say_that_it_is_back()
            match decode(message["data"]):
                # One's own events were told here already, but to look again is for everyone.
                case (sender, event) if sender != self._name or event == EventsLost():
                    self._deliver(event)
        raise ConnectionError("Nothing was heard for too long.")

    def _enqueue(self, event: Event) -> None:
        if len(self._waiting) >= MOST_WAITING:
            self._waiting.clear()
            event = EventsLost()
        self._waiting.append(event)
        self._is_waiting.set()

    def _say_that_it_is_away(self, errors: BaseExceptionGroup) -> None:
        if not self._is_away:
            why = reason(errors.exceptions[0])
            _log.warning("Redis is away; the other processes hear later: %s", why)
        self._is_away = True

    def _say_that_it_is_back(self) -> None:
        if self._is_away:
            _log.warning("Redis is back.")
        self._is_away, self._pause = False, FIRST_PAUSE


async def _publish(redis: Redis, message: bytes) -> None:
    # The client's own socket_timeout uses wait_for, which loses a cancellation that comes with the answer.
    async with asyncio.timeout(ANSWER):
        await redis.publish(CHANNEL, message)


def encode(sender: str, event: Event) -> bytes:
    """An event as it travels: `["sender","SessionEnded",["user id","session id"]]`."""
    return to_json([sender, type(event).__name__, event])


def decode(message: Any) -> tuple[str, Event] | None:
    """The sender and the event, without what a later version adds to it; None for what this one does not understand."""
    try:
        sender, kind, fields = json.loads(message)
        adapter, known = _KINDS[kind]
        return sender, adapter.validate_python(fields[:known])
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
