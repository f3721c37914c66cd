"""Whatever five people do in twelve lists, they see, count, find, export and hear of their own lists alone.

The record of what happened is theirs to read in the same lists.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import Session, col, select

from dashboard import events
from dashboard.database.transactions import Database
from dashboard.errors import DashboardError, Forbidden
from dashboard.models.activity import Activity
from dashboard.models.list import ListChanges, ListDraft, ListMember, Role, TaskList
from dashboard.models.session import Actor
from dashboard.models.task import Task, TaskChanges, TaskDraft
from dashboard.models.task_query import Status, TaskQuery
from dashboard.services.lists import access, commands, members, queries
from dashboard.services.tasks import commands as task_commands
from dashboard.services.tasks import task_list
from dashboard.services.tasks.labels import list_labels

PEOPLE, LISTS = 5, 12

Memberships = dict[UUID, dict[UUID, Role]]
"""The role of each person in each list, by list and person."""

person = st.integers(0, PEOPLE - 1)
place = st.integers(0, LISTS - 1)
steps = st.lists(
    st.tuples(
        st.sampled_from(
            ["add", "change", "move", "delete", "restore", "share", "leave", "archive", "discard"]
        ),
        person,
        st.integers(0, 30),
        place,
        st.sampled_from(Role),
    ),
    min_size=5,
    max_size=25,
)


class House:
    """Five people and twelve lists, and what everybody has heard of."""

    def __init__(self, database: Database, people: list[Actor]) -> None:
        self.database, self.people = database, people
        self.lists: list[UUID] = []
        self.members: Memberships = {}
        self.tasks: list[UUID] = []
        self.places: dict[UUID, set[UUID]] = {}
        """The lists in which each task has been."""
        self.heard: dict[UUID, list[events.Event]] = {actor.id: [] for actor in people}
        with database.transaction() as session:
            for number in range(LISTS):
                actor = people[number % PEOPLE]
                draft = ListDraft(name=f"List {number}")
                made = commands.create_list(session, actor, draft).row.list
                self.lists.append(made.id)
                self.members[made.id] = {actor.id: Role.OWNER}

    def do(self, name: str, actor: Actor, number: int, list_id: UUID, role: Role) -> set[UUID]:
        """One step, which may be refused. Returns who may hear of it."""
        if name in ("share", "leave"):
            return self._change_members(name, actor, list_id, role)
        task_id = self.tasks[number % len(self.tasks)] if self.tasks else None
        with self.database.transaction(writes=False) as session:
            task = session.get(Task, task_id) if task_id else None
        before = set(self.members.get(task.list_id, {task.list_id: 0})) if task else set()
        may_hear = before | set(self.members[list_id])
        try:
            with self.database.transaction() as session:
                self._command(session, name, actor, task_id, list_id)
        except DashboardError:
            return set()
        return may_hear

    def _command(
        self, session: Session, name: str, actor: Actor, task_id: UUID | None, list_id: UUID
    ) -> None:
        if name == "add":
            number = len(self.tasks)
            draft = TaskDraft(title=f"Milk {number}", list_id=list_id, labels=(f"l{number}",))
            made = task_commands.create_task(session, actor, draft).task
            self.tasks.append(made.id)
            self.places[made.id] = {list_id}
        elif name == "archive":
            commands.update_list(session, actor, list_id, ListChanges(is_archived=True))
        elif name == "discard":
            commands.delete_list(session, actor, list_id)
        elif task_id is not None and name in ("change", "move"):
            wish: dict[str, Any] = {"title": "Milk!"} if name == "change" else {"list_id": list_id}
            changed = task_commands.update_task(session, actor, task_id, TaskChanges(**wish)).task
            self.places[task_id].add(changed.list_id)
        elif task_id is not None and name == "delete":
            task_commands.delete_task(session, actor, task_id)
        elif task_id is not None:
            task_commands.restore_task(session, actor, task_id)

    def _change_members(self, name: str, actor: Actor, list_id: UUID, role: Role) -> set[UUID]:
        in_list = self.members[list_id]
        may_hear = set(in_list)
        with self.database.transaction() as session:
            if name == "share" and actor.id not in in_list:
                session.add(ListMember(user_id=actor.id, list_id=list_id, role=role))
                in_list[actor.id] = role
            elif name == "leave" and len(in_list) > 1 and actor.id in in_list:
                members.end_membership(session, list_id, actor.id)
                del in_list[actor.id]
        return may_hear

    def visible_to(self, session: Session, actor: Actor) -> dict[UUID, Task]:
        """What this person sees, worked out from the memberships alone."""
        found = {}
        for task_id in self.tasks:
            task = session.get_one(Task, task_id)
            if actor.id in self.members[task.list_id]:
                found[task_id] = task
        return found


def assert_sees_exactly(session: Session, house: House, actor: Actor) -> None:
    visible = house.visible_to(session, actor)
    put_away = {
        list_id
        for list_id in house.lists
        if session.get_one(TaskList, list_id).archived_at is not None
    }
    kept = {task.id for task in visible.values() if task.deleted_at is None}
    in_use = {task_id for task_id in kept if visible[task_id].list_id not in put_away}

    def ids(query: TaskQuery) -> set[UUID]:
        page = task_list.list_tasks(session, actor, query)
        assert page.count == len(page.items)
        return {row.id for row in page.items}

    assert ids(TaskQuery(limit=200)) == ids(TaskQuery(q="milk", limit=200)) == in_use
    assert ids(TaskQuery(status=Status.DELETED, limit=200)) == visible.keys() - kept
    assert task_list.count_metrics(session, actor).total == len(in_use)
    assert {row.id for row in task_list.list_everything(session, actor, 1_000)} == visible.keys()
    labels = {name for task_id in in_use for name in visible[task_id].labels}
    assert {row.name for row in list_labels(session, actor)} == labels
    for list_id in house.lists:
        of_list = {task_id for task_id in kept if visible[task_id].list_id == list_id}
        assert ids(TaskQuery(list=list_id, limit=200)) == of_list
    for task_id in house.tasks:
        row = task_list.find_tasks(session, actor, TaskQuery(), [task_id]).rows[task_id]
        assert (row is not None) is (task_id in visible)
        if task_id not in visible:
            for attempt in (
                task_commands.get_task,
                task_commands.delete_task,
                task_commands.restore_task,
            ):
                try:
                    attempt(session, actor, task_id)
                except Forbidden:
                    continue
                raise AssertionError("somebody reached a task of a list that is not theirs")
    seen_lists = {
        row.list.id for row in queries.list_lists(session, actor) if not row.list.is_inbox
    }
    assert seen_lists <= {each for each, in_list in house.members.items() if actor.id in in_list}


def assert_hears_of_own_lists(house: House, before: Memberships, told: list[events.Event]) -> None:
    """What one person was told of one step: lists that they see, or saw until then, and tasks that are in them."""
    for event in told:
        assert isinstance(event, events.TasksChanged | events.ListsChanged)
        assert event.list_id is not None
        assert set(event.audience) <= {*house.members[event.list_id], *before[event.list_id]}
        if isinstance(event, events.TasksChanged):
            assert all(event.list_id in house.places[task_id] for task_id, _ in event.tasks)


def assert_reads_of_own_lists(session: Session, house: House, actor: Actor) -> None:
    """The record names nothing beside its own list, whatever went into that list and out of it."""
    in_sight = access.visible_to(actor.id, col(Activity.list_id))
    for row in session.exec(select(Activity).where(in_sight)).all():
        assert actor.id in house.members[row.list_id]
        assert row.task_id is None or row.list_id in house.places[row.task_id]
        others = {str(each) for each in house.lists if each != row.list_id}
        assert not any(each in f"{row.before}{row.after}" for each in others)


@settings(max_examples=8)
@given(steps=steps)
def test_people_see_count_find_export_read_and_hear_of_their_own_lists_alone(
    database: Database,
    make_actor: Callable[..., Actor],
    steps: list[tuple[str, int, int, int, Role]],
) -> None:
    house = House(database, [make_actor(f"P{number}") for number in range(PEOPLE)])
    stops = [events.listen(actor.id, house.heard[actor.id].append) for actor in house.people]
    for name, who, number, list_number, role in steps:
        for told in house.heard.values():
            told.clear()
        before = {list_id: dict(roles) for list_id, roles in house.members.items()}
        may_hear = house.do(name, house.people[who], number, house.lists[list_number], role)
        assert {user_id for user_id, told in house.heard.items() if told} <= may_hear
        for told in house.heard.values():
            assert_hears_of_own_lists(house, before, told)
    for stop in stops:
        stop()
    with database.transaction() as session:
        for actor in house.people:
            assert_sees_exactly(session, house, actor)
            assert_reads_of_own_lists(session, house, actor)
