"""Transactions: whole or not at all, off the event loop, and every failure of a database has a sentence."""

import asyncio
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, event, text
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError
from sqlmodel import Session, col, select, update

from dashboard.database import engines, transactions
from dashboard.database.transactions import Database, after_commit, get_database
from dashboard.errors import Conflict, InvalidInput, NoRoom, Overloaded, TaskNotFound, Unavailable
from dashboard.models.session import Actor
from dashboard.models.task import Task
from dashboard.models.user import User

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
on_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


def add_user(session: Session, name: str = "Ana") -> User:
    user = User(name=name, email=f"{name.lower()}@example.org")
    session.add(user)
    session.flush()
    return user


def names(session: Session) -> list[str]:
    return list(session.exec(select(User.name).order_by(col(User.name))).all())


def names_in(database: Database) -> list[str]:
    with database.transaction(writes=False) as session:
        return names(session)


# Whole or not at all


def test_what_a_transaction_did_is_there_for_the_next(database: Database) -> None:
    with database.transaction() as session:
        add_user(session)
    assert names_in(database) == ["Ana"]


@pytest.mark.parametrize("error", [TaskNotFound, ValueError, KeyboardInterrupt])
def test_any_error_undoes_all_of_a_transaction(
    database: Database, error: type[BaseException]
) -> None:
    with pytest.raises(error), database.transaction() as session:
        add_user(session, "Ana")
        add_user(session, "Bob")
        raise error
    assert names_in(database) == []


def test_input_that_breaks_a_rule_half_way_undoes_what_came_before(database: Database) -> None:
    def half_way(session: Session) -> None:
        add_user(session)
        raise InvalidInput

    with pytest.raises(InvalidInput):
        asyncio.run(database.write(half_way))
    assert names_in(database) == []


def test_a_part_can_be_undone_alone(database: Database) -> None:
    with database.transaction() as session:
        add_user(session, "Ana")
        with pytest.raises(ValueError, match="only this"), session.begin_nested():
            add_user(session, "Bob")
            raise ValueError("only this")
        add_user(session, "Cem")
    assert names_in(database) == ["Ana", "Cem"]


def test_what_a_part_did_goes_with_the_whole(database: Database) -> None:
    with pytest.raises(ValueError, match="all"), database.transaction() as session:
        with session.begin_nested():
            add_user(session)
        raise ValueError("all")
    assert names_in(database) == []


def test_objects_can_still_be_read_when_their_transaction_is_over(database: Database) -> None:
    with database.transaction() as session:
        user = add_user(session)
    assert (user.name, user.disabled_at) == ("Ana", None)


# After the commit


def test_what_waits_for_the_commit_runs_after_it_in_order(database: Database) -> None:
    seen: list[tuple[str, list[str]]] = []
    with database.transaction() as session:
        after_commit(session, lambda: seen.append(("first", names_in(database))))
        after_commit(session, lambda: seen.append(("second", [])))
        add_user(session)
        assert seen == []
    assert seen == [("first", ["Ana"]), ("second", [])]


def test_what_waits_for_the_commit_is_forgotten_by_a_rollback(database: Database) -> None:
    seen: list[str] = []
    with pytest.raises(TaskNotFound), database.transaction() as session:
        after_commit(session, lambda: seen.append("never"))
        raise TaskNotFound
    assert seen == []


def test_a_commit_that_fails_is_no_commit(database: Database, monkeypatch) -> None:
    seen: list[str] = []

    def fail(_: Session) -> None:
        raise OperationalError("COMMIT", {}, Exception("disk I/O error"))

    monkeypatch.setattr(Session, "commit", fail)
    with pytest.raises(Unavailable), database.transaction() as session:
        after_commit(session, lambda: seen.append("never"))
        add_user(session)
    monkeypatch.undo()
    assert seen == []


