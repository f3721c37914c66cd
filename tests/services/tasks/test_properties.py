"""What holds whatever people do: pages lose nothing, counts agree with lists, and nobody sees another's row."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import example, given
from hypothesis import strategies as st
from sqlmodel import col, select

from dashboard.database.transactions import Database
from dashboard.errors import DashboardError, Forbidden, StaleVersion, TaskNotFound
from dashboard.models.session import Actor
from dashboard.models.task import Priority, Task, TaskChanges, TaskDraft, TaskReplacement
from dashboard.models.task_query import Order, Sort, Status, TaskQuery
from dashboard.services.tasks import commands, task_list
from dashboard.services.tasks.effects import TaskEffects
from dashboard.services.tasks.task_list import METRIC_QUERIES, Groups
from tests.services.tasks.test_clock_changes import is_late

BEGINNING = datetime(2026, 3, 10, 12, tzinfo=UTC)

days = st.sampled_from([None, date(2026, 3, 9), date(2026, 3, 10), date(2026, 3, 11)])
minutes = st.none() | st.sampled_from([time(0, 0), time(9, 30), time(23, 59)])
# Few values, so that many rows sort alike.
moments = st.integers(0, 3).map(lambda count: BEGINNING + timedelta(microseconds=count))


def built(owner: UUID, **fields: Any) -> Task:
    if fields.get("due_date") is None:
        fields["due_time"] = None
    task = Task(list_id=owner, created_by=owner, **fields)
    task.index()
    return task


some_fields = st.fixed_dictionaries(
    {
        "title": st.sampled_from(["a", "A", "b", "é", "𠮷", "z"]),
        "priority": st.sampled_from(Priority),
        "due_date": days,
        "due_time": minutes,
        "created_at": moments,
        "updated_at": moments,
        "completed_at": st.none() | moments,
        "deleted_at": st.none() | st.none() | moments,
    }
)


# Pages


def value_of(task: Task, sort: Sort) -> Any:
    columns = {
        "created": "created_at",
        "updated": "updated_at",
        "due": "due_key",
        "title": "title_key",
        "relevance": "created_at",
        "position": "place",
    }
    if sort is Sort.PRIORITY:
        rank = [Priority.LOW, Priority.MEDIUM, Priority.HIGH].index(task.priority)
        return rank, task.created_at
    value = getattr(task, columns[sort])
    return value.encode() if isinstance(value, str) else value


class Shelf:
    """One person's tasks, of which more may arrive at any time, and what a status should find of them."""

    def __init__(self, database: Database, actor: Actor, status: Status) -> None:
        self.database = database
        self.actor = actor
        self.status = status
        self.tasks: dict[UUID, Task] = {}

    def arrive(self, rows: list[dict[str, Any]]) -> None:
        made = [built(self.actor.id, **fields) for fields in rows]
        with self.database.transaction() as session:
            session.add_all(made)
        self.tasks.update({task.id: task for task in made})

    def belonging(self) -> set[UUID]:
        return {task_id for task_id, task in self.tasks.items() if self._belongs(task)}

    def _belongs(self, task: Task) -> bool:
        if self.status is Status.DELETED:
            return task.deleted_at is not None
        return task.deleted_at is None and (self.status is Status.ALL or task.completed_at is None)

    def page(self, **query: Any) -> task_list.TaskPage:
        with self.database.transaction(writes=False) as session:
            return task_list.list_tasks(session, self.actor, TaskQuery(status=self.status, **query))


