"""Text to a tree. What is wrong is said with its place and what would be right there."""

import re
from collections.abc import Callable
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeVar

from lark import Lark, Token, Transformer
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from dashboard.errors import FieldError, InvalidInput
from dashboard.models.label import label_problem
from dashboard.models.task import Priority
from dashboard.models.task_query import QUERY_LENGTH
from dashboard.models.text import FIRST_YEAR, parse_day, searchable
from dashboard.services.tasks.query.tree import (
    And,
    Being,
    Dated,
    Day,
    FromToday,
    Has,
    HasLabel,
    HasPriority,
    Having,
    InList,
    InSection,
    Is,
    Lack,
    Moment,
    Not,
    Operator,
    Or,
    Query,
    Term,
    Text,
    Without,
)

MOST_TERMS, MOST_DEPTH = 50, 20

GRAMMAR = r"""
    start: either
    ?either: both (_OR both)* -> either
    ?both: part (_AND? part)* -> both
    ?part: _NOT part -> negated
        | "(" either ")" -> bracketed
        | CONDITION -> condition
        | LIST -> in_list
        | LABEL -> labelled
        | PHRASE -> phrase
        | WORD -> word

    _OR.3: /or(?=[\s(]|$)/i | "|"
    _AND.3: /and(?=[\s(]|$)/i | "&"
    _NOT.3: /not(?=[\s(]|$)/i | /-(?=\S)/
    CONDITION.2: /[a-z]+(?::|<=|>=|<|>)(?:"(?:[^"\\]|\\.)*"|[^\s()"]*)/i
    LIST.2: /#(?:"(?:[^"\\]|\\.)*"|[^\s()"]*)/
    LABEL.2: /@[^\s()"]*/
    PHRASE: /"(?:[^"\\]|\\.)*"/
    WORD: /[^\s()"|&][^\s()"]*/

    %import common.WS
    %ignore WS
"""

_CONDITION = re.compile(r"([a-z]+)(:|<=|>=|<|>)(.*)", re.IGNORECASE | re.DOTALL)
_DAYS = re.compile(r"([+-]?)([0-9]{1,4})([dw])", re.IGNORECASE | re.ASCII)
_NAMED_DAYS = {"today": 0, "tomorrow": 1, "yesterday": -1}
_MOMENTS = frozenset(Moment)
_TERM_BELONGS_HERE = "a word, #list, @label or due:today belongs here."

Choice = TypeVar("Choice", bound=StrEnum)


class QueryError(ValueError):
    """A query that cannot be understood: at which character (from 1), and what would be right there."""

    def __init__(self, place: int, sentence: str) -> None:
        super().__init__(f"At character {place}: {sentence}")


def parsed(text: str, field: str) -> Query:
    """The tree of what stands in a field. Raises InvalidInput."""
    try:
        return parse(text)
    except QueryError as error:
        raise InvalidInput(FieldError(field, str(error))) from None


@lru_cache(maxsize=512)
def parse(text: str) -> Query:
    """The tree of a query. Raises QueryError."""
    if len(text) > QUERY_LENGTH:
        raise QueryError(QUERY_LENGTH + 1, f"a query has at most {QUERY_LENGTH} characters.")
    try:
        tree: Any = _PARSER.parse(text)
    except UnexpectedInput as error:
        raise _explained(error, text) from None
    return tree


class _Builder(Transformer[Token, Any]):
    """Makes the tree while the text is read, so that no depth of brackets costs a depth of calls."""

    def start(self, parts: list["_Part"]) -> Query:
        return parts[0].query

    def either(self, parts: list["_Part"]) -> "_Part":
        return _joined(Or, parts)

    def both(self, parts: list["_Part"]) -> "_Part":
        return _joined(And, parts)

    def negated(self, parts: list["_Part"]) -> "_Part":
        (part,) = parts
        return _Part(Not(part.query), part.place, part.depth + 1, part.terms)

    def bracketed(self, parts: list["_Part"]) -> "_Part":
        return parts[0]

    def condition(self, tokens: list[Token]) -> "_Part":
        return _leaf(tokens[0], _condition)

    def in_list(self, tokens: list[Token]) -> "_Part":
        return _leaf(tokens[0], lambda text, place: _in_list(text[1:], place + 1))

    def labelled(self, tokens: list[Token]) -> "_Part":
        return _leaf(tokens[0], lambda text, place: _labelled(text[1:], place + 1))

    def phrase(self, tokens: list[Token]) -> "_Part":
        return _leaf(tokens[0], lambda text, place: _text(_unquoted(text), place))

    def word(self, tokens: list[Token]) -> "_Part":
        return _leaf(tokens[0], _text)


class _Part:
    """A part of the tree, where it is, and how large: what is too much is refused before it is more."""

    def __init__(self, query: Query, place: int, depth: int = 1, terms: int = 1) -> None:
        self.query, self.place, self.depth, self.terms = query, place, depth, terms
        if depth > MOST_DEPTH:
            raise QueryError(place, f"at most {MOST_DEPTH} brackets and nots go into each other.")
        if terms > MOST_TERMS:
            raise QueryError(place, f"a query has at most {MOST_TERMS} terms.")


