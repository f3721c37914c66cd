"""A server that is killed while people write: what it answered is there, and of nothing else there is a half."""

import logging
import random
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing
from datetime import date
from typing import Any
from uuid import uuid4

import httpx
import pytest
from simple_websocket import ConnectionClosed
from simple_websocket import ConnectionError as NotConnected
from sqlalchemy import create_engine, text
from sqlmodel import Session, select
from uuid_utils.compat import uuid7
from wsproto.utilities import ProtocolError

from dashboard.models.task import Task
from tests.browser.conftest import Server
from tests.browser.wire import Wire
from tests.conftest import IS_LONG
from tests.faults.conftest import Person

logger = logging.getLogger(__name__)

KILLS = 4 if IS_LONG else 2
ROUNDS = 25 if IS_LONG else 1
LONGEST_WAIT = 1.0
"""Seconds of writing before a server is killed."""

State = tuple[int, bool]
"""What a task holds, as one number that says all of it, and whether it is in the trash."""


def fields_of(number: int) -> dict[str, Any]:
    """Every field of a task, each of which tells the number."""
    return {
        "description": f"{number} " * 100,
        "priority": ["Low", "Medium", "High"][number % 3],
        "due_date": date.fromordinal(738_000 + number).isoformat(),
    }


class Book:
    """What a writer knows of its own tasks: how they are, or what they may be besides."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.known: dict[str, State | None] = {}
        self.perhaps: dict[str, State] = {}
        self.acknowledged = 0

    def owns(self, title: str) -> bool:
        return title.startswith(f"{self.name} ")

    def choose(self, chance: random.Random) -> tuple[str, str, State]:
        """A kind of write, the title of the task, and how it will be."""
        there = sorted(title for title, state in self.known.items() if state is not None)
        if not there or chance.random() < 0.4:
            number = len(self.known)
            return "create", f"{self.name} {number}", (number, False)
        title = chance.choice(there)
        number, is_deleted = self.known[title] or (0, False)
        if is_deleted:
            return "restore", title, (number, False)
        if chance.random() < 0.2:
            return "delete", title, (number, True)
        return "change", title, (number + 1000, False)

    def write(self, send: Callable[[str, str, State], None], chance: random.Random) -> None:
        """Write something: known once it is acknowledged, and until then only possible."""
        kind, title, state = self.choose(chance)
        self.known.setdefault(title, None)
        self.perhaps[title] = state
        send(kind, title, state)
        self.known[title] = self.perhaps.pop(title)
        self.acknowledged += 1

    def compare(self, found: dict[str, State]) -> None:
        """Make sure that all is as it was acknowledged, or as what had no answer would have it; learn which."""
        own = {title for title in found if self.owns(title)}
        assert own <= self.known.keys(), "There is a task that nobody has asked for."
        for title, known in self.known.items():
            possible = [known, *([self.perhaps[title]] if title in self.perhaps else [])]
            assert found.get(title) in possible, title
            self.known[title] = found.get(title)
        self.perhaps.clear()


class Writer:
    """Somebody who writes as fast as they are answered, until there is no answer."""

    def __init__(self, server: Server, name: str) -> None:
        self.book = Book(name)
        self._server = server
        self._person = Person(server)
        self._person.sign_up(name)
        self._ids: dict[str, str] = {}

    def write_until_it_dies(self, chance: random.Random) -> None:
        try:
            while True:
                self.book.write(self.send, chance)
        except httpx.TransportError:
            pass

    def assert_counts_are_right(self, found: dict[str, State]) -> None:
        own = [is_deleted for title, (_, is_deleted) in found.items() if self.book.owns(title)]
        counts = self._person.get("/api/tasks/metrics").raise_for_status().json()
        assert counts["total"] == counts["pending"] == own.count(False)

    def send(self, kind: str, title: str, state: State) -> None:
        raise NotImplementedError


class Program(Writer):
    """Over REST."""

    def send(self, kind: str, title: str, state: State) -> None:
        if kind == "create":
            wish = {"title": title, **fields_of(state[0])}
            key = {"Idempotency-Key": title}
            answer = self._person.post("/api/tasks", json=wish, headers=key)
            answer.raise_for_status()
            self._ids[title] = answer.json()["id"]
            return
        address = f"/api/tasks/{self._id_of(title)}"
        if kind == "change":
            answer = self._person.patch(address, json=fields_of(state[0]))
        elif kind == "delete":
            answer = self._person.delete(address)
        else:
            answer = self._person.post(f"{address}/restore")
        answer.raise_for_status()

    def _id_of(self, title: str) -> str:
        if title not in self._ids:
            # It was made, and the answer was lost.
            self._ids[title] = ids_by_title(self._server)[title]
        return self._ids[title]


class Tab(Writer):
    """Over the socket, as a page does."""

    def __init__(self, server: Server, name: str) -> None:
        super().__init__(server, name)
        self._wire: Wire | None = None

    def write_until_it_dies(self, chance: random.Random) -> None:
        try:
            with Wire(self._server, self._person.cookie) as self._wire:
                self._wire.loaded()
                while True:
                    self.book.write(self.send, chance)
        except (ConnectionClosed, NotConnected, ProtocolError, TimeoutError, OSError):
            # A ProtocolError: it died in the middle of the handshake.
            pass

    def send(self, kind: str, title: str, state: State) -> None:
        assert self._wire is not None
        fields = fields_of(state[0])
        if kind == "create":
            fields["title"] = title
            self._ids[title] = str(uuid7())
        elif kind != "change":
            fields = {}
        answer = self._wire.perform(kind, self._ids[title], fields=fields)
        assert not answer.get("error"), answer


class Crowd(Writer):
    """One person after another who comes for the first time: a user, an account and a session each."""

    def __init__(self, server: Server, name: str) -> None:
        super().__init__(server, name)
        self.addresses: set[str] = set()

    def write_until_it_dies(self, chance: random.Random) -> None:
        try:
            while True:
                with Person(self._server) as newcomer:
                    self.addresses.add(newcomer.sign_up(email=f"{uuid4()}@example.org"))
        except httpx.TransportError:
            pass


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_a_server_killed_while_people_write_keeps_all_it_acknowledged_and_no_half_of_the_rest(
    server: Server, chance: random.Random, round_: int
) -> None:
    writers = [
        *(Program(server, name) for name in ("anton", "berta", "carla")),
        *(Tab(server, name) for name in ("doris", "erika")),
    ]
    crowd = Crowd(server, "flora")
    for _ in range(KILLS):
        writing = [
            threading.Thread(
                target=writer.write_until_it_dies, args=(random.Random(chance.random()),)
            )
            for writer in (*writers, crowd)
        ]
        for thread in writing:
            thread.start()
        time.sleep(chance.uniform(0, LONGEST_WAIT))
        server.kill()
        for thread in writing:
            thread.join(timeout=60)
            assert not thread.is_alive()
        server.start()
        found = everything_in(server)
        for writer in writers:
            writer.book.compare(found)
            writer.assert_counts_are_right(found)
        assert_accounts_are_whole(server, crowd.addresses)
        assert_file_is_whole(server)
    acknowledged = sum(writer.book.acknowledged for writer in writers)
    assert acknowledged > 0
    told = (KILLS, acknowledged, len(crowd.addresses))
    logger.warning("%d kills, %d acknowledged writes and %d sign-ups, none lost", *told)


def everything_in(server: Server) -> dict[str, State]:
    """Every task by its title. Makes sure that all of its columns tell the same."""
    found: dict[str, State] = {}
    engine = create_engine(address_of_data(server))
    with Session(engine) as session:
        for task in session.exec(select(Task)):
            number = int(task.description.split()[0])
            due = task.due_date.isoformat() if task.due_date else None
            told = {"description": task.description, "priority": task.priority, "due_date": due}
            assert told == fields_of(number)
            derived = task.model_dump()
            task.index()
            assert task.model_dump() == derived
            assert task.title not in found, "A task was made twice."
            found[task.title] = (number, task.deleted_at is not None)
    engine.dispose()
    return found


def ids_by_title(server: Server) -> dict[str, str]:
    engine = create_engine(address_of_data(server))
    with Session(engine) as session:
        ids = {task.title: str(task.id) for task in session.exec(select(Task))}
    engine.dispose()
    return ids


def assert_accounts_are_whole(server: Server, acknowledged: set[str]) -> None:
    engine = create_engine(address_of_data(server))
    with engine.connect() as connection:
        rows = connection.execute(
            text("""
            SELECT u.email, (SELECT count(*) FROM account a WHERE a.user_id = u.id),
                            (SELECT count(*) FROM session s WHERE s.user_id = u.id)
            FROM "user" u
            """)
        ).all()
    engine.dispose()
    assert {(accounts, sessions) for _, accounts, sessions in rows} == {(1, 1)}
    assert acknowledged <= {email for email, *_ in rows}


def assert_file_is_whole(server: Server) -> None:
    if server.database_url:
        return
    with closing(sqlite3.connect(server.data_dir / "cairn.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def address_of_data(server: Server) -> str:
    return server.database_url or f"sqlite:///{server.data_dir}/cairn.db"
