"""Hashing and judging passwords, on threads of their own: a hash takes about 200 ms of a core."""

import asyncio
import os
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import lru_cache
from typing import NamedTuple, TypeVar
from uuid import UUID

from zxcvbn import zxcvbn

from dashboard import security
from dashboard.config import get_settings
from dashboard.errors import FieldError, InvalidInput, TooBusy
from dashboard.metrics import timed

T = TypeVar("T")

MINIMUM_SCORE = 3
OWN_WORDS = ("cairn", "dashboard", "tasks")
"""What a password here should not be made of, beside its owner's name and address."""
LONGEST_QUEUE = 32
MOST_TURNS = 4
"""How many places in it one person may hold who enters their password again."""
# zxcvbn's time grows steeply with length; what follows 72 characters does not make a password weaker.
_JUDGED_LENGTH = 72

_waiting = 0
_turns = Counter[UUID]()
# A hash that no password matches, so that an unknown address takes as long as a known one.
_DUMMY_HASH = "$2b$12$v.u5qat0BI6/btfOLbmQvOtiEu7VDaRbtluLnstYc5i7s4M8VOBe6"


class Verdict(NamedTuple):
    """How hard a password is to guess: zxcvbn's score (0 to 4), and a sentence for one that is too easy, else empty."""

    score: int
    advice: str

    @property
    def is_strong(self) -> bool:
        return not self.advice


async def make_hash(password: str, *, about: Sequence[str] = (), field: str = "password") -> str:
    """Judge a new password (`about`: name and address, which it should not be made of) and hash it.

    Raises InvalidInput for `field` when it is too easy to guess, TooBusy when too many are waiting.
    """

    def judge_and_hash() -> str:
        verdict = _verdict(password, about)
        if not verdict.is_strong:
            raise InvalidInput(FieldError(field, verdict.advice))
        return security.hash_password(password)

    return await _on_a_thread(judge_and_hash)


async def matches(password: str, stored_hash: str | None) -> bool:
    """Whether the password made this hash; always one bcrypt, also when there is no hash."""
    right = await _on_a_thread(
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


async def judge(password: str, *, about: Sequence[str]) -> Verdict:
    """What `make_hash` would say of a password, as far as its strength goes. Raises TooBusy."""
    return await _on_a_thread(lambda: _verdict(password, about))


def _verdict(password: str, about: Sequence[str]) -> Verdict:
    if not password:
        return Verdict(0, "Choose a password.")
    told = [word for text in about for word in (text, *re.findall(r"\w+", text))]
    found = zxcvbn(password[:_JUDGED_LENGTH], user_inputs=[*told, *OWN_WORDS])
    if found["score"] >= MINIMUM_SCORE:
        return Verdict(found["score"], "")
    reason = found["feedback"]["warning"] or "Add a few more words that do not belong together"
    sentence = f"This password is too easy to guess. {reason.removesuffix('.')}."
    return Verdict(found["score"], sentence)


async def _on_a_thread(work: Callable[[], T]) -> T:
    global _waiting  # noqa: PLW0603 (counted on the event loop alone)
    if _waiting >= LONGEST_QUEUE:
        raise TooBusy
    _waiting += 1
    try:
        with timed("password", work.__qualname__.partition(".")[0]):
            return await asyncio.get_running_loop().run_in_executor(_pool(), work)
    finally:
        _waiting -= 1


@lru_cache(maxsize=1)
def _pool() -> ThreadPoolExecutor:
    # One core is left for everyone who is signed in already, and the others are shared with the other workers.
    threads = max(1, ((os.cpu_count() or 2) - 1) // get_settings().workers)
    return ThreadPoolExecutor(threads, thread_name_prefix="password")
