import asyncio
import threading
from collections.abc import Callable
from datetime import date, time
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, col, delete, func, select
from uuid_utils.compat import uuid7

from dashboard import clock
from dashboard.database.transactions import Database
from dashboard.errors import (
    Forbidden,
    InvalidInput,
    NotInTrash,
    NotSignedIn,
    StaleVersion,
    TaskNotFound,
)
from dashboard.models.session import Actor
from dashboard.models.task import Priority, Task, TaskChanges, TaskDraft, TaskReplacement
from dashboard.models.user import User
from dashboard.services.operation import batches
from dashboard.services.tasks import commands, trash
from dashboard.services.tasks.effects import TaskEffects
from tests.models.test_text import STORABLE, short

on_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
MILK = TaskDraft(title="Milk")


def how_many(session: Session) -> int:
    return session.exec(select(func.count()).select_from(Task)).one()


def titles(database: Database) -> set[str]:
    with database.transaction(writes=False) as session:
        return set(session.exec(select(Task.title)).all())


def stored(database: Database, task_id: UUID) -> Task:
    with database.transaction(writes=False) as session:
        task = session.get(Task, task_id)
        assert task is not None
        return task


# Making one


def test_a_new_task_is_what_was_asked_for_and_open(
    session: Session, ana: Actor, frozen_clock
) -> None:
    draft = TaskDraft.model_validate(
        {
            "title": " Milk ",
            "description": "2 litres",
            "priority": "High",
            "due_date": "2026-03-10",
            "due_time": "09:30",
        }
    )
    milk = commands.create_task(session, ana, draft).task
    assert (milk.title, milk.description, milk.priority) == ("Milk", "2 litres", Priority.HIGH)
    assert (milk.due_date, milk.due_time) == (date(2026, 3, 10), time(9, 30))
    assert (milk.created_by, milk.version, milk.completed_at, milk.deleted_at) == (
        ana.id,
        1,
        None,
        None,
    )
    assert milk.created_at == milk.updated_at == frozen_clock.now()


@pytest.mark.parametrize("text", STORABLE, ids=short)
def test_text_comes_back_byte_for_byte_and_a_title_in_one_line(
    database: Database, ana: Actor, make_task, text: str
) -> None:
    made = make_task(ana, text, description=text)
    kept = stored(database, made.id)
    assert kept.description.encode() == text.encode()
    assert kept.title.encode() == text.strip().replace("\n", " ").encode()


def test_the_longest_title_and_description_are_kept(
    database: Database, ana: Actor, make_task
) -> None:
    title, description = "\ufdfa" * 255, "👩‍🚀\u0301" * 2_500
    kept = stored(database, make_task(ana, title, description=description).id)
    assert (kept.title, kept.description) == (title, description)


def test_titles_that_cannot_be_compressed_fit_into_the_index(
    database: Database, ana: Actor, make_task
) -> None:
    make_task(ana, "".join(chr(0x20000 + place * 37) for place in range(255)))


def test_the_same_id_twice_makes_one_task(session: Session, ana: Actor) -> None:
    task_id = uuid7()
    first = commands.create_task(session, ana, MILK, task_id=task_id).task
    second = commands.create_task(session, ana, TaskDraft(title="Bread"), task_id=task_id).task
    assert first.id == second.id == task_id
    assert second.title == "Milk"
    assert how_many(session) == 1


def test_the_same_key_twice_makes_one_task(session: Session, ana: Actor, bob: Actor) -> None:
    first = commands.create_task(session, ana, MILK, idempotency_key="k1").task
    assert commands.create_task(session, ana, MILK, idempotency_key="k1").task.id == first.id
    assert commands.create_task(session, ana, MILK, idempotency_key="k2").task.id != first.id
    assert commands.create_task(session, bob, MILK, idempotency_key="k1").task.created_by == bob.id
    assert commands.create_task(session, ana, MILK).task.id != first.id
    assert how_many(session) == 4


def test_a_known_key_answers_even_with_a_new_id(session: Session, ana: Actor) -> None:
    first = commands.create_task(session, ana, MILK, idempotency_key="k1").task
    again = commands.create_task(session, ana, MILK, task_id=uuid7(), idempotency_key="k1").task
    assert again.id == first.id
    assert how_many(session) == 1


def test_another_persons_id_is_forbidden(session: Session, bob: Actor, anas_milk: Task) -> None:
    with pytest.raises(Forbidden):
        commands.create_task(session, bob, MILK, task_id=anas_milk.id)


def test_the_id_of_a_task_in_the_trash_is_not_found(
    session: Session, ana: Actor, anas_milk: Task
) -> None:
    commands.delete_task(session, ana, anas_milk.id)
    with pytest.raises(TaskNotFound):
        commands.create_task(session, ana, MILK, task_id=anas_milk.id)


