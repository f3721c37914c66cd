"""Two workers at one port, with PostgreSQL and Redis, are one Cairn: what holds in one holds in both."""

import re
import secrets
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from uuid_utils.compat import uuid7

from tests.browser.conftest import PASSWORD, Server
from tests.browser.script import Script
from tests.browser.test_socket_attacks import new_person
from tests.browser.wire import Wire
from tests.conftest import RedisServer

METRICS_TOKEN = "wQ8zN4tG7kV2xB5mJ9hC"
MOST_TRIES = 60
"""How many sockets are opened until both workers have one; the kernel chooses for each."""


@pytest.fixture(scope="module")
def redis() -> Iterator[RedisServer]:
    with tempfile.TemporaryDirectory(prefix="cairn-redis-") as folder:
        server = RedisServer(Path(folder))
        server.start()
        yield server
        server.stop()


@pytest.fixture(scope="module")
def server(
    redis: RedisServer,
    tmp_path_factory: pytest.TempPathFactory,
    _new_postgresql_database: Callable[[], str],
) -> Iterator[Server]:
    url = _new_postgresql_database()
    folder = tmp_path_factory.mktemp("workers")
    counts = tmp_path_factory.mktemp("counts")
    running = Server(
        folder,
        url,
        redis_url=redis.url,
        workers=2,
        settings={"METRICS_TOKEN": METRICS_TOKEN, "PROMETHEUS_MULTIPROC_DIR": str(counts)},
    ).start()
    yield running
    running.stop()


def worker_of(server: Server, wire: Wire) -> int:
    """The process that holds the other end of a socket."""
    theirs = f":{wire.local_port:04X}"
    inode = next(
        fields[9]
        for fields in map(str.split, Path("/proc/net/tcp").read_text().splitlines()[1:])
        if fields[2].endswith(theirs) and fields[1].endswith(f":{server.port:04X}")
    )
    for process in server.worker_processes():
        for descriptor in Path(f"/proc/{process}/fd").iterdir():
            if descriptor.exists() and descriptor.readlink().name == f"socket:[{inode}]":
                return process
    raise LookupError(inode)


@pytest.fixture
def tabs(server: Server) -> Iterator[Callable[[Script], list[Wire]]]:
    """Opens a tab of somebody's at each of the workers."""
    opened: list[Wire] = []

    def open_them(person: Script) -> list[Wire]:
        found: dict[int, Wire] = {}
        while len(found) < server.workers:
            assert len(opened) < MOST_TRIES
            wire = Wire(server, person.cookie)
            opened.append(wire)
            found.setdefault(worker_of(server, wire), wire)
        return [wire.loaded() for wire in found.values()]

    yield open_them
    for wire in opened:
        wire.close()


def titles(wire: Wire) -> set[str]:
    rows = [*wire.said.get("rows", ()), *(c.get("row") or {} for c in wire.said.get("changes", ()))]
    return {row["title"] for row in rows if row}


def test_what_one_worker_writes_the_other_one_shows(
    server: Server, tabs: Callable[[Script], list[Wire]]
) -> None:
    here, there = tabs(new_person(server))
    for number, (writer, reader) in enumerate([(here, there), (there, here)]):
        writer.perform("create", uuid7(), fields={"title": f"Milk {number}"})
        reader.until(lambda: f"Milk {number}" in titles(reader))  # noqa: B023 - called at once


def test_a_session_that_is_revoked_at_one_worker_loses_its_sockets_at_both_within_five_seconds(
    server: Server, tabs: Callable[[Script], list[Wire]]
) -> None:
    person = new_person(server)
    open_tabs = tabs(person)
    elsewhere = Script(server, person.send("GET", "/api/auth/session")["user"]["email"])
    elsewhere.send("DELETE", "/api/auth/sessions")
    deadline = time.monotonic() + 5
    for tab in open_tabs:
        tab.wait_for_its_end(deadline - time.monotonic())


def test_an_account_that_is_disabled_by_a_command_loses_its_sockets_at_both(
    server: Server, tabs: Callable[[Script], list[Wire]]
) -> None:
    person = new_person(server)
    open_tabs = tabs(person)
    email = person.send("GET", "/api/auth/session")["user"]["email"]
    server.command("users", "disable", email)
    for tab in open_tabs:
        tab.wait_for_its_end(seconds=6)


@pytest.fixture
def limited_server(
    tmp_path: Path, redis: RedisServer, _new_postgresql_database: Callable[[], str]
) -> Iterator[Server]:
    url = _new_postgresql_database()
    running = Server(tmp_path, url, redis_url=redis.url, workers=2, limits="1").start()
    yield running
    running.stop()


def test_attempts_to_sign_in_are_counted_once_for_all_workers(limited_server: Server) -> None:
    def guess(_number: int) -> int:
        person = {"email": f"{secrets.token_hex(4)}@example.org", "password": PASSWORD}
        # A connection of its own, so that either worker may get it.
        return httpx.post(
            f"{limited_server.address}/api/auth/sign-in",
            json=person,
            headers={"Origin": limited_server.address},
            timeout=60,
        ).status_code

    with ThreadPoolExecutor(4) as guesses:
        answers = list(guesses.map(guess, range(14)))
    assert answers.count(401) == 10
    assert answers.count(429) == 4


def test_a_tab_may_come_back_to_the_other_worker_and_go_on(
    server: Server, tabs: Callable[[Script], list[Wire]]
) -> None:
    """As after a lost connection: the same tab under the same name, at whichever worker the kernel chooses."""
    person = new_person(server)
    here, there = tabs(person)
    here.perform("create", uuid7(), fields={"title": "Milk"})
    here.close()
    there.close()
    for _ in range(4):
        with Wire(server, person.cookie, token=here.token) as again:
            again.until(lambda: titles(again) == {"Milk"}, seconds=30)


def counted(server: Server) -> set[str]:
    """What one of the workers says of gestures and sockets."""
    headers = {"Authorization": f"Bearer {METRICS_TOKEN}"}
    answer = httpx.get(f"{server.address}/metrics", headers=headers).raise_for_status()
    numbers = r'^cairn_event_seconds_count\{handler="perform"\} .*$|^cairn_sockets .*$'
    return set(re.findall(numbers, answer.text, re.MULTILINE))


def test_whichever_worker_is_asked_counts_for_both(
    server: Server, tabs: Callable[[Script], list[Wire]]
) -> None:
    here, there = tabs(new_person(server))
    here.perform("create", uuid7(), fields={"title": "Milk"})
    there.until(lambda: "Milk" in titles(there))
    there.perform("create", uuid7(), fields={"title": "Bread"})
    # A gesture is counted a moment after its answer.
    deadline = time.monotonic() + 20
    while len(told := set().union(*(counted(server) for _ in range(6)))) != 2:
        assert time.monotonic() < deadline, told
    assert all(float(line.rpartition(" ")[2]) >= 2 for line in told)
