"""A page that is left open while time goes by, and the clock is set."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Device, Server, add, sign_in, sign_up
from tests.browser.test_journeys import card, edit, settled


class Hands:
    """Set the clocks of the server and of the browser."""

    def __init__(self, data_dir: Path) -> None:
        self._file = data_dir / "now"
        self.page: Page | None = None

    def set(self, moment: str) -> None:
        self.set_to(datetime.fromisoformat(moment).replace(tzinfo=UTC))

    def set_to(self, at: datetime) -> None:
        self._file.write_text(at.isoformat())
        if self.page is not None:
            self.page.clock.set_system_time(at)
            # Whatever looks at the clock now and then does so. An answer that comes before the next line makes the page
            # take the server's clock to be 31 seconds back, so that far a moment has to be past what it is to show.
            self.page.clock.run_for(31_000)
            # The browser's clock stays with the server's.
            self.page.clock.set_system_time(at)


@pytest.fixture
def hands(tmp_path: Path) -> Hands:
    return Hands(tmp_path)


@pytest.fixture
def server(tmp_path: Path, hands: Hands) -> Iterator[Server]:
    hands.set("2026-10-24 21:40")
    running = Server(tmp_path, None, app="tests.browser.told_clock:app").start()
    yield running
    running.stop()


def test_a_page_left_open_tells_the_new_day_and_counts_what_is_overdue_once_and_for_all(
    server: Server, hands: Hands, new_device: Callable[..., Device]
) -> None:
    page = new_device(server, timezone_id="Europe/Berlin", locale="en-GB").page
    page.clock.install(time=datetime(2026, 10, 24, 21, 40, tzinfo=UTC))
    hands.page = page
    email = sign_up(page)
    add(page, "Call", "Bake")
    edit(page, "Call", **{"Due date": "2026-10-25", "Time": "02:30"})
    edit(page, "Bake", **{"Due date": "2026-10-24"})
    settled(page)
    expect(page.get_by_text("Saturday 24 October")).to_be_visible()
    expect(card(page, "Overdue 0")).to_be_visible()
    # The clock of another device is a day ahead.
    other = new_device(server, timezone_id="Europe/Berlin").page
    other.clock.install(time=datetime(2026, 10, 25, 21, 40, tzinfo=UTC))
    other.goto("/dashboard")
    sign_in(other, email)
    expect(card(other, "Overdue 0")).to_be_visible()
    expect(other.get_by_role("listitem").filter(has_text="Bake")).to_contain_text("Today")
    expect(other.get_by_role("heading", name="Overdue")).to_have_count(0)

    hands.set("2026-10-24 22:00:40")
    expect(page.get_by_text("Sunday 25 October")).to_be_visible()
    expect(card(page, "Overdue 1")).to_be_visible()
    for moment in ("2026-10-25 00:30:40", "2026-10-25 01:10", "2026-10-25 01:31"):
        hands.set(moment)
        expect(card(page, "Overdue 2")).to_be_visible()
        row = page.get_by_role("listitem").filter(has_text="Call")
        expect(row.get_by_text("Today 02:30")).to_be_visible()
        expect(page.get_by_role("heading", name="Overdue")).to_be_visible()


BEGINNING = datetime(2026, 10, 24, 8, tzinfo=UTC)


@pytest.fixture
def tab(server: Server, hands: Hands, new_device: Callable[..., Device]) -> Page:
    """Ana's, signed in without "remember me" at the beginning."""
    page = new_device(server).page
    page.clock.install(time=BEGINNING)
    hands.set_to(BEGINNING)
    hands.page = page
    sign_up(page)
    return page


def test_a_tab_that_is_used_keeps_its_session_although_no_page_is_loaded(
    tab: Page, hands: Hands
) -> None:
    for hours in (10, 20, 30):
        hands.set_to(BEGINNING + timedelta(hours=hours))
        with tab.expect_response(lambda answer: answer.request.method == "HEAD") as answer:
            tab.keyboard.press("Shift")
            tab.clock.run_for(2_000)
        assert answer.value.status == 200
    add(tab, "Milk")
    settled(tab)
    hands.set_to(BEGINNING + timedelta(hours=43))
    expect(tab).to_have_url(re.compile(r"/sign-in\?expired=true"))


def test_a_tab_that_is_left_alone_keeps_no_session_though_it_connects_again(
    server: Server, tab: Page, hands: Hands
) -> None:
    hands.set_to(BEGINNING + timedelta(hours=10))
    with tab.expect_response("**/sign-in"):
        server.stop()
        server.start()
    settled(tab)
    hands.set_to(BEGINNING + timedelta(hours=12))
    expect(tab).to_have_url(re.compile(r"/sign-in\?expired=true"))
