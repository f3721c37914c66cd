"""What the address of a page of tasks asks for: which tasks, in which order, and what is wrong with it."""

from collections.abc import Mapping
from uuid import UUID

from pydantic import ValidationError

from dashboard.errors import InvalidInput
from dashboard.models.task_query import Sort, TaskQuery
from dashboard.services.tasks.filter import words_of

NO_LIST = str(UUID(int=0))


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
    """The id that a part of an address is; that of no list when it is none."""
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


def sort_of(asked: Mapping[str, str], query: TaskQuery) -> str:
    """The order that an address asks for: without a wish, what is found comes by relevance, and else the agenda."""
    if asked.get("sort") and query.sort is not Sort.RELEVANCE:
        return query.sort.value
    return Sort.RELEVANCE.value if words_of(query.q) else ""
