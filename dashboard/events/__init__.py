"""What has happened, told to whoever shows it: announced inside a transaction, heard after its commit."""

import itertools
import logging
from collections import defaultdict
from collections.abc import Callable
from typing import NamedTuple
from uuid import UUID

from sqlmodel import Session

from dashboard.database import transactions


class TaskChanged(NamedTuple):
    """A task was made, changed, moved to the trash, restored or removed for good; `version` grows each time."""

    user_id: UUID
    task_id: UUID
    version: int
    based_on: int | None = None
    """The version that whoever changed it had before their eyes, when they told."""
    session_id: UUID | None = None
    """The session in which it was done; NO_SESSION for that of an API token."""
    tab: str | None = None
    """The open page on which it was done, as Actor names it."""


class TrashEmptied(NamedTuple):
    """Tasks were removed from the trash for good, too many to be told one by one."""

    user_id: UUID


class ListsChanged(NamedTuple):
    """A user has other lists, or other ones of them, or sees them in another order."""

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


class Missed(NamedTuple):
    """What other processes said for a while did not arrive here: whoever shows something should look again."""


Fact = (
    TaskChanged
    | TrashEmptied
    | ListsChanged
    | ProfileChanged
    | SessionOpened
    | SessionEnded
    | Missed
)
Listener = Callable[[Fact], object]

_log = logging.getLogger(__name__)
_listeners: dict[UUID, set[Listener]] = defaultdict(set)
_everyone: set[Listener] = set()
_carriers: set[Listener] = set()
_moments = itertools.count(1)
_latest: dict[UUID | None, int] = {}
"""The moment of each user's latest fact; under None, that of the latest fact for everyone."""


def announce(session: Session, fact: Fact) -> None:
    """Tell the listeners of `fact.user_id`, in every process, once this transaction is committed."""
    transactions.after_commit(session, lambda: _publish(fact))


def listen(user_id: UUID, listener: Listener) -> Callable[[], None]:
    """Have `listener` called, on the thread that committed, for each fact of one user. Returns how to stop it."""
    _listeners[user_id].add(listener)

    def stop() -> None:
        _listeners[user_id].discard(listener)
        if not _listeners[user_id]:
            del _listeners[user_id]

    return stop


def moment() -> int:
    """A point between two facts, for `happened_since`."""
    return next(_moments)


def happened_since(user_id: UUID, then: int) -> bool:
    """Whether this process has heard of a fact of one user since a moment: what was read then may be old."""
    return max(_latest.get(user_id, 0), _latest.get(None, 0)) > then


def listen_to_all(listener: Listener) -> None:
    """Have `listener` called for the facts of every user, for the life of the process."""
    _everyone.add(listener)


def carry(carrier: Listener) -> Callable[[], None]:
    """Have `carrier` called for each fact that is announced in this process, to tell others. Returns how to stop it."""
    _carriers.add(carrier)
    return lambda: _carriers.discard(carrier)


def deliver(fact: Fact) -> None:
    """Tell the listeners of this process what was announced in another one. `Missed` is for all of them."""
    _note(fact)
    _tell(fact, (*_everyone, *_listeners_of(fact)))


def _publish(fact: Fact) -> None:
    _note(fact)
    _tell(fact, (*_everyone, *_listeners_of(fact), *_carriers))


def _note(fact: Fact) -> None:
    # Before the listeners are counted: whoever listens from now on can still find out.
    _latest[None if isinstance(fact, Missed) else fact.user_id] = next(_moments)


def _listeners_of(fact: Fact) -> tuple[Listener, ...]:
    if isinstance(fact, Missed):
        return tuple(listener for own in _listeners.values() for listener in own)
    return tuple(_listeners.get(fact.user_id, ()))


def _tell(fact: Fact, listeners: tuple[Listener, ...]) -> None:
    for listener in listeners:
        try:
            listener(fact)
        except Exception:  # noqa: BLE001
            # What is announced is committed: a listener that fails must not make it look undone.
            _log.exception("A listener failed on %s", type(fact).__name__)
