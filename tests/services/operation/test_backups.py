"""A backup holds everything, whoever is writing, and goes back into either database, or not at all."""

import os
import signal
import subprocess
import sys
import threading
import time as clock_time
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import inspect, text
from sqlmodel import Session, SQLModel, select

from dashboard import config
from dashboard.database import backup_file, migrations, revisions, transactions
from dashboard.database.backup_file import TableContents
from dashboard.database.transactions import Database
from dashboard.errors import BadBackup, ConfigurationError
from dashboard.models.account import Account
from dashboard.models.activity import Activity
from dashboard.models.api_token import ApiToken
from dashboard.models.done_gesture import DoneGesture
from dashboard.models.label import LabelColor
from dashboard.models.rate_limit import RateLimit
from dashboard.models.saved_filter import SavedFilter
from dashboard.models.section import FoldedSection, Section
from dashboard.models.session import Actor, UserSession
from dashboard.models.task import Priority, Task, TaskDraft
from dashboard.models.user import User
from dashboard.models.verification import Verification
from dashboard.services.accounts import users
from dashboard.services.operation import backups
from dashboard.services.tasks import commands
from tests.migrations.test_schema import NEWEST, newer_schema, run_sql
from tests.models.test_text import STORABLE

__all__ = ["newer_schema"]

