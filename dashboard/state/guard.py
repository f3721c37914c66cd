"""What every event of a socket passes first: is the handler ours, is the session alive, is the state its own?"""

import time
from threading import Lock
from uuid import UUID

import reflex as rx
from cachetools import TTLCache
from reflex.event import Event
from reflex.state import BaseState, StateUpdate

from dashboard import events
from dashboard.database.transactions import get_database
from dashboard.errors import NotSignedIn, Unavailable
from dashboard.reflex_adapter import states
from dashboard.reflex_adapter.handlers import own_handlers
from dashboard.reflex_adapter.names import FRAMEWORK_HANDLERS
from dashboard.services.accounts import authentication
from dashboard.state.session import SessionState, session_header

TRUST_SECONDS = 5
"""How long a session that was found alive is not looked up again; its end, in any process, is heard at once."""
MOST_TRUSTED = 10_000
"""For so many sessions at most."""


def _monotonic() -> float:
    """Looked up at each call, so that a test which replaces the clock is heeded."""
    return time.monotonic()


class EventGuard(rx.Middleware):
    """Refuses an event by answering with nothing, or, when the session has ended, with the way to the sign-in page."""

    def __init__(self) -> None:
        self._alive = TTLCache[UUID, bool](MOST_TRUSTED, TRUST_SECONDS, _monotonic)
        # Threads of the database forget sessions meanwhile.
        self._changing = Lock()
        self._ends_heard = 0
        self._allowed: frozenset[str] | None = None
        events.listen_to_all(self._forget)

    async def preprocess(self, app: rx.App, state: BaseState, event: Event) -> StateUpdate | None:
        ours = event.name in self._own_handlers()
        if not ours and event.name not in FRAMEWORK_HANDLERS:
            return StateUpdate()
        root = state._get_root_state()
        person = await root.get_state(SessionState)
        presented = session_header(person)
        if person._bound_to != presented:
            # Someone else's key to a state opens an empty one.
            await states.empty(root, SessionState)
            if not person._bound_to:
                await states.say_only_what_is_known(event)
            person._bound_to = presented
        if not ours or await self._is_alive(presented):
            return None
        person._leave()
        return StateUpdate(delta=await states.take_delta(root))

    def _own_handlers(self) -> frozenset[str]:
        if self._allowed is None:
            self._allowed = own_handlers()
        return self._allowed

    async def _is_alive(self, presented: str) -> bool:
        if not presented:
            return False
        session_id, ends_heard = UUID(presented), self._ends_heard
        with self._changing:
            if session_id in self._alive:
                return True
        try:
            await get_database().read(authentication.authenticate_by_id, session_id)
        except NotSignedIn:
            return False
        except Unavailable:
            # The handler meets the same trouble and says so where the person is looking.
            return True
        with self._changing:
            if ends_heard == self._ends_heard:
                # Else it may be this session that ended while it was looked up.
                self._alive[session_id] = True
        return True

    def _forget(self, event: events.Event) -> None:
        with self._changing:
            if isinstance(event, events.SessionEnded):
                self._ends_heard += 1
                self._alive.pop(event.session_id, None)
            if isinstance(event, events.EventsLost):
                self._alive.clear()
