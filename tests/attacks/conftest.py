"""A server with its limits on, somebody else who uses it, and what an attack may do to them.

    def test_it_harms_nobody(unharmed: Unharmed, server: Server) -> None:
        with unharmed():
            …the attack, which begins here and is gone at the end of the block…

The attacks are bounded and on this machine. Each visitor says where they come from as a proxy would (X-Forwarded-For,
of which the server trusts one), so that the attacker and the others have places of their own.
Short unless FAULTS=long, which is what bin/faults sets.
"""

import inspect
import json
import logging
import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from statistics import median

import httpx
import psutil
import pytest

from dashboard.cli.serve import raise_open_files
from tests.browser.conftest import PASSWORD, ROOT, Server

LONGEST_WAIT, LARGEST_RATIO = 0.25, 10
"""Seconds that an attack may add to what others wait for, in 19 of 20 cases. On a machine that is busy with something
else, as a wait without an attack shows, how many times as long it may become."""
IDLE_WITHIN, IDLE_SHARE = 2.0, 0.2
"""Seconds until the worker has nothing more to do once the attacker has gone; the share of a core that is nothing."""
MOST_GROWN = 20 * 2**20
MEMORY_BACK_WITHIN = 5.0

ROUNDS = 3
"""An attack that works does so each time. What else runs on the machine may spoil a round."""

Unharmed = Callable[[], AbstractContextManager[None]]

_log = logging.getLogger(__name__)
_places = count(1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents and "server" in getattr(
            item, "fixturenames", ()
        ):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.slow)


class Harmed(AssertionError):
    """Others noticed an attack."""


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    if "unharmed" not in pyfuncitem.fixturenames:
        return None
    wanted = {
        name: pyfuncitem.funcargs[name] for name in inspect.signature(pyfuncitem.obj).parameters
    }
    for left in reversed(range(ROUNDS)):
        try:
            pyfuncitem.obj(**wanted)
        except Harmed as harm:
            _log.warning("%s", harm)
            if not left:
                raise
        else:
            break
    return True


@dataclass(frozen=True)
class Account:
    email: str
    cookie: str

    def wait_for_tasks(self, server: Server, count: int) -> None:
        """Wait until they have so many."""
        headers = {"Cookie": f"dashboard_session={self.cookie}", "X-Forwarded-For": "198.18.0.2"}
        deadline = time.monotonic() + 60
        tasks = f"{server.address}/api/tasks"
        while (found := httpx.get(tasks, headers=headers, timeout=60).json()["count"]) != count:
            assert time.monotonic() < deadline, f"There are {found} tasks."
            time.sleep(0.1)


def new_account(server: Server, name: str = "Ana") -> Account:
    """Somebody who has just signed up, at a place where nobody was before."""
    email = f"{secrets.token_hex(6)}@example.org"
    place = f"198.19.{next(_places)}.{secrets.randbelow(250)}"
    answer = httpx.post(
        f"{server.address}/api/auth/sign-up",
        json={"name": name, "email": email, "password": PASSWORD},
        headers={"Origin": server.address, "X-Forwarded-For": place},
        timeout=60,
    ).raise_for_status()
    return Account(email, answer.cookies["dashboard_session"])


class Others:
    """Somebody else, and what they notice."""

    def __init__(self, server: Server) -> None:
        account = new_account(server, "Bea")
        command = [sys.executable, "-m", "tests.attacks.bystander"]
        (worker,) = server.worker_processes()
        arguments = [server.address, account.email, PASSWORD, account.cookie, str(worker)]
        self._command = [*command, *arguments]
        self._worker = psutil.Process(worker)
        self._quiet = self._measure_quiet()

    @contextmanager
    def waiting(self) -> Iterator[dict[str, list[float]]]:
        """How long they waited for each answer meanwhile: filled in at the end."""
        took: dict[str, list[float]] = {}
        watching = subprocess.Popen(
            self._command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        try:
            yield took
        finally:
            said, _ = watching.communicate()
            took |= json.loads(said)

    @contextmanager
    def unharmed(self) -> Iterator[None]:
        """During the block others get their answers, and after it the worker is as it was before."""
        before = self.memory()
        with self.waiting() as took:
            yield
        idle_after = self._seconds_until_idle()
        grown = self._growth_that_stays(before)
        _log.warning("Idle after %.1f s, %.1f MB more.", idle_after, grown / 2**20)
        for name, waits in took.items():
            self._judge(name, _p95(waits))
        if idle_after > IDLE_WITHIN:
            raise Harmed(f"The worker is idle {idle_after:.1f} s after the attack.")
        if grown > MOST_GROWN:
            raise Harmed(f"{grown / 2**20:.0f} MB stay.")

    def _judge(self, name: str, wait: float) -> None:
        quiet = self._quiet[name]
        _log.warning("%s: %.0f ms, quiet %.0f ms.", name, wait * 1e3, median(quiet) * 1e3)
        if wait > median(quiet) + LONGEST_WAIT:
            quiet = self._measure_quiet()[name]
            if wait > LARGEST_RATIO * _p95(quiet):
                raise Harmed(f"{name}: {wait:.2f} s, quiet {_p95(quiet):.2f} s.")

    def _measure_quiet(self) -> dict[str, list[float]]:
        with self.waiting() as quiet:
            time.sleep(1.5)
        return quiet

    def memory(self) -> int:
        return self._worker.memory_info().rss

    def connections(self) -> int:
        """How many the worker has."""
        return len(self._worker.net_connections("tcp"))

    @staticmethod
    def wait_until(happened: Callable[[], bool], seconds: float = 15) -> None:
        deadline = time.monotonic() + seconds
        while not happened():
            assert time.monotonic() < deadline, "It did not happen in time."
            time.sleep(0.05)

    def _seconds_until_idle(self) -> float:
        """From now until the beginning of a quarter of a second in which little is done."""
        now = time.monotonic()
        while True:
            begun, at = sum(self._worker.cpu_times()[:2]), time.monotonic()
            time.sleep(0.25)
            used = sum(self._worker.cpu_times()[:2]) - begun
            if used < IDLE_SHARE * (time.monotonic() - at) or at - now > 60:
                return at - now

    def _growth_that_stays(self, before: int) -> int:
        deadline = time.monotonic() + MEMORY_BACK_WITHIN
        while (grown := self.memory() - before) > MOST_GROWN and time.monotonic() < deadline:
            time.sleep(0.1)
        return grown


def _p95(waits: list[float]) -> float:
    return sorted(waits)[int(len(waits) * 0.95)]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Its limits are those that people meet, and it believes one proxy."""
    raise_open_files()
    hops = {"TRUSTED_PROXY_HOPS": "1"}
    running = Server(tmp_path_factory.mktemp("attacked"), None, limits="1", settings=hops).start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def others(server: Server) -> Others:
    return Others(server)


@pytest.fixture
def unharmed(others: Others) -> Unharmed:
    return others.unharmed
