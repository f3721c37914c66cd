"""That a gesture was carried out, so that it is carried out once, whichever tab sends it again."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel


class DoneGesture(SQLModel, table=True):
    __tablename__ = "done_gesture"  # pyright: ignore[reportAssignmentType] (as SQLModel documents it)

    id: UUID = Field(primary_key=True)
    """A hash of the person and the nonce."""
    user_id: UUID = Field(foreign_key="user.id", ondelete="CASCADE", index=True)
    done_at: datetime = Field(index=True)
