"""Tasks in order by hand, in sections and under other tasks: nothing is lost or doubled, and every step can be taken
back.
"""

import asyncio
from collections.abc import Callable, Sequence
from copy import copy
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import Session, col, select
from uuid_utils.compat import uuid7

from dashboard.database.transactions import Database
from dashboard.errors import Conflict, InvalidInput, NotFound
from dashboard.models.list import ListDraft, ListMember, Role
from dashboard.models.position import DIGITS, key_between
from dashboard.models.quick_add import LineInWords
from dashboard.models.repeat import RepeatInput
from dashboard.models.section import Section, SectionDraft
from dashboard.models.session import Actor
from dashboard.models.task import (
    DELETED,
    Move,
    Subtasks,
    Task,
    TaskChanges,
    TaskDraft,
    place_of,
)
from dashboard.models.task_query import Order, Sort, TaskQuery
from dashboard.services.lists import commands as lists
from dashboard.services.lists import sections
from dashboard.services.tasks import commands, duplicates, task_list
from dashboard.services.tasks import places as task_places
from dashboard.services.tasks.quick_add.add import add_line

Row = tuple[UUID, UUID, UUID | None, UUID | None]
"""A task, and its list, section and parent."""


@pytest.fixture
def make(session: Session, ana: Actor) -> Callable[..., Task]:
    """Makes a task of Ana's."""

    def made(title: str, **fields: Any) -> Task:
        return commands.create_task(session, ana, TaskDraft(title=title, **fields)).task

    return made


def arranged(session: Session, actor: Actor, list_id: UUID) -> list[str]:
    """The titles of a list, in its order by hand."""
    query = TaskQuery(list=list_id, sort=Sort.POSITION, order=Order.ASCENDING)
    return [row.title for row in task_list.list_tasks(session, actor, query).items]


def move(session: Session, actor: Actor, task: Task, **where: Any) -> Task:
    return commands.move_task(session, actor, task.id, Move(**where)).task


def test_tasks_lie_as_they_were_made_until_somebody_moves_one(
    session: Session, ana: Actor, make: Callable[..., Task]
) -> None:
    milk, bread, oats = map(make, ("Milk", "Bread", "Oats"))
    move(session, ana, oats, before=milk.id)
    assert arranged(session, ana, ana.id) == ["Oats", "Milk", "Bread"]
    move(session, ana, oats, after=bread.id)
    make("Salt")
    assert arranged(session, ana, ana.id) == ["Milk", "Bread", "Oats", "Salt"]


