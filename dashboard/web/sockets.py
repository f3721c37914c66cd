"""Live sockets: how many there may be, how fast those of one person are listened to, and when they are closed.

Signed out, the place that they come from (a household's part of an address) stands for the person.
"""

import asyncio
import time
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID

from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard import events
from dashboard.database.transactions import get_database
from dashboard.errors import TooManyRequests, Unavailable
from dashboard.metrics import get_metrics
from dashboard.reflex_adapter.event_queue import on_event
from dashboard.security import SessionClaims
from dashboard.services.accounts import authentication
from dashboard.services.operation import readiness
from dashboard.services.operation.rate_limits import place_of
from dashboard.services.operation.token_bucket import Buckets
from dashboard.state.tabs import forget
from dashboard.web.connections import Arrivals, find_connections
from dashboard.web.live_socket import RESTARTING, TRY_AGAIN, LiveSocket

MOST_PER_USER, MOST_PER_PLACE, MOST_SIGNED_OUT = 20, 10, 500
"""How many sockets one person has open; one place that is signed out; and all who are signed out."""
EVENTS_PER_SECOND, EVENTS_AT_ONCE = 20, 200
"""Of one person, on all their sockets. At once: as many lines as somebody may paste, or have done without a network."""
EVENTS_SIGNED_OUT_PER_SECOND, EVENTS_SIGNED_OUT_AT_ONCE = 5, 40
"""Of one place."""
HANDSHAKES_PER_SECOND, HANDSHAKES_AT_ONCE = 2, 120
HANDSHAKES_SIGNED_OUT_AT_ONCE = 30
LONGEST_SILENCE = 30.0
"""Seconds that a socket that is signed out may say nothing whole. It is asked for a word every 25."""
LARGEST_UNFINISHED = 2 * 1024 * 1024
"""Bytes of a message that is not whole yet."""
MEASURE_EVERY = 0.25
"""Seconds between two looks at how much strangers have sent; people are looked at with their sessions."""
STATE_KEPT = 3600
"""Seconds for which the framework keeps the state of a tab that has gone."""
FAREWELL = 1.0
"""Seconds for a page to be told that its session has ended, and to leave by itself."""
LOOK_EVERY = 4.0
"""Seconds between two looks at which sessions are still alive: they may end by their time, or by another process."""
LOOKED_UP_AT_ONCE = 500
QUIET, LOOK_WHETHER_QUIET = 0.1, 0.02
"""Seconds without work or answers, after which everything that was heard is answered; and between two looks."""


