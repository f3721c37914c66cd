"""A line as words: split at white space, with what is quoted kept apart."""

import re
from collections.abc import Iterable
from typing import NamedTuple

_CHUNK = re.compile(r"\S+")
_QUOTES = {'"': '"', "“": "”", "„": "“", "`": "`"}
_NAMED = re.compile(r'[#@+]["“]([^"“”]*)["”]')
_BEFORE, _AFTER = "([{:–—-", ",;:.!?)]}"


class Word(NamedTuple):
    """A piece of the line without white space; `start` and `end` are where it stands, with its punctuation."""

    start: int
    end: int
    text: str
    core: str
    """Without the punctuation around it."""
    low: str
    is_literal: bool = False
    """Whether it is quoted, and so never taken for anything."""
    name: str | None = None
    """The name in quotes of a list or person: #"two words"."""

    @property
    def core_end(self) -> int:
        """Where it ends without the punctuation after it."""
        return (
            self.end
            if self.name is not None
            else self.start + self.text.find(self.core) + len(self.core)
        )

    @property
    def ends_clause(self) -> bool:
        """Whether punctuation sets it apart from what follows."""
        return self.text[-1] in ",;"


_BEYOND = 8
"""How far behind its end a line is asked for words."""


class Words(list[Word]):
    """The words of a line, in order."""

    def __init__(self, words: Iterable[Word]) -> None:
        super().__init__(words)
        # With nothing behind the last, which is also what stands before the first.
        self.lows = [*("" if word.is_literal else word.low for word in self), *[""] * _BEYOND]


def split(line: str) -> Words:
    """The words of a line, in order."""
    words: list[Word] = []
    position, until = 0, 0
    unpaired: set[str] = set()
    while match := _CHUNK.search(line, position):
        start, end = match.span()
        named = _NAMED.match(line, start)
        if start >= until and named:
            end = named.end()
            words.append(_word(line, start, end, name=" ".join(named[1].split())))
        else:
            until = max(until, _end_of_quote(line, start, end, unpaired))
            words.append(_word(line, start, end, is_literal=start < until))
        position = end
    return Words(words)


def unquoted(line: str) -> str | None:
    """What stands between the quotes of a line that is quoted from end to end."""
    line = line.strip()
    closing = {'"': '"', "“": "”"}.get(line[:1])
    if closing and len(line) > 2 and line.endswith(closing) and closing not in line[1:-1]:
        return line[1:-1].strip() or None
    return None


def _end_of_quote(line: str, start: int, end: int, unpaired: set[str]) -> int:
    """Where a quotation that begins in this chunk ends; 0 without one. `unpaired` remembers what is not closed."""
    for position in range(start, end):
        mark = line[position]
        if mark in _QUOTES and mark not in unpaired:
            found = line.find(_QUOTES[mark], position + 1)
            if found >= 0:
                return found + 1
            unpaired.add(mark)
    return 0


def _word(
    line: str, start: int, end: int, *, is_literal: bool = False, name: str | None = None
) -> Word:
    text = line[start:end]
    core = text.lstrip(_BEFORE).rstrip(_AFTER) or text
    return Word(start, end, text, core, core.lower().replace("’", "'"), is_literal, name)
