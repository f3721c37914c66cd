"""Each command leaves a record of what it changed, in its own transaction, for those who see the list."""

import json
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import Session, col, select

from dashboard import clock
from dashboard.database.transactions import Database
from dashboard.errors import Forbidden
from dashboard.models.activity import Action, Activity
from dashboard.models.columns import first_id_at
from dashboard.models.list import ListChanges, ListDraft, ListMember, ListOrder, Role, TaskList
from dashboard.models.session import Actor
from dashboard.models.task import Priority, Task, TaskChanges, TaskDraft
from dashboard.models.task_query import StepQuery
from dashboard.services import activity
from dashboard.services.lists import commands
from dashboard.services.tasks import commands as tasks
from dashboard.services.tasks import history, trash


def rows_of(session: Session) -> list[Activity]:
    return list(session.exec(select(Activity).order_by(col(Activity.id))).all())


def told(row: Activity) -> tuple[str, Any, Any]:
    before, after = (each and json.loads(each) for each in (row.before, row.after))
    return row.action, before, after


def shared_list(session: Session, owner: Actor, *others: Actor, name: str = "Home") -> TaskList:
    home = commands.create_list(session, owner, ListDraft(name=name)).row.list
    for other in others:
        session.add(ListMember(user_id=other.id, list_id=home.id, role=Role.EDITOR))
    session.flush()
    return home


def test_each_command_on_a_task_leaves_the_fields_that_it_changed(
    session: Session, ana: Actor
) -> None:
    draft = TaskDraft(title="Milk", due_date=date(2026, 12, 1), description="Two litres")
    milk = tasks.create_task(session, ana, draft).task
    changes = TaskChanges(title="Oat milk", priority=Priority.HIGH, description="Two litres")
    tasks.update_task(session, ana, milk.id, changes)
    tasks.update_task(session, ana, milk.id, TaskChanges(is_completed=True))
    tasks.delete_task(session, ana, milk.id)
    tasks.restore_task(session, ana, milk.id)
    rows = rows_of(session)
    made = {"title": "Milk", "description": "Two litres", "due_date": "2026-12-01"}
    assert [told(row)[0] for row in rows] == ["create", "change", "change", "delete", "restore"]
    assert told(rows[0]) == ("create", None, {**made, "list_id": str(ana.id)})
    assert told(rows[1]) == (
        "change",
        {"title": "Milk", "priority": "Medium"},
        {"title": "Oat milk", "priority": "High"},
    )
    assert [set(told(row)[1]) for row in rows[2:]] == [
        {"completed_at"},
        {"deleted_at"},
        {"deleted_at"},
    ]
    assert {(row.actor_id, row.list_id, row.task_id) for row in rows} == {(ana.id, ana.id, milk.id)}


def test_a_command_answers_what_it_changed_and_what_was_there_before(
    session: Session, ana: Actor, bob: Actor
) -> None:
    made = tasks.create_task(session, ana, TaskDraft(title="Milk"))
    assert [(each.action, each.before) for each in made.changed] == [(Action.CREATE, None)]
    changed = tasks.update_task(session, ana, made.task.id, TaskChanges(title="Oat milk"))
    (effect,) = changed.changed
    assert (effect.task.title, effect.before and effect.before["title"]) == ("Oat milk", "Milk")
    assert tasks.restore_task(session, ana, made.task.id).changed == ()
    home = commands.create_list(session, ana, ListDraft(name="Home")).row.list
    renamed = commands.update_list(session, ana, home.id, ListChanges(name="House"))
    assert [(each.list.name, each.before) for each in renamed.changed] == [
        ("House", {"name": "Home"})
    ]


def test_each_command_on_a_list_leaves_a_row(session: Session, ana: Actor) -> None:
    home = commands.create_list(session, ana, ListDraft(name="Home")).row.list
    commands.update_list(session, ana, home.id, ListChanges(name="House", is_archived=True))
    commands.delete_list(session, ana, home.id)
    commands.restore_list(session, ana, home.id)
    commands.order_lists(session, ana, ListOrder(list_ids=[home.id]))
    rows = rows_of(session)
    assert [row.action for row in rows] == ["create", "change", "delete", "restore", "order"]
    assert told(rows[1])[1] == {"name": "Home", "archived_at": None}
    assert told(rows[1])[2]["name"] == "House"
    assert [row.list_id for row in rows] == [*[home.id] * 4, ana.id]


