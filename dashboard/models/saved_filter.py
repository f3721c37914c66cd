"""A query that a person has saved under a name, and what changes one."""

from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, ConfigDict
from sqlmodel import Field

from dashboard.models.columns import Stored, at_most
from dashboard.models.task_query import QUERY_LENGTH
from dashboard.models.text import (
    Input,
    StorableText,
    is_blank,
    length_shown,
    name_of_at_most,
    too_long,
    without_defaults,
)

FILTER_NAME_LENGTH = 80
MOST_FILTERS = 50
"""Of one person: each is counted for the list of them."""


def _query(text: str) -> str:
    if is_blank(text):
        raise ValueError("Write a query.")
    if len(text) > QUERY_LENGTH:
        raise ValueError(too_long(text, QUERY_LENGTH, " in the query"))
    return text.strip()


def _place(place: int) -> int:
    if not 1 <= place <= MOST_FILTERS:
        raise ValueError(f"The place is a whole number from 1 to {MOST_FILTERS}.")
    return place


FilterName = Annotated[
    StorableText,
    name_of_at_most(FILTER_NAME_LENGTH, missing="Enter a name for the filter."),
    length_shown(1, FILTER_NAME_LENGTH),
]
QueryText = Annotated[StorableText, AfterValidator(_query), length_shown(1, QUERY_LENGTH)]
Place = Annotated[int, AfterValidator(_place)]


class FilterDraft(Input):
    """A filter to be saved."""

    name: FilterName
    query: QueryText


class FilterChanges(Input):
    """Some of what can be changed of a filter: what is not given stays as it is."""

    model_config = ConfigDict(json_schema_extra=without_defaults)

    name: FilterName = ""
    query: QueryText = ""
    place: Place = 1
    """Its place among your filters, from 1."""


class SavedFilter(Stored, table=True):
    __tablename__ = "saved_filter"  # pyright: ignore[reportAssignmentType] (as SQLModel documents it)
    __table_args__ = (at_most("name", FILTER_NAME_LENGTH), at_most("query", QUERY_LENGTH))

    user_id: UUID = Field(foreign_key="user.id", ondelete="CASCADE", index=True)
    name: str = Field(max_length=FILTER_NAME_LENGTH)
    query: str = Field(max_length=QUERY_LENGTH)
    place: int = 1
