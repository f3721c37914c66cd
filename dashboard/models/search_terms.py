"""The terms by which a full-text index finds tasks.

An index finds too much at most, never too little: what it finds is compared with the text. Text comes folded, as
models.text.searchable leaves it.

On SQLite a term is any three characters in a row. On PostgreSQL a term is up to LENGTH letters from one place in a
text to the end of their run, so that any part of a word is the beginning of a term; `task_search_terms`, in
models/task_search.py, makes them.
"""

import re
from collections.abc import Iterable

LENGTH = 5
TELLING = 3
"""From how many letters on a part of a word is in so few texts that shorter ones need not be asked for as well."""

_RUN = re.compile(r"[0-9a-z\x80-\U0010ffff]+")
"""What terms are made of; other characters are only compared, which is what makes them literal."""


def trigrams_asked(words: Iterable[str]) -> set[str]:
    """The terms that a text has on SQLite when these words are in it; none when all words are shorter."""
    return {word[at : at + 3] for word in words for at in range(len(word) - 2)}


def terms_asked(words: Iterable[str]) -> set[str]:
    """The beginnings that terms of a text have on PostgreSQL when these words are in it; none for signs alone.

    A single letter of the alphabet is in nearly every text, and two of them are in many: to look for them takes longer
    than to do without.
    """
    runs = [run for word in words for run in _RUN.findall(word)]
    parts = {part for run in runs for part in (run[:LENGTH], run[-LENGTH:])}
    telling = {part for part in parts if len(part) >= TELLING or not part.isascii()}
    return telling or {part for part in parts if len(part) > 1}
