"""A list of tasks, who is a member of it (membership alone decides who sees what), and what changes one."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import BeforeValidator, ConfigDict, StrictBool
from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from dashboard.models.columns import Stored, at_most, present
from dashboard.models.text import (
    Id,
    Input,
    StorableText,
    length_shown,
    name_of_at_most,
    without_defaults,
)

LIST_NAME_LENGTH = 80
MOST_LISTS = 500
"""Of one person, beside the Inbox."""
INBOX = "Inbox"


class Color(StrEnum):
    """The palette of lists; the style sheet has each as `c-<name>`."""

    CLAY = "clay"
    SAND = "sand"
    MOSS = "moss"
    LICHEN = "lichen"
    SKY = "sky"
    HEATHER = "heather"
    ROSE = "rose"
    STONE = "stone"


class Icon(StrEnum):
    """What a list may have in front of its name; without one it has a pebble."""

    NONE = ""
    HOME = "home"
    CART = "cart"
    BRIEFCASE = "briefcase"
    BOOK = "book"
    HEART = "heart"
    STAR = "star"
    PLANE = "plane"
    WRENCH = "wrench"
    GIFT = "gift"
    MUSIC = "music"
    LEAF = "leaf"
    WALLET = "wallet"


class View(StrEnum):
    """How a list is looked at."""

    LIST = "list"
    BOARD = "board"


class Role(StrEnum):
    """What a member may do: read, write tasks too, or decide over the list as well."""

    VIEWER = "viewer"
    EDITOR = "editor"
    OWNER = "owner"

    def includes(self, other: "Role") -> bool:
        """Whether this role may do all that the other one may."""
        roles = list(Role)
        return roles.index(self) >= roles.index(other)


def _one_of(choices: type[StrEnum], sentence: str) -> BeforeValidator:
    def check(value: Any) -> StrEnum:
        try:
            return choices(value)
        except ValueError:
            raise ValueError(sentence) from None

    return BeforeValidator(check, json_schema_input_type=choices)


ListName = Annotated[
    StorableText,
    name_of_at_most(LIST_NAME_LENGTH, missing="Enter a name for the list."),
    length_shown(1, LIST_NAME_LENGTH),
]
ColorInput = Annotated[Color, _one_of(Color, f"The colour is one of: {', '.join(Color)}.")]
IconInput = Annotated[
    Icon, _one_of(Icon, f"The icon is empty or one of: {', '.join(list(Icon)[1:])}.")
]
ViewInput = Annotated[View, _one_of(View, "The view is list or board.")]


class ListDraft(Input):
    """A list to be made. Only the name has to be given."""

    name: ListName
    color: ColorInput = Color.STONE
    icon: IconInput = Icon.NONE
    view: ViewInput = View.LIST


class ListChanges(Input):
    """Some of what can be written of a list: a field that is not given stays as it is."""

    model_config = ConfigDict(json_schema_extra=without_defaults)

    name: ListName = ""
    color: ColorInput = Color.STONE
    icon: IconInput = Icon.NONE
    view: ViewInput = View.LIST
    is_archived: StrictBool = False


class ListOrder(Input):
    """In which order a person wants to see their lists."""

    list_ids: Annotated[list[Id], Field(max_length=MOST_LISTS + 1)]


class TaskList(Stored, table=True):
    """Named TaskList in code, because `list` is Python's."""

    __tablename__ = "list"  # pyright: ignore[reportAssignmentType] (as SQLModel documents it)
    __table_args__ = (
        at_most("name", LIST_NAME_LENGTH),
        CheckConstraint("view IN ('list', 'board')", name="view_known"),
    )

    created_by: UUID | None = Field(
        default=None, foreign_key="user.id", ondelete="SET NULL", index=True
    )
    name: str = Field(max_length=LIST_NAME_LENGTH)
    color: str = Field(default="stone", max_length=16)
    icon: str = Field(default="", max_length=16)
    """Empty for none."""
    view: str = Field(default="list", max_length=8)
    archived_at: datetime | None = None
    deleted_at: datetime | None = None
    version: int = 1

    @property
    def is_inbox(self) -> bool:
        return self.id == self.created_by

    def touch(self, at: datetime) -> None:
        """Count a change, so that another device can tell."""
        self.version += 1
        self.updated_at = at


class ListMember(SQLModel, table=True):
    """That a person sees a list, what they may do in it, and its place among their lists."""

    __tablename__ = "list_member"  # pyright: ignore[reportAssignmentType] (as SQLModel documents it)
    __table_args__ = (CheckConstraint("role IN ('viewer', 'editor', 'owner')", name="role_known"),)

    user_id: UUID = Field(foreign_key="user.id", ondelete="CASCADE", primary_key=True)
    list_id: UUID = Field(foreign_key="list.id", ondelete="CASCADE", primary_key=True, index=True)
    role: str = Field(max_length=8)
    position: int = 0
    created_at: datetime = Field(default_factory=present)


def inbox_of(user_id: UUID) -> UUID:
    """The list in which a person's tasks lie unless they say otherwise: its id is theirs, so it needs no looking up."""
    return user_id
