"""What happened to a task or a list: who did it, when and what, and what the changed fields held before and after."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Column, Index, Text
from sqlmodel import Field, SQLModel
from uuid_utils.compat import uuid7

from dashboard.models.columns import present


class Action(StrEnum):
    """What was done. Of a task that is erased nothing else is kept; an order is that of a person's own lists."""

    CREATE = "create"
    CHANGE = "change"
    DELETE = "delete"
    RESTORE = "restore"
    ERASE = "erase"
    ORDER = "order"


class Activity(SQLModel, table=True):
    """One thing that happened in one list, for those who see that list.

    It goes with its list, and with its task when that is removed for good. A task that moves leaves a row in each of
    the two lists: in the one what its fields held before, in the other what they hold now.
    """

    __table_args__ = (
        Index("ix_activity_list_id", "list_id", "id"),
        Index("ix_activity_task_id", "task_id", "id"),
        Index("ix_activity_actor_id", "actor_id", "batch"),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    at: datetime = Field(default_factory=present)
    batch: UUID
    """Names the step that it is part of: everything that one transaction did."""
    actor_id: UUID | None = Field(default=None, foreign_key="user.id", ondelete="SET NULL")
    """Who did it; None once their account is gone."""
    list_id: UUID = Field(foreign_key="list.id", ondelete="CASCADE")
    task_id: UUID | None = Field(default=None, foreign_key="task.id", ondelete="CASCADE")
    """None for what happened to the list itself, and for a task that is removed for good."""
    action: str = Field(max_length=16)
    """An Action."""
    before: str | None = Field(default=None, sa_column=Column(Text))
    """The fields that it changed, as JSON; None for what was not there, or is not for those who see this list."""
    after: str | None = Field(default=None, sa_column=Column(Text))