@given(
    before=st.lists(some_fields, max_size=12),
    arriving=st.lists(st.lists(some_fields, max_size=3), max_size=6),
    ordered=st.tuples(st.sampled_from(Sort), st.sampled_from(Order)),
    status=st.sampled_from([Status.ALL, Status.PENDING, Status.DELETED]),
    limit=st.integers(1, 5),
)
def test_no_row_is_skipped_or_repeated_while_others_arrive(
    database: Database,
    make_actor: Callable[..., Actor],
    before: list[dict[str, Any]],
    arriving: list[list[dict[str, Any]]],
    ordered: tuple[Sort, Order],
    status: Status,
    limit: int,
) -> None:
    shelf = Shelf(database, make_actor("Ana"), status)
    shelf.arrive(before)
    there_from_the_start = shelf.belonging()
    sort, order = ordered
    seen: list[UUID] = []
    page = None
    while page is None or page.next_cursor is not None:
        cursor = page.next_cursor if page else None
        page = shelf.page(sort=sort, order=order, limit=limit, cursor=cursor)
        seen += [row.id for row in page.items]
        assert len(page.items) == limit or (page.next_cursor is None and len(page.items) < limit)
        assert page.count == len(shelf.belonging())
        if arriving:
            shelf.arrive(arriving.pop())

    assert len(seen) == len(set(seen)), "nothing twice"
    assert there_from_the_start <= set(seen) <= shelf.belonging(), "nothing left out"
    places = [(value_of(shelf.tasks[task_id], sort), task_id) for task_id in seen]
    assert places == sorted(places, reverse=order is Order.DESCENDING)


# Counts

ZONES = [
    "UTC",
    "Europe/Berlin",
    "America/Los_Angeles",
    "Asia/Kathmandu",
    "Pacific/Kiritimati",
    "Asia/Beirut",
]
# Midnights and changes of the clock, in all of these zones and in both directions.
INSTANTS = [
    datetime(2026, 3, 10, 0, tzinfo=UTC),
    datetime(2026, 3, 9, 23, tzinfo=UTC),
    datetime(2026, 3, 8, 10, tzinfo=UTC),
    datetime(2026, 3, 10, 18, 15, tzinfo=UTC),
    datetime(2026, 3, 28, 22, tzinfo=UTC),
    datetime(2026, 3, 29, 1, tzinfo=UTC),
    datetime(2026, 10, 24, 21, tzinfo=UTC),
    datetime(2026, 10, 25, 1, tzinfo=UTC),
    datetime(2026, 11, 1, 9, tzinfo=UTC),
]
instants = st.builds(
    lambda instant, seconds: instant + timedelta(seconds=seconds),
    st.sampled_from(INSTANTS),
    st.sampled_from([-5400, -3600, -60, -1, 0, 1, 59, 60, 3599, 3600, 5400]),
)


def heading_of(task: Task, wall: datetime) -> str:
    """The heading of the agenda under which a task stands."""
    if task.completed_at is not None:
        return "completed"
    if task.due_date is None:
        return "no_date"
    if is_late(task, wall):
        return "overdue"
    return "today" if task.due_date <= wall.date() else "upcoming"


def plain_counts(rows: list[Task], wall: datetime) -> dict[str, int]:
    """The words of product.md, without any key or query."""
    kept = [task for task in rows if task.deleted_at is None]
    pending = [task for task in kept if task.completed_at is None]

    def is_late(task: Task) -> bool:
        if task.due_date is None:
            return False
        if task.due_time is None:
            return wall.date() > task.due_date
        due = datetime.combine(task.due_date, task.due_time)
        now = wall.replace(tzinfo=None, microsecond=0)
        # An hour that the clock tells twice is due the first time, and late all through the second.
        first = due.replace(tzinfo=wall.tzinfo).astimezone(UTC)
        return due < now or (
            bool(wall.fold) and first < wall.replace(microsecond=0).astimezone(UTC)
        )

    return {
        "total": len(kept),
        "completed": len(kept) - len(pending),
        "pending": len(pending),
        "overdue": sum(map(is_late, pending)),
        "due_today": sum(task.due_date == wall.date() for task in pending),
        "until_tonight": sum(
            task.due_date is not None and task.due_date <= wall.date() for task in pending
        ),
        **{
            f"{priority.lower()}_priority": sum(task.priority is priority for task in pending)
            for priority in Priority
        },
    }


