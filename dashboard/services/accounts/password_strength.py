"""How hard a password is to guess, by zxcvbn's measure. Apart from hashing: signing in does not wait for it."""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate
from math import prod
from typing import NamedTuple

from zxcvbn import zxcvbn
from zxcvbn.matching import L33T_TABLE

from dashboard.config import get_settings
from dashboard.errors import FieldError, InvalidInput, TooManyRequests
from dashboard.services.operation.bounded_queue import Queue
from dashboard.services.operation.token_bucket import Buckets

MINIMUM_SCORE = 3
OWN_WORDS = ("cairn", "dashboard", "tasks")
"""What a password here should not be made of, beside its owner's name and address."""
JUDGED_LENGTH = 40
"""What follows so many characters does not make a password weaker."""
DEAREST = 20_000
"""Square of the length times the ways to read signs as letters: about 60 ms of a core."""
A_SECOND, AT_ONCE = 1, 20
"""How often someone may have passwords judged: each pause in typing is one."""

# One thread: zxcvbn keeps the words of whom it judges for in a place that all its callers share.
_queue = Queue("judging", threads=lambda: 1, longest=32)


class Verdict(NamedTuple):
    """How hard a password is to guess: zxcvbn's score (0 to 4), and a sentence for one that is too easy, else empty."""

    score: int
    advice: str

    @property
    def is_strong(self) -> bool:
        return not self.advice


async def judge(password: str, *, about: Sequence[str], asker: str) -> Verdict:
    """What is to be said of a password. `about`: name and address, which it should not be made of.

    Raises TooManyRequests when the asker has asked too often, TooBusy when too many are waiting.
    """
    if wait := _buckets(get_settings().rate_limit_scale).take(asker):
        raise TooManyRequests(wait)
    return await _queue.run(lambda: _verdict(password, about))


async def require_strong(
    password: str, *, about: Sequence[str], asker: str, field: str = "password"
) -> None:
    """Raises InvalidInput for `field` when a password is too easy to guess, and as `judge` does."""
    # Someone who tried many while typing can still send the one they chose.
    verdict = await judge(password, about=about, asker=f"chosen:{asker}")
    if not verdict.is_strong:
        raise InvalidInput(FieldError(field, verdict.advice))


def _verdict(password: str, about: Sequence[str]) -> Verdict:
    if not password:
        return Verdict(0, "Choose a password.")
    told = [word for text in about for word in (text, *re.findall(r"\w+", text))]
    found = zxcvbn(_affordable(password), user_inputs=[*told, *OWN_WORDS])
    if found["score"] >= MINIMUM_SCORE:
        return Verdict(found["score"], "")
    reason = found["feedback"]["warning"] or "Add a few more words that do not belong together"
    sentence = f"This password is too easy to guess. {reason.removesuffix('.')}."
    return Verdict(found["score"], sentence)


def _affordable(password: str) -> str:
    """As much of a password, from its beginning, as can be judged soon.

    zxcvbn looks for words in each way to read signs as letters; what has many is hard to guess after a few of them.
    """
    beginnings = accumulate(password[:JUDGED_LENGTH])
    return max((each for each in beginnings if _price(each) <= DEAREST), key=len)


def _price(password: str) -> int:
    readings = prod(
        max(1, sum(sign in password for sign in signs)) for signs in L33T_TABLE.values()
    )
    return readings * len(password) ** 2


@lru_cache(maxsize=1)
def _buckets(scale: float) -> Buckets:
    return Buckets(A_SECOND * scale, AT_ONCE * scale)
