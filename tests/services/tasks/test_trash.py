"""The trash: what is removed from it for good, by its owner or by time, and what never is."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, col, select

from dashboard import clock, events
from dashboard.database.transactions import Database
from dashboard.errors import Forbidden, NotInTrash, TaskNotFound
from dashboard.events import Event
from dashboard.models.session import Actor
from dashboard.models.task import TRASH_KEEPS, Task, TaskDraft
from dashboard.models.task_query import Status, TaskQuery
from dashboard.services.operation import batches
from dashboard.services.tasks import commands, task_list, trash
from tests.conftest import AfterABatch, task_changed, trash_emptied, until


@pytest.fixture
def make_trash(
    database: Database, make_task: Callable[..., Task], frozen_clock
) -> Callable[..., Task]:
    """Makes a task that someone deleted now: `make_trash(ana, "Milk")`."""

    def make(actor: Actor, title: str = "Milk") -> Task:
        task = make_task(actor, title)
        with database.transaction() as session:
            return commands.delete_task(session, actor, task.id).task

    return make


@pytest.fixture
def heard(ana: Actor) -> list[Event]:
    """What Ana's screen hears."""
    heard: list[Event] = []
    events.listen(ana.id, heard.append)
    return heard


def titles(session: Session) -> list[str]:
    """Everybody's tasks, in the trash or not."""
    return sorted(session.exec(select(col(Task.title))).all())


def is_there(database: Database, task_id: UUID) -> bool:
    with database.transaction(writes=False) as session:
        return session.get(Task, task_id) is not None


def in_trash(database: Database, actor: Actor) -> int:
    with database.transaction(writes=False) as session:
        return task_list.list_tasks(session, actor, TaskQuery(status=Status.DELETED)).count


def is_somebody_waiting(database: Database) -> bool:
    with database.transaction(writes=False) as session:
        waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        return bool(session.connection().exec_driver_sql(waiting).scalar())


# One task


def test_a_task_in_the_trash_is_deleted_forever(
    database: Database, ana: Actor, make_trash, heard: list[Event]
) -> None:
    milk = make_trash(ana)
    heard.clear()
    with database.transaction() as session:
        commands.delete_forever(session, ana, milk.id)
    assert not is_there(database, milk.id)
    assert heard == [task_changed(ana, milk.id, milk.version + 1)]


def test_a_task_that_is_not_in_the_trash_is_kept(
    database: Database, ana: Actor, anas_milk: Task
) -> None:
    with (
        pytest.raises(NotInTrash, match="not in the trash any more"),
        database.transaction() as session,
    ):
        commands.delete_forever(session, ana, anas_milk.id)
    assert is_there(database, anas_milk.id)


def test_a_task_that_was_restored_meanwhile_is_kept(
    database: Database, ana: Actor, make_trash
) -> None:
    milk = make_trash(ana)
    with database.transaction() as session:
        commands.restore_task(session, ana, milk.id)
    with pytest.raises(NotInTrash), database.transaction() as session:
        commands.delete_forever(session, ana, milk.id)


def test_nobody_deletes_another_persons_task_forever(
    database: Database, ana: Actor, bob: Actor, make_trash, heard: list[Event]
) -> None:
    milk = make_trash(ana)
    heard.clear()
    with pytest.raises(Forbidden), database.transaction() as session:
        commands.delete_forever(session, bob, milk.id)
    assert is_there(database, milk.id)
    assert heard == []


def test_what_does_not_exist_cannot_be_deleted_forever(session: Session, ana: Actor) -> None:
    with pytest.raises(TaskNotFound):
        commands.delete_forever(session, ana, uuid4())


def test_what_was_deleted_forever_cannot_be_restored(session: Session, ana: Actor) -> None:
    milk = commands.create_task(session, ana, commands.TaskDraft(title="Milk")).task
    commands.delete_task(session, ana, milk.id)
    commands.delete_forever(session, ana, milk.id)
    with pytest.raises(TaskNotFound):
        commands.restore_task(session, ana, milk.id)


