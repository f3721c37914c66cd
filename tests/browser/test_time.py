"""A page that is left open while time goes by, and the clock is set."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Device, Server, add, sign_up
from tests.browser.test_journeys import card, edit, settled


class Hands:
    """Set the clocks of the server and of the browser."""

    def __init__(self, data_dir: Path) -> None:
        self._file = data_dir / "now"
        self.page: Page | None = None

    def set(self, moment: str) -> None:
        at = datetime.fromisoformat(moment).replace(tzinfo=UTC)
        self._file.write_text(at.isoformat())
        if self.page is not None:
            self.page.clock.set_system_time(at)
            # Whatever looks at the clock now and then does so.
            self.page.clock.run_for(31_000)


@pytest.fixture
def hands(tmp_path: Path) -> Hands:
    return Hands(tmp_path)


@pytest.fixture
def server(tmp_path: Path, hands: Hands) -> Iterator[Server]:
    hands.set("2026-10-24 21:58")
    running = Server(tmp_path, None, app="tests.browser.told_clock:app").start()
    yield running
    running.stop()


def test_a_page_left_open_tells_the_new_day_and_counts_what_is_overdue_once_and_for_all(
    server: Server, hands: Hands, new_device: Callable[..., Device]
) -> None:
    page = new_device(server, timezone_id="Europe/Berlin").page
    page.clock.install(time=datetime(2026, 10, 24, 21, 58, tzinfo=UTC))
    hands.page = page
    sign_up(page)
    add(page, "Call", "Bake")
    edit(page, "Call", **{"Due date": "2026-10-25", "Time": "02:30"})
    edit(page, "Bake", **{"Due date": "2026-10-24"})
    settled(page)
    expect(page.get_by_text("Saturday 24 October")).to_be_visible()
    expect(card(page, "Overdue 0")).to_be_visible()

    hands.set("2026-10-24 22:00:01")
    expect(page.get_by_text("Sunday 25 October")).to_be_visible()
    expect(card(page, "Overdue 1")).to_be_visible()
    for moment in ("2026-10-25 00:30:01", "2026-10-25 01:10", "2026-10-25 01:31"):
        hands.set(moment)
        expect(card(page, "Overdue 2")).to_be_visible()
        row = page.get_by_role("listitem").filter(has_text="Call")
        expect(row.get_by_text("Today 02:30")).to_be_visible()
        expect(page.get_by_role("heading", name="Overdue")).to_be_visible()