@pytest.mark.parametrize("task_id", [uuid4(), UUID(int=0)], ids=["version 4", "nil"])
def test_an_id_that_does_not_grow_with_time_is_refused(
    session: Session, ana: Actor, task_id: UUID
) -> None:
    with pytest.raises(InvalidInput, match="UUID of version 7"):
        commands.create_task(session, ana, MILK, task_id=task_id)


@pytest.mark.parametrize("key", ["", "x" * 256, "a\x00", "a\n", "ключ", "\ud800"], ids=short)
def test_a_key_that_no_header_could_hold_is_refused(session: Session, ana: Actor, key: str) -> None:
    with pytest.raises(InvalidInput, match="1 to 255 printable ASCII"):
        commands.create_task(session, ana, MILK, idempotency_key=key)


def test_the_longest_key_is_kept(session: Session, ana: Actor) -> None:
    assert (
        commands.create_task(session, ana, MILK, idempotency_key="~" * 255).task.idempotency_key
        == "~" * 255
    )


def test_whoever_was_deleted_meanwhile_makes_nothing_and_the_server_does_not_loop(
    session: Session, ana: Actor
) -> None:
    session.exec(delete(User).where(col(User.id) == ana.id))
    every_way: list[dict[str, Any]] = [{}, {"task_id": uuid7()}, {"idempotency_key": "k1"}]
    for names in every_way:
        with pytest.raises(NotSignedIn), session.begin_nested():
            commands.create_task(session, ana, MILK, **names)
    assert how_many(session) == 0


# Looking


def test_a_task_is_there_for_its_owner_alone(
    session: Session, ana: Actor, bob: Actor, anas_milk: Task
) -> None:
    assert commands.get_task(session, ana, anas_milk.id).title == "Milk"
    with pytest.raises(Forbidden):
        commands.get_task(session, bob, anas_milk.id)
    with pytest.raises(TaskNotFound):
        commands.get_task(session, ana, uuid7())


# For whom, and which

Act = Callable[[Session, Actor, UUID], TaskEffects]
WHOLE: dict[str, Any] = {
    "title": "Bread",
    "description": "",
    "priority": "Low",
    "is_completed": True,
    "due_date": None,
    "due_time": None,
}
CHANGES: dict[str, Act] = {
    "change": lambda session, actor, task_id: commands.update_task(
        session, actor, task_id, TaskChanges(title="Bread")
    ),
    "replace": lambda session, actor, task_id: commands.update_task(
        session, actor, task_id, TaskReplacement(**WHOLE)
    ),
    "delete": commands.delete_task,
    "restore": commands.restore_task,
}


@pytest.mark.parametrize("name", CHANGES)
def test_nobody_touches_another_persons_task(
    database: Database, bob: Actor, anas_milk: Task, name: str
) -> None:
    with pytest.raises(Forbidden), database.transaction() as session:
        CHANGES[name](session, bob, anas_milk.id)
    assert stored(database, anas_milk.id).model_dump() == anas_milk.model_dump()


@pytest.mark.parametrize("name", CHANGES)
def test_nobody_touches_another_persons_trash(
    database: Database, ana: Actor, bob: Actor, anas_milk: Task, name: str
) -> None:
    with database.transaction() as session:
        before = commands.delete_task(session, ana, anas_milk.id).task
    with pytest.raises(Forbidden), database.transaction() as session:
        CHANGES[name](session, bob, anas_milk.id)
    assert stored(database, anas_milk.id).model_dump() == before.model_dump()


@pytest.mark.parametrize("name", CHANGES)
def test_what_does_not_exist_is_not_found(session: Session, ana: Actor, name: str) -> None:
    with pytest.raises(TaskNotFound):
        CHANGES[name](session, ana, uuid7())


@pytest.mark.parametrize("name", ["change", "replace", "delete"])
def test_what_is_in_the_trash_is_not_found_until_it_is_restored(
    session: Session, ana: Actor, anas_milk: Task, name: str
) -> None:
    commands.delete_task(session, ana, anas_milk.id)
    with pytest.raises(TaskNotFound):
        CHANGES[name](session, ana, anas_milk.id)
    with pytest.raises(TaskNotFound):
        commands.get_task(session, ana, anas_milk.id)
    commands.restore_task(session, ana, anas_milk.id)
    CHANGES[name](session, ana, anas_milk.id)


# Changing


def test_a_change_is_kept_and_counted(
    database: Database, ana: Actor, anas_milk: Task, frozen_clock
) -> None:
    with database.transaction() as session:
        commands.update_task(
            session, ana, anas_milk.id, TaskChanges(title="Oat milk", is_completed=True)
        )
    kept = stored(database, anas_milk.id)
    assert (kept.title, kept.description, kept.version) == ("Oat milk", "", 2)
    assert kept.completed_at == kept.updated_at == frozen_clock.now()
    assert kept.created_at == anas_milk.created_at
    assert kept.search_text == "oat milk\n"


