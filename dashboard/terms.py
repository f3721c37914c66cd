"""The terms by which a full-text index finds tasks.

A term stands for one place in a text at which somebody may begin to look: the end of its owner's id, then up to LENGTH
letters from there to the end of their run. So any part of a word is the beginning of a term, and all terms of one
person lie side by side: what others have makes nobody's search slower.

An index finds too much at most, never too little: what it finds is compared with the text. Text comes folded, as
models.text.searchable leaves it. The functions that PostgreSQL has for itself, in models/task_search.py, do the same.
"""

import re
from collections.abc import Iterable

LENGTH = 5
OWNER = 6
"""How many hexadecimal digits of an id stand for a person: a few people may share them, and nothing follows from it."""
TELLING = 3
"""From how many letters on a part of a word is in so few texts that shorter ones need not be asked for as well."""

_RUN = re.compile(r"[0-9a-z\x80-\U0010ffff]+")
"""What terms are made of; other characters are only compared, which is what makes them literal."""


def terms_of(owner_id: str, text: str) -> str:
    """Every term of a text, in any order. `owner_id` is 32 hexadecimal digits."""
    owner = owner_id[-OWNER:]
    runs = set(_RUN.findall(text))
    return " ".join({owner + run[at : at + LENGTH] for run in runs for at in range(len(run))})


def terms_asked(owner_id: str, words: Iterable[str]) -> set[str]:
    """The beginnings that terms of a text have when these words are in it; none when words are only signs.

    A single letter of the alphabet is in nearly every text, and two of them are in many: to look for them takes longer
    than to do without.
    """
    owner = owner_id[-OWNER:]
    runs = [run for word in words for run in _RUN.findall(word)]
    parts = {part for run in runs for part in (run[:LENGTH], run[-LENGTH:])}
    telling = {part for part in parts if len(part) >= TELLING or not part.isascii()}
    few = {part for part in parts if len(part) > 1}
    return {owner + part for part in telling or few}
