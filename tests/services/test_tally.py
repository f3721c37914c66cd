"""The tally is what counting would say, whoever writes and however."""

import asyncio
import random
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, func, insert, literal, select, text, union_all, update
from sqlmodel import Session, col

from dashboard import clock
from dashboard.db import Database
from dashboard.errors import Conflict, DashboardError
from dashboard.models.session import Actor
from dashboard.models.task import (
    NO_DUE_DATE,
    SECONDS_A_DAY,
    Priority,
    Task,
    TaskChanges,
    TaskDraft,
)
from dashboard.models.task_tally import WHENEVER, TaskTally
from dashboard.services import accounts, departures, tasks, trash

MOMENT = datetime(2026, 3, 10, 12, tzinfo=UTC)
TALLY = [col(getattr(TaskTally, name)) for name in ("user_id", "shelf", "day", "n")]
Row = tuple[Any, int, int, int]


def counted(session: Session) -> set[Row]:
    """What the tally has to say, counted row by row."""
    whose, day = (col(Task.user_id), col(Task.shelf)), col(Task.due_key) // SECONDS_A_DAY
    shelves = select(*whose, literal(WHENEVER), func.count()).group_by(*whose)
    days = select(*whose, day, func.count()).where(col(Task.due_key) < NO_DUE_DATE)
    rows = session.execute(union_all(shelves, days.group_by(*whose, day))).all()
    return {(user_id, shelf, day, n) for user_id, shelf, day, n in rows}


def tallied(session: Session) -> set[Row]:
    rows = session.execute(select(*TALLY)).all()
    return {(user_id, shelf, day, n) for user_id, shelf, day, n in rows}


def assert_tally_is_right(database: Database) -> None:
    with database.transaction(writes=False) as session:
        assert tallied(session) == counted(session)


# One after another

days = st.sampled_from(
    [None, date(2026, 3, 9), date(2026, 3, 10), date(9999, 12, 31), date(1970, 1, 1)]
)
drafts = st.builds(
    TaskDraft,
    title=st.just("Milk"),
    priority=st.sampled_from(Priority),
    due_date=days,
)
changes = st.one_of(
    st.builds(TaskChanges, is_completed=st.booleans()),
    st.builds(TaskChanges, due_date=days),
    st.builds(TaskChanges, priority=st.sampled_from(Priority)),
    st.builds(TaskChanges, title=st.just("Bread")),
    st.builds(TaskChanges, due_date=st.just(date(2026, 3, 9)), due_time=st.just(time(9, 30))),
)
targets = st.integers(0, 7)
steps = st.one_of(
    st.tuples(st.just("create"), drafts),
    st.tuples(st.just("update"), targets, changes),
    st.tuples(st.just("delete"), targets),
    st.tuples(st.just("restore"), targets),
    st.tuples(st.just("erase"), targets),
    st.tuples(st.just("empty")),
    st.tuples(st.just("purge")),
    st.tuples(st.just("undo"), drafts),
    st.tuples(st.just("import"), st.lists(drafts, max_size=4)),
    st.tuples(st.just("complete all")),
    st.tuples(st.just("remove all")),
    st.tuples(st.just("give away"), targets),
)


def put_in(session: Session, actor: Actor, some: list[TaskDraft]) -> None:
    """As a program would that knows the table and not the services."""
    rows = []
    for draft in some:
        task = Task(user_id=actor.id, **draft.model_dump())
        task.index()
        rows.append(task.model_dump())
    if rows:
        session.execute(insert(Task), rows)


def complete_all(session: Session, actor: Actor) -> None:
    still_open = (col(Task.user_id) == actor.id, col(Task.shelf) < 10)
    done = {"completed_at": MOMENT, "shelf": col(Task.shelf) + 10}
    session.execute(update(Task).where(*still_open).values(**done))


def change_and_undo(session: Session, actor: Actor, draft: TaskDraft) -> None:
    part = session.begin_nested()
    tasks.create_task(session, actor, draft)
    complete_all(session, actor)
    part.rollback()


class Household:
    """Two people, and all that can happen to their tasks."""

    def __init__(self, database: Database, people: list[Actor]) -> None:
        self.database, self.people = database, people
        self.made: list[Any] = []

    def act(self, session: Session, who: int, name: str, *args: Any) -> None:
        actor, other = self.people[who], self.people[1 - who]
        if name == "create":
            self.made.append(tasks.create_task(session, actor, args[0]).id)
        elif name in ALONE:
            ALONE[name](session, actor, *args)
        elif not self.made:
            return
        elif name == "give away":
            given = update(Task).where(col(Task.id) == self.made[args[0] % len(self.made)])
            session.execute(given.values(user_id=other.id))
        else:
            TARGETED[name](session, actor, self.made[args[0] % len(self.made)], *args[1:])