def test_a_replacement_sets_every_field(database: Database, ana: Actor, make_task) -> None:
    made = make_task(ana, "Milk", description="2 litres", due_date="2026-03-10", due_time="09:30")
    with database.transaction() as session:
        commands.update_task(session, ana, made.id, TaskReplacement(**WHOLE))
    kept = stored(database, made.id)
    assert (kept.title, kept.description, kept.priority) == ("Bread", "", Priority.LOW)
    assert kept.is_completed
    assert (kept.due_date, kept.due_time) == (None, None)


def test_a_change_that_breaks_a_rule_changes_nothing(
    database: Database, ana: Actor, anas_milk: Task
) -> None:
    with (
        pytest.raises(InvalidInput, match="A time needs a due date"),
        database.transaction() as session,
    ):
        commands.update_task(
            session, ana, anas_milk.id, TaskChanges(title="Oat milk", due_time=time(9, 30))
        )
    assert stored(database, anas_milk.id).model_dump() == anas_milk.model_dump()


def test_with_a_version_only_that_version_is_changed_or_deleted(
    session: Session, ana: Actor, anas_milk: Task
) -> None:
    commands.update_task(session, ana, anas_milk.id, TaskChanges(title="Oat milk"), version=1)
    with pytest.raises(StaleVersion):
        commands.update_task(session, ana, anas_milk.id, TaskChanges(title="Soy milk"), version=1)
    with pytest.raises(StaleVersion):
        commands.delete_task(session, ana, anas_milk.id, version=1)
    assert commands.get_task(session, ana, anas_milk.id).title == "Oat milk"
    commands.delete_task(session, ana, anas_milk.id, version=2)


def test_a_stranger_learns_nothing_from_a_version(
    session: Session, bob: Actor, anas_milk: Task
) -> None:
    for version in (1, 99):
        with pytest.raises(Forbidden):
            commands.update_task(session, bob, anas_milk.id, TaskChanges(), version=version)


# The trash


def test_the_trash_keeps_a_task_as_it_was(
    database: Database, ana: Actor, anas_milk: Task, frozen_clock
) -> None:
    with database.transaction() as session:
        commands.delete_task(session, ana, anas_milk.id)
    assert stored(database, anas_milk.id).deleted_at == frozen_clock.now()
    with database.transaction() as session:
        commands.restore_task(session, ana, anas_milk.id)
    kept = stored(database, anas_milk.id)
    changed = {"deleted_at", "updated_at", "version"}
    assert kept.model_dump(exclude=changed) == anas_milk.model_dump(exclude=changed)
    assert (kept.deleted_at, kept.version) == (None, 3)


def test_restoring_what_is_not_in_the_trash_leaves_it_as_it_is(
    session: Session, ana: Actor, anas_milk: Task
) -> None:
    assert commands.restore_task(session, ana, anas_milk.id).task.version == 1


def in_trash(database: Database, actor: Actor, task: Task) -> None:
    with database.transaction() as session:
        commands.delete_task(session, actor, task.id)


def test_only_what_is_in_the_trash_can_be_removed_for_good(
    database: Database, ana: Actor, anas_milk: Task
) -> None:
    with pytest.raises(NotInTrash), database.transaction() as session:
        commands.delete_forever(session, ana, anas_milk.id)
    in_trash(database, ana, anas_milk)
    with database.transaction() as session:
        commands.delete_forever(session, ana, anas_milk.id)
    with database.transaction() as session:
        assert how_many(session) == 0
        with pytest.raises(TaskNotFound):
            commands.delete_forever(session, ana, anas_milk.id)


async def test_nobody_removes_another_persons_task_for_good(
    database: Database, ana: Actor, bob: Actor, anas_milk: Task
) -> None:
    in_trash(database, ana, anas_milk)
    with pytest.raises(Forbidden), database.transaction() as session:
        commands.delete_forever(session, bob, anas_milk.id)
    assert await trash.empty_trash(bob, clock.now()) == 0
    assert stored(database, anas_milk.id).title == "Milk"


async def test_emptying_the_trash_leaves_what_is_not_in_it(
    database: Database, ana: Actor, bob: Actor, make_task, frozen_clock
) -> None:
    kept, old, new = (make_task(ana, title) for title in ("kept", "old", "new"))
    bobs = make_task(bob, "Bread")
    in_trash(database, bob, bobs)
    in_trash(database, ana, old)
    seen_until = frozen_clock.now()
    frozen_clock.advance(seconds=1)
    in_trash(database, ana, new)
    assert await trash.empty_trash(ana, seen_until) == 1
    assert titles(database) == {"kept", "new", "Bread"}
    assert await trash.empty_trash(ana, clock.now()) == 1
    assert await trash.empty_trash(ana, clock.now()) == 0
    assert titles(database) == {"kept", "Bread"}
    assert stored(database, kept.id).deleted_at is None


