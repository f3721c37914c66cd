"""The trash: what is removed from it for good, by its owner or by time, and what never is."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, col, select

from dashboard.db import Database
from dashboard.errors import Forbidden, NotInTrash, TaskNotFound
from dashboard.models.session import Actor
from dashboard.models.task import TRASH_KEEPS, Task
from dashboard.services import batches, facts, task_list, tasks
from dashboard.services.facts import Fact, TaskChanged, TrashEmptied


@pytest.fixture
def make_trash(
    database: Database, make_task: Callable[..., Task], frozen_clock
) -> Callable[..., Task]:
    """Makes a task that someone deleted now: `make_trash(ana, "Milk")`."""

    def make(actor: Actor, title: str = "Milk") -> Task:
        task = make_task(actor, title)
        with database.transaction() as session:
            return tasks.delete_task(session, actor, task.id)

    return make


@pytest.fixture
def heard(ana: Actor) -> list[Fact]:
    """What Ana's screen hears."""
    heard: list[Fact] = []
    facts.listen(ana.id, heard.append)
    return heard


def titles(session: Session) -> list[str]:
    """Everybody's tasks, in the trash or not."""
    return sorted(session.exec(select(col(Task.title))).all())


def is_there(database: Database, task_id: UUID) -> bool:
    with database.transaction(writes=False) as session:
        return session.get(Task, task_id) is not None


# One task


def test_a_task_in_the_trash_is_deleted_forever(
    database: Database, ana: Actor, make_trash, heard: list[Fact]
) -> None:
    milk = make_trash(ana)
    heard.clear()
    with database.transaction() as session:
        tasks.delete_forever(session, ana, milk.id)
    assert not is_there(database, milk.id)
    assert heard == [TaskChanged(ana.id, milk.id, milk.version + 1, None, ana.session_id)]


def test_a_task_that_is_not_in_the_trash_is_kept(
    database: Database, ana: Actor, anas_milk: Task
) -> None:
    with (
        pytest.raises(NotInTrash, match="not in the trash any more"),
        database.transaction() as session,
    ):
        tasks.delete_forever(session, ana, anas_milk.id)
    assert is_there(database, anas_milk.id)


def test_a_task_that_was_restored_meanwhile_is_kept(
    database: Database, ana: Actor, make_trash
) -> None:
    milk = make_trash(ana)
    with database.transaction() as session:
        tasks.restore_task(session, ana, milk.id)
    with pytest.raises(NotInTrash), database.transaction() as session:
        tasks.delete_forever(session, ana, milk.id)


def test_nobody_deletes_another_persons_task_forever(
    database: Database, ana: Actor, bob: Actor, make_trash, heard: list[Fact]
) -> None:
    milk = make_trash(ana)
    heard.clear()
    with pytest.raises(Forbidden), database.transaction() as session:
        tasks.delete_forever(session, bob, milk.id)
    assert is_there(database, milk.id)
    assert heard == []


def test_what_does_not_exist_cannot_be_deleted_forever(session: Session, ana: Actor) -> None:
    with pytest.raises(TaskNotFound):
        tasks.delete_forever(session, ana, uuid4())


def test_what_was_deleted_forever_cannot_be_restored(session: Session, ana: Actor) -> None:
    milk = tasks.create_task(session, ana, tasks.TaskDraft(title="Milk"))
    tasks.delete_task(session, ana, milk.id)
    tasks.delete_forever(session, ana, milk.id)
    with pytest.raises(TaskNotFound):
        tasks.restore_task(session, ana, milk.id)


# All of it


def test_emptying_the_trash_takes_ones_own_trash_and_nothing_else(
    database: Database, ana: Actor, bob: Actor, make_task, make_trash, heard: list[Fact]
) -> None:
    make_task(ana, "Ana's task")
    make_trash(bob, "Bob's trash")
    for number in range(3):
        make_trash(ana, f"Ana's trash {number}")
    heard.clear()
    with database.transaction() as session:
        assert tasks.empty_trash(session, ana) == 3
    with database.transaction(writes=False) as session:
        assert titles(session) == ["Ana's task", "Bob's trash"]
    assert heard == [TrashEmptied(ana.id)]


def test_emptying_an_empty_trash_is_no_news(
    database: Database, ana: Actor, anas_milk: Task, heard: list[Fact]
) -> None:
    heard.clear()
    with database.transaction() as session:
        assert tasks.empty_trash(session, ana) == 0
    assert heard == []


