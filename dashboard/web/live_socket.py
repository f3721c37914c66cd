"""One live socket: what is said over it is heard at a bearable pace and answered, or it is closed.

What waits, waits here, where it is counted, and not in the server or in the framework; and it goes when the tab does.
"""

import asyncio
import time
from collections import deque
from contextlib import suppress
from typing import NamedTuple

from reflex.event import Event
from starlette.types import Message, Receive, Send

from dashboard.reflex_adapter.event_queue import Answer
from dashboard.security import SessionClaims
from dashboard.services.operation.token_bucket import Bucket
from dashboard.state.tabs import is_read, lasts, replaces
from dashboard.web.connections import Arrivals
from dashboard.web.socket_protocol import (
    LARGEST_FRAME,
    LARGEST_OF_STRANGERS,
    BadFrame,
    checked_frame,
    event_named,
    is_connect,
    is_disconnect,
    price,
)

REFUSED, RESTARTING, TRY_AGAIN = 1008, 1012, 1013
"""Why a socket is closed: for good, because this process ends, or until somebody can serve it."""
MOST_UNANSWERED = 8
"""Events of a tab that are under way; the next one waits until one of them is done."""
MOST_WAITING, MOST_WAITING_OF_STRANGERS = 1000, 50
"""Frames that wait to be heard; who says more than that is no page of ours."""
LARGEST_WAITING, LARGEST_WAITING_OF_STRANGERS = 1024 * 1024, 64 * 1024
"""The same in characters."""
LARGEST_UNSENT = 1024 * 1024
"""Characters that wait to be sent to a client that does not read them."""
SLOWEST_SEND = 10.0
"""Seconds that a client may take to make room for the next message."""
REPEATS_AT_ONCE, REPEATS_PER_SECOND = 200, 30
"""Frames that replace one that waits, as each key does that is typed while the server is busy."""
STRAYS_AT_ONCE, STRAYS_PER_SECOND, LARGEST_STRAY = 20, 0.2, 4096
"""Frames that go nowhere, as a page from before an upgrade may send them."""
LAST_WORD = 1.0
"""Seconds that it may take to tell a client why its socket is closed."""
_GONE: Message = {"type": "websocket.disconnect", "code": REFUSED}
_RENAMED = '42/_event,["new_token","'
"""How a tab is told that its name was taken, and which one it has."""


class _Said(NamedTuple):
    text: str | None
    name: str
    """Of the event, as far as it can be seen from outside."""