def test_places_that_have_become_too_close_are_spread_out(
    session: Session, ana: Actor, make: Callable[..., Task], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(task_places, "LONGEST", 12)
    first, one, other = map(make, ("First", "One", "Other"))
    for _ in range(40):
        one, other = move(session, ana, other, after=first.id), one
        assert len(one.position) <= 12
        assert arranged(session, ana, ana.id) == ["First", one.title, other.title]


def test_sections_come_in_their_order_and_their_tasks_follow_them(
    session: Session, ana: Actor, make: Callable[..., Task]
) -> None:
    packing, papers = (
        sections.create_section(session, ana, ana.id, SectionDraft(name=name)).section
        for name in ("Packing", "Papers")
    )
    make("Keys", section_id=papers.id)
    boxes = make("Boxes", section_id=packing.id)
    make("Tape", parent_id=boxes.id)
    make("Call")
    assert arranged(session, ana, ana.id) == ["Call", "Boxes", "Tape", "Keys"]
    changes = sections.SectionChanges(before=packing.id)
    sections.update_section(session, ana, papers.id, changes)
    assert arranged(session, ana, ana.id) == ["Call", "Keys", "Boxes", "Tape"]


def test_a_line_of_words_lies_in_its_section_unless_they_name_another_list(
    session: Session, ana: Actor
) -> None:
    packing = sections.create_section(session, ana, ana.id, SectionDraft(name="Packing")).section
    there = {"list_id": ana.id, "section_id": packing.id, "in_words": True, "typed_at": 0}
    lines = [LineInWords(title=title, **there) for title in ("Tape !high", "Milk #Home")]
    made = [add_line(session, ana, line, task_id=uuid7()).task for line in lines]
    assert [(task.title, task.section_id) for task in made] == [
        ("Tape", packing.id),
        ("Milk", None),
    ]


@pytest.mark.parametrize("with_tasks", [False, True])
def test_a_section_comes_back_with_what_lay_in_it(
    session: Session, ana: Actor, make: Callable[..., Task], with_tasks: bool
) -> None:
    packing = sections.create_section(session, ana, ana.id, SectionDraft(name="Packing")).section
    boxes, _tape = make("Boxes", section_id=packing.id), make("Tape", section_id=packing.id)
    make("Labels", parent_id=boxes.id)
    make("Call")
    sections.delete_section(session, ana, packing.id, with_tasks=with_tasks)
    left = ["Call"] if with_tasks else ["Call", "Boxes", "Labels", "Tape"]
    assert arranged(session, ana, ana.id) == left
    sections.restore_section(session, ana, packing.id)
    assert arranged(session, ana, ana.id) == ["Call", "Boxes", "Labels", "Tape"]
    assert commands.get_task(session, ana, boxes.id).section_id == packing.id


# Subtasks


def test_completing_a_task_completes_what_is_open_in_it_and_both_come_back_as_one(
    session: Session, ana: Actor, make: Callable[..., Task]
) -> None:
    boxes = make("Boxes")
    tape, labels = make("Tape", parent_id=boxes.id), make("Labels", parent_id=boxes.id)
    commands.update_task(session, ana, tape.id, TaskChanges(is_completed=True))
    assert commands.get_task(session, ana, boxes.id).subtasks == Subtasks(2, 1)
    done = commands.update_task(session, ana, boxes.id, TaskChanges(is_completed=True))
    assert {effect.task.id for effect in done.changed} == {boxes.id, labels.id}
    assert done.task.subtasks == Subtasks(2, 2)
    commands.update_task(session, ana, boxes.id, TaskChanges(is_completed=False))
    assert commands.get_task(session, ana, tape.id).is_completed
    assert not commands.get_task(session, ana, labels.id).is_completed


def test_subtasks_go_to_the_trash_with_their_task_and_come_back_with_it(
    session: Session, ana: Actor, make: Callable[..., Task]
) -> None:
    boxes = make("Boxes")
    tape, labels = make("Tape", parent_id=boxes.id), make("Labels", parent_id=boxes.id)
    commands.delete_task(session, ana, labels.id)
    commands.delete_task(session, ana, boxes.id)
    assert arranged(session, ana, ana.id) == []
    commands.restore_task(session, ana, boxes.id)
    assert arranged(session, ana, ana.id) == ["Boxes", "Tape"]
    commands.delete_task(session, ana, boxes.id)
    # Its task is in the trash: it is one of its own.
    assert commands.restore_task(session, ana, tape.id).task.parent_id is None
    commands.delete_forever(session, ana, boxes.id)
    assert session.get(Task, labels.id) is None


def test_the_next_occurrence_has_its_subtasks_open_again_in_the_same_place(
    session: Session, ana: Actor, make: Callable[..., Task]
) -> None:
    packing = sections.create_section(session, ana, ana.id, SectionDraft(name="Packing")).section
    weekly = RepeatInput.model_validate({"rule": "FREQ=WEEKLY", "from": "due"})
    day = date(2099, 3, 10)
    boxes = make("Boxes", section_id=packing.id, due_date=day, repeat=weekly)
    make("Tape", parent_id=boxes.id, due_date=day)
    _, _, following, part = commands.update_task(
        session, ana, boxes.id, TaskChanges(is_completed=True)
    ).changed
    assert (following.task.section_id, following.task.place) == (packing.id, boxes.place)
    assert (part.task.title, part.task.is_completed) == ("Tape", False)
    assert part.task.parent_id == following.task.id
    assert part.task.due_date == date(2099, 3, 17)
    commands.update_task(session, ana, boxes.id, TaskChanges(is_completed=False))
    assert arranged(session, ana, ana.id) == ["Boxes", "Tape"]


def test_a_task_is_duplicated_right_behind_itself_with_its_subtasks_all_of_it_open(
    session: Session, ana: Actor, make: Callable[..., Task]
) -> None:
    weekly = RepeatInput.model_validate({"rule": "FREQ=WEEKLY", "from": "due"})
    day = date(2026, 3, 10)
    bread = make("Bread", due_date=day, labels=["kitchen"], priority="High", repeat=weekly)
    flour = make("Flour", parent_id=bread.id, description="Rye")
    make("Salt", parent_id=bread.id)
    make("Milk")
    commands.update_task(session, ana, flour.id, TaskChanges(is_completed=True))
    copy_id = uuid7()
    assert duplicates.duplicate_task(session, ana, bread.id, copy_id=copy_id).changed
    titles = ["Bread", "Flour", "Salt"]
    assert arranged(session, ana, bread.list_id) == [*titles, *titles, "Milk"]
    made, parts, _ = commands.open_task(session, ana, copy_id)
    assert (made.due_date, made.labels, made.priority) == (day, ("kitchen",), bread.priority)
    assert made.repeat == bread.repeat
    assert made.series_id != bread.series_id
    assert (made.subtasks, parts[0].description) == (Subtasks(2, 0), "Rye")
    assert not duplicates.duplicate_task(session, ana, bread.id, copy_id=copy_id).changed


def test_a_task_takes_its_subtasks_to_another_list(
    session: Session, ana: Actor, make: Callable[..., Task]
) -> None:
    home = lists.create_list(session, ana, ListDraft(name="Home")).row.list
    boxes = make("Boxes")
    tape = make("Tape", parent_id=boxes.id)
    move(session, ana, boxes, list_id=home.id)
    assert arranged(session, ana, home.id) == ["Boxes", "Tape"]
    alone = move(session, ana, tape, list_id=ana.id)
    assert (alone.parent_id, commands.get_task(session, ana, boxes.id).subtasks) == (None, None)


@pytest.mark.parametrize(
    ("wish", "sentence"),
    [
        ({"parent_id": "itself"}, "A subtask cannot have subtasks. Nothing was moved."),
        ({"parent_id": "tape"}, "A subtask cannot have subtasks. Nothing was moved."),
        ({"parent_id": "away"}, "This task is gone, or lies in another list. Nothing was moved."),
        ({"parent_id": "gone"}, "This task is gone, or lies in another list. Nothing was moved."),
        (
            {"section_id": "gone"},
            "This section is gone, or lies in another list. Nothing was moved.",
        ),
        (
            {"before": "gone"},
            "The task to put it before is gone, or lies elsewhere. Nothing was moved.",
        ),
        (
            {"after": "away"},
            "The task to put it after is gone, or lies elsewhere. Nothing was moved.",
        ),
    ],
)
def test_there_is_no_way_to_a_place_that_is_none(
    session: Session, ana: Actor, make: Callable[..., Task], wish: dict[str, str], sentence: str
) -> None:
    home = lists.create_list(session, ana, ListDraft(name="Home")).row.list
    milk, boxes, away, gone = (
        make("Milk"),
        make("Boxes"),
        make("Away", list_id=home.id),
        make("Gone"),
    )
    tape = make("Tape", parent_id=boxes.id)
    commands.delete_task(session, ana, gone.id)
    named = {"itself": milk, "tape": tape, "away": away, "gone": gone}
    with pytest.raises(InvalidInput, match=sentence.replace(".", r"\.")):
        move(session, ana, milk, **{name: named[which].id for name, which in wish.items()})


# Whatever people do

spots = st.tuples(st.integers(0, 2), st.integers(0, 2), st.booleans(), st.integers(0, 9))
steps = st.one_of(
    st.tuples(st.just("move"), st.integers(0, 9), spots),
    st.tuples(st.just("delete"), st.integers(0, 9)),
    st.tuples(st.just("complete"), st.integers(0, 9)),
    st.tuples(st.just("section"), st.integers(0, 3), st.booleans()),
)


@settings(max_examples=8)
@given(done=st.lists(steps, min_size=1, max_size=8))
def test_nothing_is_lost_or_doubled_and_every_step_can_be_taken_back(
    database: Database, make_actor: Callable[..., Actor], done: Sequence[tuple[Any, ...]]
) -> None:
    people = [make_actor(name) for name in ("Ana", "Bob", "Cleo")]
    with database.transaction() as session:
        world = World(session, people)
        for number, step in enumerate(done):
            before = world.look()
            undo = world.do(people[number % 3], step)
            world.look()
            if undo is not None:
                undo()
                assert world.look() == before, step
                world.do(people[number % 3], step)
        session.rollback()


@settings(max_examples=5)
@given(
    done=st.lists(
        st.lists(st.tuples(steps, st.booleans()), min_size=1, max_size=4), min_size=3, max_size=3
    )
)
def test_three_tabs_at_once_lose_and_double_nothing_and_see_one_order(
    database: Database,
    make_actor: Callable[..., Actor],
    done: Sequence[Sequence[tuple[tuple[Any, ...], bool]]],
) -> None:
    people = [make_actor(name) for name in ("Ana", "Bob", "Cleo")]
    with database.transaction() as session:
        world = World(session, people)

    async def tab(actor: Actor, wishes: Sequence[tuple[tuple[Any, ...], bool]]) -> None:
        own = copy(world)
        for step, is_undone in wishes:
            undo = await database.write(own.at(lambda step=step: own.do(actor, step)))
            if undo and is_undone:
                # Another tab may have made that impossible meanwhile.
                await database.write(own.at(lambda undo=undo: own.tried(undo)))

    async def all_tabs() -> None:
        await asyncio.gather(*map(tab, people, done))

    asyncio.run(all_tabs())
    with database.transaction(writes=False) as session:
        world.at(world.look)(session)


class World:
    """Two lists of three people, with two sections each, and ten tasks."""

    def __init__(self, session: Session, people: Sequence[Actor]) -> None:
        self.session = session
        ana, *others = people
        self.people = people
        self.lists = [
            lists.create_list(session, ana, ListDraft(name=name)).row.list.id for name in "AB"
        ]
        for list_id in self.lists:
            for other in others:
                member = ListMember(user_id=other.id, list_id=list_id, role=Role.EDITOR, position=9)
                session.add(member)
        self.sections = [
            sections.create_section(session, ana, list_id, SectionDraft(name=name)).section.id
            for list_id in self.lists
            for name in "XY"
        ]
        self.tasks = [
            commands.create_task(
                session, ana, TaskDraft(title=str(number), list_id=self.lists[number % 2])
            ).task.id
            for number in range(10)
        ]

    def look(self) -> list[Row]:
        """All tasks outside the trash as they lie, after a look at whether that is sound."""
        self.session.expire_all()
        tasks = {task.id: task for task in self.session.exec(select(Task)).all()}
        found, *of_others = [self._seen_by(actor) for actor in self.people]
        assert of_others == [found, found], "one order for everyone"
        keys = [(self.lists.index(row[1]), tasks[row[0]].place, row[0]) for row in found]
        assert keys == sorted(set(keys)), "a total order"
        kept = {task_id for task_id in self.tasks if tasks[task_id].state < DELETED}
        assert sorted(row[0] for row in found) == sorted(kept), "each once"
        for task in (tasks[task_id] for task_id in kept):
            self._require_sound(task, tasks)
        return found

    def _seen_by(self, actor: Actor) -> list[Row]:
        queries = [
            TaskQuery(list=list_id, sort=Sort.POSITION, order=Order.ASCENDING)
            for list_id in self.lists
        ]
        pages = [task_list.list_tasks(self.session, actor, query) for query in queries]
        return [
            (row.id, row.list_id, row.section_id, row.parent_id)
            for page in pages
            for row in page.items
        ]

    def at(self, act: Callable[[], Any]) -> Callable[[Session], Any]:
        """The same in a transaction of its own."""

        def acting(session: Session) -> Any:
            self.session = session
            return act()

        return acting

    def tried(self, act: Callable[[], object]) -> object:
        """Do something that may not be possible any more."""
        try:
            return act()
        except (InvalidInput, NotFound, Conflict):
            return None

    def _require_sound(self, task: Task, tasks: dict[UUID, Task]) -> None:
        section = self.session.get(Section, task.section_id) if task.section_id else None
        assert section is None or (section.list_id, section.deleted_at) == (task.list_id, None)
        parent = tasks[task.parent_id] if task.parent_id else None
        above = parent.position if parent else ""
        assert task.place == place_of(task.position, section.position if section else "", above)
        if parent is not None:
            assert parent.state < DELETED
            assert parent.parent_id is None
            assert (parent.list_id, parent.section_id) == (task.list_id, task.section_id)
        inside = [
            each for each in tasks.values() if each.parent_id == task.id and each.state < DELETED
        ]
        count = Subtasks(len(inside), sum(each.is_completed for each in inside))
        assert task.subtasks == (count if inside else None)

    def do(self, actor: Actor, step: tuple[Any, ...]) -> Callable[[], object] | None:
        """Do a step; returns what takes it back, None where nothing was done."""
        undo: Any = self.tried(lambda: getattr(self, step[0])(actor, *step[1:]))
        return undo

    def move(self, actor: Actor, number: int, where: tuple[int, int, bool, int]) -> Any:
        task = self._task(number)
        list_place, section_place, is_before, other = where
        neighbour = self._task(other)
        if task is None or neighbour is None:
            return None
        wish: dict[str, Any] = {"before" if is_before else "after": neighbour.id}
        wish |= {"section_id": neighbour.section_id, "parent_id": neighbour.parent_id}
        wish["list_id"] = neighbour.list_id
        if list_place == 0:
            wish = {"parent_id": neighbour.id}
        elif list_place == 1 and section_place < 2:
            in_list = self.lists.index(neighbour.list_id)
            section_id = self.sections[in_list * 2 + section_place]
            wish = {"list_id": neighbour.list_id, "section_id": section_id}
        was = Move(list_id=task.list_id, section_id=task.section_id, parent_id=task.parent_id)
        commands.move_task(self.session, actor, task.id, Move(**wish))
        position = task.position
        return lambda: commands.move_task(self.session, actor, task.id, was, position=position)

    def delete(self, actor: Actor, number: int) -> Any:
        if (task := self._task(number)) is None:
            return None
        commands.delete_task(self.session, actor, task.id)
        return lambda: commands.restore_task(self.session, actor, task.id)

    def complete(self, actor: Actor, number: int) -> Any:
        task = self._task(number)
        if task is None or task.is_completed:
            return None
        changes = TaskChanges(is_completed=True)
        commands.update_task(self.session, actor, task.id, changes)
        back = TaskChanges(is_completed=False)
        return lambda: commands.update_task(self.session, actor, task.id, back)

    def section(self, actor: Actor, number: int, with_tasks: bool) -> Any:
        section_id = self.sections[number]
        self.session.expire_all()
        if self.session.get_one(Section, section_id).deleted_at is not None:
            return None
        sections.delete_section(self.session, actor, section_id, with_tasks=with_tasks)
        return lambda: sections.restore_section(self.session, actor, section_id)

    def _task(self, number: int) -> Task | None:
        found = select(Task).where(col(Task.id) == self.tasks[number], col(Task.state) < DELETED)
        self.session.expire_all()
        task = self.session.exec(found).one_or_none()
        if task is not None:
            self.session.expunge(task)
        return task


@given(
    one=st.text(DIGITS, min_size=1, max_size=6).filter(lambda key: not key.endswith("0")),
    other=st.text(DIGITS, min_size=1, max_size=6).filter(lambda key: not key.endswith("0")),
)
def test_there_is_a_key_between_any_two(one: str, other: str) -> None:
    low, high = sorted((one, other))
    assert "" < key_between("", low) < low < key_between(low, "")
    if low < high:
        assert low < key_between(low, high) < high
        assert not key_between(low, high).endswith("0")
