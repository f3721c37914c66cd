"""A server that is told to stop finishes what it was asked for, tells tabs to come back, and ends at once."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from uuid import UUID

import httpx
import pytest
from simple_websocket import ConnectionClosed
from uuid_utils.compat import uuid7

from tests.browser.conftest import PASSWORD, Server
from tests.browser.script import Script
from tests.browser.test_socket_attacks import new_person
from tests.browser.wire import Wire

TABS, PROGRAMS = 4, 3
RESTARTING = 1012


class Load:
    """Somebody's tabs and programs, which write without a pause. `answered` has the ids of all that was done."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._person = new_person(server)
        self._busy = threading.Event()
        self.answered: set[UUID] = set()
        self._threads = [
            *(threading.Thread(target=self._tab) for _ in range(TABS)),
            *(threading.Thread(target=self._program) for _ in range(PROGRAMS)),
        ]

    def begin(self) -> None:
        for thread in self._threads:
            thread.start()
        deadline = time.monotonic() + 30
        while len(self.answered) < 20 * len(self._threads):
            assert time.monotonic() < deadline, "The server answers too slowly."
            time.sleep(0.01)

    def end(self) -> None:
        for thread in self._threads:
            thread.join()

    def _tab(self) -> None:
        with Wire(self._server, self._person.cookie) as wire:
            wire.loaded()
            with suppress(TimeoutError, ConnectionClosed):
                while True:
                    task_id = uuid7()
                    wire.perform("create", task_id, fields={"title": "Milk"})
                    self.answered.add(UUID(str(task_id)))

    def _program(self) -> None:
        origin = {"Origin": self._server.address}
        cookies = {"dashboard_session": self._person.cookie}
        with (
            httpx.Client(base_url=self._server.address, headers=origin, cookies=cookies) as client,
            suppress(httpx.TransportError),
        ):
            while (answer := client.post("/api/tasks", json={"title": "Bread"})).status_code != 503:
                self.answered.add(UUID(answer.raise_for_status().json()["id"]))


@pytest.fixture
def load(own_server: Server) -> Iterator[Load]:
    load = Load(own_server)
    load.begin()
    yield load
    load.end()


def stop(server: Server) -> tuple[int, float]:
    """The code with which a server ends that is told to, and how long that takes."""
    assert server.process is not None
    begun = time.monotonic()
    server.process.terminate()
    code = server.process.wait(timeout=60)
    server.process = None
    return code, time.monotonic() - begun


def stored(server: Server) -> set[UUID]:
    with closing(sqlite3.connect(server.data_dir / "cairn.db")) as connection:
        return {UUID(row[0]) for row in connection.execute("SELECT id FROM task")}


def test_under_load_all_that_was_done_was_answered_and_all_that_was_answered_is_there(
    own_server: Server, load: Load
) -> None:
    quiet = Wire(own_server, new_person(own_server).cookie).loaded()
    code, seconds = stop(own_server)
    load.end()
    assert code == 0
    assert seconds < 10
    assert quiet.wait_for_its_end(seconds=1) == RESTARTING
    assert load.answered <= stored(own_server), "what was answered is kept"
    assert stored(own_server) <= load.answered, "what was done was answered"
    assert own_server.log().count("Traceback") == 0
    assert "Not everything was finished" not in own_server.log()


def test_quiet_tabs_are_told_to_come_back_and_hold_nobody_up(own_server: Server) -> None:
    person = new_person(own_server)
    tabs = [Wire(own_server, person.cookie).loaded() for _ in range(3)]
    code, seconds = stop(own_server)
    assert code == 0
    assert seconds < 5
    assert [tab.wait_for_its_end(seconds=1) for tab in tabs] == [RESTARTING] * 3


def test_people_who_are_signing_in_are_let_in_before_the_end(own_server: Server) -> None:
    email = new_person(own_server).send("GET", "/api/auth/session")["user"]["email"]
    answers: list[int] = []
    is_asking = threading.Barrier(5)

    def sign_in() -> None:
        person = {"email": email, "password": PASSWORD}
        with httpx.Client(base_url=own_server.address, timeout=60) as client:
            client.get("/healthz")
            is_asking.wait()
            sent = client.build_request(
                "POST", "/api/auth/sign-in", json=person, headers={"Origin": own_server.address}
            )
            answers.append(client.send(sent).status_code)

    asking = [threading.Thread(target=sign_in) for _ in range(4)]
    for thread in asking:
        thread.start()
    is_asking.wait()
    # Each of them takes a fifth of a second of a core, so that some are at it and some in line.
    time.sleep(0.1)
    code, _ = stop(own_server)
    for thread in asking:
        thread.join()
    assert code == 0
    assert answers == [200] * 4


def test_a_script_only_has_to_ask_again_after_a_restart(own_server: Server) -> None:
    script: Script = new_person(own_server)
    script.add("Before")
    stop(own_server)
    own_server.start()
    script.add("After")
    assert [task["title"] for task in script.tasks()] == ["Before", "After"]
