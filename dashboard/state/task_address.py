"""What the address of a page of tasks asks for: which page, which tasks, in which order, and what is wrong with it."""

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import unquote
from uuid import UUID

from pydantic import ValidationError

from dashboard.errors import InvalidInput
from dashboard.models.label import label_problem
from dashboard.models.task_query import Sort, TaskQuery
from dashboard.services.tasks.filter import words_of
from dashboard.services.tasks.query.parse import QueryError, parse
from dashboard.services.tasks.query.tree import And, Query, Text

NO_LIST = str(UUID(int=0))
NOTHING: Mapping[str, str] = {"list": NO_LIST}
"""Asks for what is in no list: for no task."""
_OF_DAYS: Mapping[str, Mapping[str, str]] = {
    "today": {"filter": "due<=today"},
    "upcoming": {"filter": "due>today"},
    "completed": {"status": "completed"},
}


class Place(NamedTuple):
    """Which page of tasks it is; assets/place.js says the same of an address."""

    kind: str = ""
    """The first part of its address; empty on the dashboard and on pages without tasks."""
    key: str = ""
    """The id of a list, a filter or a task, or a label."""

    @property
    def name(self) -> str:
        """One word for all of it."""
        return "/".join(filter(None, self))

    def asked(self, own: Mapping[str, str], user_id: str) -> Mapping[str, str]:
        """What the page asks for, with what its address does: pages of days, labels and filters ask alone."""
        match self:
            case Place("trash"):
                return {**own, "status": "deleted", "sort": "updated"}
            case Place("inbox"):
                return {**own, "list": user_id} if user_id else own
            case Place("lists"):
                return {**own, "list": self.key}
            case Place("labels"):
                return NOTHING if label_problem(self.key) else {"label": self.key}
            case Place("filters" | "tasks"):
                # Only the transaction that loads knows its query, or its list.
                return NOTHING
            case _:
                return _OF_DAYS.get(self.kind, own)


def place_at(path: str) -> Place:
    """The page that a path leads to."""
    match path.strip("/").split("/"):
        case ["trash" | "inbox" | "today" | "upcoming" | "completed" as kind]:
            return Place(kind)
        case ["lists" | "filters" | "tasks" as kind, key]:
            return Place(kind, id_in(key))
        case ["labels", key]:
            return Place("labels", unquote(key))
    return Place()


def query_from(asked: Mapping[str, str]) -> TaskQuery:
    """The query of an address; what is not understood in it is left out, so that a mistyped link still opens."""
    known = {name: value for name, value in asked.items() if name in TaskQuery.model_fields}
    known.pop("cursor", None)
    known.pop("limit", None)
    try:
        return TaskQuery.model_validate(known)
    except ValidationError as error:
        wrong = {problem["loc"][0] for problem in error.errors()}
        return TaskQuery.model_validate(
            {name: value for name, value in known.items() if name not in wrong}
        )


def id_in(address: str) -> str:
    """The id that a part of an address is; that of nothing when it is none."""
    try:
        is_id = str(UUID(address)) == address
    except ValueError:
        is_id = False
    return address if is_id else NO_LIST


def search_problem(asked: Mapping[str, str]) -> str:
    """Why nothing can be searched for what an address asks for; empty when it can."""
    try:
        TaskQuery.model_validate({"q": asked.get("q", "")})
    except ValidationError as error:
        return str(InvalidInput.from_pydantic(error.errors()))
    return ""


def searched(asked: Mapping[str, str]) -> tuple[Mapping[str, str], str]:
    """What an address asks for, with a search that is more than words as a query; and what is no query in it."""
    text = asked.get("q", "")
    if not words_of(text):
        return asked, ""
    try:
        found = parse(text)
    except QueryError as error:
        return asked, str(error)
    if _is_words_alone(found, text):
        return asked, ""
    # The list agrees with the filters above it, which say "All" where no state is asked for.
    rest = {name: value for name, value in asked.items() if name != "q"}
    return {"status": "all", **rest, "filter": text}, ""


def _is_words_alone(found: Query, text: str) -> bool:
    """Whether a search finds the same as one for its words."""
    parts = found.parts if isinstance(found, And) else (found,)
    words = [word for part in parts if isinstance(part, Text) for word in words_of(part.text)]
    return all(isinstance(part, Text) for part in parts) and set(words) == set(words_of(text))


def sort_of(asked: Mapping[str, str], query: TaskQuery) -> str:
    """The order that an address asks for: without a wish, what is found comes by relevance, and else the agenda."""
    if asked.get("sort") and query.sort is not Sort.RELEVANCE:
        return query.sort.value
    return Sort.RELEVANCE.value if words_of(query.q) else ""
