"""People with many tasks, put into a database in bulk."""

import random
from collections.abc import Iterator
from datetime import timedelta
from itertools import cycle
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import insert
from sqlmodel import Session, col
from uuid_utils.compat import uuid7

from dashboard import clock
from dashboard.database.transactions import Database
from dashboard.models.list import ListDraft
from dashboard.models.session import Actor
from dashboard.models.task import Priority, Task
from dashboard.models.user import User
from dashboard.services.lists.commands import create_list
from dashboard.services.lists.inboxes import create_inbox

_WORDS = "buy call mend read write water paint visit clean pay bread tea roof song letter"
_AT_ONCE = 5_000
DONE = 0.9
T = TypeVar("T")


def move_in(database: Database, people: int, tasks: int, lists: int = 0) -> list[Actor]:
    """Make people with so many lists, and tasks in them: most of them done, some late, some in the trash."""
    users = [_person(number) for number in range(people)]
    # Made once: of different people's tasks only ids and owners differ.
    rows = list(_rows(tasks))
    with database.transaction() as session:
        session.add_all(users)
        session.flush()
        for user in users:
            create_inbox(session, user)
        lists_of = {user.id: _lists_of(session, user, lists) for user in users}
    for some in _in_parts(users, max(1, _AT_ONCE // tasks)):
        with database.writer.begin() as connection:
            theirs = [
                row | {"id": uuid7(), "list_id": list_id, "created_by": user.id}
                for user in some
                for row, list_id in zip(rows, cycle(lists_of[user.id]))
            ]
            for part in _in_parts(theirs, _AT_ONCE):
                # With RETURNING, SQLAlchemy sends a thousand rows in a statement.
                connection.execute(insert(Task).returning(col(Task.id)), part)
    if not database.is_sqlite:
        # It does so by itself, soon; on SQLite nobody does.
        with database.writer.begin() as connection:
            connection.exec_driver_sql("ANALYZE")
    return [Actor(user.id, uuid7(), user.timezone) for user in users]


def _lists_of(session: Session, user: User, count: int) -> list[UUID]:
    """The ids of a person's lists: their Inbox, or so many others."""
    actor = Actor(user.id, uuid7(), user.timezone)
    drafts = (ListDraft(name=f"List {number}") for number in range(count))
    return [create_list(session, actor, draft).row.list.id for draft in drafts] or [user.id]


def _in_parts(rows: list[T], size: int) -> Iterator[list[T]]:
    return (rows[first : first + size] for first in range(0, len(rows), size))


def _person(number: int) -> User:
    return User(name=f"Person {number}", email=f"{number}@example.org", timezone="Europe/Berlin")


def _rows(count: int) -> Iterator[dict[str, Any]]:
    dice, now = random.Random(7), clock.now()
    for number in range(count):
        made_at = now - timedelta(minutes=(count - number) * 10)
        done = dice.random() < DONE
        words = dice.choices(_WORDS.split(), k=4)
        if number % 10 == 0:
            words[dice.randrange(4)] = "milk"
        if number % max(1, count // 10) == 0:
            words[dice.randrange(4)] = "zebra"
        task = Task(
            title=" ".join(words),
            description="A line or two that says a little more about it.",
            priority=dice.choices(list(Priority), [1, 5, 4])[0],
            due_date=(now + timedelta(days=dice.randint(-400 if done else -20, 300))).date(),
            completed_at=made_at + timedelta(hours=5) if done else None,
            deleted_at=now if dice.random() < 0.05 else None,
            created_at=made_at,
            updated_at=made_at,
        )
        task.index()
        yield task.model_dump(exclude={"id", "list_id", "created_by"})