@given(
    zone=st.sampled_from(ZONES),
    instant=instants,
    tasks_near=st.lists(
        st.tuples(
            st.none() | st.integers(-1, 1),
            st.none() | st.integers(-90, 90),
            st.sampled_from(Priority),
            st.booleans(),
            st.sampled_from([False, False, True]),
        ),
        max_size=12,
    ),
)
@example(
    "Europe/Berlin", datetime(2026, 3, 9, 23, tzinfo=UTC), [(-1, None, Priority.LOW, False, False)]
)
@example(
    "Europe/Berlin", datetime(2026, 3, 29, 1, tzinfo=UTC), [(0, -30, Priority.LOW, False, False)]
)
@example(
    "Europe/Berlin", datetime(2026, 10, 25, 1, tzinfo=UTC), [(0, 30, Priority.LOW, False, False)]
)
def test_every_count_is_the_length_of_the_list_that_it_opens(
    database: Database, make_actor: Callable[..., Actor], frozen_clock, zone: str, instant: datetime, tasks_near: list
) -> None:  # fmt: skip
    frozen_clock.set(datetime(2026, 1, 1, tzinfo=UTC))
    actor = make_actor("Ana", timezone=zone)
    other = make_actor("Bob", timezone=zone)
    frozen_clock.set(instant)
    wall = instant.astimezone(ZoneInfo(zone))
    rows = []
    for day, minute, priority, is_completed, is_deleted in tasks_near:
        near = wall.replace(tzinfo=None) + timedelta(minutes=minute or 0)
        rows.append(
            built(
                actor.id,
                title="near",
                priority=priority,
                due_date=None if day is None else near.date() + timedelta(days=day),
                due_time=None if minute is None else near.time().replace(second=0, microsecond=0),
                completed_at=instant if is_completed else None,
                deleted_at=instant if is_deleted else None,
            )
        )
    with database.transaction() as session:
        session.add_all(
            [*rows, built(other.id, title="not hers", due_date=wall.date() - timedelta(days=1))]
        )
    with database.transaction(writes=False) as session:
        counts = task_list.count_metrics(session, actor)._asdict()
        for name, query in METRIC_QUERIES.items():
            page = task_list.list_tasks(session, actor, query)
            assert counts[name] == page.count == len(page.items), name
            found = {row.id for row in page.items}
            groups = Counter(heading_of(task, wall) for task in rows if task.id in found)
            assert task_list.count_groups(session, actor, query) == Groups(**groups), name
            for task in rows:
                found_tasks, the_same, in_groups, _ = task_list.find_tasks(
                    session, actor, query, [task.id], in_groups=True
                )
                row = found_tasks[task.id]
                assert row is not None
                assert bool(row.is_listed) is (task.id in found)
                assert the_same._asdict() == counts
                assert in_groups == Groups(**groups)
    assert counts == plain_counts(rows, wall)
    late = [task for task in rows if task.deleted_at is None and is_late(task, wall)]
    assert counts["overdue"] == len(late)


# Isolation

drafts = st.builds(
    TaskDraft,
    title=st.sampled_from(["Milk", "Bread", "50% off_"]),
    priority=st.sampled_from(Priority),
    due_date=days,
)
changes = st.builds(TaskChanges, title=st.just("Changed"), is_completed=st.booleans()) | st.builds(
    TaskChanges, due_date=days
)
replacements = st.builds(
    TaskReplacement,
    title=st.just("Replaced"),
    description=st.just(""),
    priority=st.sampled_from(Priority),
    is_completed=st.booleans(),
    due_date=days,
    due_time=st.none(),
)
queries = st.builds(
    TaskQuery,
    status=st.sampled_from(Status),
    sort=st.sampled_from(Sort),
    q=st.sampled_from(["", "milk", "%"]),
    limit=st.integers(1, 3),
)
versions = st.none() | st.integers(1, 4)
targets = st.integers(0, 5)
operations = st.one_of(
    st.tuples(st.just("create"), drafts, st.sampled_from([None, "key-1", "key-2"])),
    st.tuples(st.just("create at"), targets, drafts),
    st.tuples(st.just("get"), targets),
    st.tuples(st.just("update"), targets, changes | replacements, versions),
    st.tuples(st.just("delete"), targets, versions),
    st.tuples(st.just("restore"), targets),
    st.tuples(st.just("list"), queries),
    st.tuples(st.just("agenda"), queries),
    st.tuples(st.just("find"), targets, queries),
    st.tuples(st.just("count")),
)


