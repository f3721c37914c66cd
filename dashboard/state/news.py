"""What each tab of this process has heard of and not shown yet."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID

from dashboard import events
from dashboard.events import Event

_tabs: dict[str, "News"] = {}
"""Those that listen, by the name of their socket."""


class News:
    """What happened to one person, for one tab.

    An event of a gesture that this tab has in hand waits for the answer, which tells the same; should there be none,
    it settles the gesture in its place.
    """

    def __init__(self, user_id: UUID, tab: str) -> None:
        self._tab = tab
        self._loop = asyncio.get_running_loop()
        self._heard = asyncio.Queue[Event]()
        self._in_hand: dict[str, list[Event]] = {}
        self._stop = events.listen(user_id, self._hear)
        _tabs[tab] = self

    async def next(self) -> Sequence[Event]:
        """Wait until there is something, and take all of it."""
        news = [await self._heard.get()]
        while not self._heard.empty():
            news.append(self._heard.get_nowait())
        return news

    def stop(self) -> None:
        self._stop()
        if _tabs.get(self._tab) is self:
            del _tabs[self._tab]

    @contextmanager
    def while_in_hand(self, nonce: str, is_told: Callable[[Event], bool]) -> Iterator[None]:
        waiting = self._in_hand.setdefault(nonce, [])
        try:
            yield
        finally:
            self._in_hand.pop(nonce, None)
            for event in waiting:
                if not is_told(event):
                    self._heard.put_nowait(event)

    def _hear(self, event: Event) -> None:
        # On the thread that committed; the loop is woken only for what has to be told.
        waiting = self._in_hand.get(getattr(event, "nonce", ""))
        if waiting is not None:
            waiting.append(event)
        else:
            self._loop.call_soon_threadsafe(self._heard.put_nowait, event)


@contextmanager
def in_hand(tab: str, nonce: str, is_told: Callable[[Event], bool]) -> Iterator[None]:
    """Have a tab's answer to a gesture come before the events of it; those that it has told are not told again."""
    if (news := _tabs.get(tab)) is None:
        yield
        return
    with news.while_in_hand(nonce, is_told):
        yield
