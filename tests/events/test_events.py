import logging
from uuid import uuid4

import pytest

from dashboard import clock, events
from dashboard.database.transactions import Database
from dashboard.errors import TaskNotFound
from dashboard.events import Event, EventsLost, SessionEnded, TasksChanged, TrashEmptied
from dashboard.models.list import ListDraft, ListMember, Role
from dashboard.models.session import Actor
from dashboard.models.task import Task, TaskChanges, TaskDraft
from dashboard.services.accounts import sessions
from dashboard.services.lists.commands import create_list
from dashboard.services.tasks import commands, trash
from tests.conftest import task_changed, trash_emptied


@pytest.fixture
def heard(ana: Actor) -> list[Event]:
    """What Ana's screen hears."""
    heard: list[Event] = []
    events.listen(ana.id, heard.append)
    return heard


def test_every_change_of_a_task_is_heard_with_its_version(
    database: Database, ana: Actor, heard: list[Event]
) -> None:
    with database.transaction() as session:
        milk = commands.create_task(session, ana, TaskDraft(title="Milk")).task
    for change in (
        lambda session: commands.update_task(session, ana, milk.id, TaskChanges(title="Oat milk")),
        lambda session: commands.delete_task(session, ana, milk.id),
        lambda session: commands.restore_task(session, ana, milk.id),
    ):
        with database.transaction() as session:
            change(session)
    assert heard == [task_changed(ana, milk.id, version) for version in (1, 2, 3, 4)]


def test_a_change_tells_which_version_its_editor_knew(
    database: Database, ana: Actor, anas_milk: Task, heard: list[Event]
) -> None:
    with database.transaction() as session:
        commands.update_task(session, ana, anas_milk.id, TaskChanges(title="Oat milk"), based_on=1)
        commands.update_task(session, ana, anas_milk.id, TaskChanges(title="Soy milk"), version=2)
    assert heard == [
        task_changed(ana, anas_milk.id, 2, based_on=1),
        task_changed(ana, anas_milk.id, 3, based_on=2),
    ]


def test_a_task_that_moves_is_news_of_both_lists_for_those_who_see_them(
    database: Database, ana: Actor, bob: Actor, anas_milk: Task, heard: list[Event]
) -> None:
    bobs: list[Event] = []
    events.listen(bob.id, bobs.append)
    with database.transaction() as session:
        home = create_list(session, ana, ListDraft(name="Home")).row.list
        session.add(ListMember(user_id=bob.id, list_id=home.id, role=Role.VIEWER))
    heard.clear()
    moved = ((anas_milk.id, 2),)
    with database.transaction() as session:
        by_gesture = ana._replace(nonce="12345678")
        commands.update_task(session, by_gesture, anas_milk.id, TaskChanges(list_id=home.id))
    by = ana.id, ana.session_id, "12345678"
    (of_home,) = bobs
    assert isinstance(of_home, TasksChanged)
    assert of_home == TasksChanged(of_home.audience, home.id, moved, *by)
    assert set(of_home.audience) == {ana.id, bob.id}
    assert [of_home, TasksChanged((ana.id,), ana.id, moved, *by)] == sorted(
        heard, key=lambda event: event != of_home
    )


def test_nothing_is_heard_before_the_commit(
    database: Database, ana: Actor, heard: list[Event]
) -> None:
    with database.transaction() as session:
        commands.create_task(session, ana, TaskDraft(title="Milk"))
        assert heard == []
    assert len(heard) == 1


def test_nothing_is_heard_of_what_was_rolled_back(
    database: Database, ana: Actor, heard: list[Event]
) -> None:
    with pytest.raises(TaskNotFound), database.transaction() as session:
        commands.create_task(session, ana, TaskDraft(title="Milk"))
        commands.get_task(session, ana, uuid4())
    assert heard == []


def test_what_changes_nothing_is_not_heard(
    database: Database, ana: Actor, anas_milk: Task, heard: list[Event]
) -> None:
    with database.transaction() as session:
        commands.restore_task(session, ana, anas_milk.id)
        commands.create_task(session, ana, TaskDraft(title="Milk"), task_id=anas_milk.id)
    assert heard == []


async def test_what_is_removed_for_good_is_heard(
    database: Database, ana: Actor, heard: list[Event], make_task, frozen_clock
) -> None:
    one, *others = (make_task(ana, title) for title in ("one", "two", "three"))
    with database.transaction() as session:
        for task in (one, *others):
            commands.delete_task(session, ana, task.id)
    heard.clear()
    with database.transaction() as session:
        commands.delete_forever(session, ana, one.id)
    await trash.empty_trash(ana, clock.now())
    assert heard == [task_changed(ana, one.id, 3), trash_emptied(ana)]
    heard.clear()
    task = make_task(ana, "old")
    with database.transaction() as session:
        commands.delete_task(session, ana, task.id)
    frozen_clock.advance(days=31)
    with database.transaction() as session:
        trash.purge_trash(session)
    assert heard[-1] == TrashEmptied((ana.id,), ana.id)


