"""Lists, labels, people, priorities and reminders: what a sign or a word of their own begins."""

import unicodedata

from dashboard.models.label import label_problem
from dashboard.models.list import LIST_NAME_LENGTH
from dashboard.models.task import Priority
from dashboard.services.tasks.quick_add import english as words_of
from dashboard.services.tasks.quick_add.dates import duration, low
from dashboard.services.tasks.quick_add.pieces import Context, Kind, Piece
from dashboard.services.tasks.quick_add.words import Word, Words

_MINUTES = {
    words_of.MINUTE: 1,
    words_of.HOUR: 60,
    words_of.DAY: 24 * 60,
    words_of.WEEK: 7 * 24 * 60,
}
_RANKS = {"p1": Priority.HIGH, "p2": Priority.MEDIUM, "p3": Priority.LOW, "p4": None}
_WORDS = {f"!{word}": Priority(name) for word, name in words_of.PRIORITIES.items()}


def find_token(words: Words, at: int, context: Context) -> Piece | None:
    """A list, label, person or priority at this word."""
    word = words[at]
    if word.core in _RANKS or word.low in _WORDS:
        return Piece(at, at + 1, Kind.PRIORITY, _RANKS.get(word.core) or _WORDS.get(word.low))
    return _named(word, at, context)


def _named(word: Word, at: int, context: Context) -> Piece | None:
    name = word.name if word.name is not None else _name(word.core[1:])
    if not name:
        return None
    folded = name.casefold()
    match word.text[0]:
        case "#" if len(name) <= LIST_NAME_LENGTH:
            return Piece(at, at + 1, Kind.LIST, context.known[Kind.LIST].get(folded, name))
        case "@" if word.name is None and not label_problem(name):
            return Piece(at, at + 1, Kind.LABEL, context.known[Kind.LABEL].get(folded, name))
        case "+" if person := context.known[Kind.ASSIGNEE].get(folded):
            return Piece(at, at + 1, Kind.ASSIGNEE, person)
    return None


def find_reminder(words: Words, at: int, _context: Context) -> Piece | None:
    """How many minutes before, each: "remind me 1 day before and 3 hours before"."""
    if low(words, at) != words_of.REMIND:
        return None
    first = end = at + 2 if low(words, at + 1) == words_of.ME else at + 1
    minutes: list[int] = []
    while found := duration(words, first):
        count, unit, behind = found
        if unit not in _MINUTES or low(words, behind) != words_of.BEFORE:
            break
        minutes.append(count * _MINUTES[unit])
        end = behind + 1
        first = end + 1 if low(words, end) in words_of.ANDS else end
    return Piece(at, end, Kind.REMINDER, tuple(minutes)) if minutes else None


def _name(text: str) -> str | None:
    """The name after a sign: it starts with a letter, an underscore or a pictogram (#134 is a number)."""
    if not text or not (
        text[0].isalpha() or text[0] == "_" or unicodedata.category(text[0]) == "So"
    ):
        return None
    return text