# All of it


async def test_emptying_the_trash_takes_ones_own_trash_and_nothing_else(
    database: Database, ana: Actor, bob: Actor, make_task, make_trash, heard: list[Event]
) -> None:
    make_task(ana, "Ana's task")
    make_trash(bob, "Bob's trash")
    for number in range(3):
        make_trash(ana, f"Ana's trash {number}")
    heard.clear()
    assert await trash.empty_trash(ana, clock.now()) == 3
    with database.transaction(writes=False) as session:
        assert titles(session) == ["Ana's task", "Bob's trash"]
    assert heard == [trash_emptied(ana)]


async def test_emptying_an_empty_trash_is_no_news(
    database: Database, ana: Actor, anas_milk: Task, heard: list[Event]
) -> None:
    heard.clear()
    assert await trash.empty_trash(ana, clock.now()) == 0
    assert heard == []


async def test_what_was_deleted_after_the_person_looked_stays(
    database: Database, ana: Actor, make_trash, frozen_clock
) -> None:
    make_trash(ana, "Seen before")
    frozen_clock.advance(seconds=1)
    last_seen = make_trash(ana, "Seen last")
    frozen_clock.advance(microseconds=1)
    make_trash(ana, "Unseen")
    assert await trash.empty_trash(ana, last_seen.deleted_at) == 2
    with database.transaction(writes=False) as session:
        assert titles(session) == ["Unseen"]


async def test_metrics_do_not_move_when_the_trash_is_emptied(
    database: Database, ana: Actor, anas_milk: Task, make_trash
) -> None:
    make_trash(ana, "Old")
    before = await database.read(task_list.count_metrics, ana)
    await trash.empty_trash(ana, clock.now())
    assert await database.read(task_list.count_metrics, ana) == before


# A batch at a time


@pytest.fixture
def seven_in_trash(make_trash, ana: Actor, monkeypatch: pytest.MonkeyPatch) -> list[Task]:
    """Seven tasks of Ana's, of which two are a batch."""
    monkeypatch.setattr(batches, "AMONG_PEOPLE", 2)
    return [make_trash(ana, f"Trash {number}") for number in range(7)]


async def test_others_write_while_a_trash_is_emptied(
    database: Database, seven_in_trash, ana: Actor, bob: Actor, after_a_batch: AfterABatch
) -> None:
    async with after_a_batch(trash.empty_trash(ana, clock.now())) as emptying:
        await database.write(commands.create_task, bob, TaskDraft(title="Bread"))
        assert in_trash(database, ana) == 5
    assert emptying.result() == 7
    with database.transaction(writes=False) as session:
        assert titles(session) == ["Bread"]


async def test_a_trash_is_emptied_to_the_end_before_anybody_hears_of_it_and_they_hear_once(
    database: Database, seven_in_trash, ana: Actor, heard: list[Event], after_a_batch: AfterABatch
) -> None:
    heard.clear()
    async with after_a_batch(trash.empty_trash(ana, clock.now())):
        assert heard == []
    assert (in_trash(database, ana), heard) == (0, [trash_emptied(ana)])


async def test_what_is_restored_while_the_trash_is_emptied_stays(
    database: Database, seven_in_trash, ana: Actor, after_a_batch: AfterABatch
) -> None:
    async with after_a_batch(trash.empty_trash(ana, clock.now())) as emptying:
        left = [task for task in seven_in_trash if is_there(database, task.id)]
        await database.write(commands.restore_task, ana, left[0].id)
    assert emptying.result() == 6
    with database.transaction(writes=False) as session:
        assert titles(session) == [left[0].title]


async def test_what_is_deleted_while_the_trash_is_emptied_stays_in_it(
    database: Database, seven_in_trash, ana: Actor, make_trash, frozen_clock, after_a_batch
) -> None:
    async with after_a_batch(trash.empty_trash(ana, clock.now())) as emptying:
        frozen_clock.advance(microseconds=1)
        make_trash(ana, "Unseen")
    assert (emptying.result(), in_trash(database, ana)) == (7, 1)