def test_the_trash_keeps_a_task_for_thirty_days(
    database: Database, ana: Actor, anas_milk: Task, make_task, frozen_clock
) -> None:
    make_task(ana, "not deleted")
    in_trash(database, ana, anas_milk)
    frozen_clock.advance(days=30)
    with database.transaction() as session:
        assert trash.purge_trash(session) == 0
    frozen_clock.advance(seconds=1)
    with database.transaction() as session:
        assert trash.purge_trash(session) == 1
        assert trash.purge_trash(session) == 0
        assert session.exec(select(Task.title)).all() == ["not deleted"]


def test_old_trash_goes_a_batch_at_a_time(
    database: Database, ana: Actor, bob: Actor, make_task, frozen_clock, monkeypatch
) -> None:
    monkeypatch.setattr(batches, "BATCH", 2)
    for actor in (ana, ana, bob):
        in_trash(database, actor, make_task(actor, "Milk"))
    frozen_clock.advance(days=31)
    with database.transaction() as session:
        assert [trash.purge_trash(session) for _ in range(3)] == [2, 1, 0]


# At once


def at_once(database: Database, *works: Callable[[Session], Any]) -> list[Any]:
    """Run each work in a transaction and a thread of its own, all let go together; an error is its answer."""
    barrier = threading.Barrier(len(works), timeout=60)

    def run(work: Callable[[Session], Any]) -> Any:
        barrier.wait()
        with database.transaction() as session:
            return work(session)

    async def together() -> list[Any]:
        threads = (asyncio.to_thread(run, work) for work in works)
        return await asyncio.gather(*threads, return_exceptions=True)

    return asyncio.run(together())


@pytest.mark.parametrize(
    "names", [lambda: {"idempotency_key": "k1"}, lambda: {"task_id": uuid7()}], ids=["key", "id"]
)
def test_the_same_create_many_times_at_once_makes_one_task(
    database: Database, ana: Actor, names
) -> None:
    same = names()
    answers = at_once(
        database, *[lambda session: commands.create_task(session, ana, MILK, **same).task.id] * 4
    )
    assert len(set(answers)) == 1
    assert isinstance(answers[0], UUID)
    with database.transaction(writes=False) as session:
        assert how_many(session) == 1


def test_an_id_that_two_people_use_at_once_is_one_of_theirs(
    database: Database, ana: Actor, bob: Actor
) -> None:
    same = uuid7()
    answers = at_once(
        database,
        lambda session: commands.create_task(session, ana, MILK, task_id=same).task.created_by,
        lambda session: commands.create_task(session, bob, MILK, task_id=same).task.created_by,
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["Forbidden", "UUID"]


def test_changes_of_different_fields_at_once_all_survive(
    database: Database, ana: Actor, anas_milk: Task
) -> None:
    changes = (
        TaskChanges(title="Oat milk"),
        TaskChanges(description="2 litres"),
        TaskChanges(priority=Priority.HIGH),
        TaskChanges(is_completed=True),
    )
    at_once(
        database,
        *(
            lambda session, some=some: commands.update_task(session, ana, anas_milk.id, some)
            for some in changes
        ),
    )
    kept = stored(database, anas_milk.id)
    assert (kept.title, kept.description, kept.priority) == ("Oat milk", "2 litres", Priority.HIGH)
    assert kept.is_completed
    assert kept.version == 1 + len(changes)


def test_of_two_who_knew_the_same_version_one_is_told(
    database: Database, ana: Actor, anas_milk: Task
) -> None:
    answers = at_once(
        database,
        *(
            lambda session, title=title: (
                commands.update_task(
                    session, ana, anas_milk.id, TaskChanges(title=title), version=1
                ).task.title
            )
            for title in ("Oat milk", "Soy milk")
        ),
    )
    assert [isinstance(answer, StaleVersion) for answer in answers].count(True) == 1
    assert stored(database, anas_milk.id).title in answers


@on_postgresql
def test_whoever_has_read_a_task_before_changing_it_still_changes_the_latest(
    database: Database, ana: Actor, anas_milk: Task
) -> None:
    with database.transaction() as session:
        seen = commands.get_task(session, ana, anas_milk.id)
        assert seen.description == ""
        with database.transaction() as other:
            commands.update_task(other, ana, anas_milk.id, TaskChanges(description="2 litres"))
        changed = commands.update_task(
            session, ana, anas_milk.id, TaskChanges(title="Oat milk")
        ).task
        assert (changed.description, changed.version) == ("2 litres", 3)
    assert stored(database, anas_milk.id).description == "2 litres"