class Sockets:
    """The sockets of this process."""

    def __init__(self, scale: float) -> None:
        self._scale = scale
        self._live: dict[UUID | str, set[LiveSocket]] = {}
        self._gone: dict[UUID, dict[str, float]] = {}
        """Tabs of each person that have gone, and when, oldest first: their state is there still."""
        handshakes, signed_out = HANDSHAKES_AT_ONCE * scale, HANDSHAKES_SIGNED_OUT_AT_ONCE * scale
        self._handshakes = Buckets(HANDSHAKES_PER_SECOND * scale, handshakes)
        self._handshakes_signed_out = Buckets(HANDSHAKES_PER_SECOND * scale, signed_out)
        self._paces = Buckets(EVENTS_PER_SECOND * scale, EVENTS_AT_ONCE * scale)
        self._paces_signed_out = Buckets(
            EVENTS_SIGNED_OUT_PER_SECOND * scale, EVENTS_SIGNED_OUT_AT_ONCE * scale
        )
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_watching = False
        self.is_leaving = False
        """Whether the server is about to stop: events that have started are finished, others are not."""
        events.listen_to_all(self._hear)
        readiness.when_unready(lambda: self._start(self._close_all()))

    def require_room(self, claims: SessionClaims | None, address: str) -> None:
        """Raises TooManyRequests when a person (or, signed out, a place) has or opens too many."""
        if self.is_leaving:
            raise Unavailable
        owner = _owner(claims, address)
        most = (MOST_PER_USER if claims else MOST_PER_PLACE) * self._scale
        if most and len(self._live.get(owner, ())) >= most:
            raise TooManyRequests
        if not claims and most and self._count_signed_out() >= MOST_SIGNED_OUT * self._scale:
            raise TooManyRequests
        handshakes = self._handshakes if claims else self._handshakes_signed_out
        if wait := handshakes.take(owner):
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
        tab: str,
    ) -> None:
        """Run the program on a socket of a session, or of a place, until either of them has had enough."""
        self._loop = asyncio.get_running_loop()
        owner = _owner(claims, address)
        pace = (self._paces if claims else self._paces_signed_out).of(owner)
        arrivals = Arrivals(scope.get("client"))
        socket = LiveSocket(receive, send, claims, pace, self._scale, arrivals)
        socket.tabs.add(tab)
        self._live.setdefault(owner, set()).add(socket)
        self._watch()
        metrics = get_metrics()
        if metrics is not None:
            metrics.sockets.inc()
        on_event.set(socket.note_event)
        try:
            await app(scope, socket.receive, socket.send)
        finally:
            if metrics is not None:
                metrics.sockets.dec()
            self._live[owner].discard(socket)
            if not self._live[owner]:
                del self._live[owner]
            socket.finish()
            self._let_go(socket)

    def _let_go(self, socket: LiveSocket) -> None:
        """Keep the state of a tab for when it comes back: of as many as a person may have open, and of no stranger."""
        if socket.claims is None:
            too_old = list(socket.tabs)
        else:
            gone = self._gone.setdefault(socket.claims.user_id, {})
            for tab in socket.tabs:
                gone.pop(tab, None)
                gone[tab] = time.monotonic()
            most = int(MOST_PER_USER * self._scale)
            too_old = list(gone)[:-most] if most else []
            for tab in too_old:
                del gone[tab]
        if too_old:
            self._start(self._forget(too_old))

    async def _forget(self, tabs: Sequence[str]) -> None:
        for tab in tabs:
            if not any(tab in socket.tabs for socket in self._all()):
                await forget(tab)

    def _count_signed_out(self) -> int:
        return sum(len(some) for owner, some in self._live.items() if isinstance(owner, str))

    def _watch(self) -> None:
        if not self._is_watching:
            self._is_watching = True
            self._start(self._keep_looking())

    async def _keep_looking(self) -> None:
        try:
            looked_at = time.monotonic()
            while self._live:
                await asyncio.sleep(min(MEASURE_EVERY, LOOK_EVERY))
                is_due = time.monotonic() - looked_at >= LOOK_EVERY
                self._measure(of_people=is_due)
                if is_due:
                    await self._look()
                    await self._end_the_silent()
                    self._drop_old_tabs()
                    looked_at = time.monotonic()
        finally:
            self._is_watching = False

    def _measure(self, *, of_people: bool) -> None:
        """Cut off those who send a message that does not end."""
        measured = [socket for socket in self._all() if of_people or not socket.claims]
        if unknown := [socket for socket in measured if socket.arrivals.is_unknown()]:
            connections = find_connections()
            for socket in unknown:
                socket.arrivals.find(connections)
        for socket in measured:
            if socket.arrivals.unfinished(socket.heard_last) > LARGEST_UNFINISHED:
                socket.arrivals.cut()

    async def _look(self) -> None:
        """Close the sockets of sessions that are over, and write down that the others are in use."""
        asked = list({socket.claims for socket in self._all() if socket.claims})
        # A database that is away ends no session.
        with suppress(Unavailable):
            for start in range(0, len(asked), LOOKED_UP_AT_ONCE):
                await self._look_at(asked[start : start + LOOKED_UP_AT_ONCE])

    async def _look_at(self, some: Sequence[SessionClaims]) -> None:
        alive = await get_database().read(authentication.living, [each.session_id for each in some])
        for claims in some:
            if claims.session_id not in alive:
                # It was not announced here, and other tabs still list it.
                events.deliver(events.SessionEnded(claims.user_id, claims.session_id))
                await self._end(claims.session_id)
        due = [
            session_id
            for session_id, seen_at in alive.items()
            if authentication.is_use_due(seen_at)
        ]
        if due:
            await get_database().write(authentication.note_seen, due)

    async def _end_the_silent(self) -> None:
        since = time.monotonic() - LONGEST_SILENCE
        strangers = (socket for socket in self._all() if not socket.claims)
        silent = [socket for socket in strangers if socket.heard_last < since]
        if self._scale:
            await asyncio.gather(*(socket.end(TRY_AGAIN) for socket in silent))

    def _drop_old_tabs(self) -> None:
        since = time.monotonic() - STATE_KEPT
        for user_id, gone in list(self._gone.items()):
            if max(gone.values(), default=0) < since:
                del self._gone[user_id]

    async def _end(self, session_id: UUID) -> None:
        for socket in self._all():
            if socket.claims and socket.claims.session_id == session_id:
                await socket.end()

    async def leave(self) -> None:
        """Stop listening, answer the events received so far, and have every client connect again."""
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

    def _hear(self, event: events.Event) -> None:
        """Called on the thread that committed."""
        if self._loop is not None and isinstance(event, events.SessionEnded | events.EventsLost):
            # The loop is closed when the server is about to be gone, and its sockets with it.
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._follow, event)

    def _follow(self, event: events.SessionEnded | events.EventsLost) -> None:
        if isinstance(event, events.EventsLost):
            self._start(self._look())
        else:
            self._start(self._say_farewell(event.session_id))

    async def _say_farewell(self, session_id: UUID) -> None:
        await asyncio.sleep(FAREWELL)
        await self._end(session_id)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        # The loop itself keeps no hold on a task.
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _owner(claims: SessionClaims | None, address: str) -> UUID | str:
    return claims.user_id if claims else place_of(address)
