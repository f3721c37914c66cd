"""Events: announced inside a transaction, delivered to listeners after its commit."""

import itertools
import logging
from collections import defaultdict
from collections.abc import Callable, Iterable
from threading import Lock
from typing import NamedTuple
from uuid import UUID

from sqlmodel import Session

from dashboard.database import transactions


class TasksChanged(NamedTuple):
    """Tasks of one list were made, changed, moved into it or out of it, to the trash and back, or removed for good."""

    audience: tuple[UUID, ...]
    """Everyone who sees the list. Those who see a task in another list hear of it there."""
    list_id: UUID
    tasks: tuple[tuple[UUID, int], ...]
    """The id of each, and its version, which grows each time."""
    actor_id: UUID | None = None
    session_id: UUID | None = None
    """The session in which it was done; NO_SESSION for that of an API token."""
    nonce: str = ""
    """The gesture by which it was done, as Actor names it."""
    based_on: int | None = None
    """The version that the actor had before them, when they told."""


class TrashEmptied(NamedTuple):
    """Tasks of one list were removed from the trash for good, too many to be told one by one."""

    audience: tuple[UUID, ...]
    list_id: UUID
    actor_id: UUID | None = None
    nonce: str = ""


class ListsChanged(NamedTuple):
    """A list is new, has changed or is gone, for these people, or they see their lists in another order."""

    audience: tuple[UUID, ...]
    list_id: UUID | None = None
    """None for an order."""
    actor_id: UUID | None = None
    nonce: str = ""


class SidebarChanged(NamedTuple):
    """A label or a saved filter of a user has changed, or is new or gone."""

    user_id: UUID


class ProfileChanged(NamedTuple):
    """A user has another name, address or time zone."""

    user_id: UUID


class SessionOpened(NamedTuple):
    """A user signed in somewhere."""

    user_id: UUID
    session_id: UUID


class SessionEnded(NamedTuple):
    """A session was signed out or revoked."""

    user_id: UUID
    session_id: UUID


class EventsLost(NamedTuple):
    """What other processes said for a while did not arrive here: each view should load again."""


Event = (
    TasksChanged
    | TrashEmptied
    | ListsChanged
    | SidebarChanged
    | ProfileChanged
    | SessionOpened
    | SessionEnded
    | EventsLost
)
Listener = Callable[[Event], object]

_log = logging.getLogger(__name__)
_listeners: dict[UUID, set[Listener]] = defaultdict(set)
_everyone: set[Listener] = set()
_carriers: set[Listener] = set()
_moments = itertools.count(1)


class LatestMoments:
    """When something last happened to each user, for so many users at most. For any thread."""

    def __init__(self, most: int = 10_000) -> None:
        self._most = most
        self._by_user: dict[UUID, int] = {}
        """Those to whom nothing has happened for longest come first."""
        self._of_all_others = 0
        """Until then, something may have happened to everyone who is not kept."""
        self._changing = Lock()

    def of(self, user_id: UUID) -> int:
        return self._by_user.get(user_id, self._of_all_others)

    def note(self, user_ids: Iterable[UUID]) -> None:
        with self._changing:
            for user_id in user_ids:
                # Taken out first, so that it becomes the last.
                self._by_user.pop(user_id, None)
                self._by_user[user_id] = moment()
            while len(self._by_user) > self._most:
                self._of_all_others = self._by_user.pop(next(iter(self._by_user)))

    def note_for_all(self) -> None:
        with self._changing:
            # In this order: a user who is not found has the moment of all others.
            self._of_all_others = moment()
            self._by_user.clear()


_latest = LatestMoments()


def announce(session: Session, event: Event) -> None:
    """Tell the listeners of those whom the event is for, in every process, once this transaction is committed."""
    transactions.after_commit(session, lambda: _publish(event))


def listen(user_id: UUID, listener: Listener) -> Callable[[], None]:
    """Have `listener` called, on the thread that committed, for each event of one user. Returns how to stop it."""
    _listeners[user_id].add(listener)

    def stop() -> None:
        _listeners[user_id].discard(listener)
        if not _listeners[user_id]:
            del _listeners[user_id]

    return stop


def moment() -> int:
    """A point between two events, for `happened_since`."""
    return next(_moments)


def happened_since(user_id: UUID, then: int) -> bool:
    """Whether this process has heard of an event of one user since a moment, so that a read from then may be old."""
    return _latest.of(user_id) > then


def listen_to_all(listener: Listener) -> None:
    """Have `listener` called for the events of every user, for the life of the process."""
    _everyone.add(listener)


def carry(carrier: Listener) -> Callable[[], None]:
    """Have `carrier` called for each event announced in this process, to tell others. Returns how to stop it."""
    _carriers.add(carrier)
    return lambda: _carriers.discard(carrier)


def deliver(event: Event) -> None:
    """Tell the listeners of this process what another one announced. `EventsLost` is for all of them."""
    _note(event)
    _tell(event, (*_everyone, *_listeners_of(event)))


def _publish(event: Event) -> None:
    _note(event)
    _tell(event, (*_everyone, *_listeners_of(event), *_carriers))


def _note(event: Event) -> None:
    """Note the moment, before the listeners are counted: a tab that listens from now on can still find out."""
    if isinstance(event, EventsLost):
        _latest.note_for_all()
    else:
        _latest.note(audience_of(event))


def audience_of(event: Event) -> tuple[UUID, ...]:
    """The users that an event is for; `EventsLost` is for all of them."""
    match event:
        case TasksChanged() | TrashEmptied() | ListsChanged():
            return event.audience
        case EventsLost():
            return tuple(_listeners)
        case _:
            return (event.user_id,)


def _listeners_of(event: Event) -> tuple[Listener, ...]:
    return tuple(
        listener
        for user_id in audience_of(event)
        for listener in tuple(_listeners.get(user_id, ()))
    )


def _tell(event: Event, listeners: tuple[Listener, ...]) -> None:
    for listener in listeners:
        try:
            listener(event)
        except Exception:  # noqa: BLE001
            # What is announced is committed: a listener that fails must not make it look undone.
            _log.exception("A listener failed on %s", type(event).__name__)
