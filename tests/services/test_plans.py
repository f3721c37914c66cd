"""No statement of a service reads all tasks or sorts them: each reads its rows off an index, in order."""

import inspect
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlmodel import Session
from uuid_utils.compat import uuid7

from dashboard.db import Database
from dashboard.models.session import Actor
from dashboard.models.task import Priority, Task, TaskChanges, TaskDraft
from dashboard.models.task_query import Order, Sort, Status, TaskQuery
from dashboard.services import departures, housekeeping, task_list, tasks, trash
from tests.services.test_task_list import cursor_in, cursor_of

PRIORITIES = [None, Priority.HIGH]
DAYS = [None, "2026-03-10", "2026-03-01..2026-03-31"]
ID = "0" * 32

Act = Callable[[], Any]
LISTS = {"list_tasks", "list_agenda", "list_everything", "count_metrics"}
"""Each has a test of its own."""


class Plans:
    """What the database would do for each statement about tasks that is sent."""

    def __init__(self, database: Database, session: Session) -> None:
        self._database, self._session = database, session
        self._seen: set[str] = set()

    def of(self, act: Act) -> list[str]:
        """The plans of the statements that `act` sends and that were not seen before, each with its statement."""
        sent: list[tuple[str, Any]] = []

        def watch(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
            if (
                re.search(r"\b(task|task_tally|task_search)\b", statement)
                and statement not in self._seen
            ):
                self._seen.add(statement)
                sent.append((statement, parameters))

        event.listen(self._database.writer, "before_cursor_execute", watch)
        try:
            act()
        finally:
            event.remove(self._database.writer, "before_cursor_execute", watch)
        return [self._explain(*each) for each in sent]

    def _explain(self, statement: str, parameters: Any) -> str:
        explain = "EXPLAIN QUERY PLAN" if self._database.is_sqlite else "EXPLAIN"
        connection = self._session.connection()
        rows = connection.exec_driver_sql(f"{explain} {statement}", parameters).all()
        return "\n".join([statement, *(str(row[-1]) for row in rows)])


@pytest.fixture
def plans(database: Database, session: Session) -> Plans:
    if not database.is_sqlite:
        # On a table this small everything is quickest read whole: what is left is what must be done so.
        for method in ("seqscan", "sort", "incremental_sort", "bitmapscan"):
            session.execute(text(f"SET LOCAL enable_{method} = off"))
    return Plans(database, session)


def assert_read_off_an_index(plan: str) -> None:
    assert not re.search(r"SCAN (task|task_tally)\b", plan), plan
    assert "TEMP B-TREE" not in plan, plan
    assert not re.search(r"Seq Scan on (task|task_tally)\b", plan), plan
    assert not re.search(r"\bSort +\(cost", plan), plan


def queries(status: Status, sort: Sort) -> list[TaskQuery]:
    """Every kind of question about tasks of a status in an order, on the first page and on one after it."""
    return [
        TaskQuery(status=status, sort=sort, order=order, priority=priority, due=due, cursor=cursor)
        for order, priority, due in product(Order, PRIORITIES, DAYS)
        for cursor in (None, cursor_in(sort, order))
    ]


def test_the_questions_below_are_all_that_can_be_asked() -> None:
    """Whoever adds a filter or an order adds it to `queries`, and sees whether it has an index."""
    asked = {"status", "sort", "order", "priority", "due", "cursor"}
    assert set(TaskQuery.model_fields) - asked == {"limit", "q"}
    for query in queries(Status.ALL, Sort.CREATED):
        assert query.model_fields_set == asked


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many tasks there are, they are too many to be sorted."""
    monkeypatch.setattr(task_list, "FEW", -1)


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("sort", Sort)
@pytest.mark.parametrize("status", Status)
def test_every_list_and_its_count_are_read_off_an_index(
    plans: Plans, session: Session, ana: Actor, make_task, status: Status, sort: Sort
) -> None:
    seen = 0
    for query in queries(status, sort):
        for plan in plans.of(lambda query=query: task_list.list_tasks(session, ana, query)):
            assert_read_off_an_index(plan)
            seen += 1
    # By priority, nothing is asked of the next one where nobody has a task.
    assert seen >= 12, "pages by order, priority, day and place"


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("status", Status)
def test_every_agenda_is_read_off_an_index(
    plans: Plans, session: Session, ana: Actor, status: Status
) -> None:
    for query in queries(status, Sort.CREATED):
        cursor = query.cursor and cursor_of(["agenda", "asc", 5, ID])
        asked = query.model_copy(update={"cursor": cursor})
        for plan in plans.of(lambda asked=asked: task_list.list_agenda(session, ana, asked)):
            assert_read_off_an_index(plan)


def test_words_are_looked_up_and_no_list_is_read(
    database: Database, plans: Plans, session: Session, ana: Actor
) -> None:
    if not database.is_sqlite:
        # PostgreSQL reads an index of words in no other way.
        session.execute(text("SET LOCAL enable_bitmapscan = on"))
    tasks.create_task(session, ana, TaskDraft(title="Milk"))
    query = TaskQuery(q="milk", status=Status.OVERDUE, sort=Sort.RELEVANCE, due="2026-03-10")
    index, *lookups = plans.of(lambda: task_list.list_tasks(session, ana, query))
    assert re.search(r"VIRTUAL TABLE INDEX|Bitmap Index Scan on ix_task_search_terms", index), index
    assert len(lookups) == 2, "the count and the page"
    for plan in lookups:
        assert re.search(r"sqlite_autoindex_task_1 \(id=\?\)|Index Cond: .*\bid = ", plan), plan


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("status", [Status.OVERDUE, Status.DUE_TODAY])
def test_the_few_of_some_days_are_looked_up_by_the_day_and_sorted(
    plans: Plans, session: Session, ana: Actor, status: Status
) -> None:
    query = TaskQuery(status=status, priority=Priority.HIGH)
    _count, page = plans.of(lambda: task_list.list_tasks(session, ana, query))
    assert "ix_task_list_by_due (user_id=? AND shelf=? AND due_key" in page
    assert "TEMP B-TREE" in page


def test_every_count_is_read_off_the_tally(plans: Plans, session: Session, ana: Actor) -> None:
    (plan,) = plans.of(lambda: task_list.count_metrics(session, ana))
    assert_read_off_an_index(plan)


def acts(session: Session, ana: Actor, milk: Task) -> dict[str, Act]:
    """One of everything else that services do with tasks, by the name of the function."""
    draft, later = TaskDraft(title="Bread"), datetime.now(UTC) + timedelta(days=400)

    def trashed() -> None:
        tasks.restore_task(session, ana, milk.id)
        tasks.delete_task(session, ana, milk.id)

    return {
        "find_task": lambda: task_list.find_task(session, ana, TaskQuery(), milk.id),
        "create_task": lambda: tasks.create_task(
            session, ana, draft, task_id=uuid7(), idempotency_key="x"
        ),
        "get_task": lambda: tasks.get_task(session, ana, milk.id),
        "update_task": lambda: tasks.update_task(session, ana, milk.id, TaskChanges(title="Oats")),
        "delete_task": lambda: tasks.delete_task(session, ana, milk.id),
        "restore_task": lambda: tasks.restore_task(session, ana, milk.id),
        "delete_forever": lambda: (trashed(), tasks.delete_forever(session, ana, milk.id)),
        "empty_batch": lambda: trash.empty_batch(session, ana, later),
        "purge_trash": lambda: trash.purge_trash(session),
    }


def test_everything_else_done_with_tasks_finds_them_by_an_index(
    plans: Plans, session: Session, ana: Actor, anas_milk: Task
) -> None:
    every = acts(session, ana, anas_milk)
    assert set(every) | LISTS == {
        name
        for module in (task_list, tasks, trash)
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__
        and not name.startswith("_")
        # What takes many transactions sends the statements of one, over and over.
        and not inspect.iscoroutinefunction(function)
    }, "what is new gets its line above"
    for act in every.values():
        for plan in plans.of(act):
            assert_read_off_an_index(plan)


def test_a_round_of_the_house_finds_what_is_over_by_an_index(
    plans: Plans, session: Session, anas_milk: Task
) -> None:
    for throw_away in (
        trash.purge_trash,
        housekeeping.remove_used_up_verifications,
        departures.clear_batch,
    ):
        for plan in plans.of(lambda throw_away=throw_away: throw_away(session)):
            assert_read_off_an_index(plan)


def test_an_export_reads_everything_in_the_order_of_an_index(
    plans: Plans, session: Session, ana: Actor, anas_milk: Task
) -> None:
    (first,) = task_list.list_everything(session, ana, 5)
    seen = 0
    for last in (None, first):
        for plan in plans.of(lambda last=last: task_list.list_everything(session, ana, 5, last)):
            assert_read_off_an_index(plan)
            seen += 1
    assert seen == 2
