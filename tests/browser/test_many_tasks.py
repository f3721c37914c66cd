"""With 300 tasks in 20 lists: found, filed, arranged and completed with the mouse, the keyboard or a finger alone.

One of the ways; with FAULTS=long, which bin/faults sets, all of them, also with answers that take 300 ms, and beside
another tab that does the same at once.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from benchmarks import household
from benchmarks.household import title_of
from tests.browser.conftest import PASSWORD, Device, Server, free_port
from tests.browser.proxy import Proxy
from tests.browser.test_journeys import settled
from tests.browser.test_sections import become, drag, drag_by_touch, section
from tests.conftest import IS_LONG

LIST, SECTION = "Garden now", "Next"
DESK: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
}


@dataclass
class Work:
    """What is done in one tab: a task is found, filed, put in front of another, and a third is completed."""

    found: str
    label: str
    in_front_of: str
    completed: str


MINE = Work(title_of("Home now", 3), "call-3", title_of(LIST, 6), title_of(LIST, 7))
OTHERS = Work(title_of("Work now", 4), "buy-9", title_of(LIST, 9), title_of(LIST, 10))


def row(page: Page, title: str) -> Locator:
    box = page.get_by_role("checkbox", name=title, exact=True)
    return page.get_by_role("listitem").filter(has=box)


class Mouse:
    """Clicks and drags, and types nothing."""

    options = DESK

    def find(self, page: Page, work: Work) -> None:
        page.get_by_role("link", name=re.compile(f"{work.label} ")).click()
        expect(page.get_by_role("heading", level=1, name=work.label)).to_be_visible()
        expect(row(page, work.found)).to_be_visible()

    def file(self, page: Page, work: Work) -> None:
        row(page, work.found).hover()
        page.get_by_role("button", name=f"More actions: {work.found}").click()
        page.get_by_role("button", name=f"Move to… {work.found}").click()
        page.get_by_role("button", name=f"{SECTION} in {LIST}").click()

    def open_list(self, page: Page) -> None:
        page.get_by_role("link", name=re.compile(f"{LIST} ")).click()

    def arrange(self, page: Page, work: Work) -> None:
        drag(page, work.found, row(page, work.in_front_of), at=0.2)

    def complete(self, page: Page, work: Work) -> None:
        page.get_by_role("checkbox", name=work.completed, exact=True).click()


class Keyboard:
    """Presses keys, and points at nothing."""

    options = DESK

    def find(self, page: Page, work: Work) -> None:
        page.keyboard.press("/")
        expect(page.get_by_role("searchbox", name="Search tasks")).to_be_focused()
        page.keyboard.type(work.found)
        expect(page.get_by_text("1 task found")).to_be_visible()
        page.keyboard.press("ArrowDown")
        expect(row(page, work.found)).to_be_focused()

    def file(self, page: Page, _: Work) -> None:
        page.keyboard.press("m")
        expect(page.get_by_role("searchbox", name="Find a list or section")).to_be_focused()
        page.keyboard.type(f"{LIST} {SECTION}")
        page.keyboard.press("Enter")
        expect(page.get_by_role("dialog", name="Move to")).to_have_count(0)

    def open_list(self, page: Page) -> None:
        page.keyboard.press("g")
        page.keyboard.press("l")
        expect(page.get_by_role("heading", level=1, name="Lists")).to_be_visible()
        link = page.get_by_role("main").get_by_role("link", name=re.compile(f"{LIST} "))
        press_until_focused(page, "Tab", link)
        page.keyboard.press("Enter")

    def arrange(self, page: Page, work: Work) -> None:
        press_until_focused(page, "ArrowDown", row(page, work.found))
        boxes = section(page, SECTION).get_by_role("checkbox")
        titles = [box.get_attribute("aria-label") for box in boxes.all()]
        for _ in range(titles.index(work.found) - titles.index(work.in_front_of)):
            page.keyboard.press("Alt+ArrowUp")
            expect(row(page, work.found)).to_be_focused()

    def complete(self, page: Page, work: Work) -> None:
        press_until_focused(page, "ArrowDown", row(page, work.completed))
        page.keyboard.press("c")


class Finger:
    """Taps, and moves by touch."""

    options = PHONE

    def find(self, page: Page, work: Work) -> None:
        self._open(page, work.label)
        expect(page.get_by_role("heading", level=1, name=work.label)).to_be_visible()
        expect(row(page, work.found)).to_be_visible()

    def file(self, page: Page, work: Work) -> None:
        page.get_by_role("button", name=f"More actions: {work.found}").tap()
        page.get_by_role("button", name=f"Move to… {work.found}").tap()
        page.get_by_role("button", name=f"{SECTION} in {LIST}").tap()

    def open_list(self, page: Page) -> None:
        self._open(page, LIST)

    def arrange(self, page: Page, work: Work) -> None:
        drag_by_touch(page, work.found, work.in_front_of)

    def complete(self, page: Page, work: Work) -> None:
        page.get_by_role("checkbox", name=work.completed, exact=True).tap()

    def _open(self, page: Page, name: str) -> None:
        page.get_by_role("link", name="Lists", exact=True).tap()
        page.get_by_role("main").get_by_role("link", name=re.compile(f"{name} ")).tap()


def press_until_focused(page: Page, key: str, wanted: Locator) -> None:
    wanted.wait_for()
    for _ in range(150):
        if wanted.evaluate("(element) => element === document.activeElement"):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{key} does not lead to {wanted}.")


@dataclass
class Place:
    """A server with somebody's 300 tasks behind a network, and what it says of them."""

    server: Server
    proxy: Proxy
    person: httpx.Client
    section_id: str

    def order(self) -> list[str]:
        """The titles of what is open in the section, in the order by hand."""
        query = f"section={self.section_id}&status=pending&sort=position&order=asc"
        found = self.person.get(f"/api/tasks?{query}").raise_for_status()
        return [task["title"] for task in found.json()["items"]]


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    port = free_port()
    proxy = Proxy(port).start()
    server = Server(tmp_path / "data", None, port=port, public_url=proxy.address).start()
    origin = {"Origin": server.address}
    with httpx.Client(base_url=server.address, headers=origin, timeout=60) as person:
        somebody = {"name": "Ana", "email": "ana@example.org", "password": PASSWORD}
        person.post("/api/auth/sign-up", json=somebody).raise_for_status()
        yield Place(server, proxy, person, household.fill(person)[LIST, SECTION])
    proxy.stop()
    server.stop()


