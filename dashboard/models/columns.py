"""Columns that every table has, and the checks that a database itself keeps."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, MetaData
from sqlmodel import Field, SQLModel
from uuid_utils.compat import uuid7

from dashboard import clock

# Named constraints can be dropped by a later migration, on both databases.
SQLModel.metadata.naming_convention = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
).naming_convention


def first_id_at(moment: datetime) -> UUID:
    """The smallest id (UUIDv7) that a row made at this moment can have."""
    return UUID(int=clock.microseconds(moment) // 1000 << 80)


def present() -> datetime:
    """The default of a moment. It looks `clock.now` up at each call, so that a test which replaces it is heeded."""
    return clock.now()


class Stored(SQLModel):
    """What every row has: an id that grows with time (UUIDv7) and two moments in UTC."""

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    created_at: datetime = Field(default_factory=present)
    updated_at: datetime = Field(default_factory=present)


def at_most(column: str, length: int) -> CheckConstraint:
    """A check of a text's length in code points: SQLite does not enforce that of VARCHAR."""
    return CheckConstraint(f"length({column}) <= {length}", name=f"{column}_length")
