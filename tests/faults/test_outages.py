"""PostgreSQL or Redis is away for a while: everyone is told, nothing is lost, and all is well again by itself."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Device, Server, add, quick_add, sign_in, sign_up
from tests.browser.test_journeys import box, settled
from tests.conftest import IS_LONG, RedisServer
from tests.faults.conftest import Person, PostgreSQL

AWAY = 30 if IS_LONG else 4
"""Seconds without what is missing."""

Dependency = PostgreSQL | RedisServer


@pytest.fixture(params=["postgresql", "redis_server"])
def dependency(request: pytest.FixtureRequest) -> Dependency:
    """What goes away. PostgreSQL keeps its data meanwhile, and Redis forgets everything."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def server(tmp_path: Path, dependency: Dependency) -> Iterator[Server]:
    if isinstance(dependency, PostgreSQL):
        running = Server(tmp_path, dependency.url)
    else:
        running = Server(tmp_path, None, redis_url=dependency.url)
    running.start()
    yield running
    running.stop()


def banner(page: Page) -> Locator:
    return page.get_by_role("status").filter(has_text="Reconnecting.")


def test_an_outage_is_told_to_everyone_loses_nothing_and_ends_by_itself(
    server: Server, dependency: Dependency, new_device: Callable[..., Device]
) -> None:
    page, other = pages = [new_device(server).page for _ in range(2)]
    script = Person(server)
    email = sign_up(page)
    script.sign_in(email)
    other.goto("/sign-in")
    sign_in(other, email)
    add(page, "Milk", "Bread")
    settled(page)
    expect(box(other, "Bread")).to_be_visible()

    dependency.stop()
    box(page, "Milk").click()
    for each in pages:
        expect(banner(each)).to_be_visible()
    add(page, "Eggs")
    quick_add(page).fill("Half a th")
    other.reload()
    expect(banner(other)).to_be_visible()
    assert_programs_are_told(script)
    page.wait_for_timeout(AWAY * 1000)
    assert_nothing_is_said_that_is_not_known(other)

    dependency.start()
    for each in pages:
        expect(banner(each)).to_have_count(0)
        assert_all_is_well(each)
    expect(quick_add(page)).to_have_value("Half a th")
    assert script.get("/readyz").status_code == 200
    found = {task["title"]: task["is_completed"] for task in script.tasks()}
    assert found == {"Milk": True, "Bread": False, "Eggs": False}


def assert_programs_are_told(script: Person) -> None:
    refused = script.get("/api/tasks")
    assert (refused.status_code, refused.json()["code"]) == (503, "UNAVAILABLE")
    assert int(refused.headers["retry-after"]) > 0
    assert script.get("/readyz").status_code == 503
    assert script.get("/healthz").status_code == 200


def assert_nothing_is_said_that_is_not_known(page: Page) -> None:
    """Neither that there are no tasks, nor that nobody is signed in."""
    assert page.url.endswith("/dashboard")
    expect(page.get_by_text("Set the first stone")).to_have_count(0)
    expect(page.get_by_role("link", name="Total 0", exact=True)).to_have_count(0)


def assert_all_is_well(page: Page) -> None:
    expect(box(page, "Milk")).to_be_checked()
    expect(box(page, "Eggs")).to_be_visible()
    settled(page)
    expect(page.get_by_role("alert").filter(has_text="Not saved")).to_have_count(0)
    assert page.url.endswith("/dashboard")
