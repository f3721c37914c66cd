"""The schema: brought up to date on start, by one process at a time, in one transaction.

With db.py this is the only module that begins and commits. The migrations themselves are in alembic/versions.
"""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC
from functools import lru_cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool
from sqlmodel import Session

from dashboard import clock
from dashboard.config import Settings, prepare_data_dir, signing_secrets
from dashboard.db import sqlite_engine
from dashboard.errors import ConfigurationError

PROJECT = Path(__file__).resolve().parent.parent
COPIES_KEPT = 7
LOCK_SECONDS = 60
"""How long a process waits for another one that is migrating."""

_OUR_TABLES = {"user", "session", "task"}
_POSTGRESQL_LOCK = 0x636169726E  # "cairn"


def prepare(settings: Settings) -> None:
    """Make DATA_DIR and the secret in it where there are none, and migrate the database. Raises ConfigurationError."""
    prepare_data_dir(settings)
    signing_secrets(settings)
    migrate(settings.database_url)


def migrate(url: str) -> None:
    """Bring the database to the newest schema, after copying an SQLite file aside.

    Raises ConfigurationError when the database cannot be used, is newer than this program or is another program's.
    """
    with _sentences(url), migrating(url) as connection:
        current = current_revision(connection)
        _require_ours(connection, current)
        if current == newest_revision():
            # A database that can only be read would let the program start, and then lose what people write.
            connection.execute(text("UPDATE alembic_version SET version_num = version_num"))
            return
        if connection.dialect.name == "sqlite" and _tables(connection):
            _copy_aside(Path(make_url(url).database or ""))
        command.upgrade(config_for(connection), "head")


def is_current(session: Session) -> bool:
    """Whether the database has the newest schema that this program knows."""
    return current_revision(session.connection()) == newest_revision()


@contextmanager
def migrating(url: str) -> Iterator[Connection]:
    """A connection in a transaction that no other process which migrates can enter."""
    engine = _engine(url)
    try:
        if engine.dialect.name == "sqlite":
            _keep_a_write_ahead_log(engine)
        with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'"))
                connection.execute(text(f"SELECT pg_advisory_xact_lock({_POSTGRESQL_LOCK})"))
            yield connection
    finally:
        engine.dispose()


def config_for(connection: Connection) -> Config:
    """Alembic's configuration, for commands that run on this connection; it does not depend on the current folder."""
    config = Config()
    config.set_main_option("script_location", str(PROJECT / "alembic").replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def current_revision(connection: Connection) -> str | None:
    """The schema that the database has; None when it has none."""
    return MigrationContext.configure(connection).get_current_revision()


@lru_cache(maxsize=1)
def newest_revision() -> str:
    """The schema that this program needs."""
    return _revisions()[0]


def _revisions() -> list[str]:
    scripts = ScriptDirectory(str(PROJECT / "alembic"))
    return [script.revision for script in scripts.walk_revisions()]


def _engine(url: str) -> Engine:
    if url.startswith("sqlite"):
        # Without foreign keys: Alembic changes a table of SQLite by making it anew and dropping the old one, and with
        # it, by cascade, everything that refers to it.
        pragmas = ("foreign_keys=OFF", f"busy_timeout={LOCK_SECONDS * 1000}")
        return sqlite_engine(url, begin="BEGIN IMMEDIATE", pragmas=pragmas, poolclass=NullPool)
    return create_engine(url, poolclass=NullPool, connect_args={"connect_timeout": 5})


def _keep_a_write_ahead_log(engine: Engine) -> None:
    """Done once, for good, and outside of transactions; SQLite does not wait for its lock here, so we do."""
    deadline = time.monotonic() + LOCK_SECONDS
    with closing(engine.raw_connection()) as connection:
        while True:
            try:
                connection.cursor().execute("PRAGMA journal_mode=WAL").close()
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                    raise
                time.sleep(0.02)
            else:
                return


def _tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names()) - {"alembic_version"}


def _require_ours(connection: Connection, current: str | None) -> None:
    tables = _tables(connection)
    if (current is None and tables) or (current is not None and not tables >= _OUR_TABLES):
        raise ConfigurationError(
            "The database belongs to another program: point DATABASE_URL at one that Cairn has to itself."
        )
    if current is not None and current not in _revisions():
        raise ConfigurationError(
            f"The database has schema {current}, and this Cairn is older and knows {newest_revision()} at most: "
            "start the newer Cairn, or put back a copy of the database from before it."
        )


def _copy_aside(file: Path) -> None:
    """Copy the database while we hold its write lock: what commits in it is in the copy, whole."""
    stamp = f"{clock.now().astimezone(UTC):%Y%m%dT%H%M%SZ}"
    copy = file.with_name(f"{file.name}.before-{newest_revision()}-{stamp}")
    draft = copy.with_name(f".{copy.name}-{os.getpid()}")
    try:
        draft.touch(mode=0o600)
        with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(draft)) as target:
            source.backup(target)
        draft.replace(copy)
    finally:
        draft.unlink(missing_ok=True)
    copies = sorted(file.parent.glob(f"{file.name}.before-*"), key=lambda path: path.name[-16:])
    for old in copies[:-COPIES_KEPT]:
        old.unlink()


@contextmanager
def _sentences(url: str) -> Iterator[None]:
    """Say in one sentence, and without the password of the address, why a database cannot be used."""
    try:
        yield
    except (DBAPIError, sqlite3.Error, OSError) as error:
        reason = str(error.orig if isinstance(error, DBAPIError) else error).partition("\n")[0]
        address = make_url(url)
        if address.drivername == "sqlite":
            raise ConfigurationError(
                f"The database {address.database} cannot be used ({reason}): check DATA_DIR and DATABASE_URL."
            ) from error
        raise ConfigurationError(
            f"The database at DATABASE_URL cannot be used ({reason.removeprefix('connection failed: ')})."
        ) from error
