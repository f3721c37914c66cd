"""What triggers keep of tasks is there after every way to the newest schema, and right from the start."""

from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import text

from dashboard.database import migrations
from tests.migrations.test_revisions import SCRIPTS, engine_of

REVISIONS = [script.revision for script in SCRIPTS.walk_revisions()]


def triggers_of(url: str) -> list[tuple[Any, ...]]:
    """The triggers on tasks, with what they do."""
    with engine_of(url).connect() as connection:
        if connection.dialect.name == "sqlite":
            statement = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name"
        else:
            statement = """SELECT tgname, pg_get_triggerdef(pg_trigger.oid), prosrc
                FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid
                WHERE tgrelid = 'task'::regclass AND NOT tgisinternal ORDER BY tgname"""
        return [tuple(row) for row in connection.execute(text(statement))]


def made_for_search(url: str) -> list[tuple[Any, ...]]:
    """What the models do not say of the full-text index."""
    with engine_of(url).connect() as connection:
        if connection.dialect.name == "sqlite":
            statement = "SELECT sql FROM sqlite_master WHERE name LIKE 'task_search%' ORDER BY name"
        else:
            statement = """SELECT prosrc, pg_get_function_identity_arguments(oid) FROM pg_proc
                WHERE proname LIKE 'task_search%'
                UNION ALL SELECT indexdef, '' FROM pg_indexes WHERE tablename = 'task_search'
                ORDER BY 1"""
        return [tuple(row) for row in connection.execute(text(statement))]


def upgrade(url: str, revision: str) -> None:
    with migrations.migrating(url) as connection:
        command.upgrade(migrations.config_for(connection), revision)


def test_migrations_and_models_make_the_same_triggers(migrated_and_created: list[str]) -> None:
    migrated, created = migrated_and_created
    for made in (triggers_of, made_for_search):
        assert made(migrated)
        assert made(migrated) == made(created)


@pytest.mark.parametrize("revision", REVISIONS)
def test_the_triggers_are_there_whichever_schema_came_before(
    empty_database_url: str, tmp_path, revision: str
) -> None:
    """A migration that has a batch make `task` anew on SQLite drops them: it has to create them again."""
    upgrade(empty_database_url, revision)
    migrations.migrate(empty_database_url)
    after = triggers_of(empty_database_url)
    happenings = ["delete", "insert", "update"]
    # On PostgreSQL the entries of a task go with it by their foreign key.
    searched = happenings if empty_database_url.startswith("sqlite") else happenings[1:]
    assert [name for name, *_ in after] == [f"task_search_{happened}" for happened in searched]


@pytest.mark.parametrize("empty_database_url", ["sqlite"], indirect=True)
def test_a_batch_that_makes_the_table_anew_does_drop_them(empty_database_url: str) -> None:
    migrations.migrate(empty_database_url)
    with migrations.migrating(empty_database_url) as connection:
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table("task", recreate="always") as batch:
            batch.add_column(sa.Column("colour", sa.String(), nullable=True))
    assert triggers_of(empty_database_url) == []