def test_nobody_hears_of_another_persons_task(
    database: Database, ana: Actor, bob: Actor, heard: list[Event]
) -> None:
    with database.transaction() as session:
        commands.create_task(session, bob, TaskDraft(title="Bread"))
    assert heard == []


def test_the_end_of_a_session_is_heard(database: Database, ana: Actor, heard: list[Event]) -> None:
    with database.transaction() as session:
        sessions.end_session(session, ana)
    assert heard == [SessionEnded(ana.id, ana.session_id)]


def test_who_listens_to_all_hears_of_everyone(
    database: Database, ana: Actor, bob: Actor, monkeypatch
) -> None:
    heard: list[Event] = []
    monkeypatch.setattr(events, "_everyone", set())
    events.listen_to_all(heard.append)
    with database.transaction() as session:
        made = [
            commands.create_task(session, actor, TaskDraft(title="Bread")).task
            for actor in (ana, bob)
        ]
    assert heard == [
        task_changed(actor, task.id, 1) for actor, task in zip((ana, bob), made, strict=True)
    ]


def test_who_stops_listening_hears_no_more_and_leaves_nothing_behind(
    ana: Actor, database: Database
) -> None:
    one: list[Event] = []
    other: list[Event] = []
    stop_one, stop_other = events.listen(ana.id, one.append), events.listen(ana.id, other.append)
    stop_one()
    stop_one()
    with database.transaction() as session:
        commands.create_task(session, ana, TaskDraft(title="Milk"))
    assert (len(one), len(other)) == (0, 1)
    stop_other()
    assert ana.id not in events._listeners


def test_a_listener_that_fails_spoils_neither_the_change_nor_the_others_hearing(
    database: Database, ana: Actor, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: Event) -> None:
        raise RuntimeError("the tab is gone")

    heard: list[Event] = []
    for listener in (fail, heard.append):
        events.listen(ana.id, listener)
    with caplog.at_level(logging.ERROR), database.transaction() as session:
        milk = commands.create_task(session, ana, TaskDraft(title="Milk")).task
    assert len(heard) == 1
    assert "A listener failed on TasksChanged" in caplog.text
    with database.transaction(writes=False) as session:
        assert commands.get_task(session, ana, milk.id).title == "Milk"


def test_what_another_process_announced_is_heard_but_not_carried_on(
    ana: Actor, heard: list[Event]
) -> None:
    carried: list[Event] = []
    stop = events.carry(carried.append)
    event = SessionEnded(ana.id, ana.session_id)
    events.deliver(event)
    stop()
    assert (heard, carried) == ([event], [])


def test_what_is_announced_here_is_carried_to_other_processes(
    database: Database, ana: Actor, heard: list[Event]
) -> None:
    carried: list[Event] = []
    stop = events.carry(carried.append)
    for _ in range(2):
        with database.transaction() as session:
            sessions.end_session(session, ana)
        stop()
    assert carried == heard[:1]


def test_that_something_was_missed_is_for_everyone(
    ana: Actor, bob: Actor, heard: list[Event]
) -> None:
    bob_heard: list[Event] = []
    events.listen(bob.id, bob_heard.append)
    events.deliver(EventsLost())
    assert heard == bob_heard == [EventsLost()]


def test_what_was_read_before_an_event_is_known_to_be_old(
    database: Database, ana: Actor, bob: Actor, anas_milk: Task, make_task
) -> None:
    then = events.moment()
    make_task(bob, "Bread")
    assert not events.happened_since(ana.id, then)
    make_task(ana, "Bread")
    assert events.happened_since(ana.id, then)
    assert not events.happened_since(ana.id, events.moment())


def test_missed_news_makes_everything_old(ana: Actor) -> None:
    then = events.moment()
    events.deliver(EventsLost())
    assert events.happened_since(ana.id, then)


def test_of_many_users_the_latest_news_is_remembered_and_nothing_older_looks_new() -> None:
    remembered, users = events.LatestMoments(most=2), [uuid4() for _ in range(3)]
    before = events.moment()
    for user in users:
        remembered.note([user])
    after = events.moment()
    assert len(remembered._by_user) == 2
    # Whose latest news is forgotten looks again, as does everyone who was never heard of.
    assert all(before < remembered.of(user) < after for user in (*users, uuid4()))
    assert [remembered.of(user) for user in users] == sorted(map(remembered.of, users))
