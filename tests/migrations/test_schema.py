"""Migrating on start: once, whole, after a copy, and never a database that is not ours."""

import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.engine import make_url

from dashboard import config, places
from dashboard.database import backup_file, engines, migrations, revisions
from dashboard.database.migrations import migrate
from dashboard.database.transactions import Database
from dashboard.errors import ConfigurationError, Unavailable
from dashboard.models.session import Actor
from dashboard.models.task import Task

PROCESSES = 4
STARTING = """
import sys
from dashboard.database.migrations import migrate
print("ready", flush=True)
sys.stdin.readline()
migrate(sys.argv[1])
"""


NEWEST = revisions.newest_revision()
NEXT = f"{int(NEWEST) + 1:04}"

on_sqlite = pytest.mark.parametrize("empty_database_url", ["sqlite"], indirect=True)
on_postgresql = pytest.mark.parametrize("empty_database_url", ["postgresql"], indirect=True)


@pytest.fixture
def database_url(empty_database_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Here a migrated database of the test's own: these tests change more than rows."""
    migrate(empty_database_url)
    monkeypatch.setenv("DATABASE_URL", empty_database_url)
    return empty_database_url


def run_sql(url: str, *statements: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def sqlite_file(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def copies_of(url: str) -> list[Path]:
    file = sqlite_file(url)
    return sorted(file.parent.glob(f"{file.name}.before-*"))


@pytest.fixture
def newer_schema(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """After `database_url` was made, the program gets one more migration, in a file that a test may rewrite."""
    project = tmp_path / "later 100% later"
    versions = project / "alembic" / "versions"
    versions.mkdir(parents=True)
    for file in (migrations.PROJECT / "alembic").rglob("*.*"):
        if file.suffix in (".py", ".mako"):
            (project / file.relative_to(migrations.PROJECT)).write_bytes(file.read_bytes())
    revision = versions / f"{NEXT}_remember_a_colour.py"
    revision.write_text(
        "import sqlalchemy as sa\n"
        "from alembic import op\n"
        f"revision, down_revision = '{NEXT}', '{NEWEST}'\n"
        "def upgrade():\n"
        "    with op.batch_alter_table('user') as batch:\n"
        "        batch.add_column(sa.Column('colour', sa.String(), nullable=True))\n"
        "        batch.alter_column('timezone', type_=sa.String(65))\n"
        "def downgrade():\n"
        "    with op.batch_alter_table('user') as batch:\n"
        "        batch.drop_column('colour')\n"
    )
    for module in (migrations, revisions):
        monkeypatch.setattr(module, "PROJECT", project)
    revisions.newest_revision.cache_clear()
    yield revision
    revisions.newest_revision.cache_clear()


@pytest.fixture
def without_lock_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrations, "LOCK_SECONDS", 0.2)
    monkeypatch.setattr(engines, "SQLITE_BUSY_SECONDS", 0.1)


# Once


def test_migrating_twice_changes_nothing_the_second_time(empty_database_url: str) -> None:
    migrate(empty_database_url)
    migrate(empty_database_url)
    with migrations.migrating(empty_database_url) as connection:
        assert revisions.current_revision(connection) == revisions.newest_revision()


@pytest.mark.slow
def test_processes_that_start_at_once_migrate_once(empty_database_url: str) -> None:
    starting = [
        subprocess.Popen(
            [sys.executable, "-c", STARTING, empty_database_url],
            cwd=migrations.PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(PROCESSES)
    ]
    for process in starting:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in starting:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    answers = [process.communicate(timeout=60) for process in starting]
    assert [process.returncode for process in starting] == [0] * PROCESSES, answers
    migrate(empty_database_url)


def test_it_does_not_matter_from_where_the_program_is_started(
    empty_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    migrate(empty_database_url)


def test_a_database_says_whether_it_is_current(database: Database, newer_schema: Path) -> None:
    with database.transaction(writes=False) as session:
        assert not revisions.is_current(session)
    migrate(database.url)
    with database.transaction(writes=False) as session:
        assert revisions.is_current(session)


def test_sqlite_keeps_a_write_ahead_log_from_the_first_migration_on(tmp_path: Path) -> None:
    migrate(f"sqlite:///{tmp_path}/new.db")
    with closing(sqlite3.connect(tmp_path / "new.db")) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


# Whole


def test_a_later_migration_keeps_every_row(
    database: Database, ana: Actor, anas_milk: Task, newer_schema: Path
) -> None:
    database.close()
    migrate(database.url)
    engine = create_engine(database.url)
    assert "colour" in {column["name"] for column in inspect(engine).get_columns("user")}
    with engine.connect() as connection:
        for table in ("user", "account", "session", "task"):
            assert connection.execute(text(f'SELECT count(*) FROM "{table}"')).scalar() == 1, table
    engine.dispose()
    with migrations.migrating(database.url) as connection:
        command.downgrade(migrations.config_for(connection), NEWEST)


def test_a_migration_that_fails_changes_nothing(database_url: str, newer_schema: Path) -> None:
    newer_schema.write_text(
        newer_schema.read_text().replace(
            "def downgrade", "    op.execute('SELECT nonsense')\n\ndef downgrade"
        )
    )
    with pytest.raises(ConfigurationError, match="nonsense"):
        migrate(database_url)
    engine = create_engine(database_url)
    assert "colour" not in {column["name"] for column in inspect(engine).get_columns("user")}
    with engine.connect() as connection:
        assert revisions.current_revision(connection) == NEWEST
    engine.dispose()


# After a copy


@on_sqlite
def test_before_a_migration_the_file_is_copied_as_it_was(
    database: Database, ana: Actor, anas_milk: Task, newer_schema: Path, frozen_clock
) -> None:
    # Not closed: what is still in the write-ahead log has to be in the copy too.
    migration = migrate(database.url)
    (copy,) = copies_of(database.url)
    assert migration is not None
    assert migration.copy == copy
    assert str(migration).startswith(f"The database was brought from schema {NEWEST} to {NEXT} in ")
    assert copy.name == f"empty.db.before-{NEXT}-20260310T120000Z"
    assert copy.stat().st_mode & 0o777 == 0o600
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT title FROM task").fetchall() == [("Milk",)]
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [
            (NEWEST,)
        ]
        assert "colour" not in [row[1] for row in connection.execute('PRAGMA table_info("user")')]


@on_postgresql
def test_before_a_migration_postgresql_is_backed_up_into_data_dir(
    database: Database, ana: Actor, anas_milk: Task, newer_schema: Path, frozen_clock, tmp_path
) -> None:
    migration = migrate(database.url)
    (copy,) = (tmp_path / "data").glob("cairn.backup*")
    assert migration is not None
    assert migration.copy == copy
    assert copy.name == f"cairn.backup.before-{NEXT}-20260310T120000Z"
    assert copy.stat().st_mode & 0o777 == 0o600
    with backup_file.opened(copy) as backup:
        backup.check()
        assert backup.manifest.revision == NEWEST
        assert backup.manifest.tables["task"].rows == 1
        assert "colour" not in backup.manifest.tables["user"].columns


@on_postgresql
def test_nobody_writes_between_the_copy_of_postgresql_and_its_migration(
    database: Database, ana: Actor, newer_schema: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = backup_file.write

    def write_while_somebody_tries(*args: Any) -> object:
        with pytest.raises(Unavailable), database.transaction() as session:
            session.connection().execute(text("SET LOCAL lock_timeout = '100ms'"))
            session.connection().execute(text("UPDATE task SET title = 'Lost'"))
        return write(*args)

    monkeypatch.setattr(backup_file, "write", write_while_somebody_tries)
    migrate(database.url)
    assert list(config.get_settings().data_dir.glob("cairn.backup*"))


@on_sqlite
def test_nothing_is_copied_when_there_is_nothing_to_lose(empty_database_url: str) -> None:
    migrate(empty_database_url)
    migrate(empty_database_url)
    assert copies_of(empty_database_url) == []


@on_sqlite
def test_the_last_seven_copies_are_kept(
    database_url: str, newer_schema: Path, frozen_clock
) -> None:
    file = sqlite_file(database_url)
    older = [file.with_name(f"{file.name}.before-0001-2025010{day}T000000Z") for day in range(1, 9)]
    for path in older:
        path.touch()
    migrate(database_url)
    kept = copies_of(database_url)
    assert len(kept) == migrations.COPIES_KEPT
    assert set(kept) > set(older[2:])
    assert not list(file.parent.glob(".*.before-*")), "no draft is left behind"


def test_without_a_copy_there_is_no_migration(
    database_url: str, newer_schema: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", no_room)
    with pytest.raises(ConfigurationError, match="No space left on device"):
        migrate(database_url)
    with migrations.migrating(database_url) as connection:
        assert revisions.current_revision(connection) == NEWEST


# Only ours


def test_a_schema_from_the_future_is_refused_and_left_alone(database_url: str) -> None:
    run_sql(database_url, "UPDATE alembic_version SET version_num = '0099'")
    with pytest.raises(ConfigurationError, match=rf"schema 0099.*older.*{NEWEST} at most"):
        migrate(database_url)
    engine = create_engine(database_url)
    with engine.connect() as connection:
        assert revisions.current_revision(connection) == "0099"
    engine.dispose()


@on_sqlite
def test_who_goes_back_is_told_which_copy_to_put_back_and_it_is_the_one(
    database: Database, anas_milk: Task, newer_schema: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database.close()
    migration = migrate(database.url)
    assert migration is not None
    for module in (migrations, revisions):
        monkeypatch.setattr(module, "PROJECT", places.PROJECT)
    revisions.newest_revision.cache_clear()
    with pytest.raises(ConfigurationError, match=f"schema {NEXT}.*put back {migration.copy}, "):
        migrate(database.url)
    # As docs/upgrade.md says.
    file = sqlite_file(database.url)
    for log in ("-wal", "-shm"):
        file.with_name(file.name + log).unlink(missing_ok=True)
    shutil.copy(migration.copy, file)
    assert migrate(database.url) is None
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT title FROM task").fetchall() == [("Milk",)]


def test_another_programs_database_is_refused_and_left_alone(empty_database_url: str) -> None:
    run_sql(empty_database_url, "CREATE TABLE recipe (name text)")
    with pytest.raises(ConfigurationError, match="belongs to another program"):
        migrate(empty_database_url)
    engine = create_engine(empty_database_url)
    assert inspect(engine).get_table_names() == ["recipe"]
    engine.dispose()


@pytest.mark.parametrize("empty_database_url", ["sqlite"], indirect=True)
def test_not_a_byte_of_another_programs_file_is_changed(empty_database_url: str) -> None:
    file = sqlite_file(empty_database_url)
    run_sql(empty_database_url, "CREATE TABLE recipe (name text)")
    before = file.read_bytes()
    with pytest.raises(ConfigurationError, match="belongs to another program"):
        migrate(empty_database_url)
    assert list(file.parent.glob(f"{file.name}*")) == [file]
    assert file.read_bytes() == before


@pytest.mark.parametrize("revision", ["0001", "4bcd12"])
def test_another_program_that_uses_alembic_is_refused_too(
    empty_database_url: str, revision: str
) -> None:
    run_sql(
        empty_database_url,
        "CREATE TABLE recipe (name text)",
        "CREATE TABLE alembic_version (version_num varchar(32))",
        f"INSERT INTO alembic_version VALUES ('{revision}')",
    )
    with pytest.raises(ConfigurationError, match="belongs to another program"):
        migrate(empty_database_url)


# In one sentence


def test_a_database_in_a_folder_that_is_not_there_is_one_sentence() -> None:
    with pytest.raises(
        ConfigurationError, match=r"^The database /nowhere/cairn.db cannot be used \(unable to open"
    ):
        migrate("sqlite:////nowhere/cairn.db")


def test_a_file_that_is_no_database_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "cairn.db").write_text("Dear diary, " * 100)
    with pytest.raises(ConfigurationError, match="file is not a database"):
        migrate(f"sqlite:///{tmp_path}/cairn.db")


@on_sqlite
def test_a_read_only_database_is_one_sentence(database_url: str) -> None:
    file = sqlite_file(database_url)
    with pytest.raises(ConfigurationError, match="attempt to write a readonly database"):
        migrate(f"sqlite:///file:{file}?mode=ro&uri=true")


@on_sqlite
def test_a_database_that_stays_locked_is_one_sentence(
    database_url: str, without_lock_wait: None
) -> None:
    with closing(sqlite3.connect(sqlite_file(database_url), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(ConfigurationError, match="database is locked"):
            migrate(database_url)


def test_a_new_database_that_stays_locked_is_one_sentence(
    tmp_path: Path, without_lock_wait: None
) -> None:
    with closing(sqlite3.connect(tmp_path / "cairn.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        other.execute("CREATE TABLE t (x)")
        with pytest.raises(ConfigurationError, match="database is locked"):
            migrate(f"sqlite:///{tmp_path}/cairn.db")


def test_who_reads_a_file_only_delays_its_write_ahead_log(tmp_path: Path) -> None:
    file = tmp_path / "cairn.db"
    with closing(sqlite3.connect(file, isolation_level=None, check_same_thread=False)) as other:
        other.execute("PRAGMA user_version = 1")
        other.execute("BEGIN")
        other.execute("SELECT * FROM sqlite_master").fetchall()
        later = threading.Timer(0.3, lambda: other.execute("COMMIT"))
        later.start()
        migrate(f"sqlite:///{file}")
        later.join()
    with closing(sqlite3.connect(file)) as afterwards:
        assert afterwards.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_log_that_cannot_be_begun_at_once_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two processes that begin it together are told so at once, whatever they would have waited."""

    class Connection(sqlite3.Connection):
        attempts = 0

        def cursor(self, *_: Any, **__: Any) -> Any:
            self.attempts += 1
            if self.attempts < 3:
                error = sqlite3.OperationalError("database is locked")
                error.sqlite_errorcode = sqlite3.SQLITE_BUSY
                raise error
            return super().cursor()

    class Engine:
        connection = sqlite3.connect(":memory:", factory=Connection)

        def raw_connection(self) -> sqlite3.Connection:
            return self.connection

    engine: Any = Engine()
    migrations._keep_a_write_ahead_log(engine)
    assert engine.connection.attempts == 3


def test_who_never_stops_reading_is_one_sentence(tmp_path: Path, without_lock_wait: None) -> None:
    file = tmp_path / "cairn.db"
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("PRAGMA user_version = 1")
        other.execute("BEGIN")
        other.execute("SELECT * FROM sqlite_master").fetchall()
        with pytest.raises(ConfigurationError, match="database is locked"):
            migrate(f"sqlite:///{file}")


@on_postgresql
def test_a_postgresql_that_stays_locked_is_one_sentence(
    database_url: str, without_lock_wait: None
) -> None:
    with (
        migrations.migrating(database_url),
        pytest.raises(ConfigurationError, match="lock timeout"),
    ):
        migrate(database_url)


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("127.0.0.1:1", "Connection refused"),
        ("nowhere.invalid", "nowhere.invalid"),
        ("127.0.0.1:99999", "invalid port number"),
    ],
)
def test_an_unreachable_postgresql_is_one_sentence_without_its_password(
    address: str, reason: str
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        migrate(f"postgresql+psycopg://ana:tell-nobody@{address}/cairn?connect_timeout=1")
    sentence = str(caught.value)
    assert sentence.startswith("The database cairn of PostgreSQL cannot be used (")
    assert reason in sentence
    assert "tell-nobody" not in sentence
    assert "\n" not in sentence


@on_postgresql
def test_an_unknown_postgresql_database_is_one_sentence(empty_database_url: str) -> None:
    with pytest.raises(ConfigurationError, match='database "nobody" does not exist'):
        migrate(make_url(empty_database_url).set(database="nobody").render_as_string())