def test_what_one_transaction_does_is_one_step(database: Database, ana: Actor) -> None:
    for titles in (("Milk", "Bread"), ("Oats",)):
        with database.transaction() as session:
            for title in titles:
                tasks.create_task(session, ana, TaskDraft(title=title))
    with database.transaction(writes=False) as session:
        first, second, other = (row.batch for row in rows_of(session))
    assert first == second != other


def test_what_is_refused_leaves_nothing(
    database: Database, ana: Actor, bob: Actor, anas_milk: Task
) -> None:
    with pytest.raises(Forbidden), database.transaction() as session:
        tasks.create_task(session, bob, TaskDraft(title="Bread"))
        tasks.update_task(session, bob, anas_milk.id, TaskChanges(title="Mine"))
    with database.transaction(writes=False) as session:
        assert [row.actor_id for row in rows_of(session)] == [ana.id]


def test_a_task_that_moves_tells_each_list_its_own_half(session: Session, ana: Actor) -> None:
    home = commands.create_list(session, ana, ListDraft(name="Home")).row.list
    milk = tasks.create_task(session, ana, TaskDraft(title="Milk")).task
    tasks.update_task(session, ana, milk.id, TaskChanges(title="Oats", list_id=home.id))
    left, arrived = rows_of(session)[-2:]
    (_, was, nothing), (_, nothing_before, now) = told(left), told(arrived)
    assert left.list_id == ana.id
    assert was.items() >= {"title": "Milk", "list_id": str(ana.id)}.items()
    assert arrived.list_id == home.id
    assert now.items() >= {"title": "Oats", "list_id": str(home.id)}.items()
    assert was.keys() == now.keys() == {"title", "list_id", "position"}
    assert nothing is nothing_before is None
    assert left.batch == arrived.batch


async def test_of_a_task_that_is_removed_for_good_no_word_is_left(
    database: Database, ana: Actor
) -> None:
    def words(session: Session) -> list[tuple[str, UUID | None, Any]]:
        return [(row.action, row.task_id, row.before) for row in rows_of(session)]

    with database.transaction() as session:
        for title in ("Milk", "Bread", "Oats"):
            made = tasks.create_task(session, ana, TaskDraft(title=title)).task
            tasks.delete_task(session, ana, made.id)
        tasks.delete_forever(session, ana, made.id)
        assert words(session)[-1] == ("erase", None, None)
    await trash.empty_trash(ana, clock.now())
    with database.transaction(writes=False) as session:
        assert words(session) == [("erase", None, None), ("erase", None, '{"tasks":2}')]


def test_it_is_kept_for_more_than_a_year(session: Session, ana: Actor) -> None:
    for days in (399, 401):
        at = clock.now() - timedelta(days=days)
        row = Activity(id=first_id_at(at), at=at, batch=ana.id, list_id=ana.id, action="create")
        session.add(row)
    session.flush()
    assert activity.remove_old(session) == 1
    assert [row.at for row in rows_of(session)] > [clock.now() - timedelta(days=400)]


def test_a_person_sees_their_own_steps_of_a_task_latest_first_by_pages(
    session: Session, ana: Actor, bob: Actor
) -> None:
    home = shared_list(session, ana, bob)
    milk = tasks.create_task(session, ana, TaskDraft(title="Milk", list_id=home.id)).task
    tasks.update_task(session, bob, milk.id, TaskChanges(title="Oat milk"))
    for is_completed in (True, False):
        tasks.update_task(session, ana, milk.id, TaskChanges(is_completed=is_completed))
    first = history.list_steps(session, ana, milk.id, StepQuery(limit=2))
    rest = StepQuery(limit=2, cursor=first.next_cursor)
    last = history.list_steps(session, ana, milk.id, rest)
    steps = [(row.action, row.actor_id) for row in (*first.items, *last.items)]
    assert steps == [("change", ana.id), ("change", ana.id), ("create", ana.id)]
    assert last.next_cursor is None
    private = tasks.create_task(session, ana, TaskDraft(title="Secret")).task
    with pytest.raises(Forbidden):
        history.list_steps(session, bob, private.id, StepQuery())
