"""What the database goes through for one person does not grow with what others have, nor with tasks in other states."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session

from dashboard.database.transactions import Database
from dashboard.models.session import Actor
from dashboard.models.task import Task, TaskChanges, TaskDraft
from dashboard.models.task_query import Sort, Status, TaskQuery
from dashboard.services.tasks import commands, task_list, trash

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

MANY = 2_000
LATER = datetime(2027, 1, 1, tzinfo=UTC)
Act = Callable[[Session, Actor, Task], Any]


def listing(**query: Any) -> Act:
    return lambda session, actor, _: task_list.list_tasks(session, actor, TaskQuery(**query))


ACTS: dict[str, Act] = {
    **{f"open by {sort}": listing(status=Status.PENDING, sort=sort) for sort in Sort},
    "late": listing(status=Status.OVERDUE),
    "trash": listing(status=Status.DELETED, sort=Sort.UPDATED),
    "search": listing(status=Status.PENDING, q="milk"),
    "find": lambda session, actor, task: task_list.find_tasks(
        session, actor, TaskQuery(), [task.id]
    ),
    "get": lambda session, actor, task: commands.get_task(session, actor, task.id),
    "create": lambda session, actor, _: commands.create_task(
        session, actor, TaskDraft(title="Oats")
    ),
    "change": lambda session, actor, task: commands.update_task(
        session, actor, task.id, TaskChanges(title="Milk!")
    ),
    "delete": lambda session, actor, task: commands.delete_task(session, actor, task.id),
    "empty the trash": lambda session, actor, _: trash.empty_batch(session, actor, LATER),
    "purge": lambda session, _actor, _task: trash.purge_trash(session),
}


def steps(session: Session, act: Callable[[], Any]) -> int:
    """How many instructions of SQLite's own machine it takes: each row that is looked at is several."""
    driver: Any = session.connection().connection.driver_connection
    taken = 0

    def count() -> int:
        nonlocal taken
        taken += 1
        return 0

    driver.set_progress_handler(count, 1)
    try:
        act()
    finally:
        driver.set_progress_handler(None, 1)
    return taken


def put_many(session: Session, actor: Actor, **fields: Any) -> None:
    made = [
        Task(list_id=actor.id, created_by=actor.id, title=f"Bread {number}", **fields)
        for number in range(MANY)
    ]
    for task in made:
        task.index()
    session.add_all(made)
    session.flush()


def taken_by_each(session: Session, actor: Actor, task: Task) -> dict[str, int]:
    taken = {}
    for name, act in ACTS.items():
        with session.begin_nested() as apart:
            taken[name] = steps(session, lambda act=act: act(session, actor, task))
            apart.rollback()
    return taken


def test_what_others_have_costs_nothing(
    database: Database, session: Session, ana: Actor, bob: Actor, anas_milk: Task
) -> None:
    alone = taken_by_each(session, ana, anas_milk)
    put_many(session, bob, due_date=LATER.date(), deleted_at=None)
    put_many(session, bob, completed_at=LATER)
    among_others = taken_by_each(session, ana, anas_milk)
    # An index with more in it is a level or two deeper.
    assert {name: n for name, n in among_others.items() if n > alone[name] * 1.5 + 100} == {}


def test_what_is_completed_costs_those_nothing_who_look_at_what_is_open(
    database: Database, session: Session, ana: Actor, anas_milk: Task
) -> None:
    before = taken_by_each(session, ana, anas_milk)
    put_many(session, ana, completed_at=LATER - timedelta(days=400))
    after = taken_by_each(session, ana, anas_milk)
    # Every count is part of the answer to "find"; what is completed is counted in an index, a few steps for each.
    assert {n: after[n] for n in after if after[n] > before[n] * 1.5 + 100} == {
        "find": after["find"]
    }
    assert after["find"] < before["find"] + 10 * MANY
