"""Places in an order by hand: keys that sort as text, with room for another one between any two.

A key is a fraction in the digits below, without the point, and never ends in the smallest digit. What is put between
two others changes neither of them. assets/position.js makes the same keys; both read tests/vectors/positions.json.
"""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import String
from sqlalchemy.types import TypeEngine

from dashboard import clock

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
LONGEST = 64
"""A key that would be longer has the keys of its neighbours spread out again."""
SEPARATOR = "/"
"""Sorts before every digit, so that what lies inside comes right after it, and before its next neighbour."""
_MIDDLE = DIGITS[len(DIGITS) // 2]
_LENGTH_OF_A_MOMENT = 9


def sorts_as_text(length: int) -> TypeEngine[str]:
    """The type of a column of keys: compared byte by byte in both databases."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


def key_at(moment: datetime) -> str:
    """The key of what was made at a moment: it comes after all that was made earlier."""
    number, digits = clock.microseconds(moment), ""
    for _ in range(_LENGTH_OF_A_MOMENT):
        number, digit = divmod(number, len(DIGITS))
        digits = DIGITS[digit] + digits
    return digits + _MIDDLE


def key_after(last: str, moment: datetime) -> str:
    """The key of what is put behind all others at a moment; `last` is the last of theirs, empty where there is none."""
    return max(key_at(moment), last + _MIDDLE)


def key_between(low: str, high: str) -> str:
    """A key between two others, the smaller one first; an empty one is the beginning or the end of all."""
    key, place = "", 0
    while True:
        below = DIGITS.index(low[place]) if place < len(low) else 0
        above = DIGITS.index(high[place]) if place < len(high) else len(DIGITS)
        if above - below > 1:
            return key + DIGITS[(below + above) // 2]
        key += DIGITS[below]
        if above > below:
            high = ""
        place += 1


def spread(count: int) -> Iterator[str]:
    """So many keys in order, before those of all moments since 1976."""
    return (f"0{number:08}{_MIDDLE}" for number in range(1, count + 1))
