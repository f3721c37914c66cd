"""Several processes that share a database and a Redis are one Cairn."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Device, Server, add, sign_in, sign_up
from tests.browser.test_journeys import box, card, settled
from tests.conftest import RedisServer


@pytest.fixture
def two_servers(tmp_path: Path, redis_server: RedisServer) -> Iterator[tuple[Server, Server]]:
    """Two processes, as behind a proxy; each at an address of its own."""
    servers = [Server(tmp_path, None, redis_url=redis_server.url) for _ in range(2)]
    for server in servers:
        server.start()
    yield servers[0], servers[1]
    for server in servers:
        server.stop()


def test_what_happens_in_one_process_shows_in_the_tabs_of_another(
    two_servers: tuple[Server, Server], new_device: Callable[..., Device]
) -> None:
    here, there = (new_device(server) for server in two_servers)
    email = sign_up(here.page)
    there.page.goto("/dashboard")
    sign_in(there.page, email)
    add(here.page, "Milk")
    expect(box(there.page, "Milk")).to_be_visible()
    box(there.page, "Milk").click()
    expect(box(here.page, "Milk")).to_be_checked()
    expect(card(here.page, "Completed 1")).to_be_visible()
    assert [*here.complaints, *there.complaints] == []


def test_a_redis_that_forgets_everything_signs_nobody_out_and_loses_no_task(
    two_servers: tuple[Server, Server],
    new_device: Callable[..., Device],
    redis_server: RedisServer,
) -> None:
    here, there = (new_device(server).page for server in two_servers)
    email = sign_up(here)
    there.goto("/dashboard")
    sign_in(there, email)
    add(here, "Before")
    expect(box(there, "Before")).to_be_visible()
    settled(here)
    redis_server.stop()
    redis_server.start()
    box(there, "Before").click()
    add(here, "After")
    expect(box(here, "Before")).to_be_checked()
    expect(box(there, "After")).to_be_visible()
    settled(here)
    settled(there)
    assert here.url.endswith("/dashboard")
    assert there.url.endswith("/dashboard")
