"""Live sockets: how many there may be, what is said over them and how fast, and when they are closed."""

import asyncio
import time
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.api.frames import BadFrame, checked_frame
from dashboard.db import get_database
from dashboard.errors import TooManyRequests, Unavailable
from dashboard.metrics import get_metrics
from dashboard.security import SessionClaims
from dashboard.services import authentication, facts, fitness
from dashboard.services.buckets import Bucket, Buckets

MOST_PER_USER, MOST_PER_ADDRESS = 20, 100
"""How many sockets one person has open, and one address where nobody is signed in."""
EVENTS_PER_SECOND, EVENTS_AT_ONCE = 20, 60
HANDSHAKES_PER_SECOND, HANDSHAKES_AT_ONCE = 2, 120
FAREWELL = 1.0
"""Seconds for a page to be told that its session has ended, and to leave by itself."""
LOOK_EVERY = 4.0
"""Seconds between two looks at which sessions are still alive: they may end by their time, or by another process."""
LOOKED_UP_AT_ONCE = 500
REFUSED, RESTARTING, TRY_AGAIN = 1008, 1012, 1013
"""Why a socket is closed: for good, because this process ends, or until somebody can serve it."""
LAST_WORD = 1.0
"""Seconds that it may take to tell a client why its socket is closed."""
QUIET, LOOK_WHETHER_QUIET = 0.1, 0.02
"""Seconds without work or answers, after which everything that was heard is answered; and between two looks."""
_GONE: Message = {"type": "websocket.disconnect", "code": REFUSED}


class Sockets:
    """The sockets of this process."""

    def __init__(self, scale: float) -> None:
        self._scale = scale
        self._live: dict[UUID | str, set[LiveSocket]] = {}
        self._handshakes = Buckets(HANDSHAKES_PER_SECOND * scale, HANDSHAKES_AT_ONCE * scale)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_watching = False
        self.is_leaving = False
        """Whether the server is about to end: what was begun is finished, and nothing else is."""
        facts.listen_to_all(self._hear)
        fitness.when_unfit(lambda: self._start(self._close_all()))

    def require_room(self, claims: SessionClaims | None, address: str) -> None:
        """Raises TooManyRequests when a person (or, signed out, an address) has or opens too many."""
        if self.is_leaving:
            raise Unavailable
        owner = claims.user_id if claims else address
        most = (MOST_PER_USER if claims else MOST_PER_ADDRESS) * self._scale
        if most and len(self._live.get(owner, ())) >= most:
            raise TooManyRequests
        if wait := self._handshakes.take(owner):
            raise TooManyRequests(wait)

    async def serve(
        self,
        app: ASGIApp,
        scope: Scope,
        receive: Receive,
        send: Send,
        *,
        claims: SessionClaims | None,
        address: str,
    ) -> None:
        """Run the program on a socket of a session, or of an address, until either of them has had enough."""
        self._loop = asyncio.get_running_loop()
        pace = Bucket(EVENTS_PER_SECOND * self._scale, EVENTS_AT_ONCE * self._scale)
        socket = LiveSocket(receive, send, claims, pace)
        owner = claims.user_id if claims else address
        self._live.setdefault(owner, set()).add(socket)
        self._watch()
        metrics = get_metrics()
        if metrics is not None:
            metrics.sockets.inc()
        try:
            await app(scope, socket.receive, socket.send)
        finally:
            if metrics is not None:
                metrics.sockets.dec()
            self._live[owner].discard(socket)
            if not self._live[owner]:
                del self._live[owner]

    def _watch(self) -> None:
        if not self._is_watching:
            self._is_watching = True
            self._start(self._keep_looking())

    async def _keep_looking(self) -> None:
        try:
            while any(socket.claims for socket in self._all()):
                await asyncio.sleep(LOOK_EVERY)
                await self._look()
        finally:
            self._is_watching = False

    async def _look(self) -> None:
        """Close the sockets of sessions that are over, and write down that the others are in use."""
        asked = list({socket.claims for socket in self._all() if socket.claims})
        # A database that is away ends nobody's session.
        with suppress(Unavailable):
            for start in range(0, len(asked), LOOKED_UP_AT_ONCE):
                await self._look_at(asked[start : start + LOOKED_UP_AT_ONCE])

    async def _look_at(self, some: Sequence[SessionClaims]) -> None:
        alive = await get_database().read(authentication.living, [each.session_id for each in some])
        for claims in some:
            if claims.session_id not in alive:
                # Nobody has announced it here, and other tabs list it still.
                facts.deliver(facts.SessionEnded(claims.user_id, claims.session_id))
                await self._end(claims.session_id)
        due = [
            session_id
            for session_id, seen_at in alive.items()
            if authentication.is_use_due(seen_at)
        ]
        if due:
            await get_database().write(authentication.note_seen, due)

    async def _end(self, session_id: UUID) -> None:
        for socket in self._all():
            if socket.claims and socket.claims.session_id == session_id:
                await socket.end()

    async def leave(self) -> None:
        """Listen to nobody any more, answer what was heard, and send everyone to connect again."""
        self.is_leaving = True
        for socket in self._all():
            socket.stop_listening()
        quiet_since = time.monotonic()
        while time.monotonic() - quiet_since < QUIET:
            await asyncio.sleep(LOOK_WHETHER_QUIET)
            quiet_since = max([quiet_since, *(socket.said_last for socket in self._all())])
            if not get_database().is_idle:
                quiet_since = time.monotonic()
        await self._close_all(RESTARTING)
        # What was said last is on its way, and the end of the server would overtake it.
        await asyncio.sleep(QUIET)

    async def _close_all(self, code: int = TRY_AGAIN) -> None:
        """Their pages say so, keep what is done in them, and connect again until they are let in, here or elsewhere."""
        await asyncio.gather(*(socket.end(code) for socket in self._all()))

    def _all(self) -> list["LiveSocket"]:
        return [socket for sockets in self._live.values() for socket in sockets]

    def _hear(self, fact: facts.Fact) -> None:
        """Called on the thread that committed."""
        if self._loop is not None and isinstance(fact, facts.SessionEnded | facts.Missed):
            # The loop is closed when the server is about to be gone, and its sockets with it.
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._follow, fact)

    def _follow(self, fact: facts.SessionEnded | facts.Missed) -> None:
        if isinstance(fact, facts.Missed):
            self._start(self._look())
        else:
            self._start(self._say_farewell(fact.session_id))

    async def _say_farewell(self, session_id: UUID) -> None:
        await asyncio.sleep(FAREWELL)
        await self._end(session_id)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        # The loop itself keeps no hold on a task.
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


