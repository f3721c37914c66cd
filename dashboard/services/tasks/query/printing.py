"""A tree to text, from which parse.py makes the same tree."""

import re

from dashboard.services.tasks.query.tree import (
    And,
    Dated,
    Day,
    FromToday,
    Has,
    HasLabel,
    HasPriority,
    InList,
    InSection,
    Is,
    Not,
    Or,
    Query,
    Term,
    Text,
    Without,
)

_BARE = re.compile(r'[^\s()"\\]+')
_MEANS_MORE = re.compile(r"(?:and|or|not)|[-#@|&].*|[a-z]+(?::|<|>).*", re.IGNORECASE | re.DOTALL)
"""What is no plain word, or begins like something else."""
_DAYS = {0: "today", 1: "tomorrow", -1: "yesterday"}


def printed(query: Query) -> str:
    """The query as people write it."""
    match query:
        case Or(parts):
            return " or ".join(map(_within, parts))
        case And(parts):
            return " ".join(map(_within, parts))
        case Not(part):
            return f"not {_within(part)}"
        case _:
            return _term(query)


def _within(query: Query) -> str:
    return f"({printed(query)})" if isinstance(query, And | Or) else printed(query)


def _term(term: Term) -> str:  # noqa: C901, PLR0911 (a case for each kind of term)
    match term:
        case Text(text):
            is_plain = _BARE.fullmatch(text) and not _MEANS_MORE.fullmatch(text)
            return text if is_plain else _quoted(text)
        case InList(name):
            return f"#{name if _BARE.fullmatch(name) else _quoted(name)}"
        case InSection(name):
            return f"section:{name if _BARE.fullmatch(name) else _quoted(name)}"
        case HasLabel(name):
            return f"@{name}" if _BARE.fullmatch(name) else f"label:{_quoted(name)}"
        case HasPriority(priority):
            return f"priority:{priority.lower()}"
        case Dated(moment, operator, day):
            return f"{moment}{operator}{_day(day)}"
        case Is(being):
            return f"is:{being}"
        case Without(lack):
            return f"no:{lack}"
        case Has(having):
            return f"has:{having}"


def _day(day: Day) -> str:
    if isinstance(day, FromToday):
        return _DAYS.get(day.days, f"{day.days}d")
    return day.isoformat()


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