EARLIEST, LATEST = datetime(1, 1, 1, tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
KINDS = ("sqlite", "postgresql")


def contents(url: str) -> dict[str, TableContents]:
    with migrations.reading(url) as (connection, _):
        return backup_file.contents_of(connection)


def what_follows(url: str) -> int:
    """What triggers have made of that: how many tasks the full-text index knows."""
    with migrations.reading(url) as (connection, _):
        tables = inspect(connection).get_table_names()
        known = "task_search_key" if connection.dialect.name == "sqlite" else "task_search"
        has_index = "task_search" in tables
        return connection.scalar(text(f"SELECT count(*) FROM {known}")) if has_index else 0


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "cairn.backup"


@pytest.fixture(params=KINDS)
def elsewhere(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Callable[[], str]:
    """Makes another, empty database the one that DATABASE_URL names; once of each kind."""
    url = request.getfixturevalue(f"_empty_{request.param}")

    def go() -> str:
        point_at(monkeypatch, url)
        return url

    return go


def point_at(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    transactions.get_database().close()
    monkeypatch.setenv("DATABASE_URL", url)
    config.get_settings.cache_clear()
    transactions.get_database.cache_clear()


@pytest.fixture
def everything(database: Database, ana: Actor, bob: Actor, make_task: Callable[..., Task]) -> None:
    """A row or more in each table, of all that a column may hold."""
    for number, words in enumerate(STORABLE):
        make_task(ana, words, description=words * 3, priority=list(Priority)[number % 3])
    make_task(bob, "First day", due_date=date(1970, 1, 1), due_time=time.min)
    make_task(bob, "Last day", due_date=date.max, due_time=time(23, 59))
    section = Section(list_id=ana.id, name="é" * 80, position="0V", deleted_at=LATEST)
    rows: list[SQLModel] = [
        FoldedSection(user_id=ana.id, section_id=section.id),
        LabelColor(user_id=ana.id, key="straße", color="moss"),
        SavedFilter(user_id=bob.id, name="x" * 80, query='"a b" -@ü', place=2),
        Task(
            list_id=bob.id,
            created_by=bob.id,
            title="",
            completed_at=EARLIEST,
            deleted_at=LATEST,
            due_key=2**62,
        ),
        Task(
            list_id=bob.id,
            created_by=bob.id,
            title="x" * 255,
            description="👩‍👩‍👧‍👦" * 1400,
            idempotency_key="",
        ),
        ApiToken(user_id=ana.id, name="", token_hash="x", hint="", scope="read", expires_at=LATEST),
        Verification(identifier="", value="y", expires_at=EARLIEST, payload='{"a": [1, null]}'),
        Activity(
            batch=ana.id, actor_id=bob.id, list_id=bob.id, action="order", before='{"a": "ü"}'
        ),
        DoneGesture(id=ana.id, user_id=bob.id, done_at=LATEST),
        *(RateLimit(key=key, count=2**31 - 1, window_start=LATEST) for key in ("a", "B", "ä", "_")),
    ]
    with database.transaction() as session:
        session.add(section)
        session.flush()
        session.add_all(rows)
        users.disable(session, session.get_one(User, bob.id).email)


# There and back


@pytest.mark.usefixtures("everything")
def test_everything_comes_back_row_for_row_in_either_database(
    database: Database, elsewhere: Callable[[], str], file: Path
) -> None:
    before, counted = contents(database.url), what_follows(database.url)
    assert all(table.rows for table in before.values()), "each table has a part in this"
    backups.back_up(file)
    url = elsewhere()
    backups.restore(file, force=False)
    assert contents(url) == before
    assert what_follows(url) == counted


@pytest.mark.usefixtures("everything")
def test_what_was_put_back_is_as_good_as_what_was_there(
    database: Database, elsewhere: Callable[[], str], file: Path
) -> None:
    def rows() -> list[dict[str, Any]]:
        with transactions.get_database().transaction(writes=False) as session:
            found = [
                session.exec(select(model).order_by(text("1"))).all()
                for model in (User, Account, UserSession, Task, ApiToken, Verification, RateLimit)
            ]
            return [row.model_dump() for some in found for row in some]

    before = rows()
    backups.back_up(file)
    elsewhere()
    backups.restore(file, force=False)
    key = lambda row: str(row.get("id") or row["key"])  # noqa: E731
    assert sorted(rows(), key=key) == sorted(before, key=key)


def test_a_backup_holds_every_table_but_those_that_follow_from_others(database_url: str) -> None:
    with migrations.reading(database_url) as (connection, _):
        held = set(backup_file.tables_of(connection))
        there = {*SQLModel.metadata.tables, *inspect(connection).get_table_names()}
        assert held == there - {"alembic_version", *backup_file.DERIVED}


@given(
    words=st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=50),
    moment=st.datetimes(timezones=st.just(UTC)),
    day=st.dates(),
)
def test_any_value_is_the_same_line_in_either_database(
    database: Database, ana: Actor, words: str, moment: datetime, day: date
) -> None:
    with Session(database.writer) as session:
        session.add(
            Task(list_id=ana.id, created_by=ana.id, title=words, completed_at=moment, due_date=day)
        )
        session.flush()
        columns = backup_file._columns(session.connection(), "task")
        (line,) = backup_file._lines(session.connection(), "task", columns)
        said = dict(
            zip([column.name for column in columns], backup_file.from_json(line), strict=True)
        )
        session.rollback()
    assert said["title"] == words
    assert said["completed_at"] == moment.replace(tzinfo=None).isoformat(" ", "microseconds")
    assert said["due_date"] == day.isoformat()
    assert said["created_by"] == ana.id.hex


@pytest.mark.usefixtures("everything")
def test_one_command_copies_everything_to_the_other_database(
    database: Database, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue(f"_empty_{'postgresql' if database.is_sqlite else 'sqlite'}")
    backups.copy_to(url, force=False)
    assert contents(url) == contents(database.url)
    assert not list(config.get_settings().data_dir.glob(".copy-*")), "nothing is left behind"


@pytest.mark.usefixtures("everything")
def test_a_backup_of_an_older_schema_is_migrated_on_the_way(
    database: Database, file: Path, newer_schema: Path, elsewhere: Callable[[], str]
) -> None:
    before = contents(database.url)
    assert backups.back_up(file).revision == NEWEST
    url = elsewhere()
    backups.restore(file, force=False)
    after = contents(url)
    assert "colour" in after["user"].columns
    assert {name: table.rows for name, table in after.items()} == {
        name: table.rows for name, table in before.items()
    }
    assert after["task"] == before["task"]
    with migrations.reading(url) as (_, revision):
        assert revision == revisions.newest_revision()


def test_a_file_is_for_its_owner_alone_and_nothing_is_left_beside_it(
    database: Database, ana: Actor, file: Path
) -> None:
    old_mask = os.umask(0)
    try:
        backups.back_up(file)
    finally:
        os.umask(old_mask)
    assert file.stat().st_mode & 0o777 == 0o600
    assert not list(file.parent.glob(".cairn.backup*"))


# While people work


def test_a_backup_is_one_moment_of_a_database_that_is_being_written_to(
    database: Database, ana: Actor, make_task: Callable[..., Task], file: Path
) -> None:
    """Each transaction makes two tasks: one without the other would be a moment that never was."""
    is_over = threading.Event()

    def write() -> None:
        while not is_over.is_set():
            with database.transaction() as session:
                for title in ("left", "right"):
                    commands.create_task(session, ana, TaskDraft(title=title))

    writers = [threading.Thread(target=write) for _ in range(1 if database.is_sqlite else 3)]
    for writer in writers:
        writer.start()
    lines = ""
    try:
        for _ in range(5):
            backups.back_up(file)
            with ZipFile(file) as zipped:
                lines = zipped.read("task.jsonl").decode()
            assert lines.count('"left"') == lines.count('"right"')
    finally:
        is_over.set()
        for writer in writers:
            writer.join()
    assert lines.count('"left"') > 0


KILLED = """
import sys, time
from pathlib import Path
from dashboard.database import backup_file
from dashboard.services.operation import backups
put_on_disk = backup_file._put_on_disk
def stay(path):
    print("nearly", flush=True)
    time.sleep(60)
def slow_insert(*args):
    insert(*args)
    stay(None)
insert = backup_file._insert
if sys.argv[1] == "back_up":
    backup_file._put_on_disk = stay
    backups.back_up(Path(sys.argv[2]))
else:
    backup_file._insert = slow_insert
    backups.restore(Path(sys.argv[2]), force=True)
"""


def kill_in_the_middle_of(what: str, file: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, what, str(file)],
        cwd=migrations.PROJECT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "nearly\n"
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)


@pytest.mark.slow
@pytest.mark.usefixtures("everything")
def test_a_backup_that_is_killed_leaves_the_older_one(file: Path) -> None:
    backups.back_up(file)
    before = file.read_bytes()
    kill_in_the_middle_of("back_up", file)
    assert file.read_bytes() == before


@pytest.mark.slow
@pytest.mark.usefixtures("everything")
def test_a_restore_that_is_killed_has_not_happened(database: Database, file: Path) -> None:
    backups.back_up(file)
    with database.transaction() as session:
        session.add(User(name="Later", email="later@example.org"))
    before = contents(database.url)
    database.close()
    kill_in_the_middle_of("restore", file)
    wait_for_the_server_to_notice(database.url)
    assert contents(database.url) == before
    migrations.migrate(database.url)


def wait_for_the_server_to_notice(url: str) -> None:
    """That somebody who held locks is dead; migrating waits for it."""
    deadline = clock_time.monotonic() + 30
    while clock_time.monotonic() < deadline:
        try:
            migrations.migrate(url)
        except ConfigurationError:
            continue
        return


# What is refused


@pytest.mark.usefixtures("everything")
def test_a_database_with_accounts_is_not_replaced_by_accident(
    database: Database, file: Path, frozen_clock: Any
) -> None:
    backups.back_up(file)
    with database.transaction() as session:
        session.add(User(name="Later", email="later@example.org"))
    before = contents(database.url)
    with pytest.raises(ConfigurationError, match="add --force"):
        backups.restore(file, force=False)
    assert contents(database.url) == before


@pytest.mark.usefixtures("everything")
def test_what_is_replaced_on_purpose_is_copied_aside_first(
    database: Database, file: Path, frozen_clock: Any, tmp_path: Path
) -> None:
    before = contents(database.url)
    backups.back_up(file)
    with database.transaction() as session:
        session.add(User(name="Later", email="later@example.org"))
    with_later = contents(database.url)
    database.close()
    backups.restore(file, force=True)
    assert contents(database.url) == before
    (copy,) = tmp_path.rglob("*.before-restore-20260310T120000Z")
    if database.is_sqlite:
        assert contents(f"sqlite:///{copy}") == with_later
    else:
        backups.restore(copy, force=True)
        assert contents(database.url) == with_later


@pytest.fixture
def good_file(everything: None, file: Path) -> bytes:
    backups.back_up(file)
    return file.read_bytes()


def rewritten(file: Path, member: str, change: Callable[[bytes], bytes]) -> None:
    """The same zip with something else in it, and all that a zip checks by itself in order."""
    with ZipFile(file) as zipped:
        members = {name: zipped.read(name) for name in zipped.namelist()}
    with ZipFile(file, "w") as zipped:
        for name, data in members.items():
            zipped.writestr(name, change(data) if name == member else data)


DAMAGE: dict[str, Callable[[Path], object]] = {
    "empty": lambda file: file.write_bytes(b""),
    "cut off": lambda file: file.write_bytes(file.read_bytes()[:-200]),
    "its end alone": lambda file: file.write_bytes(file.read_bytes()[-1000:]),
    "half": lambda file: file.write_bytes(file.read_bytes()[: file.stat().st_size // 2]),
    "a flipped bit": lambda file: file.write_bytes(
        (data := file.read_bytes())[:300] + bytes([data[300] ^ 1]) + data[301:]
    ),
    "another zip": lambda file: ZipFile(file, "w").close(),
    "another program's": lambda file: rewritten(
        file, "manifest.json", lambda data: data.replace(b"cairn-backup", b"other-backup")
    ),
    "a manifest of nonsense": lambda file: rewritten(file, "manifest.json", lambda _: b"[1"),
    "a changed row": lambda file: rewritten(
        file, "task.jsonl", lambda data: data.replace(b"Milk", b"Silk")
    ),
    "a row less": lambda file: rewritten(
        file, "task.jsonl", lambda data: data[data.index(b"\n") + 1 :]
    ),
    "a text": lambda file: file.write_text("Dear diary, " * 1000),
    "a database": lambda file: file.write_bytes(b"SQLite format 3\0" + bytes(4000)),
}


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_file_that_is_not_a_whole_backup_is_refused_and_nothing_is_touched(
    database: Database, good_file: bytes, file: Path, damage: str
) -> None:
    before = contents(database.url)
    DAMAGE[damage](file)
    with pytest.raises(BadBackup, match=r"cairn\.backup is not a backup of Cairn, or not all"):
        backups.restore(file, force=True)
    assert contents(database.url) == before
    assert not list(file.parent.rglob("*.before-*"))


def test_a_file_that_is_not_there_is_one_sentence(database: Database, file: Path) -> None:
    with pytest.raises(BadBackup, match=r"cannot be read \(No such file or directory\)\.$"):
        backups.restore(file, force=True)


@pytest.mark.parametrize(
    ("member", "change", "sentence"),
    [
        ("revision", (f'"{NEWEST}"', '"0099"'), "schema 0099, and this Cairn is older"),
        ("tables", ('"verification"', '"recipe"'), "not a backup of Cairn"),
        ("columns", ('"email_verified"', '"colour"'), "other columns in user"),
    ],
)
def test_a_backup_that_does_not_fit_is_refused_and_nothing_is_touched(
    database: Database,
    good_file: bytes,
    file: Path,
    member: str,
    change: tuple[str, str],
    sentence: str,
) -> None:
    before = contents(database.url)
    database.close()
    old, new = (part.encode() for part in change)
    rewritten(file, "manifest.json", lambda data: data.replace(old, new))
    with pytest.raises(ConfigurationError, match=sentence):
        backups.restore(file, force=True)
    assert contents(database.url) == before


def forged(file: Path, table: str, lines: bytes) -> None:
    """A file that somebody wrote themselves, with all hashes right."""
    with ZipFile(file) as zipped:
        assert zipped.read(f"{table}.jsonl")
        manifest = backup_file.Manifest.model_validate_json(zipped.read("manifest.json"))
    columns = manifest.tables[table].columns
    manifest.tables[table] = backup_file._summed_up(columns, lines.splitlines(keepends=True))
    rewritten(file, f"{table}.jsonl", lambda _: lines)
    rewritten(file, "manifest.json", lambda _: manifest.model_dump_json().encode())


def test_rows_that_the_tables_do_not_take_are_refused_and_nothing_is_touched(
    database: Database, good_file: bytes, file: Path
) -> None:
    before = contents(database.url)
    database.close()
    forged(file, "user", b"")
    with pytest.raises(ConfigurationError):
        backups.restore(file, force=True)
    assert contents(database.url) == before


@pytest.mark.parametrize(
    "row",
    [
        b"5",
        b'["a", 1]',
        b'{"key": 1, "count": 2, "window_start": 3}',
        b'["a", [1], "2026-03-10 12:00:00.000000"]',
        b'[%d, "a", "2026-03-10 12:00:00.000000"]' % 2**70,
    ],
)
def test_a_row_that_is_none_is_refused_in_a_sentence_and_nothing_is_touched(
    database: Database, good_file: bytes, file: Path, row: bytes
) -> None:
    before = contents(database.url)
    database.close()
    forged(file, "rate_limit", row + b"\n")
    with pytest.raises(BadBackup, match=r"cairn\.backup is not a backup of Cairn, or not all"):
        backups.restore(file, force=True)
    assert contents(database.url) == before


def test_another_programs_database_is_neither_backed_up_nor_replaced(
    database: Database, good_file: bytes, file: Path, elsewhere: Callable[[], str]
) -> None:
    url = elsewhere()
    run_sql(url, "CREATE TABLE recipe (name text)")
    with pytest.raises(ConfigurationError, match="belongs to another program"):
        backups.back_up(file)
    with pytest.raises(ConfigurationError, match="belongs to another program"):
        backups.restore(file, force=True)
    assert file.read_bytes() == good_file


def test_an_empty_database_has_nothing_to_back_up(
    empty_database_url: str, set_env: Callable[..., None], file: Path
) -> None:
    set_env(DATABASE_URL=empty_database_url)
    with pytest.raises(ConfigurationError, match="There is no"):
        backups.back_up(file)
    assert not file.exists()
    assert not list(file.parent.glob("*.db"))


def test_a_file_that_is_something_else_is_not_overwritten(database: Database, file: Path) -> None:
    file.write_text("Dear diary")
    with pytest.raises(ConfigurationError, match="is not a backup: give another name"):
        backups.back_up(file)
    assert file.read_text() == "Dear diary"


def test_a_full_disk_is_one_sentence_and_leaves_the_older_backup(
    database: Database, good_file: bytes, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(_path: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup_file, "_put_on_disk", no_room)
    with pytest.raises(ConfigurationError, match=r"cannot be written \(No space left on device\)"):
        backups.back_up(file)
    assert file.read_bytes() == good_file
    assert not list(file.parent.glob(".cairn.backup*"))


def test_a_type_that_nobody_taught_it_is_an_error_and_not_a_guess() -> None:
    from sqlalchemy import JSON

    with pytest.raises(NotImplementedError, match="JSON"):
        backup_file._kind(JSON())
