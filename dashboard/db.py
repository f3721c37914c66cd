"""The database: engines, transactions and the threads they run on.

This is the only module that begins, commits and rolls back. SQLite has one writer at a time, so writes queue for
one thread and reads have another; PostgreSQL gets as many threads as its pool has connections. More threads than
that only compete for the interpreter's lock.
"""

import asyncio
import logging
import sqlite3
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine, Executable, Result, create_engine, event
from sqlalchemy.exc import (
    DatabaseError,
    DataError,
    DBAPIError,
    IntegrityError,
    InterfaceError,
    InvalidatePoolError,
    OperationalError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import Session

from dashboard.config import get_settings
from dashboard.errors import Conflict, FieldError, InvalidInput, NoRoom, Unavailable
from dashboard.metrics import timed
from dashboard.terms import terms_of

if TYPE_CHECKING:
    import psycopg

logger = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

POSTGRESQL_CONNECTIONS = 16
TRUSTED_SECONDS = 1.0
"""How long a connection to PostgreSQL may rest and still be used without asking whether it is there."""
SQLITE_BUSY_SECONDS = 10
MOST_AT_ONCE = 32
"""How many writes share a commit at most, so that the first of them need not wait for long."""
_DISK_FULL = "53100"
"""What PostgreSQL calls that."""
DEADLOCKS_SURVIVED = 3
"""How often PostgreSQL may undo a transaction, because another one held what it waited for, before we say so."""
UNREACHABLE = (OperationalError, InterfaceError, PoolTimeout)


class _Mixed(Exception):
    """A write that failed had changed something already, among the changes of others: all of them have to go."""


class _Write:
    """One of several writes that share a transaction."""

    def __init__(self, work: Callable[[Session], Any]) -> None:
        self._work = work
        self._result: Any = None
        self._callbacks: Sequence[Callable[[], None]] = ()
        self.error: Exception | None = None
        self.answer: Future[Any] = Future()
        # Running, it cannot be cancelled: whoever goes away must not keep the others from their answers.
        self.answer.set_running_or_notify_cancel()

    def run(self, connection: Connection, *, is_apart: bool) -> None:
        """Do the work, apart from the others' in a savepoint or together with it.

        What is wrong with it undoes it alone, or raises _Mixed; what is wrong with the database is raised.
        """
        self.error = None
        mode = "create_savepoint" if is_apart else "rollback_only"
        before = _changes(connection)
        try:
            with (
                _translated(),
                Session(connection, expire_on_commit=False, join_transaction_mode=mode) as session,
            ):
                self._result = self._work(session)
                session.commit()
                self._callbacks = session.info.get("after_commit", ())
        except Unavailable:
            # SQLite may have rolled back everything, and what the next write did would begin anew.
            raise
        except Exception as error:
            if not is_apart and _changes(connection) != before:
                raise _Mixed from error
            self.error = error

    def tell(self) -> None:
        """Let whoever waits know, now that all is committed, or nothing."""
        if self.error is not None:
            self.answer.set_exception(self.error)
            return
        _run_all(self._callbacks)
        self.answer.set_result(self._result)


class Database:
    """Two engines on one database: `writer` takes SQLite's write lock at once, `reader` cannot write there."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        self._asked = 0
        if self.is_sqlite:
            self.writer = sqlite_engine(url, begin="BEGIN IMMEDIATE")
            self.reader = sqlite_engine(url, begin="BEGIN", pragmas=("query_only=ON",))
            self._line: deque[_Write] = deque()
            self._write_threads = ThreadPoolExecutor(1, thread_name_prefix="database-writer")
            self._read_threads = ThreadPoolExecutor(1, thread_name_prefix="database-reader")
        else:
            self.writer = _postgresql_engine(url, pool_size=POSTGRESQL_CONNECTIONS, pool_timeout=5)
            _ask_who_has_rested(self.writer)
            # A page and its count are two statements: they must see the same moment.
            self.reader = self.writer.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
            self._write_threads = self._read_threads = ThreadPoolExecutor(
                POSTGRESQL_CONNECTIONS, thread_name_prefix="database"
            )
            self._watcher = _postgresql_engine(url, pool_size=1, isolation_level="AUTOCOMMIT")
            self._watch_thread = ThreadPoolExecutor(1, thread_name_prefix="database-watch")

    @contextmanager
    def transaction(self, *, writes: bool = True) -> Iterator[Session]:
        """One transaction: committed at the end, rolled back by any error; then what waited for the commit runs."""
        with (
            _translated(),
            Session(self.writer if writes else self.reader, expire_on_commit=False) as session,
        ):
            yield session
            session.commit()
        _run_all(session.info.get("after_commit", ()))

    async def read(
        self, query: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `query(session, …)` in a transaction of its own, off the event loop. It cannot write."""
        with self._under_way("read", query):
            return await self._run(
                self._read_threads, False, lambda session: query(session, *args, **kwargs)
            )

    async def write(
        self, command: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `command(session, …)` as if in a transaction of its own, off the event loop, and commit it."""

        def work(session: Session) -> T:
            return command(session, *args, **kwargs)

        with self._under_way("write", command):
            if not self.is_sqlite:
                return await self._run(self._write_threads, True, work)
            write = _Write(work)
            self._line.append(write)
            self._write_threads.submit(self._write_line)
            # Shielded: a caller that goes away must not leave anyone guessing whether a commit happened.
            return await asyncio.shield(asyncio.wrap_future(write.answer))

    async def _run(
        self, threads: ThreadPoolExecutor, writes: bool, work: Callable[[Session], T]
    ) -> T:
        def in_transaction() -> T:
            with self.transaction(writes=writes) as session:
                return work(session)

        def until_nobody_is_in_the_way() -> T:
            for _ in range(DEADLOCKS_SURVIVED):
                try:
                    return in_transaction()
                except Unavailable as error:
                    if not _is_deadlock(error.__cause__):
                        raise
            return in_transaction()

        # Shielded for the same reason.
        loop = asyncio.get_running_loop()
        return await asyncio.shield(loop.run_in_executor(threads, until_nobody_is_in_the_way))

    @property
    def is_idle(self) -> bool:
        """Whether nobody waits for an answer."""
        return self._asked == 0

    @contextmanager
    def _under_way(self, kind: str, service: Callable[..., object]) -> Iterator[None]:
        # Counted on the event loop alone.
        self._asked += 1
        try:
            with timed(kind, getattr(service, "__name__", "?")):
                yield
        finally:
            self._asked -= 1

    async def require_reachable(self) -> None:
        """Raises Unavailable when PostgreSQL cannot be reached. It waits for nobody else's work to find out."""
        if not self.is_sqlite:
            loop = asyncio.get_running_loop()
            await asyncio.shield(loop.run_in_executor(self._watch_thread, self._reach))

    def _reach(self) -> None:
        with _translated(), self._watcher.connect() as connection:
            connection.exec_driver_sql("SELECT 1")

    def _write_line(self) -> None:
        """Write for everyone who waits in line by now, with one commit: most of its time is a wait for the disk."""
        writes = [self._line.popleft() for _ in range(min(len(self._line), MOST_AT_ONCE))]
        if not writes:
            return
        try:
            try:
                self._write_all(writes, apart=False)
            except _Mixed:
                # Rare, while a savepoint for each would cost as much as the statements of a tick.
                self._write_all(writes, apart=True)
        except Exception as error:  # noqa: BLE001 - it is raised where the answer is awaited
            for write in writes:
                write.error = error
        for write in writes:
            write.tell()

    def _write_all(self, writes: Iterable[_Write], *, apart: bool) -> None:
        with _translated(), self.writer.begin() as connection:
            for write in writes:
                write.run(connection, is_apart=apart)

    def close(self) -> None:
        """Finish what runs, then close every connection."""
        self._write_threads.shutdown()
        self._read_threads.shutdown()
        self.writer.dispose()
        self.reader.dispose()
        if not self.is_sqlite:
            self._watch_thread.shutdown()
            self._watcher.dispose()


def sqlite_engine(url: str, *, begin: str, pragmas: tuple[str, ...] = (), **options: Any) -> Engine:
    """An engine whose transactions start with `begin`; commits are on the disk before they are answered.

    That the file keeps a write-ahead log is a property of the file: schema.py sets it, under a lock.
    """
    engine = create_engine(
        url, connect_args={"timeout": SQLITE_BUSY_SECONDS}, hide_parameters=True, **options
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: object) -> None:
        # None hands transactions to us: the driver would begin them late, and only for some statements.
        connection.isolation_level = None
        # The triggers of the full-text index call it.
        connection.create_function("search_terms", 2, terms_of, deterministic=True)
        for pragma in (
            "foreign_keys=ON",
            "synchronous=FULL",
            f"busy_timeout={SQLITE_BUSY_SECONDS * 1000}",
            *pragmas,
        ):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _postgresql_engine(url: str, **options: Any) -> Engine:
    """An engine that notices within seconds when the machine of either end is gone, instead of waiting for hours."""
    engine = create_engine(
        url,
        max_overflow=0,
        hide_parameters=True,
        connect_args={
            "connect_timeout": 5,
            "tcp_user_timeout": 5000,
            "keepalives_idle": 5,
            "keepalives_interval": 2,
            "keepalives_count": 3,
        },
        **options,
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: "psycopg.Connection", _record: object) -> None:
        # The server would keep the locks of a transaction whose machine is gone, and everyone else waiting for them.
        connection.autocommit = True
        connection.execute(
            "SET tcp_keepalives_idle = 5; SET tcp_keepalives_interval = 2;"
            "SET tcp_keepalives_count = 3; SET tcp_user_timeout = 5000"
        )
        connection.autocommit = False

    return engine


def _ask_who_has_rested(engine: Engine) -> None:
    """Have a connection say that it still stands before it is used after a rest; if not, all are made anew.

    Asked each time (`pool_pre_ping`), it would be a fifth of what is said to create a task. One that breaks sooner is
    an error to whoever meets it first, and that makes all of them anew, too.
    """

    @event.listens_for(engine, "checkin")
    def note(_connection: object, record: ConnectionPoolEntry) -> None:
        record.info["rests_since"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def ask(connection: Any, record: ConnectionPoolEntry, _proxy: object) -> None:
        now = time.monotonic()
        if now - record.info.get("rests_since", now) < TRUSTED_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError from error


@lru_cache(maxsize=1)
def get_database() -> Database:
    """The database of this process."""
    return Database(get_settings().database_url)


def fetch(session: Session, statement: Executable, parameters: Mapping[str, Any]) -> Result[Any]:
    """Rows of a statement that was made before, with the parameters of today.

    The ORM has no part in it, except that what it still holds back is written first: on the way of most requests
    it takes longer than the database does.
    """
    session.flush()
    return session.connection().execute(statement, parameters)


def after_commit(session: Session, callback: Callable[[], None]) -> None:
    """Have `callback` run once this session's transaction is committed; a rollback forgets it."""
    session.info.setdefault("after_commit", []).append(callback)


def _run_all(callbacks: Iterable[Callable[[], None]]) -> None:
    for callback in callbacks:
        # What is committed is done: a listener that fails must not make it look undone.
        try:
            callback()
        except Exception:
            logger.exception("What follows a commit failed")


def _is_deadlock(error: BaseException | None) -> bool:
    """Whether the database undid a transaction for the sake of another one, so that it can simply be done again."""
    return isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) == "40P01"


def _changes(connection: Connection) -> int | None:
    """How many rows this connection of SQLite has changed so far; None when its transaction has ended."""
    driver: Any = connection.connection.driver_connection
    return driver.total_changes if connection.in_transaction() else None


@contextmanager
def _translated() -> Iterator[None]:
    """Turn what a database says into the family of errors: it is away (503), or it refuses a value (422, 409)."""
    try:
        yield
    except UNREACHABLE as error:
        if _is_full(error):
            logger.warning("The database has no room to write.")
            raise NoRoom from error
        raise Unavailable from error
    except DataError as error:
        raise InvalidInput(FieldError("", "A value is outside what can be stored.")) from error
    except IntegrityError as error:
        raise Conflict from error
    except DBAPIError as error:
        # A DatabaseError of no finer kind is how SQLite says that its file is damaged.
        if error.connection_invalidated or type(error) is DatabaseError:
            raise Unavailable from error
        raise


def _is_full(error: BaseException | None) -> bool:
    """Whether the database's disk has no room. SQLite then undoes everything, and says that of a savepoint too."""
    while error is not None:
        is_sqlites = getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
        if is_sqlites or getattr(error, "sqlstate", None) == _DISK_FULL:
            return True
        error = error.__context__
    return False
