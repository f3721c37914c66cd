"""A signed-in browser. Its row decides whether a cookie is good, whatever the cookie says."""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlmodel import Field

from dashboard.models.columns import Stored, at_most, present

USER_AGENT_LENGTH = 512
IP_ADDRESS_LENGTH = 45
IDLE_REMEMBERED, IDLE_OTHERWISE = timedelta(days=30), timedelta(hours=12)
LONGEST_LIFE = timedelta(days=90)
"""Also of a session that is used every day."""
RENEWED_EVERY, RENEWED_EVERY_OTHERWISE = timedelta(days=1), timedelta(hours=1)
FRESH_FOR = timedelta(minutes=10)
"""How long after the password was entered a session may do what would hurt most in the wrong hands."""
NO_SESSION = UUID(int=0)
"""What stands for the session of an API token, which has none: no row has this id."""


class Client(NamedTuple):
    """Where a request comes from, as far as it says."""

    ip_address: str = ""
    user_agent: str = ""


class Actor(NamedTuple):
    """Who is doing something: a user, by one of their live sessions or API tokens."""

    id: UUID
    session_id: UUID
    timezone: str
    nonce: str = ""
    """Names the gesture that it is done by; empty for what no open page has drawn already."""


class UserSession(Stored, table=True):
    """Named UserSession in code, because a Session is the database's."""

    __tablename__ = "session"  # pyright: ignore[reportAssignmentType] (as SQLModel documents it)
    __table_args__ = (at_most("user_agent", USER_AGENT_LENGTH),)

    user_id: UUID = Field(foreign_key="user.id", ondelete="CASCADE", index=True)
    token_hash: str = Field(max_length=64, unique=True)
    expires_at: datetime = Field(index=True)
    absolute_expires_at: datetime
    last_seen_at: datetime = Field(default_factory=present)
    fresh_at: datetime = Field(default_factory=present)
    """When the password was last entered."""
    remember: bool = False
    ip_address: str = Field(default="", max_length=IP_ADDRESS_LENGTH)
    user_agent: str = Field(default="", max_length=USER_AGENT_LENGTH)

    def is_alive(self, at: datetime) -> bool:
        return at < self.expires_at and at < self.absolute_expires_at

    def is_fresh(self, at: datetime) -> bool:
        # A clock that was set back makes it older, not fresher.
        return abs(at - self.fresh_at) <= FRESH_FOR

    def is_renewable(self, at: datetime) -> bool:
        """Whether its end was put off long enough ago (a day, or an hour for a session that lasts only hours), and can
        be put off at all.
        """
        put_off_at = self.expires_at - self.idle
        every = RENEWED_EVERY if self.remember else RENEWED_EVERY_OTHERWISE
        return at - put_off_at >= every and self.expires_at < self.absolute_expires_at

    def renew(self, at: datetime) -> None:
        """Last a whole idle time from now on, but never beyond the absolute end."""
        self.last_seen_at = at
        self.expires_at = min(at + self.idle, self.absolute_expires_at)

    @property
    def idle(self) -> timedelta:
        """How long the session lasts without being used."""
        return IDLE_REMEMBERED if self.remember else IDLE_OTHERWISE