class LiveSocket:
    """A socket between the server and the program behind the gate."""

    def __init__(
        self,
        receive: Receive,
        send: Send,
        claims: SessionClaims | None,
        pace: Bucket,
        scale: float,
        arrivals: Arrivals,
    ) -> None:
        self.claims = claims
        self.arrivals = arrivals
        self.tabs: set[str] = set()
        """The names under which the framework keeps state for it."""
        self.said_last = 0.0
        """When something was said to the client."""
        self.heard_last = time.monotonic()
        """When the client said something."""
        self._receive, self._send = receive, send
        self._pace = pace
        self._repeats = Bucket(REPEATS_PER_SECOND * scale, REPEATS_AT_ONCE * scale)
        self._strays = Bucket(STRAYS_PER_SECOND * scale, STRAYS_AT_ONCE * scale)
        self._is_limited = bool(scale)
        self._waiting: deque[_Said] = deque()
        self._waiting_size = 0
        self._unanswered: dict[Answer, str] = {}
        self._lasting: set[Answer] = set()
        self._is_joined = False
        self._unsent: deque[Message] = deque()
        self._unsent_size = 0
        self._is_deaf = self._is_mute = False
        loop = asyncio.get_running_loop()
        self._left, self._ended, self._told = (loop.create_future() for _ in range(3))
        """The client has gone; we have closed it; and the client was told so."""
        # Set when something has changed for those who wait: for the program behind, and for what sends.
        self._heard_news, self._sending_news = asyncio.Event(), asyncio.Event()
        self._all_sent = asyncio.Event()
        self._all_sent.set()
        self._listening: asyncio.Task[None] | None = None
        self._speaking: asyncio.Task[None] | None = None

    def stop_listening(self) -> None:
        """Hear nothing more of what the client says; it is still answered."""
        self._is_deaf = True
        self._waiting.clear()

    @property
    def is_left(self) -> bool:
        """Whether the client has gone."""
        return self._left.done()

    def finish(self) -> None:
        """The program behind has done with it: nothing of it is left."""
        for work in (self._listening, self._speaking):
            if work is not None:
                work.cancel()
        self._waiting.clear()
        self._unsent.clear()
        reads = [answer for answer, name in self._unanswered.items() if is_read(name)]
        for answer in (*reads, *self._lasting):
            answer.cancel()

    # What the client says

    async def receive(self) -> Message:
        """What the program hears next."""
        if self._listening is None:
            # Before it is accepted, there is a single thing to hear.
            return await self._receive()
        while not self._ended.done():
            if not self._waiting:
                if self.is_left:
                    return _GONE
                await self._news()
                continue
            said = self._waiting.popleft()
            self._waiting_size -= len(said.text or "")
            try:
                frame = await self._admitted(said)
            except BadFrame:
                await self.end()
                break
            if frame is not None:
                return {"type": "websocket.receive", "text": frame}
        # Once the program behind has done with a socket the server closes it, told or not.
        await asyncio.shield(self._told)
        return _GONE

    async def _admitted(self, said: _Said) -> str | None:
        """The frame as it may go on when its turn comes, or None when it need not. Raises BadFrame."""
        # What somebody wrote before they went is done as far as it need not wait for its turn.
        if self.is_left and (is_read(said.name) or self._pace.take(price(said.text))):
            return None
        if not self.is_left and (wait := self._pace.borrow(price(said.text))):
            await asyncio.wait(
                (self._left, self._ended), timeout=wait, return_when=asyncio.FIRST_COMPLETED
            )
            if self.is_left:
                return None
        largest = LARGEST_FRAME if self.claims else LARGEST_OF_STRANGERS
        frame = checked_frame(said.text, largest)
        if frame is None:
            self._count_stray(said)
            return None
        self._join(frame)
        while self._must_wait(said.name):
            await self._news()
        is_wanted = not self._ended.done() and not (self.is_left and is_read(said.name))
        return frame if is_wanted else None

    def _must_wait(self, name: str) -> bool:
        if self._ended.done() or (self.is_left and is_read(name)):
            return False
        is_twice = replaces(name) and name in self._unanswered.values()
        return is_twice or len(self._unanswered) >= MOST_UNANSWERED

    def _count_stray(self, said: _Said) -> None:
        if len(said.text or "") > LARGEST_STRAY or self._strays.take():
            raise BadFrame

    def _join(self, frame: str) -> None:
        if is_connect(frame):
            if self._is_joined:
                raise BadFrame
            self._is_joined = True
        elif is_disconnect(frame):
            self._is_joined = False

    def note_event(self, tab: str, event: Event, answer: Answer) -> None:
        """An event of this socket is queued; `answer` is done when it is."""
        self.tabs.add(tab)
        if lasts(event.name):
            self._lasting.add(answer)
        else:
            self._unanswered[answer] = event.name
        answer.add_done_callback(self._note_answer)

    def _note_answer(self, answer: Answer) -> None:
        self._unanswered.pop(answer, None)
        self._lasting.discard(answer)
        self._heard_news.set()

    async def _news(self) -> None:
        self._heard_news.clear()
        await self._heard_news.wait()

    async def _listen(self) -> None:
        """Take what the client says as it comes, so that its going is noticed at once."""
        # For one that breaks off, the server has an error instead of a message.
        with suppress(Exception):
            while (message := await self._receive())["type"] == "websocket.receive":
                self.heard_last = time.monotonic()
                if not self._is_deaf and not self._wait_in_line(message.get("text")):
                    await self.end()
                self._heard_news.set()
        self._left.set_result(None)
        self._heard_news.set()

    def _wait_in_line(self, text: str | None) -> bool:
        """Whether there is room for one more frame."""
        said = _Said(text, event_named(text))
        if replaces(said.name):
            for before in [each for each in self._waiting if each.name == said.name]:
                self._waiting.remove(before)
                self._waiting_size -= len(before.text or "")
                if self._repeats.take():
                    return False
        self._waiting.append(said)
        self._waiting_size += len(text or "")
        if not self._is_limited:
            return True
        if self.claims:
            return len(self._waiting) <= MOST_WAITING and self._waiting_size <= LARGEST_WAITING
        return (
            len(self._waiting) <= MOST_WAITING_OF_STRANGERS
            and self._waiting_size <= LARGEST_WAITING_OF_STRANGERS
        )

    # What is said to the client

    async def send(self, message: Message) -> None:
        """Say it when it is the client's turn to listen."""
        if self._ended.done() or self._is_mute:
            return
        if message["type"] != "websocket.send":
            await self._send(message)
            if message["type"] == "websocket.accept":
                self._listening = asyncio.create_task(self._listen())
                self._speaking = asyncio.create_task(self._speak())
            return
        text = message.get("text") or ""
        if text.startswith(_RENAMED):
            self.tabs.add(text.removeprefix(_RENAMED).partition('"')[0])
        self.said_last = time.monotonic()
        self._unsent.append(message)
        self._unsent_size += len(text)
        self._all_sent.clear()
        self._sending_news.set()
        if self._unsent_size > LARGEST_UNSENT:
            await self._give_up()

    async def _speak(self) -> None:
        while True:
            while self._unsent:
                try:
                    async with asyncio.timeout(SLOWEST_SEND):
                        await self._send(self._unsent[0])
                except TimeoutError:
                    await self._give_up()
                    return
                except Exception:  # noqa: BLE001 - gone: the server has no error for that
                    self._is_mute = True
                    self._drop_unsent()
                    return
                self.said_last = time.monotonic()
                self._unsent_size -= len(self._unsent.popleft().get("text") or "")
            self._all_sent.set()
            self._sending_news.clear()
            await self._sending_news.wait()

    async def _give_up(self) -> None:
        """Close a socket whose client does not read."""
        self._drop_unsent()
        await self.end(TRY_AGAIN)

    def _drop_unsent(self) -> None:
        self._unsent.clear()
        self._unsent_size = 0
        self._all_sent.set()

    async def end(self, code: int = REFUSED) -> None:
        """Close the socket, from either side of it."""
        if self._ended.done():
            return
        self._ended.set_result(None)
        self._heard_news.set()
        # The server says nothing while it still listens.
        if self._listening is not None and self._listening is not asyncio.current_task():
            self._listening.cancel()
        # The client may have gone first, or be too slow to hear it.
        with suppress(Exception):
            async with asyncio.timeout(LAST_WORD):
                await self._all_sent.wait()
                await self._send({"type": "websocket.close", "code": code})
        self._told.set_result(None)
