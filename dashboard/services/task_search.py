"""Finding tasks by words: which ones the full-text index knows, and how well each matches."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    and_,
    case,
    literal,
    literal_column,
    or_,
    text,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlmodel import Session, col

from dashboard.db import fetch
from dashboard.models.session import Actor
from dashboard.models.task import COMPLETED, Task
from dashboard.models.task_query import TaskQuery
from dashboard.models.text import searchable
from dashboard.terms import terms_asked

MOST_LOOKED_UP = 1000
"""How many tasks are looked up one by one; of words that are in more, it is quicker to read the list and compare."""

_ON_SQLITE = text(
    "SELECT task_id FROM task_search JOIN task_search_key ON number = task_search.rowid"
    " WHERE task_search MATCH :terms LIMIT :most"
)
# PostgreSQL takes any beginning for a common one, and with a limit would rather read all tasks of everybody.
_ON_POSTGRESQL = text(
    "WITH found AS MATERIALIZED"
    " (SELECT task_id FROM task_search WHERE terms @@ CAST(:terms AS tsquery))"
    " SELECT task_id FROM found LIMIT :most"
)


def words_of(query: TaskQuery) -> list[str]:
    """The words that a query looks for, each once, in the form in which texts are searched."""
    return list(dict.fromkeys(searchable(query.q).split()))


def find_candidates(session: Session, actor: Actor, query: TaskQuery) -> Sequence[Any] | None:
    """The ids, as the driver has them, of all tasks that can have these words, and of some that have not.

    None when the index does not help: words without a letter, or that are in too many tasks.
    """
    terms = terms_asked(actor.id.hex, words_of(query))
    if not terms:
        return None
    if session.get_bind().dialect.name == "sqlite":
        statement, asked = _ON_SQLITE, " AND ".join(f"{term}*" for term in terms)
    else:
        statement, asked = _ON_POSTGRESQL, " & ".join(f"'{term}':*" for term in terms)
    parameters = {"terms": asked, "most": MOST_LOOKED_UP + 1}
    found = fetch(session, statement, parameters).scalars().all()
    return found if len(found) <= MOST_LOOKED_UP else None


def conditions_of(query: TaskQuery) -> list[ColumnElement[bool]]:
    """That each word is in the title or the description, every character of it as it was typed."""
    return [col(Task.search_text).contains(word, autoescape=True) for word in words_of(query)]


@lru_cache(maxsize=256)
def relevance_of(*words: str) -> ColumnElement[int]:
    """How well a task matches: by where each word is, then what is open before what is not.

    At the beginning of a word of the title 3, elsewhere in it 2, at the beginning of a word of the description 1.
    The same on both databases, and it does not change with what else there is, as their own ranks do: a cursor can
    hold on to it.
    """
    body = col(Task.search_text)
    end_of_title = _Position(body, literal("\n"))
    is_open = case((col(Task.shelf) < COMPLETED, 1), else_=0)
    total: ColumnElement[int] = literal_column("0", Integer)
    for word in words:
        begins = _Position(literal(" ") + body, literal(f" {word}"))
        total += case(
            (and_(begins > 0, begins <= end_of_title), 3),
            (_Position(body, literal(word)) < end_of_title, 2),
            (or_(begins > 0, _Position(body, literal(f"\n{word}")) > 0), 1),
            else_=0,
        )
    return total * 2 + is_open


class _Position(FunctionElement[int]):
    """Where a text first has another one in it, from 1; 0 where it has not."""

    type = Integer()
    inherit_cache = True


@compiles(_Position, "sqlite")
def _instr(element: _Position, compiler: SQLCompiler, **options: Any) -> str:
    return f"instr({compiler.process(element.clauses, **options)})"


@compiles(_Position, "postgresql")
def _strpos(element: _Position, compiler: SQLCompiler, **options: Any) -> str:
    return f"strpos({compiler.process(element.clauses, **options)})"