class Household:
    """Two people on one database, and everything that the services ever answered to one of them."""

    def __init__(self, database: Database, people: list[Actor]) -> None:
        self.database = database
        self.people = people
        self.made: list[UUID] = []

    def rows_of(self, actor: Actor) -> list[dict[str, Any]]:
        query = select(Task).where(col(Task.created_by) == actor.id).order_by(col(Task.id))
        with self.database.transaction(writes=False) as session:
            return [task.model_dump() for task in session.exec(query).all()]

    def owner_of(self, task_id: UUID) -> UUID | None:
        with self.database.transaction(writes=False) as session:
            task = session.get(Task, task_id)
            assert task is not None
            return task.created_by

    def target(self, number: int) -> UUID:
        return self.made[number % len(self.made)]

    def act(self, actor: Actor, name: str, *args: Any) -> Any:
        """Let someone do one thing; the answer, or None when there was nothing to do it to."""
        if name not in UNTARGETED:
            if not self.made:
                return None
            args = (self.target(args[0]), *args[1:])
        with self.database.transaction() as session:
            answer = ACTS[name](session, actor, *args)
        if name == "create":
            self.made.append(answer.task.id)
        return answer


UNTARGETED = {"create", "list", "agenda", "count"}
ACTS: dict[str, Callable[..., Any]] = {
    "create": lambda session, actor, draft, key: commands.create_task(
        session, actor, draft, idempotency_key=key
    ),
    "create at": lambda session, actor, target, draft: commands.create_task(
        session, actor, draft, task_id=target
    ),
    "get": commands.get_task,
    "update": lambda session, actor, target, some, version: commands.update_task(
        session, actor, target, some, version=version
    ),
    "delete": lambda session, actor, target, version: commands.delete_task(
        session, actor, target, version=version
    ),
    "restore": commands.restore_task,
    "list": task_list.list_tasks,
    "agenda": task_list.list_agenda,
    "find": lambda session, actor, target, query: task_list.find_tasks(
        session, actor, query, [target]
    ),
    "count": task_list.count_metrics,
}


def owners_in(answer: Any) -> set[UUID | None]:
    if isinstance(answer, TaskEffects):
        return {effect.task.created_by for effect in answer.changed} | owners_in(answer.task)
    if isinstance(answer, Task):
        return {answer.created_by}
    if isinstance(answer, task_list.TaskPage):
        return {row.created_by for row in answer.items}
    if isinstance(answer, task_list.FoundTasks):
        (answer,) = answer.rows.values()
    return {answer.created_by} if hasattr(answer, "created_by") else set()


@given(st.lists(st.tuples(st.integers(0, 1), operations), max_size=20))
def test_whatever_two_people_do_neither_sees_or_changes_the_others_rows(
    database: Database, make_actor: Callable[..., Actor], steps: list[tuple[int, tuple]]
) -> None:
    household = Household(database, [make_actor("Ana"), make_actor("Bob")])
    for who, (name, *args) in steps:
        actor, other = household.people[who], household.people[1 - who]
        others_rows = household.rows_of(other)
        try:
            answer = household.act(actor, name, *args)
        except Forbidden:
            assert household.owner_of(household.target(args[0])) == other.id
        except (TaskNotFound, StaleVersion):
            assert household.owner_of(household.target(args[0])) == actor.id
        except DashboardError as error:  # pragma: no cover
            raise AssertionError(f"{name} was refused for another reason: {error}") from error
        else:
            assert owners_in(answer) <= {actor.id}
            if isinstance(answer, task_list.TaskPage):
                assert answer.count <= len(household.rows_of(actor))
            if isinstance(answer, task_list.Metrics):
                kept = [row for row in household.rows_of(actor) if row["deleted_at"] is None]
                assert answer.total == len(kept)
        assert household.rows_of(other) == others_rows