def _joined(kind: type[And] | type[Or], parts: list[_Part]) -> _Part:
    if len(parts) == 1:
        return parts[0]
    depth = 1 + max(part.depth for part in parts)
    terms = sum(part.terms for part in parts)
    return _Part(kind(tuple(part.query for part in parts)), parts[0].place, depth, terms)


def _leaf(token: Token, make: Callable[[str, int], Term]) -> _Part:
    place = (token.start_pos or 0) + 1
    return _Part(make(str(token), place), place)


def _condition(text: str, place: int) -> Term:
    matched = _CONDITION.fullmatch(text)
    assert matched is not None  # noqa: S101 - the grammar has it so
    name, operator, written = matched[1].lower(), Operator(matched[2]), matched[3]
    if name not in _EXAMPLES:
        known = ", ".join(f"{each}:" for each in _EXAMPLES)
        raise QueryError(place, f"no task has this. Use {known} or put the words into quotes.")
    behind = place + len(matched[1]) + len(matched[2])
    if operator is not Operator.ON and name not in _MOMENTS:
        raise QueryError(behind - len(operator), f"a colon belongs here, as in {_EXAMPLES[name]}.")
    value = _unquoted(written)
    if not value.strip():
        raise QueryError(behind, f"a value belongs here, as in {_EXAMPLES[name]}.")
    if name in _MOMENTS:
        return Dated(Moment(name), operator, _day(value, behind))
    return _FIELDS[name](value, behind)


def _text(text: str, place: int) -> Term:
    if not searchable(text).strip():
        raise QueryError(place, "a word belongs into the quotes.")
    return Text(text)


def _in_list(written: str, place: int) -> Term:
    name = _unquoted(written)
    if not name.strip():
        raise QueryError(place, "the name of a list belongs here, as in #Home.")
    return InList(name)


def _labelled(name: str, place: int) -> Term:
    if label_problem(name):
        raise QueryError(place, "a label belongs here, one word, as in @errand.")
    return HasLabel(name)


def _priority(value: str, place: int) -> Term:
    try:
        return HasPriority(Priority(value.capitalize()))
    except ValueError:
        raise QueryError(place, "use high, medium or low.") from None


def _day(value: str, place: int) -> Day:
    if value.lower() in _NAMED_DAYS:
        return FromToday(_NAMED_DAYS[value.lower()])
    if matched := _DAYS.fullmatch(value):
        sign, number, unit = matched.groups()
        days = int(number) * (7 if unit in "wW" else 1)
        return FromToday(-days if sign == "-" else days)
    return _written_day(value, place)


def _written_day(value: str, place: int) -> date:
    try:
        day = parse_day(value)
    except ValueError:
        day = None
    if day is None or day.year < FIRST_YEAR:
        raise QueryError(
            place, "use a day: today, tomorrow, yesterday, 7d, -2w or one like 2026-12-31."
        )
    return day


def _one_of(kind: type[Choice], make: Callable[[Choice], Term]) -> Callable[[str, int], Term]:
    def read(value: str, place: int) -> Term:
        if value.lower() not in list(kind):
            *some, last = kind
            raise QueryError(place, f"use {', '.join(some)} or {last}.")
        return make(kind(value.lower()))

    return read


def _unquoted(written: str) -> str:
    return (
        re.sub(r"\\(.)", r"\1", written[1:-1], flags=re.DOTALL) if written[:1] == '"' else written
    )


_FIELDS: dict[str, Callable[[str, int], Term]] = {
    "list": _in_list,
    "section": lambda value, _place: InSection(value),
    "label": _labelled,
    "priority": _priority,
    "no": _one_of(Lack, Without),
    "is": _one_of(Being, Is),
    "has": _one_of(Having, Has),
}
"""What reads the value of each field but the moments, which may be compared, too."""
_EXAMPLES = {
    "list": "list:Home",
    "section": "section:Packing",
    "label": "label:errand",
    "priority": "priority:high",
    "due": "due:today",
    "created": "created>=-7d",
    "completed": "completed:today",
    "no": "no:due",
    "is": "is:open",
    "has": "has:description",
}


def _explained(error: UnexpectedInput, text: str) -> QueryError:
    place = (error.pos_in_stream or 0) + 1
    if isinstance(error, UnexpectedToken):
        return _explained_token(error, place, text)
    is_quote = isinstance(error, UnexpectedCharacters) and text[place - 1] == '"'
    return QueryError(place, "these quotes are not closed." if is_quote else _TERM_BELONGS_HERE)


def _explained_token(error: UnexpectedToken, place: int, text: str) -> QueryError:
    # What stands before is whole, so that only its brackets are wrong.
    is_complete = "WORD" not in error.expected
    if error.token.type == "$END":
        wish = "a bracket is still open: ) belongs here." if is_complete else _TERM_BELONGS_HERE
        return QueryError(len(text) + 1, wish)
    if error.token.type == "RPAR" and is_complete:
        return QueryError(place, "no bracket is open that could be closed here.")
    return QueryError(place, _TERM_BELONGS_HERE)


_PARSER = Lark(GRAMMAR, parser="lalr", lexer="basic", transformer=_Builder())
