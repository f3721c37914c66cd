"""Rules that the browser repeats: order, overdue, groups, counts, the wall clock. JavaScript reads the same files."""

import json
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import Session

from dashboard import clock
from dashboard.database.transactions import Database
from dashboard.models.list import inbox_of
from dashboard.models.session import Actor
from dashboard.models.task import Task, due_key, moment_key
from dashboard.models.task_query import Status, TaskQuery
from dashboard.services.tasks import task_list
from tests.conftest import FrozenClock

FOLDER = Path(__file__).parents[2] / "vectors"
VECTORS = json.loads((FOLDER / "tasks.json").read_text())
WALL_CLOCK = json.loads((FOLDER / "wall_clock.json").read_text())["cases"]
MOMENTS = ("created_at", "updated_at", "completed_at", "deleted_at")


@pytest.fixture
def actor(database: Database, ana: Actor, frozen_clock: FrozenClock) -> Actor:
    """Ana with the tasks of the vectors, at their moment."""
    with database.transaction() as session:
        session.add_all(stored(each, ana) for each in VECTORS["tasks"])
    frozen_clock.set(datetime.fromisoformat(VECTORS["moment"]))
    return ana._replace(timezone=VECTORS["timezone"])


def stored(vector: dict[str, Any], ana: Actor) -> Task:
    moments: dict[str, Any] = {
        name: vector[name] and datetime.fromisoformat(vector[name]) for name in MOMENTS
    }
    task = Task(
        id=UUID(vector["id"]),
        list_id=inbox_of(ana.id),
        created_by=ana.id,
        title=vector["title"],
        priority=vector["priority"],
        due_date=vector["due_date"] and date.fromisoformat(vector["due_date"]),
        due_time=vector["due_time"] and time.fromisoformat(vector["due_time"]),
        **moments,
    )
    task.index()
    return task


def listed(session: Session, actor: Actor, **query: Any) -> list[str]:
    page = task_list.list_tasks(session, actor, TaskQuery(**query))
    return [row.title for row in page.items]


def test_tasks_come_in_each_order_in_both_directions(database: Database, actor: Actor) -> None:
    with database.transaction(writes=False) as session:
        for sort, ascending in VECTORS["orders"].items():
            assert listed(session, actor, sort=sort, order="asc") == ascending, sort
            assert listed(session, actor, sort=sort, order="desc") == ascending[::-1], sort


def test_the_agenda_has_its_tasks_in_groups_and_counts_them(
    database: Database, actor: Actor
) -> None:
    groups = VECTORS["groups"]
    with database.transaction(writes=False) as session:
        page = task_list.list_agenda(session, actor, TaskQuery())
        counted = task_list.count_groups(session, actor, TaskQuery())
    assert [row.title for row in page.items] == [
        title for each in groups.values() for title in each
    ]
    assert counted._asdict() == {name: len(titles) for name, titles in groups.items()}


def test_the_cards_count_what_their_lists_hold(database: Database, actor: Actor) -> None:
    with database.transaction(writes=False) as session:
        assert task_list.count_metrics(session, actor)._asdict() == VECTORS["counts"]
        overdue = listed(session, actor, status=Status.OVERDUE, sort="due", order="asc")
    assert overdue == VECTORS["groups"]["overdue"]


@pytest.mark.parametrize("case", WALL_CLOCK, ids=lambda case: f"{case['zone']} {case['moment']}")
def test_the_wall_clock_of_a_zone_never_goes_back(
    frozen_clock: FrozenClock, case: dict[str, str]
) -> None:
    frozen_clock.set(datetime.fromisoformat(case["moment"]).astimezone(UTC))
    shown = datetime.fromisoformat(case["now"])
    seconds = shown.second  # a due time has none
    assert clock.today(case["zone"]).isoformat() == case["today"]
    assert moment_key(clock.local_now(case["zone"])) == (
        due_key(shown.date(), shown.time().replace(second=0)) + seconds
    )
