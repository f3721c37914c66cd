"""A list of tasks, and who is a member of it: membership alone decides who sees what."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from dashboard.models.columns import Stored, at_most, present

LIST_NAME_LENGTH = 80
INBOX = "Inbox"


class Role(StrEnum):
    """What a member may do: read, write tasks too, or decide over the list as well."""

    VIEWER = "viewer"
    EDITOR = "editor"
    OWNER = "owner"

    def includes(self, other: "Role") -> bool:
        """Whether this role may do all that the other one may."""
        roles = list(Role)
        return roles.index(self) >= roles.index(other)


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