ALONE: dict[str, Callable[..., Any]] = {
    "empty": lambda session, actor: trash.empty_batch(session, actor, clock.now()),
    "purge": lambda session, _actor: trash.purge_trash(session),
    "undo": change_and_undo,
    "import": put_in,
    "complete all": complete_all,
    "remove all": lambda session, actor: session.execute(
        delete(Task).where(col(Task.user_id) == actor.id)
    ),
}
TARGETED: dict[str, Callable[..., Any]] = {
    "update": tasks.update_task,
    "delete": tasks.delete_task,
    "restore": tasks.restore_task,
    "erase": tasks.delete_forever,
}


@given(st.lists(st.tuples(st.integers(0, 1), steps), max_size=16))
def test_whatever_happens_the_tally_is_what_counting_says(
    database: Database, make_actor: Callable[..., Actor], frozen_clock, happening: list
) -> None:
    household = Household(database, [make_actor("Ana"), make_actor("Bob")])
    for who, (name, *args) in happening:
        frozen_clock.advance(days=8)
        try:
            with database.transaction() as session:
                household.act(session, who, name, *args)
        except DashboardError:
            pass
        assert_tally_is_right(database)


async def test_an_account_takes_its_tally_along_and_leaves_the_others(
    database: Database, ana: Actor, bob: Actor, make_task
) -> None:
    for actor in (ana, bob):
        make_task(actor, "Milk", due_date="2026-03-10")
        make_task(actor, "Bread")
    with database.transaction() as session:
        accounts._remove(session, ana)
    assert_tally_is_right(database)
    await departures.clear()
    assert_tally_is_right(database)
    with database.transaction(writes=False) as session:
        assert {row[0] for row in tallied(session)} == {bob.id}


@pytest.mark.parametrize(
    "wrong", ["shelf = 12", "priority = 3", "completed_at = created_at", "deleted_at = created_at"]
)
def test_a_task_that_is_put_on_a_wrong_shelf_is_refused_by_the_database_itself(
    database: Database, ana: Actor, anas_milk: Task, wrong: str
) -> None:
    """Or a list would not show it, and no count count it."""
    with pytest.raises(Conflict), database.transaction() as session:
        session.execute(text(f"UPDATE task SET {wrong}"))
    assert_tally_is_right(database)


def test_what_raw_sql_writes_is_tallied(database: Database, ana: Actor, anas_milk: Task) -> None:
    with database.transaction() as session:
        session.execute(text("UPDATE task SET priority = 3, shelf = 3"))
    assert_tally_is_right(database)
    with database.transaction() as session:
        session.execute(text('DELETE FROM "user"'))
    with database.transaction(writes=False) as session:
        assert tallied(session) == set()


# At once


async def test_people_who_write_at_the_same_time_are_all_counted(
    database: Database, ana: Actor, bob: Actor, make_actor
) -> None:
    cem = make_actor("Cem")
    dice = random.Random(7)
    made: dict[Actor, list[Any]] = {ana: [], bob: [], cem: []}

    def some(session: Session, actor: Actor, kinds: list[float]) -> None:
        """A transaction of several changes, of which each may meet those of another one."""
        for kind in kinds:
            of_theirs = made[actor]
            if kind < 0.4 or not of_theirs:
                day = date(2026, 3, 10) + timedelta(days=int(kind * 10))
                draft = TaskDraft(
                    title="x", due_date=day, priority=list(Priority)[int(kind * 7) % 3]
                )
                of_theirs.append(tasks.create_task(session, actor, draft).id)
                continue
            target = of_theirs[int(kind * 1000) % len(of_theirs)]
            changes = TaskChanges(is_completed=kind < 0.7, due_date=date(2026, 3, 9))
            try:
                if kind > 0.9:
                    tasks.delete_task(session, actor, target)
                else:
                    tasks.update_task(session, actor, target, changes)
            except DashboardError:
                continue

    wishes = [
        (dice.choice([ana, bob, cem]), [dice.random() for _ in range(dice.randint(1, 4))])
        for _ in range(32)
    ]
    writes = [database.write(some, actor, kinds) for actor, kinds in wishes]
    gone = database.write(accounts._remove, cem)
    answers = await asyncio.gather(*writes, gone, return_exceptions=True)
    refused = [answer for answer in answers if isinstance(answer, Exception)]
    assert all(isinstance(answer, DashboardError) for answer in refused), refused
    await departures.clear()
    assert_tally_is_right(database)
    with database.transaction(writes=False) as session:
        assert {row[0] for row in tallied(session)} == {ana.id, bob.id}
