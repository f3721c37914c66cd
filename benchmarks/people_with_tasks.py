"""Many people with tasks and sessions, put straight into a database: to hash all their passwords would take minutes."""

import os
from pathlib import Path
from typing import NamedTuple

from dashboard.config import get_settings
from dashboard.database.migrations import prepare
from dashboard.database.transactions import Database
from dashboard.models.session import Client
from dashboard.models.task import Task
from dashboard.models.user import User
from dashboard.services.accounts import sessions
from dashboard.services.lists.inboxes import create_inbox

_AT_ONCE = 100


class Person(NamedTuple):
    """Someone who is signed in. Each title of theirs starts with their name."""

    name: str
    cookie: str


def make_people(data_dir: Path, count: int, tasks_each: int) -> list[Person]:
    """Fill a new database in `data_dir`, with the secret that the server there will use."""
    os.environ["DATA_DIR"] = str(data_dir)
    get_settings.cache_clear()
    prepare(get_settings())
    database = Database(get_settings().database_url)
    people: list[Person] = []
    while len(people) < count:
        more = range(len(people), min(len(people) + _AT_ONCE, count))
        people += _make_some(database, [f"Person{number}" for number in more], tasks_each)
    database.close()
    return people


def _make_some(database: Database, names: list[str], tasks_each: int) -> list[Person]:
    with database.transaction() as session:
        users = [User(name=name, email=f"{name.lower()}@example.org") for name in names]
        session.add_all(users)
        session.flush()
        for user in users:
            create_inbox(session, user)
            tasks = [
                Task(list_id=user.id, created_by=user.id, title=f"{user.name} has task {number}")
                for number in range(tasks_each)
            ]
            for task in tasks:
                task.index()
            session.add_all(tasks)
        session.flush()
        opened = [sessions.open_session(session, user, Client(), remember=True) for user in users]
        return [Person(each.user.name, f"dashboard_session={each.token}") for each in opened]
