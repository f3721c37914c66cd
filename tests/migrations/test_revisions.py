"""The migrations end where the models are, and lead back."""

import io
import re
from collections.abc import Sequence
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, inspect, text
from sqlalchemy.pool import NullPool
from sqlmodel import SQLModel

from dashboard.database import migrations, revisions
from dashboard.database.engines import sqlite_engine
from dashboard.models.task_search import is_declared

SCRIPTS = ScriptDirectory(str(migrations.PROJECT / "alembic"))


def engine_of(url: str) -> Engine:
    """A connection for each use; on SQLite with the functions that triggers call."""
    if url.startswith("sqlite"):
        return sqlite_engine(url, begin="BEGIN", poolclass=NullPool)
    return create_engine(url, poolclass=NullPool)


def tables_of(url: str) -> set[str]:
    return set(inspect(engine_of(url)).get_table_names()) - {"alembic_version"}


def reflected(url: str) -> dict[str, Any]:
    """Everything that a database says of its tables, in an order that does not depend on how they were made."""
    inspector = inspect(engine_of(url))

    def plainly(parts: Sequence[Any]) -> list[str]:
        # The condition of a partial index is an object that prints its address.
        return sorted(
            str(
                {
                    **part,
                    "dialect_options": {
                        k: str(v) for k, v in part.get("dialect_options", {}).items()
                    },
                }
            )
            for part in parts
        )

    return {
        table: {
            "columns": plainly(
                [{**each, "type": repr(each["type"])} for each in inspector.get_columns(table)]
            ),
            "key": inspector.get_pk_constraint(table),
            "foreign keys": plainly(inspector.get_foreign_keys(table)),
            "unique": plainly(inspector.get_unique_constraints(table)),
            "checks": plainly(inspector.get_check_constraints(table)),
            "indexes": plainly(inspector.get_indexes(table)),
        }
        for table in sorted(tables_of(url))
    }


def differences(connection: Connection) -> list[Any]:
    options = {"compare_type": True, "compare_server_default": True, "include_name": is_declared}
    context = MigrationContext.configure(connection, opts=options)
    return compare_metadata(context, SQLModel.metadata)


def test_upgrading_from_empty_makes_what_the_models_say(empty_database_url: str) -> None:
    migrations.migrate(empty_database_url)
    with engine_of(empty_database_url).connect() as connection:
        assert differences(connection) == []


def test_migrations_and_models_make_the_same_tables_to_the_last_check(
    migrated_and_created: list[str],
) -> None:
    migrated, created = migrated_and_created
    assert reflected(migrated) == reflected(created)


def test_a_table_that_the_migrations_forgot_would_be_noticed(empty_database_url: str) -> None:
    migrations.migrate(empty_database_url)
    with engine_of(empty_database_url).begin() as connection:
        connection.execute(text("DROP INDEX ix_task_list_by_due"))
        connection.execute(text('ALTER TABLE "user" DROP COLUMN disabled_at'))
        assert len(differences(connection)) == 2


def test_downgrading_to_nothing_leaves_nothing_and_upgrading_again_makes_it_all(
    empty_database_url: str,
) -> None:
    migrations.migrate(empty_database_url)
    before = reflected(empty_database_url)
    with migrations.migrating(empty_database_url) as connection:
        command.downgrade(migrations.config_for(connection), "base")
    assert tables_of(empty_database_url) == set()
    migrations.migrate(empty_database_url)
    assert reflected(empty_database_url) == before


def test_every_step_can_be_taken_back_and_forth(empty_database_url: str) -> None:
    migrations.migrate(empty_database_url)
    for script in SCRIPTS.walk_revisions():
        with migrations.migrating(empty_database_url) as connection:
            config = migrations.config_for(connection)
            command.downgrade(config, str(script.down_revision or "base"))
            command.upgrade(config, script.revision)
            command.downgrade(config, str(script.down_revision or "base"))
    assert tables_of(empty_database_url) == set()


def test_the_migrations_are_one_line_numbered_and_named_by_sentences() -> None:
    known = [script.revision for script in SCRIPTS.walk_revisions()]
    assert known[::-1] == [f"{number:04}" for number in range(1, len(known) + 1)]
    assert revisions.known_revisions() == known
    for script in SCRIPTS.walk_revisions():
        name = script.module.__file__ or ""
        assert re.search(rf"/{script.revision}(_[a-z0-9]+){{3,}}\.py$", name), name


def test_a_developer_can_ask_alembic_itself(database_url: str) -> None:
    answer = io.StringIO()
    config = Config(str(migrations.PROJECT / "alembic.ini"), stdout=answer)
    command.current(config)
    command.check(config)
    assert answer.getvalue().splitlines() == [
        f"{revisions.newest_revision()} (head)",
        "No new upgrade operations detected.",
    ]
