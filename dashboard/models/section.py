"""A section of a list: a heading with tasks under it. What changes one, and who has folded it."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import ConfigDict, StrictBool, model_validator
from sqlalchemy import Column, Index
from sqlmodel import Field, SQLModel

from dashboard.models.columns import Stored, at_most
from dashboard.models.position import LONGEST, sorts_as_text
from dashboard.models.text import (
    Id,
    Input,
    StorableText,
    TrueOrFalse,
    length_shown,
    name_of_at_most,
    without_defaults,
)

SECTION_NAME_LENGTH = 80
MOST_SECTIONS = 200
"""Of one list."""

SectionName = Annotated[
    StorableText,
    name_of_at_most(SECTION_NAME_LENGTH, missing="Enter a name for the section."),
    length_shown(1, SECTION_NAME_LENGTH),
]


class _Placed(Input):
    """That something is put in front of another one, or behind it."""

    before: Id | None = None
    """The one that comes after it."""
    after: Id | None = None
    """The one that comes before it."""

    @model_validator(mode="after")
    def _one_neighbour(self) -> Self:
        if self.before is not None and self.after is not None:
            raise ValueError("Name the one before or the one after, not both.")
        return self


class SectionDraft(_Placed):
    """A section to be made: behind all others, unless it says where."""

    name: SectionName


class SectionChanges(_Placed):
    """Some of what can be written of a section: a field that is not given stays as it is."""

    model_config = ConfigDict(json_schema_extra=without_defaults)

    name: SectionName = ""
    is_folded: StrictBool = False
    """For the person who says so alone."""


class SectionDeletion(Input):
    """What the deletion of a section may ask for."""

    with_tasks: TrueOrFalse = False
    """Its tasks go to the trash; without it, they move above all sections."""


class Section(Stored, table=True):
    __table_args__ = (
        at_most("name", SECTION_NAME_LENGTH),
        Index("ix_section_list_id", "list_id", "position"),
    )

    list_id: UUID = Field(foreign_key="list.id", ondelete="CASCADE")
    name: str = Field(max_length=SECTION_NAME_LENGTH)
    position: str = Field(sa_column=Column(sorts_as_text(LONGEST), nullable=False))
    version: int = 1
    deleted_at: datetime | None = None
    """It can be restored for as long as the trash is kept."""
    deleted_in: UUID | None = None
    """The step that deleted it: `activity` says what became of each of its tasks then."""

    def touch(self, at: datetime) -> None:
        """Count a change, so that another device can tell."""
        self.version += 1
        self.updated_at = at


class FoldedSection(SQLModel, table=True):
    """That a person has folded a section."""

    __tablename__ = "folded_section"  # pyright: ignore[reportAssignmentType] (as SQLModel documents it)

    user_id: UUID = Field(foreign_key="user.id", ondelete="CASCADE", primary_key=True)
    section_id: UUID = Field(
        foreign_key="section.id", ondelete="CASCADE", primary_key=True, index=True
    )
