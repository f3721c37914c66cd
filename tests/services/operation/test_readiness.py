"""A process that cannot reach what it needs knows it, and knows when that is back."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest

from dashboard.database.transactions import Database
from dashboard.errors import Unavailable
from dashboard.services.operation import readiness
from tests.conftest import RedisServer, until


@pytest.fixture(autouse=True)
def _anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "_readiness", readiness._Readiness())
    monkeypatch.setattr(readiness, "LOOK_EVERY", 0.01)


@pytest.fixture
async def watch() -> AsyncIterator[Callable[[], asyncio.Task[None]]]:
    """Starts to watch over this process, once its settings are made."""
    running: list[asyncio.Task[None]] = []

    def start() -> asyncio.Task[None]:
        running.append(asyncio.create_task(readiness.watch_over()))
        return running[-1]

    yield start
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)


def is_ready() -> bool:
    try:
        readiness.require_serving()
    except Unavailable:
        return False
    return True


async def test_one_file_and_nobody_else_needs_no_watch(
    database: Database, watch: Callable[[], asyncio.Task[None]]
) -> None:
    if database.is_sqlite:
        await watch()
    assert is_ready()


async def test_without_its_redis_a_process_serves_nobody_until_it_is_back(
    database: Database,
    watch: Callable[[], asyncio.Task[None]],
    redis_server: RedisServer,
    set_env: Callable[..., None],
) -> None:
    set_env(REDIS_URL=redis_server.url)
    told: list[bool] = []
    readiness.when_unready(lambda: told.append(is_ready()))
    watch()
    await asyncio.sleep(0.1)
    assert is_ready()
    redis_server.stop()
    await until(lambda: not is_ready())
    assert told == [False]
    redis_server.start()
    await until(is_ready)
    redis_server.stop()
    await until(lambda: told == [False, False])


async def test_the_watch_survives_any_error_of_what_it_asks_and_of_those_it_tells(
    set_env: Callable[..., None],
    watch: Callable[[], asyncio.Task[None]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    troubles = [RuntimeError("no more threads")] * readiness.MOST_MISSES

    async def ask() -> None:
        if troubles:
            raise troubles.pop()

    def fail() -> None:
        raise ValueError

    monkeypatch.setattr(readiness, "require_redis", ask)
    set_env(REDIS_URL="redis://127.0.0.1:1/0")
    told: list[bool] = []
    for listener in (fail, lambda: told.append(is_ready()), fail):
        readiness.when_unready(listener)
    running = watch()
    await until(lambda: bool(told))
    assert told == [False]
    await until(is_ready)
    assert not running.done()


def test_the_log_says_why_and_the_return_is_no_error(caplog: pytest.LogCaptureFixture) -> None:
    # Time that is up has no words of its own.
    for error in (TimeoutError(), TimeoutError(), None):
        readiness._readiness.note(error)
    away, back = caplog.records
    assert away.getMessage().endswith(": TimeoutError")
    assert (away.levelname, back.levelname) == ("ERROR", "WARNING")


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_without_its_database_a_process_serves_nobody_until_it_is_back(
    database: Database,
    watch: Callable[[], asyncio.Task[None]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    watch()
    reach = database._reach

    def fail() -> None:
        raise Unavailable

    monkeypatch.setattr(database, "_reach", fail)
    await until(lambda: not is_ready())
    monkeypatch.setattr(database, "_reach", reach)
    await until(is_ready)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_no_answer_is_as_good_as_none_at_all(
    database: Database,
    watch: Callable[[], asyncio.Task[None]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def wait_for_ever() -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(readiness, "ANSWER", 0.01)
    monkeypatch.setattr(readiness, "require_redis", wait_for_ever)
    watch()
    await until(lambda: not is_ready())


async def test_a_process_that_has_too_much_to_do_lets_go_of_nobody(
    set_env: Callable[..., None],
    watch: Callable[[], asyncio.Task[None]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looks = 0

    async def late() -> float:
        nonlocal looks
        looks += 1
        await asyncio.sleep(0)
        return readiness.MOST_LAG

    monkeypatch.setattr(readiness, "_pause", late)
    set_env(REDIS_URL="redis://127.0.0.1:1/0")
    watch()
    await until(lambda: looks > 5)
    assert is_ready()


def test_a_single_miss_is_forgiven() -> None:
    for error in (Unavailable(), None, Unavailable()):
        readiness._readiness.note(error)
        assert is_ready()
    readiness._readiness.note(Unavailable())
    assert not is_ready()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_database_that_answers_is_reachable_however_busy_it_is(database: Database) -> None:
    with database.transaction() as session:
        session.connection()
        await database.require_reachable()


async def test_a_postgresql_that_is_not_there_is_not_reachable() -> None:
    away = Database("postgresql+psycopg://127.0.0.1:1/cairn")
    with pytest.raises(Unavailable):
        await away.require_reachable()
    away.close()