def test_what_was_deleted_after_the_person_looked_stays(
    database: Database, ana: Actor, make_trash, frozen_clock
) -> None:
    make_trash(ana, "Seen before")
    frozen_clock.advance(seconds=1)
    last_seen = make_trash(ana, "Seen last")
    frozen_clock.advance(microseconds=1)
    make_trash(ana, "Unseen")
    with database.transaction() as session:
        assert tasks.empty_trash(session, ana, until=last_seen.deleted_at) == 2
        assert titles(session) == ["Unseen"]


def test_metrics_do_not_move_when_the_trash_is_emptied(
    database: Database, ana: Actor, anas_milk: Task, make_trash
) -> None:
    make_trash(ana, "Old")
    with database.transaction() as session:
        before = task_list.count_metrics(session, ana)
        tasks.empty_trash(session, ana)
        assert task_list.count_metrics(session, ana) == before


# Time


def purge_all(database: Database) -> int:
    removed = 0
    while True:
        with database.transaction() as session:
            batch = tasks.purge_trash(session)
        if not batch:
            return removed
        removed += batch


def test_the_trash_is_kept_for_thirty_days_and_no_longer(
    database: Database, ana: Actor, bob: Actor, make_task, make_trash, frozen_clock
) -> None:
    make_trash(ana, "Ana's old trash")
    make_trash(bob, "Bob's old trash")
    make_task(ana, "Ana's old task")
    frozen_clock.advance(microseconds=1)
    make_trash(ana, "A moment younger")
    frozen_clock.moment += TRASH_KEEPS
    assert purge_all(database) == 2
    with database.transaction(writes=False) as session:
        assert titles(session) == ["A moment younger", "Ana's old task"]


def test_exactly_thirty_days_are_not_over(
    database: Database, ana: Actor, make_trash, frozen_clock
) -> None:
    make_trash(ana)
    frozen_clock.advance(days=30)
    assert purge_all(database) == 0
    frozen_clock.advance(microseconds=1)
    assert purge_all(database) == 1


def test_a_task_that_was_restored_and_deleted_again_has_thirty_days_more(
    database: Database, ana: Actor, make_trash, frozen_clock
) -> None:
    milk = make_trash(ana)
    frozen_clock.advance(days=29)
    with database.transaction() as session:
        tasks.restore_task(session, ana, milk.id)
        tasks.delete_task(session, ana, milk.id)
    frozen_clock.advance(days=29)
    assert purge_all(database) == 0


def test_a_purge_goes_a_batch_at_a_time(
    database: Database, ana: Actor, make_trash, frozen_clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "BATCH", 2)
    for number in range(5):
        make_trash(ana, f"Task {number}")
    frozen_clock.advance(days=31)
    sizes = []
    for _ in range(4):
        with database.transaction() as session:
            sizes.append(tasks.purge_trash(session))
    assert sizes == [2, 2, 1, 0]


def test_everyone_who_lost_something_hears_of_a_purge_and_nobody_else(
    database: Database, ana: Actor, bob: Actor, make_trash, frozen_clock, heard: list[Fact]
) -> None:
    bobs: list[Fact] = []
    make_trash(ana, "Milk")
    make_trash(ana, "Bread")
    make_trash(bob, "Eggs")
    heard.clear()
    facts.listen(bob.id, bobs.append)
    frozen_clock.advance(days=31)
    with database.transaction() as session:
        tasks.restore_task(
            session, bob, session.exec(select(Task).where(Task.title == "Eggs")).one().id
        )
    bobs.clear()
    purge_all(database)
    assert (heard, bobs) == ([TrashEmptied(ana.id)], [])


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_task_that_someone_is_restoring_is_not_purged_and_keeps_nobody_else_waiting(
    database: Database, ana: Actor, bob: Actor, make_trash, frozen_clock
) -> None:
    milk, bread = make_trash(ana, "Milk"), make_trash(bob, "Bread")
    frozen_clock.advance(days=31)
    with database.transaction() as restoring:
        tasks.restore_task(restoring, ana, milk.id)
        restoring.flush()
        with database.transaction() as session:
            assert tasks.purge_trash(session) == 1
    assert is_there(database, milk.id)
    assert not is_there(database, bread.id)


def test_the_browser_counts_the_same_days_as_the_server() -> None:
    words = Path(__file__).parents[2] / "assets" / "words.js"
    assert timedelta(days=30) == TRASH_KEEPS
    assert "TRASH_DAYS = 30;" in words.read_text()


def test_a_moment_in_the_trash_is_exact(make_trash, database: Database, ana: Actor) -> None:
    milk = make_trash(ana)
    with database.transaction(writes=False) as session:
        kept = session.get(Task, milk.id)
        assert kept is not None
        assert isinstance(kept.deleted_at, datetime)
        assert kept.deleted_at == milk.deleted_at == kept.updated_at