def test_what_fails_after_the_commit_neither_undoes_it_nor_stops_the_rest(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    seen: list[str] = []

    def fail() -> None:
        raise RuntimeError("nobody listens")

    with database.transaction() as session:
        add_user(session)
        after_commit(session, fail)
        after_commit(session, lambda: seen.append("second"))
    assert seen == ["second"]
    assert names_in(database) == ["Ana"]
    assert "nobody listens" in caplog.text


# Reading


async def test_reading_cannot_write(database: Database) -> None:
    with pytest.raises((Unavailable, DBAPIError)):
        await database.read(add_user)
    assert names_in(database) == []


async def test_reading_still_works_after_an_attempt_to_write(database: Database) -> None:
    with pytest.raises((Unavailable, DBAPIError)):
        await database.read(add_user)
    await database.write(add_user)
    assert await database.read(names) == ["Ana"]


async def test_two_looks_in_one_transaction_see_the_same_moment(database: Database) -> None:
    looked, changed = threading.Event(), threading.Event()

    def look_twice(session: Session) -> tuple[list[str], list[str]]:
        first = names(session)
        looked.set()
        assert changed.wait(60)
        return first, names(session)

    async def change_between() -> None:
        assert await asyncio.to_thread(looked.wait, 5)
        await database.write(add_user)
        changed.set()

    (first, second), _ = await asyncio.gather(database.read(look_twice), change_between())
    assert first == second == []


# Off the event loop


async def test_work_runs_on_a_thread_and_the_loop_goes_on(database: Database) -> None:
    async def beats() -> int:
        for beat in range(1000):
            if slow.done():
                return beat
            await asyncio.sleep(0.01)
        return 0

    def sleep(_: Session) -> int:
        time.sleep(0.2)
        return threading.get_ident()

    slow = asyncio.ensure_future(database.write(sleep))
    assert await beats() >= 5
    assert slow.result() != threading.get_ident()


async def test_arguments_reach_the_work_and_its_answer_comes_back(database: Database) -> None:
    def work(session: Session, one: int, *, other: int) -> tuple[int, int]:
        assert session.connection()
        return one, other

    assert await database.read(work, 1, other=2) == (1, 2)
    assert await database.write(work, 1, other=2) == (1, 2)


async def test_a_caller_who_goes_away_does_not_undo_what_was_begun(database: Database) -> None:
    begun = threading.Event()

    def slowly(session: Session) -> None:
        begun.set()
        time.sleep(0.1)
        add_user(session)

    caller = asyncio.ensure_future(database.write(slowly))
    assert await asyncio.to_thread(begun.wait, 5)
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    await database.write(lambda _: None)
    for _ in range(100):
        if names_in(database):
            break
        await asyncio.sleep(0.02)
    assert names_in(database) == ["Ana"]


@on_sqlite
async def test_a_caller_who_goes_away_while_waiting_in_line_still_gets_what_they_asked_for(
    database: Database,
) -> None:
    go_on = threading.Event()
    first = asyncio.ensure_future(database.write(lambda _: go_on.wait(60)))
    second = asyncio.ensure_future(database.write(add_user))
    await asyncio.sleep(0.05)
    second.cancel()
    with pytest.raises(asyncio.CancelledError):
        await second
    go_on.set()
    assert await first
    await database.write(lambda _: None)
    assert names_in(database) == ["Ana"]


@pytest.mark.parametrize("kind", ["read", "write"])
async def test_when_too_many_wait_more_are_refused_until_there_is_room_again(
    database: Database, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(transactions, f"MOST_{kind.upper()}S", 8)
    ask, begun, go_on = getattr(database, kind), threading.Event(), threading.Event()

    def wait(_session: Session) -> bool:
        begun.set()
        return go_on.wait(60)

    first = asyncio.ensure_future(ask(wait))
    assert await asyncio.to_thread(begun.wait, 5)
    waiting = [asyncio.ensure_future(ask(wait)) for _ in range(8)]
    await asyncio.sleep(0)
    # Work whose caller goes away is still to be done.
    for caller in waiting[:4]:
        caller.cancel()
    await asyncio.sleep(0)
    with pytest.raises(Overloaded):
        await ask(wait)
    go_on.set()
    assert await first
    await asyncio.gather(*waiting, return_exceptions=True)
    await asyncio.gather(*(ask(wait) for _ in range(4)))


async def test_who_reads_for_long_keeps_nobody_else_from_reading(database: Database) -> None:
    is_over = threading.Event()
    long = asyncio.ensure_future(database.read(lambda _: is_over.wait(60)))
    assert await database.read(names) == []
    assert not long.done()
    is_over.set()
    assert await long


@on_sqlite
async def test_many_writes_at_once_on_sqlite_queue_and_none_finds_it_locked(
    database: Database, monkeypatch
) -> None:
    monkeypatch.setattr(engines, "SQLITE_BUSY_SECONDS", 0)
    await asyncio.gather(*(database.write(add_user, f"user{number:02}") for number in range(40)))
    assert len(names_in(database)) == 40


@on_sqlite
async def test_sqlite_readers_do_not_wait_for_a_writer(database: Database) -> None:
    with database.transaction() as session:
        add_user(session)
        assert await asyncio.wait_for(database.read(names), 2) == []


@on_sqlite
async def test_another_programs_short_lock_is_waited_for(
    database: Database, tmp_path: Path
) -> None:
    other = sqlite3.connect(tmp_path / "cairn.db", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    timer = threading.Timer(0.3, lambda: other.execute("COMMIT"))
    timer.start()
    await database.write(add_user)
    timer.join()
    other.close()


@on_postgresql
async def test_people_on_postgresql_do_not_wait_for_each_other(database: Database) -> None:
    both = threading.Barrier(2, timeout=60)

    def meet(session: Session) -> None:
        session.connection()
        both.wait()

    await asyncio.gather(database.write(meet), database.write(meet))


# In line for SQLite's one writer


Works = list[Callable[[Session], Any]]


async def write_together(database: Database, works: Works) -> list[Any]:
    """What each of these writes comes to that wait in line while another one is at work."""
    go_on = threading.Event()
    first = asyncio.ensure_future(database.write(lambda _: go_on.wait(60)))
    others = [asyncio.ensure_future(database.write(work)) for work in works]
    await asyncio.sleep(0.05)
    go_on.set()
    assert await first
    return await asyncio.gather(*others, return_exceptions=True)


def refuse(_session: Session) -> None:
    raise TaskNotFound


def adding(name: str) -> Callable[[Session], User]:
    return lambda session: add_user(session, name)


@on_sqlite
async def test_writes_that_wait_in_line_share_one_commit(database: Database) -> None:
    commits: list[Connection] = []
    event.listen(database.writer, "commit", commits.append)
    users = await write_together(database, [adding(f"user{number}") for number in range(5)])
    assert [user.name for user in users] == names_in(database)
    assert len(commits) == 2


@on_sqlite
async def test_no_commit_is_shared_by_more_than_a_few(database: Database, monkeypatch) -> None:
    monkeypatch.setattr(transactions, "MOST_AT_ONCE", 2)
    commits: list[Connection] = []
    event.listen(database.writer, "commit", commits.append)
    await write_together(database, [adding(f"user{number}") for number in range(5)])
    assert len(names_in(database)) == 5
    assert len(commits) == 4


@on_sqlite
async def test_an_error_of_one_undoes_that_one_alone(database: Database) -> None:
    def half_way(session: Session) -> None:
        add_user(session, "Half")
        raise TaskNotFound

    def twice(session: Session) -> None:
        add_user(session, "Ana")

    works: Works = [adding("Ana"), half_way, adding("Bob"), twice, adding("Cem")]
    outcomes = await write_together(database, works)
    assert [type(outcome) for outcome in outcomes] == [User, TaskNotFound, User, Conflict, User]
    assert names_in(database) == ["Ana", "Bob", "Cem"]


@on_sqlite
async def test_an_error_before_anything_was_changed_holds_up_nobody(database: Database) -> None:
    runs: list[str] = []

    def counted(session: Session) -> None:
        runs.append("")
        add_user(session, "Ana")

    outcomes = await write_together(database, [counted, refuse, adding("Bob"), refuse])
    assert [type(outcome) for outcome in outcomes[1:]] == [TaskNotFound, User, TaskNotFound]
    assert len(runs) == 1
    assert names_in(database) == ["Ana", "Bob"]


@on_sqlite
async def test_a_part_undone_alone_stays_undone_among_others(database: Database) -> None:
    def with_an_attempt(session: Session) -> None:
        with suppress(TaskNotFound), session.begin_nested():
            add_user(session, "Attempt")
            raise TaskNotFound
        add_user(session, "Ana")

    await write_together(database, [with_an_attempt, adding("Bob")])
    assert names_in(database) == ["Ana", "Bob"]


@on_sqlite
async def test_each_sees_what_was_written_before_it(database: Database) -> None:
    outcomes = await write_together(database, [adding("Ana"), names, adding("Bob"), names])
    assert outcomes[1::2] == [["Ana"], ["Ana", "Bob"]]


@on_sqlite
async def test_what_waits_for_the_commit_runs_after_the_one_that_is_shared(
    database: Database,
) -> None:
    seen: list[tuple[str, list[str]]] = []

    def announcing(name: str, *, fails: bool = False) -> Callable[[Session], None]:
        def work(session: Session) -> None:
            add_user(session, name)
            after_commit(session, lambda: seen.append((name, names_in(database))))
            if fails:
                raise TaskNotFound

        return work

    works: Works = [announcing("Ana"), announcing("Bob", fails=True), announcing("Cem")]
    await write_together(database, works)
    assert seen == [("Ana", ["Ana", "Cem"]), ("Cem", ["Ana", "Cem"])]


@on_sqlite
async def test_a_shared_commit_that_fails_is_nobodys_commit(database: Database) -> None:
    def fail(_connection: Connection) -> None:
        raise OperationalError("COMMIT", None, Exception("disk full"))

    def announcing(session: Session) -> None:
        after_commit(session, lambda: pytest.fail("nothing was committed"))

    await database.write(lambda _: None)
    event.listen(database.writer, "commit", fail)
    with pytest.raises(Unavailable):
        await database.write(adding("Dee"))
    outcomes = await asyncio.gather(
        *(database.write(work) for work in (adding("Ana"), announcing, refuse, adding("Bob"))),
        return_exceptions=True,
    )
    event.remove(database.writer, "commit", fail)
    assert {type(outcome) for outcome in outcomes} <= {Unavailable, TaskNotFound}
    assert names_in(database) == []
    await database.write(adding("Eve"))
    assert names_in(database) == ["Eve"]


@on_sqlite
async def test_when_the_database_fails_one_it_fails_all_that_share_its_commit(
    database: Database,
) -> None:
    def full(session: Session) -> None:
        # As SQLite does by itself when the disk is full: everything is undone, and no transaction is open.
        session.connection().exec_driver_sql("ROLLBACK")
        raise OperationalError("INSERT", None, Exception("database or disk is full"))

    outcomes = await write_together(database, [adding("Ana"), full, adding("Bob")])
    assert {type(outcome) for outcome in outcomes} == {Unavailable}
    assert names_in(database) == []
    await database.write(adding("Cem"))
    assert names_in(database) == ["Cem"]


# When the database does not answer


def test_a_database_that_is_away_is_unavailable(tmp_path: Path) -> None:
    for url in (f"sqlite:///{tmp_path}/nowhere/cairn.db", "postgresql+psycopg://127.0.0.1:1/cairn"):
        away = Database(url)
        for writes in (True, False):
            with pytest.raises(Unavailable), away.transaction(writes=writes) as session:
                session.connection()
        away.close()


@on_sqlite
def test_a_full_disk_says_so_and_nothing_is_half_done(database: Database, ana: Actor) -> None:
    with database.transaction() as session:
        pages = session.execute(text("PRAGMA page_count")).scalar_one()
        session.execute(text(f"PRAGMA max_page_count = {pages + 2}"))
    # SQLite has undone everything by itself; that the savepoint is gone too is told on top of that.
    with pytest.raises(NoRoom), database.transaction() as session:
        for number in range(100):
            with session.begin_nested():
                session.add(
                    Task(
                        list_id=ana.id,
                        created_by=ana.id,
                        title=str(number),
                        description="x" * 10_000,
                    )
                )
    with database.transaction() as session:
        session.execute(text("PRAGMA max_page_count = 1000000"))
        assert session.exec(select(Task.title)).all() == []
        add_user(session, "Bob")


@on_sqlite
def test_a_file_that_became_read_only_is_unavailable(database: Database, database_url: str) -> None:
    file = database_url.removeprefix("sqlite:///")
    read_only = Database(f"sqlite:///file:{file}?mode=ro&uri=true")
    with pytest.raises(Unavailable), read_only.transaction() as session:
        add_user(session)
    read_only.close()


@on_sqlite
def test_a_damaged_file_is_unavailable(database: Database, database_url: str) -> None:
    database.close()
    file = Path(database_url.removeprefix("sqlite:///"))
    file.write_bytes(b"What was here is lost. " * 1000)
    with pytest.raises(Unavailable), Database(database_url).transaction(writes=False) as session:
        names(session)


@on_sqlite
def test_a_lock_that_stays_is_unavailable(database_url: str, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(engines, "SQLITE_BUSY_SECONDS", 0.1)
    database = Database(database_url)
    with closing(sqlite3.connect(tmp_path / "cairn.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unavailable), database.transaction() as session:
            add_user(session)
        assert names_in(database) == []
    database.close()


@on_postgresql
def test_a_connection_that_breaks_is_unavailable_and_the_next_one_works(database: Database) -> None:
    with pytest.raises(Unavailable), database.transaction() as session:
        session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
    with database.transaction() as session:
        add_user(session)
    assert names_in(database) == ["Ana"]


@on_postgresql
def test_a_connection_that_broke_while_it_rested_is_noticed_by_nobody(
    database: Database, monkeypatch
) -> None:
    """As after a restart of PostgreSQL."""
    monkeypatch.setattr(engines, "TRUSTED_SECONDS", 0)
    with database.transaction() as one, database.transaction() as other:
        other.connection()
        resting = one.execute(text("SELECT pg_backend_pid()")).scalar_one()
        one.close()
        other.execute(text("SELECT pg_terminate_backend(:it, 5000)"), {"it": resting})
    for name in ("Ana", "Bob", "Cem"):
        with database.transaction() as session, database.transaction() as meanwhile:
            meanwhile.connection()
            add_user(session, name)
    assert names_in(database) == ["Ana", "Bob", "Cem"]


@on_postgresql
def test_a_pool_with_every_connection_in_use_is_unavailable(database_url: str, monkeypatch) -> None:
    monkeypatch.setattr(transactions, "POSTGRESQL_CONNECTIONS", 1)
    database = Database(database_url)
    monkeypatch.setattr(database.writer.pool, "_timeout", 0.1)
    with database.transaction() as session:
        session.connection()
        with pytest.raises(Unavailable), database.transaction() as other:
            other.connection()
    database.close()


# When the database refuses


def test_a_value_that_does_not_fit_is_invalid_input(database: Database) -> None:
    if database.is_sqlite:
        statement = (
            "SELECT json('{')"  # The nearest that SQLite has; it is an error of its own kind.
        )
        with pytest.raises(Unavailable), database.transaction() as session:
            session.execute(text(statement))
    else:
        with (
            pytest.raises(InvalidInput, match="outside what can be stored"),
            database.transaction() as session,
        ):
            session.execute(text("SELECT 99999999999::int"))


def test_what_contradicts_what_is_stored_is_a_conflict(database: Database) -> None:
    with pytest.raises(Conflict), database.transaction() as session:
        add_user(session)
        add_user(session)
    assert names_in(database) == []


@on_postgresql
def test_a_mistake_of_ours_stays_the_error_that_it_is(database: Database) -> None:
    with pytest.raises(ProgrammingError), database.transaction() as session:
        session.execute(text("SELECT nonsense"))


# One database a process


def test_there_is_one_database(database: Database) -> None:
    assert get_database() is database


def test_a_closed_database_has_finished_what_it_began(database: Database) -> None:
    finished: list[bool] = []

    def slowly(_: Session) -> None:
        time.sleep(0.1)
        finished.append(True)

    async def close_meanwhile() -> None:
        work = asyncio.ensure_future(database.write(slowly))
        await asyncio.sleep(0.02)
        await asyncio.to_thread(database.close)
        await work

    asyncio.run(close_meanwhile())
    assert finished == [True]


@on_sqlite
def test_sqlite_commits_are_on_the_disk_and_references_hold(database: Database) -> None:
    for writes in (True, False):
        with database.transaction(writes=writes) as session:
            pragmas = [
                session.execute(text(f"PRAGMA {name}")).scalar_one()
                for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
            ]
        assert pragmas == ["wal", 2, 1, engines.SQLITE_BUSY_SECONDS * 1000]


@on_postgresql
async def test_two_that_wait_for_each_other_are_both_done(database: Database) -> None:
    """PostgreSQL undoes one of them, and it is done once more."""
    with database.transaction() as session:
        ana, bob = add_user(session, "Ana").id, add_user(session, "Bob").id
    both_have_one = threading.Barrier(2)
    attempts: list[str] = []

    def rename(session: Session, name: str, first: UUID, second: UUID) -> None:
        attempts.append(name)
        session.execute(update(User).where(col(User.id) == first).values(name=f"{name} 1"))
        if len(attempts) <= 2:
            both_have_one.wait(timeout=60)
        session.execute(update(User).where(col(User.id) == second).values(name=f"{name} 2"))

    await asyncio.gather(
        database.write(rename, "one", ana, bob), database.write(rename, "other", bob, ana)
    )
    # Done once more, they may meet once more.
    assert len(attempts) >= 3
    last = attempts[-1]
    assert names_in(database) == [f"{last} 1", f"{last} 2"]
