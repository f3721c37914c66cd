"""From every schema that was ever released, with people's data in it, to this one: every row is as it was."""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import TableClause, Uuid, column, insert, inspect, select, table
from sqlmodel import Session, SQLModel, col
from sqlmodel import select as select_rows

from dashboard import clock
from dashboard.cli import main
from dashboard.database import backup_file, migrations
from dashboard.models.account import CREDENTIAL, Account
from dashboard.models.api_token import ApiToken
from dashboard.models.auth_event import AuthEvent
from dashboard.models.label import LabelColor
from dashboard.models.list import INBOX, ListMember, Role, TaskList, inbox_of
from dashboard.models.rate_limit import RateLimit
from dashboard.models.repeat import Repeat
from dashboard.models.saved_filter import SavedFilter
from dashboard.models.session import NO_SESSION, Actor, UserSession
from dashboard.models.task import NO_DUE_DATE, OPEN, RANKS, Priority, Task
from dashboard.models.task_query import TaskQuery
from dashboard.models.user import CUSTOMS, User
from dashboard.models.verification import Verification
from dashboard.services.tasks import task_list
from tests.migrations.test_revisions import engine_of

REVISIONS = [
    script.revision
    for script in ScriptDirectory(str(migrations.PROJECT / "alembic")).walk_revisions()
][::-1]
DERIVED = {"state", "due_key", "title_key", "search_text", "label_keys"}
"""What a migration may write anew, because it follows from the rest."""
OF_A_SERIES = {"repeat", "series_id", "occurrence"}
"""What a task loses on a step back to where no task repeats."""

LONG_AGO, FAR_AWAY = (
    datetime(1970, 1, 1, tzinfo=UTC),
    datetime(9999, 12, 31, 23, 59, 59, 999_999, UTC),
)
TEXTS = (
    "Milk",
    "👩‍👩‍👧‍👦" * 36,
    "שלום \u202eעולם, e\u0301 and é, ﬁ, İ, ß, 漢字",
    "100%_\\'; DROP TABLE task; --",
    " \ttabs\r\nand lines ",
)
DAYS = ((None, None), (date.min, None), (date(2028, 2, 29), time(23, 59)), (date.max, time(0, 0)))
MOMENTS = (None, datetime(2026, 10, 25, 0, 30, 0, 123_456, UTC))

Hashes = dict[str, dict[Any, str]]
"""A hash for each row of each table."""


@cache
def all_rows() -> tuple[SQLModel, ...]:
    return tuple(people_and_their_data())


def people_and_their_data() -> Iterator[SQLModel]:
    """A row of every kind, and what was ever hard to keep."""
    for number, name in enumerate(TEXTS):
        user = User(
            name=name.strip()[:100],
            email=f"{number}{'x' * 200}@example.org",
            email_verified=bool(number % 2),
            timezone="America/Argentina/ComodRivadavia" if number else "Europe/Berlin",
            disabled_at=MOMENTS[number % 2],
            created_at=LONG_AGO,
            updated_at=FAR_AWAY,
        )
        yield user
        yield Account(
            user_id=user.id, provider_id=CREDENTIAL, account_id=str(user.id), password="$2b$12$x"
        )
        yield TaskList(id=inbox_of(user.id), created_by=user.id, name=INBOX)
        yield ListMember(user_id=user.id, list_id=inbox_of(user.id), role=Role.OWNER)
        yield from what_belongs_to(user, number)
    yield Verification(
        identifier="reset:ana", value="v" * 64, payload='{"a": "ü"}', expires_at=FAR_AWAY
    )
    yield RateLimit(key="sign-in:0123", count=2**31 - 1, window_start=LONG_AGO)


