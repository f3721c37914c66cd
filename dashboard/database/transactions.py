"""The database: transactions and the threads they run on.

With migrations.py, this is the only module that begins, commits and rolls back. SQLite has one writer at a time, so
writes queue for one thread and reads have two others; PostgreSQL gets as many threads as its pool has connections. More
threads than that only compete for the interpreter's lock.
"""

import asyncio
import logging
import sqlite3
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import lru_cache
from itertools import groupby
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, Executable, Result
from sqlalchemy.exc import (
    DatabaseError,
    DataError,
    DBAPIError,
    IntegrityError,
    InterfaceError,
    OperationalError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlmodel import Session

from dashboard.config import get_settings
from dashboard.database.engines import ping_idle_connections, postgresql_engine, sqlite_engine
from dashboard.errors import Conflict, FieldError, InvalidInput, NoRoom, Overloaded, Unavailable
from dashboard.metrics import timed

logger = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

POSTGRESQL_CONNECTIONS = 5
"""As many as work for one interpreter: with 16 of them, a create took 2.5 ms of a core instead of 1.6."""
SQLITE_READERS = 2
"""One reads for everyone while another is at something long; SQLite leaves the interpreter to others meanwhile."""
MOST_AT_ONCE = 32
"""How many writes share a commit at most, so that the first of them need not wait for long."""
MOST_READS, MOST_WRITES = 2_000, 1_000
"""How many may be under way or wait at once: a queue without an end would grow until the memory does not suffice."""
_DISK_FULL = "53100"
"""What PostgreSQL calls that."""
DEADLOCKS_SURVIVED = 3
"""How often PostgreSQL may undo a transaction, because another one held what it waited for, before we say so."""
UNREACHABLE = (OperationalError, InterfaceError, PoolTimeout)


class NeedsSavepoints(Exception):
    """A write that failed had changed something already, among the changes of others: all of them have to go."""


class _Write:
    """One of several writes that share a transaction."""

    def __init__(self, work: Callable[[Session], Any]) -> None:
        self._work = work
        self._result: Any = None
        self._callbacks: Sequence[Callable[[], None]] = ()
        self.error: Exception | None = None
        self.loop = asyncio.get_running_loop()
        self.answer: asyncio.Future[Any] = self.loop.create_future()

    def run(self, connection: Connection, *, is_apart: bool) -> None:
        """Do the work, apart from the others' in a savepoint or together with it.

        What is wrong with it undoes it alone, or raises NeedsSavepoints; what is wrong with the database is raised.
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
            # SQLite may have rolled back everything, and the next write would then start a transaction of its own.
            raise
        except Exception as error:
            if not is_apart and _changes(connection) != before:
                raise NeedsSavepoints from error
            self.error = error

    def follow_up(self) -> None:
        """Do what waited for the commit, if there was one."""
        if self.error is None:
            _run_all(self._callbacks)

    def tell(self) -> None:
        """Tell the callers that wait, on their loop; those that have gone away are skipped."""
        if self.answer.done():
            return
        if self.error is not None:
            self.answer.set_exception(self.error)
        else:
            self.answer.set_result(self._result)


class Database:
    """Two engines on one database: `writer` takes SQLite's write lock at once, `reader` cannot write there."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        self._asked = 0
        self._running = Counter[bool]()
        """What threads do or have before them, by whether it writes; a caller that goes away leaves it there."""
        if self.is_sqlite:
            self.writer = sqlite_engine(url, begin="BEGIN IMMEDIATE")
            self.reader = sqlite_engine(url, begin="BEGIN", pragmas=("query_only=ON",))
            self._line: deque[_Write] = deque()
            self._is_line_called = False
            self._write_threads = ThreadPoolExecutor(1, thread_name_prefix="database-writer")
            self._read_threads = ThreadPoolExecutor(
                SQLITE_READERS, thread_name_prefix="database-reader"
            )
        else:
            self.writer = postgresql_engine(url, pool_size=POSTGRESQL_CONNECTIONS, pool_timeout=5)
            ping_idle_connections(self.writer)
            # A page and its count are two statements: they must see the same moment.
            self.reader = self.writer.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
            self._write_threads = self._read_threads = ThreadPoolExecutor(
                POSTGRESQL_CONNECTIONS, thread_name_prefix="database"
            )
            self._watcher = postgresql_engine(url, pool_size=1, isolation_level="AUTOCOMMIT")
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
        """Run `query(session, …)` in a transaction of its own, off the event loop. It cannot write.

        Raises Overloaded when too many wait already.
        """
        with self._under_way("read", query):
            return await self._run(
                self._read_threads, False, lambda session: query(session, *args, **kwargs)
            )

    async def write(
        self, command: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `command(session, …)` as if in a transaction of its own, off the event loop, and commit it.

        Raises Overloaded when too many wait already.
        """

        def work(session: Session) -> T:
            return command(session, *args, **kwargs)

        with self._under_way("write", command):
            if not self.is_sqlite:
                return await self._run(self._write_threads, True, work)
            if len(self._line) >= MOST_WRITES:
                raise Overloaded
            write = _Write(work)
            self._line.append(write)
            if not self._is_line_called:
                self._is_line_called = True
                self._write_threads.submit(self._write_line)
            # It is carried out whether or not the caller goes away: the outcome of a commit must never be unclear.
            return await write.answer

    async def _run(
        self, threads: ThreadPoolExecutor, writes: bool, work: Callable[[Session], T]
    ) -> T:
        def in_transaction() -> T:
            with self.transaction(writes=writes) as session:
                return work(session)

        def until_nothing_conflicts() -> T:
            for _ in range(DEADLOCKS_SURVIVED):
                try:
                    return in_transaction()
                except Unavailable as error:
                    if not _is_deadlock(error.__cause__):
                        raise
            return in_transaction()

        def count_down(_: object) -> None:
            self._running[writes] -= 1

        if self._running[writes] >= (MOST_WRITES if writes else MOST_READS):
            raise Overloaded
        # Counted on the event loop alone.
        self._running[writes] += 1
        running = asyncio.get_running_loop().run_in_executor(threads, until_nothing_conflicts)
        running.add_done_callback(count_down)
        # Shielded for the reason that `write` gives.
        return await asyncio.shield(running)

    @property
    def is_idle(self) -> bool:
        """Whether no caller waits for an answer."""
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
        """Raises Unavailable when PostgreSQL cannot be reached. It does not wait for other work to find out."""
        if not self.is_sqlite:
            loop = asyncio.get_running_loop()
            await asyncio.shield(loop.run_in_executor(self._watch_thread, self._reach))

    def _reach(self) -> None:
        with _translated(), self._watcher.connect() as connection:
            connection.exec_driver_sql("SELECT 1")

    def _write_line(self) -> None:
        """Write for everyone who waits in line."""
        # Clear the flag before draining, so that later writes schedule again.
        self._is_line_called = False
        while writes := [self._line.popleft() for _ in range(min(len(self._line), MOST_AT_ONCE))]:
            self._write_together(writes)
            # Each waking of the loop costs as much as a statement.
            for loop, theirs in groupby(writes, key=lambda write: write.loop):
                # It is closed when the server stops, and its callers with it.
                with suppress(RuntimeError):
                    loop.call_soon_threadsafe(_tell_all, list(theirs))

    def _write_together(self, writes: Sequence[_Write]) -> None:
        """Write with one commit for all: most of its time is a wait for the disk."""
        try:
            try:
                self._write_all(writes, apart=False)
            except NeedsSavepoints:
                # Rare, while a savepoint for each would cost as much as the statements of a tick.
                self._write_all(writes, apart=True)
        except Exception as error:  # noqa: BLE001 - it is raised where the answer is awaited
            for write in writes:
                write.error = error
        for write in writes:
            write.follow_up()

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


@lru_cache(maxsize=1)
def get_database() -> Database:
    """The database of this process."""
    return Database(get_settings().database_url)


def fetch(
    session: Session,
    statement: Executable,
    parameters: Mapping[str, Any] | Sequence[Mapping[str, Any]],
) -> Result[Any]:
    """Rows of a statement that was made before, with the parameters of today.

    The ORM has no part in it, except that what it still holds back is written first: on the way of most requests
    it takes longer than the database does.
    """
    session.flush()
    # A session here is one transaction, and thus one connection; to find it takes as long as a short statement.
    # Asked for it, a session also sets the savepoint that it is to be in.
    connection = session.info.get("connection")
    if connection is None or session.in_nested_transaction():
        connection = session.info["connection"] = session.connection()
    return connection.execute(statement, parameters)


def after_commit(session: Session, callback: Callable[[], None]) -> None:
    """Have `callback` run once this session's transaction is committed; a rollback forgets it."""
    session.info.setdefault("after_commit", []).append(callback)


def _tell_all(writes: Iterable[_Write]) -> None:
    for write in writes:
        write.tell()


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