def signed_in(device: Device, place: Place) -> Page:
    value, url = place.person.cookies["dashboard_session"], place.server.address
    device.context.add_cookies([{"name": "dashboard_session", "value": value, "url": url}])
    device.page.goto("/dashboard")
    device.page.get_by_role("checkbox").first.wait_for()
    return device.page


WAYS = [Mouse(), Keyboard(), Finger()]
CASES = [
    (way, delay, with_another)
    for way in WAYS
    for delay, with_another in ((0.0, False), (0.3, False), (0.0, True))
    if IS_LONG or (isinstance(way, Keyboard) and with_another)
]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("way", "delay", "with_another"),
    CASES,
    ids=[
        f"{type(way).__name__}{' late' if delay else ''}{' beside another tab' if beside else ''}"
        for way, delay, beside in CASES
    ],
)
def test_tasks_are_found_filed_arranged_and_completed(
    place: Place,
    new_device: Callable[..., Device],
    way: Mouse | Keyboard | Finger,
    delay: float,
    with_another: bool,
) -> None:
    devices = [new_device(place.server, **way.options) for _ in range(1 + with_another)]
    pages = list(
        zip([signed_in(device, place) for device in devices], [MINE, OTHERS], strict=False)
    )
    place.proxy.delay = delay
    for page, work in pages:
        way.find(page, work)
    for page, work in pages:
        way.file(page, work)
    for page, _ in pages:
        way.open_list(page)
    for page, work in pages:
        way.arrange(page, work)
    for page, work in pages:
        behind = row(page, work.found).locator("xpath=following-sibling::li[1]")
        expect(behind.get_by_role("checkbox", name=work.in_front_of)).to_be_visible()
    for page, work in pages:
        way.complete(page, work)

    six, eight, nine, ten = (title_of(LIST, number) for number in (6, 8, 9, 10))
    others = [OTHERS.found, nine] if with_another else [nine, ten]
    expected = [MINE.found, six, eight, *others]
    for page, _ in pages:
        become(page, *expected, within=section(page, SECTION))
        settled(page)
    assert place.order() == expected
    assert not any(device.complaints for device in devices)