def what_belongs_to(user: User, number: int) -> Iterator[SQLModel]:
    yield UserSession(
        user_id=user.id,
        token_hash=f"{number}" * 64,
        expires_at=FAR_AWAY,
        absolute_expires_at=LONG_AGO + timedelta(microseconds=1),
        remember=bool(number % 2),
        ip_address="2001:db8:ffff:ffff:ffff:ffff:ffff:ffff",
        user_agent="🦊" * 512,
    )
    yield ApiToken(
        user_id=user.id,
        name=TEXTS[number].strip()[:100],
        token_hash=f"t{number}" * 32,
        hint="crn_abc",
        scope="read" if number % 2 else "write",
        last_used_at=MOMENTS[number % 2],
        expires_at=MOMENTS[1 - number % 2],
    )
    yield SavedFilter(user_id=user.id, name=TEXTS[number].strip()[:80], query="@a #b due<7d")
    yield LabelColor(user_id=user.id, key="büro", color="heather")
    yield AuthEvent(user_id=user.id, type="sign-in", ip_address="::1", user_agent="x" * 512)
    for place, (text, (day, at), done, deleted) in enumerate(
        product(TEXTS, DAYS, MOMENTS, MOMENTS)
    ):
        task = Task(
            list_id=inbox_of(user.id),
            created_by=user.id,
            title=text.strip()[:255],
            description=text * (10_000 // len(text) if place == 1 else place % 3),
            priority=list(Priority)[place % 3],
            due_date=day,
            due_time=at,
            completed_at=done,
            deleted_at=deleted,
            version=place + 1 if place else 2**31 - 1,
            idempotency_key=f"key {place}" if place % 2 else None,
            labels=("Errand", "büro", "🦊")[: place % 4],
            repeat=Repeat("FREQ=DAILY", "completion", until=FAR_AWAY.date()) if at else None,
            series_id=uuid4() if at else None,
            occurrence=place if at else None,
        )
        task.index()
        yield task


def as_it_was_written(row: SQLModel, revision: str) -> dict[str, Any]:
    """The values of a row as the releases with this schema wrote them; of what follows from the rest, too."""
    values = row.model_dump()
    if isinstance(row, Task):
        # As the column takes it; a dump makes a dict of it.
        values["repeat"] = row.repeat
    if isinstance(row, User) and revision < "0019":
        values = {name: values[name] for name in values if name not in CUSTOMS}
    if isinstance(row, User) and revision < "0018":
        values["locale"] = "en-GB"
    if isinstance(row, Task) and revision < "0011":
        values |= before_lists(row)
    if isinstance(row, Task) and revision < "0010":
        texts = row.title, row.description
        values["title_key"] = folded(row.title)[:255]
        values["search_text"] = "\n".join(
            folded(text if revision < "0005" else without_accents(text)) for text in texts
        )
    return values


def folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def without_accents(text: str) -> str:
    return re.sub("[\u0300-\u036f]", "", unicodedata.normalize("NFKD", text))


def before_lists(task: Task) -> dict[str, Any]:
    """What a task had when it belonged to one person."""
    rank = RANKS[task.priority]
    agenda = NO_DUE_DATE + 2**61 - clock.microseconds(task.completed_at or LONG_AGO)
    return {
        "user_id": task.created_by,
        "shelf": rank + (10, 20)[task.deleted_at is not None] * (task.state != OPEN),
        "agenda_key": task.due_key if task.completed_at is None else agenda,
    }


def table_of(name: str) -> TableClause:
    """A table as this version knows it, and with what earlier ones had."""
    known = SQLModel.metadata.tables[name].columns
    earlier = [column("user_id", Uuid()), *map(column, ("shelf", "agenda_key", "locale"))]
    return table(
        name,
        *(column(each.name, each.type) for each in known),
        *(each for each in earlier if each.name not in known),
    )


def fill(url: str, revision: str) -> None:
    """Write the data into the tables and columns that this schema has."""
    engine = engine_of(url)
    with engine.begin() as connection:
        there = inspect(connection)
        if connection.dialect.name == "sqlite" and "0007" <= revision < "0011":
            migrations.know_earlier_terms(connection.connection.driver_connection)
        rows_of: dict[str, list[SQLModel]] = {}
        for row in all_rows():
            rows_of.setdefault(str(row.__tablename__), []).append(row)
        for name, rows in rows_of.items():
            if not there.has_table(name):
                continue
            known = {each["name"] for each in there.get_columns(name)}
            written = [as_it_was_written(row, revision) for row in rows]
            kept = [{key: each[key] for key in known & each.keys()} for each in written]
            connection.execute(insert(table_of(name)), kept)
    engine.dispose()


def hashes(url: str, columns: dict[str, list[str]]) -> Hashes:
    """Of all rows, in these columns."""
    engine = engine_of(url)
    found: Hashes = {}
    with engine.connect() as connection:
        for name, kept in columns.items():
            rows_of = SQLModel.metadata.tables[name]
            key = [part.name for part in rows_of.primary_key]
            rows = connection.execute(select(*(rows_of.c[each] for each in kept))).mappings()
            found[name] = {
                tuple(str(row[part]) for part in key): hashlib.sha256(
                    repr([row[each] for each in kept]).encode()
                ).hexdigest()
                for row in rows
            }
    engine.dispose()
    return found


def columns_of(url: str) -> dict[str, list[str]]:
    """What a database has of the tables and columns that this version knows, beside what follows from the rest."""
    engine = engine_of(url)
    there = inspect(engine)
    found = {
        known.name: sorted(
            {each["name"] for each in there.get_columns(known.name)}
            & ({each.name for each in known.c} - DERIVED)
        )
        for known in SQLModel.metadata.sorted_tables
        if there.has_table(known.name) and known.name not in backup_file.DERIVED
    }
    engine.dispose()
    return found


def values_of(url: str, name: str) -> dict[UUID, Any]:
    """What each task has in a column."""
    tasks = table_of("task")
    with engine_of(url).connect() as connection:
        return {row[0]: row[1] for row in connection.execute(select(tasks.c.id, tasks.c[name]))}


def test_a_step_back_gives_each_task_to_one_person_and_another_step_forward_keeps_it(
    empty_database_url: str,
) -> None:
    columns, _ = at_revision(empty_database_url, "head")
    # What an earlier schema has no place for is lost.
    lost = {"labels", "position", "place", *OF_A_SERIES}
    columns["task"] = [name for name in columns["task"] if name not in lost]
    before = hashes(empty_database_url, columns)
    with Session(engine_of(empty_database_url)) as session:
        earlier = {task.id: before_lists(task) for task in session.exec(select_rows(Task))}
    with migrations.migrating(empty_database_url) as connection:
        command.downgrade(migrations.config_for(connection), "0010")
    for name in ("user_id", "shelf", "agenda_key"):
        expected = {task_id: values[name] for task_id, values in earlier.items()}
        assert values_of(empty_database_url, name) == expected
    migrations.migrate(empty_database_url)
    assert hashes(empty_database_url, columns)["task"] == before["task"]
    assert_derived_columns_follow(empty_database_url)


def assert_derived_columns_follow(url: str) -> None:
    engine = engine_of(url)
    with Session(engine) as session:
        for task in session.exec(select_rows(Task)):
            before = task.model_dump()
            task.index()
            assert task.model_dump() == before
        for user in session.exec(select_rows(User)):
            assert_words_are_found(session, user.id)
            assert session.get_one(TaskList, inbox_of(user.id)).is_inbox
            assert session.get_one(ListMember, (user.id, inbox_of(user.id))).role == Role.OWNER
    engine.dispose()


def assert_words_are_found(session: Session, user_id: UUID) -> None:
    found = task_list.list_tasks(
        session, Actor(user_id, NO_SESSION, "UTC"), TaskQuery(q="mil", limit=200)
    )
    is_theirs = Task.list_id == inbox_of(user_id)
    titles = select_rows(Task.title).where(is_theirs, col(Task.deleted_at).is_(None))
    expected = [title for title in session.exec(titles) if title == "Milk"]
    assert found.count == len(found.items) == len(expected) > 0


def at_revision(url: str, revision: str) -> tuple[dict[str, list[str]], Hashes]:
    """Make a database of this schema, with data. Returns its columns and what is in them."""
    with migrations.migrating(url) as connection:
        command.upgrade(migrations.config_for(connection), revision)
    fill(url, revision)
    return (columns := columns_of(url)), hashes(url, columns)


def test_each_address_gets_its_one_form_and_a_mailbox_stays_with_who_proved_it(
    empty_database_url: str,
) -> None:
    written = {
        "eva@xn--bcher-kva.example": False,
        "eva@bücher.example": True,
        "ju\u0308rgen@example.org": False,
        "jürgen@example.org": False,
        "ana@xn--bcher-kva.example": False,
        "Departed:1": False,
    }
    with migrations.migrating(empty_database_url) as connection:
        command.upgrade(migrations.config_for(connection), "0008")
    engine = engine_of(empty_database_url)
    people = [
        User(name="P", email=email, email_verified=is_proved)
        for email, is_proved in written.items()
    ]
    with engine.begin() as connection:
        rows = [as_it_was_written(person, "0008") for person in people]
        connection.execute(insert(table_of("user")), rows)
    migrations.migrate(empty_database_url)
    with Session(engine) as session:
        found = {user.id: user.email for user in session.exec(select_rows(User))}
    engine.dispose()
    assert [found[person.id] for person in people] == [
        f"{people[0].id}@duplicate.invalid",
        "eva@bücher.example",
        "jürgen@example.org",
        f"{people[3].id}@duplicate.invalid",
        "ana@bücher.example",
        "Departed:1",
    ]


@pytest.fixture
def other_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of the other kind than `empty_database_url`."""
    if "postgresql" in request.getfixturevalue("empty_database_url"):
        return f"sqlite:///{tmp_path}/other.db"
    return request.getfixturevalue("_new_postgresql_database")()


@pytest.mark.parametrize("revision", REVISIONS)
def test_every_row_of_every_release_arrives_by_a_migration_and_by_a_backup_in_either_database(
    empty_database_url: str, other_url: str, set_env: Callable[..., None], tmp_path: Path, revision
) -> None:
    columns, before = at_revision(empty_database_url, revision)
    assert len(before["task"]) == len(TEXTS) ** 2 * len(DAYS) * len(MOMENTS) ** 2
    owners = values_of(empty_database_url, "user_id" if revision < "0011" else "created_by")
    file = str(tmp_path / "cairn.backup")
    set_env(DATABASE_URL=empty_database_url)
    assert main(["backup", file]) == 0

    migrations.migrate(empty_database_url)
    assert hashes(empty_database_url, columns) == before
    assert values_of(empty_database_url, "created_by") == owners
    assert values_of(empty_database_url, "list_id") == owners, "in their Inbox"
    assert_derived_columns_follow(empty_database_url)

    assert main(["restore", "--force", file]) == 0
    assert hashes(empty_database_url, columns) == before

    set_env(DATABASE_URL=other_url)
    assert main(["restore", file]) == 0
    assert hashes(other_url, columns) == before
    assert_derived_columns_follow(other_url)


def test_everything_moves_to_the_other_database_as_it_was_by_one_command(
    empty_database_url: str, other_url: str, set_env: Callable[..., None]
) -> None:
    columns, before = at_revision(empty_database_url, "head")
    set_env(DATABASE_URL=empty_database_url)
    assert main(["copy-to", other_url]) == 0
    assert hashes(other_url, columns) == before == hashes(empty_database_url, columns)
    assert_derived_columns_follow(other_url)
