"""Finding tasks by words: which ones the full-text index knows, and how well each matches."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, case, literal, literal_column, or_, text
from sqlmodel import Session, col

from dashboard.database.sql import position
from dashboard.database.transactions import fetch
from dashboard.models.search_terms import terms_asked, trigrams_asked
from dashboard.models.task import OPEN, Task
from dashboard.services.tasks.filter import word_parameters

MOST_LOOKED_UP = 1000
"""How many tasks are looked up one by one; of words that are in more, it is quicker to read the list and compare."""
MOST_COMPARED = 4_000
"""How many are looked up to see that more match than anybody wants counted."""

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


def find_candidates(session: Session, words: Sequence[str], most: int) -> Sequence[Any] | None:
    """The ids, as the driver has them, of all tasks that can have these words, and of some that have not.

    Of everybody's tasks: what the actor may see is looked at afterwards. At most one more than `most`, which says that
    there are too many. None when the index does not help: words without a letter, or too short for it.
    """
    if session.get_bind().dialect.name == "sqlite":
        terms = [f'"{term.replace(chr(34), chr(34) * 2)}"' for term in trigrams_asked(words)]
        statement, asked = _ON_SQLITE, " AND ".join(terms)
    else:
        terms = [f"'{term}':*" for term in terms_asked(words)]
        statement, asked = _ON_POSTGRESQL, " & ".join(terms)
    if not terms:
        return None
    return fetch(session, statement, {"terms": asked, "most": most + 1}).scalars().all()


@lru_cache(maxsize=64)
def relevance_of(words: int) -> ColumnElement[int]:
    """How well a task matches so many words: by where each is, then what is open before what is not.

    At the beginning of a word of the title 3, elsewhere in it 2, at the beginning of a word of the description 1.
    The same on both databases, and it does not change with what else there is, as their own ranks do: a cursor can
    hold on to it.
    """
    body = col(Task.search_text)
    end_of_title = position(body, literal("\n"))
    is_open = case((col(Task.state) == OPEN, 1), else_=0)
    total: ColumnElement[int] = literal_column("0", Integer)
    for word in word_parameters(words):
        begins = position(literal(" ") + body, literal(" ") + word)
        total += case(
            (and_(begins > 0, begins <= end_of_title), 3),
            (position(body, word) < end_of_title, 2),
            (or_(begins > 0, position(body, literal("\n") + word) > 0), 1),
            else_=0,
        )
    return total * 2 + is_open