class LiveSocket:
    """A socket between the server and the program: hands on what is said as far as it is proper, at a bearable pace."""

    def __init__(
        self, receive: Receive, send: Send, claims: SessionClaims | None, pace: Bucket
    ) -> None:
        self.claims = claims
        self._receive = receive
        self._send = send
        self._pace = pace
        loop = asyncio.get_running_loop()
        self._ended, self._told = loop.create_future(), loop.create_future()
        self._hearing: asyncio.Future[Message] | None = None
        self._is_deaf = False
        self.said_last = 0.0
        """When something was said to the client."""

    def stop_listening(self) -> None:
        """Hear nothing more of what the client says; it is still answered."""
        self._is_deaf = True

    async def receive(self) -> Message:
        """What the program hears next. Too fast a client is not heard until its turn; its own buffers fill up."""
        while True:
            message = await self._next()
            if message["type"] != "websocket.receive":
                return message
            if self._is_deaf:
                continue
            if wait := self._pace.borrow():
                await asyncio.wait((self._ended,), timeout=wait)
            try:
                frame = checked_frame(message.get("text"))
            except BadFrame:
                await self.end()
                return _GONE
            if frame is not None:
                return {"type": "websocket.receive", "text": frame}

    async def send(self, message: Message) -> None:
        if not self._ended.done():
            self.said_last = time.monotonic()
            await self._send(message)

    async def end(self, code: int = REFUSED) -> None:
        """Close the socket, from either side of it."""
        if self._ended.done():
            return
        # The server says nothing while it still listens.
        self._ended.set_result(None)
        if self._hearing is not None:
            self._hearing.cancel()
        # The client may have gone first, or be too slow to hear it.
        with suppress(Exception):
            async with asyncio.timeout(LAST_WORD):
                await self._send({"type": "websocket.close", "code": code})
        self._told.set_result(None)

    async def _next(self) -> Message:
        if self._ended.done():
            return await self._gone()
        self._hearing = asyncio.ensure_future(self._receive())
        try:
            return await self._hearing
        except asyncio.CancelledError:
            # Of the hearing, by `end`; or of whoever waits for it.
            waiting = asyncio.current_task()
            if not self._ended.done() or (waiting and waiting.cancelling()):
                raise
        return await self._gone()

    async def _gone(self) -> Message:
        # Once the program behind has done with a socket the server closes it, told or not.
        await asyncio.shield(self._told)
        return _GONE
