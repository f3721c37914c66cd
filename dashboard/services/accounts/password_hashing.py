"""Hashing passwords, in a queue of its own: a hash takes about 200 ms of a core."""

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from dashboard import security
from dashboard.config import get_settings
from dashboard.errors import TooBusy
from dashboard.services.operation.bounded_queue import Queue

MOST_TURNS = 4
"""How many places in the queue one person may hold who enters their password again."""


def _threads() -> int:
    # One core is left for everyone who is signed in already, and the others are shared with the other workers.
    return max(1, ((os.cpu_count() or 2) - 1) // get_settings().workers)


_queue = Queue("password", threads=_threads, longest=32)
_turns = Counter[UUID]()
# A hash that no password matches, so that an unknown address takes as long as a known one.
_DUMMY_HASH = "$2b$12$v.u5qat0BI6/btfOLbmQvOtiEu7VDaRbtluLnstYc5i7s4M8VOBe6"


async def make_hash(password: str) -> str:
    """A new hash of a password. Raises TooBusy when too many are waiting."""
    return await _queue.run(lambda: security.hash_password(password))


async def matches(password: str, stored_hash: str | None) -> bool:
    """Whether the password made this hash; always one bcrypt, also when there is no hash. Raises TooBusy."""
    right = await _queue.run(
        lambda: security.password_matches(password, stored_hash or _DUMMY_HASH)
    )
    return right and stored_hash is not None


@contextmanager
def turn_of(user_id: UUID) -> Iterator[None]:
    """A place in the queue for someone who is signed in. Raises TooBusy beyond a few: others have to get in, too."""
    if _turns[user_id] >= MOST_TURNS:
        raise TooBusy
    _turns[user_id] += 1
    try:
        yield
    finally:
        _turns[user_id] -= 1
        if not _turns[user_id]:
            del _turns[user_id]
