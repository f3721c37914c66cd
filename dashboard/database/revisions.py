"""Which schema a database has, and which one this program needs.

Without Alembic: a server asks this, and only a migration needs that, which is a tenth of what a start imports.
"""

from functools import lru_cache

from sqlalchemy import Connection, inspect, text
from sqlmodel import Session

from dashboard.places import PROJECT


def is_current(session: Session) -> bool:
    """Whether the database has the newest schema that this program knows."""
    return current_revision(session.connection()) == newest_revision()


def current_revision(connection: Connection) -> str | None:
    """The schema that the database has; None when it has none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.scalar(text("SELECT version_num FROM alembic_version"))


@lru_cache(maxsize=1)
def newest_revision() -> str:
    """The schema that this program needs."""
    return known_revisions()[0]


def known_revisions() -> list[str]:
    """Every schema that this program has had, newest first: a migration's file is named after its own."""
    versions = (PROJECT / "alembic" / "versions").glob("[0-9]*.py")
    return sorted((file.name.partition("_")[0] for file in versions), reverse=True)
