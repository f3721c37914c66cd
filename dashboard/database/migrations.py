"""The schema: brought up to date on start, by one process at a time, in one transaction.

With transactions.py this is the only module that begins and commits. The migrations themselves are in alembic/versions.
"""

import os
import re
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import UTC
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from dashboard import clock
from dashboard.config import Settings, get_settings, prepare_data_dir, signing_secrets
from dashboard.database import backup_file
from dashboard.database.engines import sqlite_engine
from dashboard.database.revisions import current_revision, known_revisions, newest_revision
from dashboard.errors import BadBackup, ConfigurationError
from dashboard.places import PROJECT

COPIES_KEPT = 7
LOCK_SECONDS = 60
"""How long a process waits for another one that is migrating."""

_RUN = re.compile(r"[0-9a-z\x80-\U0010ffff]+")
_OUR_TABLES = {"user", "session", "task"}
_POSTGRESQL_LOCK = 0x636169726E  # "cairn"


class Migration(NamedTuple):
    """A database with something in it was brought to a newer schema."""

    before: str
    after: str
    copy: Path
    """What was in it before, as `restore` or SQLite can read it."""
    seconds: float
    """The copy included."""

    def __str__(self) -> str:
        return (
            f"The database was brought from schema {self.before} to {self.after} in {self.seconds:.1f} s. "
            f"A copy of it as it was before is in {self.copy}."
        )


def prepare(settings: Settings) -> Migration | None:
    """Make DATA_DIR and the secret in it where there are none, and migrate the database. Raises ConfigurationError."""
    prepare_data_dir(settings)
    signing_secrets(settings)
    return migrate(settings.database_url)


def require_usable(settings: Settings) -> None:
    """Raises ConfigurationError where `prepare` would before it migrates; what is in the database stays as it is."""
    prepare_data_dir(settings)
    file = sqlite_file(settings.database_url)
    if file is None or file.exists():
        with _sentences(settings.database_url), _snapshot(settings.database_url):
            pass


def migrate(url: str) -> Migration | None:
    """Bring the database to the newest schema, after copying what is in it aside. None when there was nothing to do.

    Raises ConfigurationError when the database cannot be used, is newer than this program or is another program's.
    """
    _keep_to_its_owner(sqlite_file(url))
    with _sentences(url), migrating(url) as connection:
        current, began = current_revision(connection), time.monotonic()
        if current == newest_revision():
            # A database that can only be read would let the program start, and then lose what people write.
            connection.execute(text("UPDATE alembic_version SET version_num = version_num"))
            return None
        copy = _copy_aside(connection, before=newest_revision())
        command.upgrade(config_for(connection), "head")
    if current is None or copy is None:
        return None
    return Migration(current, newest_revision(), copy, time.monotonic() - began)


def _keep_to_its_owner(file: Path | None) -> None:
    """Only its owner can read the database, even in an open folder. SQLite gives the log beside it the same mode."""
    if file is None:
        return
    # What cannot be made, or is another user's, is said when it is opened.
    with suppress(OSError):
        file.touch(mode=0o600, exist_ok=False)
    for each in (file, *(file.with_name(f"{file.name}-{part}") for part in ("wal", "shm"))):
        with suppress(OSError):
            each.chmod(0o600)


@contextmanager
def reading(url: str) -> Iterator[tuple[Connection, str]]:
    """A connection that sees one moment of a database of ours, and cannot change it; and the schema that it has.

    Raises ConfigurationError when there is nothing in the database, or it is another program's.
    """
    file = sqlite_file(url)
    if file is not None and not file.exists():
        raise ConfigurationError(f"There is no database at {file}.")
    with _sentences(url), _snapshot(url) as connection:
        current = current_revision(connection)
        if current is None:
            raise ConfigurationError("There is nothing in the database yet.")
        yield connection, current


@contextmanager
def rebuilding(url: str, revision: str, *, force: bool) -> Iterator[Connection]:
    """A connection to empty tables of an older schema. What is put into them is brought to the newest one, and all
    that was there before is gone; or, after any error, nothing has happened.

    Raises ConfigurationError when there are accounts in the database, unless forced: then it is copied aside first.
    """
    if revision not in known_revisions():
        raise _from_the_future("The backup", revision)
    _keep_to_its_owner(sqlite_file(url))
    with _sentences(url), migrating(url) as connection:
        if current_revision(connection) is not None:
            if connection.execute(text('SELECT 1 FROM "user" LIMIT 1')).first():
                if not force:
                    raise ConfigurationError(
                        "There are accounts in the database, and all in it would be replaced: add --force if it should."
                    )
                _copy_aside(connection, before="restore")
            command.downgrade(config_for(connection), "base")
        command.upgrade(config_for(connection), revision)
        yield connection
        _require_whole(connection)
        command.upgrade(config_for(connection), "head")


@contextmanager
def migrating(url: str) -> Iterator[Connection]:
    """A connection in a transaction that no other process which migrates can enter.

    Raises ConfigurationError, with nothing touched, when the database is newer than this program or another program's.
    """
    engine = _engine(url)
    try:
        if engine.dialect.name == "sqlite":
            # That a file keeps a write-ahead log is written into it, whosever it is: look before.
            with _snapshot(url):
                pass
            _keep_a_write_ahead_log(engine)
        with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'"))
                connection.execute(text(f"SELECT pg_advisory_xact_lock({_POSTGRESQL_LOCK})"))
            _require_ours(connection)
            yield connection
    finally:
        engine.dispose()


