"""How often something was done of late, by someone or from somewhere."""

from datetime import datetime

from sqlmodel import Field, SQLModel


class RateLimit(SQLModel, table=True):
    __tablename__ = "rate_limit"  # pyright: ignore[reportAssignmentType] (as SQLModel documents it)

    key: str = Field(max_length=100, primary_key=True)
    """What is counted, and a hash of whose it is."""
    count: int
    window_start: datetime = Field(index=True)
    """Since when it is counted; of guesses at a password, when the last one was made."""
