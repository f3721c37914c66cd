"""`python -m benchmarks.growth` prints the table and writes benchmarks/growth/results.json."""

import argparse
import statistics
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from msgspec.json import encode
from sqlmodel import Session

from benchmarks import servers
from benchmarks.growth.people import move_in
from benchmarks.report import report
from dashboard.api.profiles import EXPORTED_AT_ONCE
from dashboard.database.migrations import migrate
from dashboard.database.transactions import Database
from dashboard.models.session import Actor
from dashboard.models.task import TaskChanges, TaskDraft
from dashboard.models.task_fields import EXPORT_FIELDS, json_of
from dashboard.models.task_query import Order, Sort, Status, TaskQuery
from dashboard.services.accounts import account_deletion
from dashboard.services.lists.queries import count_open
from dashboard.services.tasks import commands, task_list

RESULTS = Path(__file__).with_name("results.json")
EACH = 500
MOST_LISTS = 50
"""Beside the Inbox: one for fifty tasks, up to so many."""

Operation = Callable[[Session], Any]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description=__doc__)
    parser.add_argument("--tasks", type=int, nargs="+", default=[1_000, 5_000, 100_000])
    parser.add_argument("--users", type=int, default=1_000, help=f"with {EACH} tasks each")
    parser.add_argument("--rounds", type=int, default=15, help="of each measurement (15)")
    options = parser.parse_args()
    results: dict[str, dict[str, float]] = {}
    for kind, new_database in (("SQLite", _on_sqlite), ("PostgreSQL", _on_postgresql)):
        for count in options.tasks:
            with new_database() as database:
                lists = min(count // 50, MOST_LISTS)
                (actor,) = move_in(database, people=1, tasks=count, lists=lists)
                _take_down(results, kind, f"{count:,}", _measured(database, actor, options.rounds))
        if options.users:
            with new_database() as database:
                actor = move_in(database, people=options.users, tasks=EACH)[-1]
                column = f"{EACH} of {options.users * EACH:,}"
                _take_down(results, kind, column, _measured(database, actor, options.rounds))
    report(results, vars(options), RESULTS)


def _take_down(
    results: dict[str, dict[str, float]], kind: str, column: str, times: dict[str, float]
) -> None:
    for name, milliseconds in times.items():
        results.setdefault(f"{kind}: {name}", {})[column] = milliseconds


def _measured(database: Database, actor: Actor, rounds: int) -> dict[str, float]:
    """The median of each operation in milliseconds, each in a transaction of its own; and the memory of an export."""
    times = {
        name: _time(database, operation, rounds, writes=False)
        for name, operation in _readings(database, actor).items()
    }

    def export(session: Session) -> None:
        last = None
        while batch := task_list.list_everything(session, actor, EXPORTED_AT_ONCE, last):
            encode([json_of(task, EXPORT_FIELDS) for task in batch])
            last = batch[-1]

    for name, operation in _writings(database, actor).items():
        times[name] = _time(database, operation, rounds, writes=True)
    times["export, all of it"] = _time(database, export, 1, writes=False)
    times["export, MiB at most"] = _memory(database, export)
    times["delete the account"] = _time(
        database, lambda session: account_deletion.close(session, actor), 1, writes=True
    )
    times["what it leaves: a batch at most"], times["what it leaves: all of it"] = _clear(database)
    return times


def _readings(database: Database, actor: Actor) -> dict[str, Operation]:
    def listing(**query: Any) -> Operation:
        asked = TaskQuery(**query)
        return lambda session: task_list.list_tasks(session, actor, asked)

    def agenda(**query: Any) -> Operation:
        return lambda session: task_list.list_agenda(session, actor, TaskQuery(**query))

    with database.transaction(writes=False) as session:
        deep = _cursor_in_the_middle(session, actor)
    return {
        "list, newest first": listing(),
        "list, deep page": listing(cursor=deep),
        "list, open by title": listing(status=Status.PENDING, sort=Sort.TITLE),
        "list, High, by due date": listing(priority="High", sort=Sort.DUE, order=Order.ASCENDING),
        "list, of a day, by creation": listing(due="2026-03-10"),
        "list, late ones by creation": listing(status=Status.OVERDUE),
        "list, trash": listing(status=Status.DELETED, sort=Sort.UPDATED),
        "dashboard": agenda(),
        "dashboard, open ones": agenda(status=Status.PENDING),
        "dashboard, late ones": agenda(status=Status.OVERDUE),
        "dashboard, completed ones": agenda(status=Status.COMPLETED),
        "metrics": lambda session: task_list.count_metrics(session, actor),
        "open counts of all lists": lambda session: count_open(session, actor),
        "search, a rare word": listing(q="zebra"),
        "search, a common word": listing(q="milk"),
        "search, a common word, as the screen does": lambda session: task_list.list_tasks(
            session, actor, TaskQuery(q="milk"), counts_all=False
        ),
        "search, a word that no task has": listing(q="xylophone"),
        "search, a part of a rare word": listing(q="ebr"),
        "search, best match": listing(q="zebra", sort=Sort.RELEVANCE),
    }


def _writings(database: Database, actor: Actor) -> dict[str, Operation]:
    draft = TaskDraft(title="One more of a benchmark", due_date="2026-03-10")
    with database.transaction() as session:
        mine = commands.create_task(session, actor, draft).task.id
    ticks = iter(range(10_000))

    def tick(session: Session) -> None:
        commands.update_task(session, actor, mine, TaskChanges(is_completed=next(ticks) % 2 == 0))

    def throw_away_and_take_back(session: Session) -> None:
        commands.delete_task(session, actor, mine)
        session.flush()
        commands.restore_task(session, actor, mine)

    return {
        "create": lambda session: commands.create_task(session, actor, draft),
        "tick": tick,
        "delete and restore": throw_away_and_take_back,
    }


def _cursor_in_the_middle(session: Session, actor: Actor) -> str | None:
    count = task_list.count_metrics(session, actor).total
    page = task_list.list_tasks(session, actor, TaskQuery(limit=200))
    for _ in range(count // 400):
        page = task_list.list_tasks(session, actor, TaskQuery(limit=200, cursor=page.next_cursor))
    return page.next_cursor


def _time(database: Database, operation: Operation, rounds: int, *, writes: bool) -> float:
    times = []
    # The first time fills caches of statements and of pages.
    for number in range(rounds + (rounds > 1)):
        started = time.perf_counter()
        with database.transaction(writes=writes) as session:
            operation(session)
        if number or rounds == 1:
            times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)


def _clear(database: Database) -> tuple[float, float]:
    """What is left of a deleted account: how long its longest batch holds up others, and how long all of it takes."""
    times = []
    is_left = True
    while is_left:
        started = time.perf_counter()
        with database.transaction() as session:
            is_left = bool(account_deletion.clear_batch(session))
        times.append((time.perf_counter() - started) * 1000)
    return max(times), sum(times)


def _memory(database: Database, operation: Operation) -> float:
    """What an operation holds at its most, in MiB."""
    tracemalloc.start()
    try:
        with database.transaction(writes=False) as session:
            operation(session)
        return tracemalloc.get_traced_memory()[1] / 2**20
    finally:
        tracemalloc.stop()


@contextmanager
def _on_sqlite() -> Iterator[Database]:
    with tempfile.TemporaryDirectory(prefix="cairn-benchmark-") as folder:
        yield from _opened(f"sqlite:///{folder}/cairn.db")


@contextmanager
def _on_postgresql() -> Iterator[Database]:
    with servers.postgresql() as url:
        yield from _opened(url.replace("postgresql://", "postgresql+psycopg://"))


def _opened(url: str) -> Iterator[Database]:
    migrate(url)
    database = Database(url)
    try:
        yield database
    finally:
        database.close()


if __name__ == "__main__":
    main()