def config_for(connection: Connection) -> Config:
    """Alembic's configuration, for commands that run on this connection; it does not depend on the current folder."""
    config = Config()
    config.set_main_option("script_location", str(PROJECT / "alembic").replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _engine(url: str) -> Engine:
    if url.startswith("sqlite"):
        # Without foreign keys: Alembic changes a table of SQLite by making a new one and dropping the old one, and with
        # it, by cascade, everything that refers to it.
        pragmas = ("foreign_keys=OFF", f"busy_timeout={LOCK_SECONDS * 1000}")
        engine = sqlite_engine(url, begin="BEGIN IMMEDIATE", pragmas=pragmas, poolclass=NullPool)
        event.listen(engine, "connect", know_earlier_terms)
        return engine
    return create_engine(url, poolclass=NullPool, connect_args={"connect_timeout": 5})


def know_earlier_terms(connection: Any, _record: object = None) -> None:
    """Let a connection to SQLite call what the triggers of schemas 0007 to 0010 call."""
    connection.create_function("search_terms", 2, _earlier_terms, deterministic=True)


def _earlier_terms(owner_id: str, text: str) -> str:
    """Each place in a text at which a word or a part of one begins, with the end of the owner's id before it."""
    owner, runs = owner_id[-6:], set(_RUN.findall(text))
    return " ".join({owner + run[at : at + 5] for run in runs for at in range(len(run))})


@contextmanager
def _snapshot(url: str) -> Iterator[Connection]:
    """A connection that sees one moment of a database of ours, and cannot change it. Raises as `migrating` does."""
    engine = _snapshot_engine(url)
    try:
        with engine.begin() as connection:
            _require_ours(connection)
            yield connection
    finally:
        engine.dispose()


def _snapshot_engine(url: str) -> Engine:
    if url.startswith("sqlite"):
        return sqlite_engine(url, begin="BEGIN", pragmas=("query_only=ON",), poolclass=NullPool)
    return create_engine(
        url,
        poolclass=NullPool,
        connect_args={"connect_timeout": 5},
        isolation_level="REPEATABLE READ",
        execution_options={"postgresql_readonly": True},
    )


def sqlite_file(url: str | URL) -> Path | None:
    """Where a database of SQLite is; None for PostgreSQL."""
    address = make_url(url)
    if address.drivername != "sqlite":
        return None
    return Path((address.database or "").removeprefix("file:"))


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


def _require_ours(connection: Connection) -> None:
    current, tables = current_revision(connection), _tables(connection)
    if (current is None and tables) or (current is not None and not tables >= _OUR_TABLES):
        raise ConfigurationError(
            "The database belongs to another program: point DATABASE_URL at one that Cairn has to itself."
        )
    if current is not None and current not in known_revisions():
        raise _from_the_future("The database", current, _copies(_copied_file(connection), current))


def _from_the_future(what: str, revision: str, copies: Sequence[Path] = ()) -> ConfigurationError:
    before = f"{copies[-1]}, a copy from before it" if copies else "a copy from before it"
    return ConfigurationError(
        f"{what} has schema {revision}, and this Cairn is older and knows {newest_revision()} at most: "
        f"start the newer Cairn, or put back {before} (docs/upgrade.md says how)."
    )


def _require_whole(connection: Connection) -> None:
    """Foreign keys are off while SQLite's tables are replaced."""
    if connection.dialect.name == "sqlite":
        astray = connection.execute(text("PRAGMA foreign_key_check")).first()
        if astray is not None:
            raise BadBackup(f"The backup cannot be put back: a row of {astray[0]} belongs to none.")


def _copy_aside(connection: Connection, before: str) -> Path | None:
    """Copy the database while it is locked for writing: what commits in it is in the copy, whole. Where that is."""
    if not _tables(connection):
        return None
    stamp = f"{clock.now().astimezone(UTC):%Y%m%dT%H%M%SZ}"
    file = _copied_file(connection)
    copy = file.with_name(f"{file.name}.before-{before}-{stamp}")
    if connection.dialect.name == "sqlite":
        _copy_file(file, copy)
    else:
        tables = ", ".join(f'"{table}"' for table in sorted(_tables(connection)))
        connection.execute(text(f"LOCK TABLE {tables} IN SHARE MODE"))
        backup_file.write(copy, connection, current_revision(connection) or "")
    for old in _copies(file)[:-COPIES_KEPT]:
        old.unlink()
    return copy


def _copied_file(connection: Connection) -> Path:
    """What a copy of the database is named after."""
    return sqlite_file(connection.engine.url) or get_settings().data_dir.absolute() / "cairn.backup"


def _copies(file: Path, before: str = "*") -> list[Path]:
    """Those made before something, oldest first."""
    return sorted(
        file.parent.glob(f"{file.name}.before-{before}-*"), key=lambda path: path.name[-16:]
    )


def _copy_file(file: Path, copy: Path) -> None:
    draft = copy.with_name(f".{copy.name}-{os.getpid()}")
    try:
        draft.touch(mode=0o600)
        with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(draft)) as target:
            source.backup(target)
        draft.replace(copy)
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def _sentences(url: str) -> Iterator[None]:
    """Say in one sentence, and without the password of the address, why a database cannot be used."""
    try:
        yield
    except (DBAPIError, sqlite3.Error, psycopg.Error, OSError) as error:
        reason = str(error.orig if isinstance(error, DBAPIError) else error).partition("\n")[0]
        reason = reason.removeprefix("connection failed: ")
        address = make_url(url)
        if address.drivername == "sqlite":
            raise ConfigurationError(
                f"The database {address.database} cannot be used ({reason}): check DATA_DIR and DATABASE_URL."
            ) from error
        raise ConfigurationError(
            f"The database {address.database} of PostgreSQL cannot be used ({reason})."
        ) from error