async def test_emptying_that_was_stopped_half_way_leaves_the_rest_and_goes_on_the_next_time(
    database: Database, seven_in_trash, ana: Actor, heard: list[Event], after_a_batch: AfterABatch
) -> None:
    heard.clear()
    with pytest.raises(asyncio.CancelledError):
        async with after_a_batch(trash.empty_trash(ana, clock.now())) as emptying:
            emptying.cancel()
    assert (in_trash(database, ana), heard) == (5, [trash_emptied(ana)])
    assert await trash.empty_trash(ana, clock.now()) == 5


async def test_two_who_empty_a_trash_at_once_remove_each_task_once(
    database: Database, seven_in_trash, ana: Actor
) -> None:
    both = (trash.empty_trash(ana, clock.now()) for _ in range(2))
    assert sum(await asyncio.gather(*both)) == 7
    assert in_trash(database, ana) == 0


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("is_kept", [False, True])
async def test_a_trash_is_not_called_empty_before_it_is_known_what_becomes_of_each_task(
    database: Database, ana: Actor, make_trash, is_kept: bool
) -> None:
    milk = make_trash(ana)
    with database.transaction() as restoring:
        commands.restore_task(restoring, ana, milk.id)
        restoring.flush()
        emptying = asyncio.create_task(trash.empty_trash(ana, clock.now()))
        await until(lambda: is_somebody_waiting(database))
        assert not emptying.done()
        if not is_kept:
            restoring.rollback()
    assert (await emptying, is_there(database, milk.id)) == (int(not is_kept), is_kept)


# Time


def purge_all(database: Database) -> int:
    removed = 0
    while True:
        with database.transaction() as session:
            batch = trash.purge_trash(session)
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
        commands.restore_task(session, ana, milk.id)
        commands.delete_task(session, ana, milk.id)
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
            sizes.append(trash.purge_trash(session))
    assert sizes == [2, 2, 1, 0]


def test_everyone_who_lost_something_hears_of_a_purge_and_nobody_else(
    database: Database, ana: Actor, bob: Actor, make_trash, frozen_clock, heard: list[Event]
) -> None:
    bobs: list[Event] = []
    make_trash(ana, "Milk")
    make_trash(ana, "Bread")
    make_trash(bob, "Eggs")
    heard.clear()
    events.listen(bob.id, bobs.append)
    frozen_clock.advance(days=31)
    with database.transaction() as session:
        commands.restore_task(
            session, bob, session.exec(select(Task).where(Task.title == "Eggs")).one().id
        )
    bobs.clear()
    purge_all(database)
    assert (heard, bobs) == ([events.TrashEmptied((ana.id,), ana.id)], [])


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_task_that_someone_is_restoring_is_not_purged_and_keeps_nobody_else_waiting(
    database: Database, ana: Actor, bob: Actor, make_trash, frozen_clock
) -> None:
    milk, bread = make_trash(ana, "Milk"), make_trash(bob, "Bread")
    frozen_clock.advance(days=31)
    with database.transaction() as restoring:
        commands.restore_task(restoring, ana, milk.id)
        restoring.flush()
        with database.transaction() as session:
            assert trash.purge_trash(session) == 1
    assert is_there(database, milk.id)
    assert not is_there(database, bread.id)


def test_the_browser_counts_the_same_days_as_the_server() -> None:
    words = Path(__file__).parents[3] / "assets" / "words.js"
    assert timedelta(days=30) == TRASH_KEEPS
    assert "TRASH_DAYS = 30;" in words.read_text()


def test_a_moment_in_the_trash_is_exact(make_trash, database: Database, ana: Actor) -> None:
    milk = make_trash(ana)
    with database.transaction(writes=False) as session:
        kept = session.get(Task, milk.id)
        assert kept is not None
        assert isinstance(kept.deleted_at, datetime)
        assert kept.deleted_at == milk.deleted_at == kept.updated_at
