import pytest
from sqlalchemy import text

from dashboard.database import revisions
from dashboard.database.transactions import Database
from dashboard.errors import Unavailable
from dashboard.services.operation import readiness
from tests.cli.test_check import FakeRedis


async def test_a_migrated_database_is_enough(database: Database) -> None:
    await readiness.require_ready()


async def test_a_database_that_is_not_migrated_is_not_ready(database: Database) -> None:
    set_to = "UPDATE alembic_version SET version_num = :revision"
    await database.write(lambda session: session.execute(text(set_to), {"revision": "0000"}))
    try:
        with pytest.raises(Unavailable, match="not migrated"):
            await readiness.require_ready()
    finally:
        await database.write(
            lambda session: session.execute(text(set_to), {"revision": revisions.newest_revision()})
        )


async def test_a_database_that_is_away_is_not_ready(set_env, tmp_path) -> None:
    set_env(DATABASE_URL=f"sqlite:///{tmp_path}/nowhere/cairn.db")
    with pytest.raises(Unavailable):
        await readiness.require_ready()


async def test_a_redis_that_is_set_has_to_answer(database: Database, set_env) -> None:
    redis = FakeRedis(b"+OK\r\n")
    set_env(REDIS_URL=redis.url)
    await readiness.require_ready()
    redis.server.close()
    set_env(REDIS_URL="redis://127.0.0.1:1/0")
    with pytest.raises(Unavailable, match="Redis"):
        await readiness.require_ready()
