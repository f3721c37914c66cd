"""A network that is slow, that stands still, and that breaks: answers that come late, or never."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Device, Server, add, sign_up
from tests.browser.hands import Hands
from tests.browser.proxy import Proxy
from tests.browser.script import Script
from tests.browser.test_journeys import box, settled


@pytest.fixture
def server_with_limits(tmp_path: Path) -> Iterator[Server]:
    running = Server(tmp_path, None, limits="1").start()
    yield running
    running.stop()


@pytest.fixture
def page_and_script(
    network: tuple[Server, Proxy], new_device: Callable[..., Device]
) -> tuple[Page, Script]:
    """Ana's dashboard with one task, Milk, behind the network, and a program of hers on this side of it."""
    server, _ = network
    page = new_device(server).page
    email = sign_up(page)
    add(page, "Milk")
    settled(page)
    return page, Script(server, email)


def not_saved(page: Page) -> Locator:
    return page.get_by_role("alert").filter(has_text="Not saved: the server did not answer.")


def test_no_answer_in_three_seconds_is_said_at_the_task_and_a_late_one_settles_it(
    network: tuple[Server, Proxy], page_and_script: tuple[Page, Script]
) -> None:
    (_, proxy), (page, script) = network, page_and_script
    proxy.freeze()
    box(page, "Milk").click()
    expect(box(page, "Milk")).to_be_checked()
    expect(not_saved(page)).to_be_visible(timeout=6_000)
    expect(box(page, "Milk")).not_to_be_checked()
    row = page.get_by_role("listitem").filter(has=box(page, "Milk"))
    expect(row.get_by_role("button", name="Retry")).to_be_visible()
    expect(row.get_by_role("button", name="Discard change")).to_be_visible()
    proxy.thaw()
    expect(not_saved(page)).to_have_count(0)
    expect(box(page, "Milk")).to_be_checked()
    (milk,) = script.tasks()
    assert (milk["is_completed"], milk["version"]) == (True, 2)


def test_a_late_answer_to_a_new_task_makes_no_second_one(
    network: tuple[Server, Proxy], page_and_script: tuple[Page, Script]
) -> None:
    (_, proxy), (page, script) = network, page_and_script
    proxy.freeze()
    add(page, "Bread")
    expect(not_saved(page)).to_be_visible(timeout=6_000)
    page.get_by_role("button", name="Retry").click()
    expect(not_saved(page)).to_have_count(0)
    proxy.thaw()
    settled(page)
    expect(box(page, "Bread")).to_have_count(1)
    tasks = script.tasks()
    assert [task["title"] for task in tasks] == ["Milk", "Bread"]


def test_what_had_no_answer_before_the_connection_broke_is_sent_again_by_itself_and_done_once(
    network: tuple[Server, Proxy], page_and_script: tuple[Page, Script]
) -> None:
    (_, proxy), (page, script) = network, page_and_script
    proxy.freeze()
    add(page, "Bread")
    expect(not_saved(page)).to_be_visible(timeout=6_000)
    proxy.cut()
    proxy.thaw()
    expect(not_saved(page)).to_have_count(0, timeout=30_000)
    settled(page)
    page.reload()
    expect(box(page, "Bread")).to_have_count(1)
    tasks = script.tasks()
    assert [task["title"] for task in tasks] == ["Milk", "Bread"]


def test_what_was_discarded_and_done_after_all_is_shown_as_it_is(
    network: tuple[Server, Proxy], page_and_script: tuple[Page, Script]
) -> None:
    (_, proxy), (page, _) = network, page_and_script
    proxy.freeze()
    add(page, "Bread")
    expect(not_saved(page)).to_be_visible(timeout=6_000)
    page.get_by_role("button", name="Discard change").click()
    expect(box(page, "Bread")).to_have_count(0)
    proxy.thaw()
    expect(box(page, "Bread")).to_be_visible()
    settled(page)


def test_a_connection_that_breaks_and_is_back_at_once_keeps_the_order_of_gestures(
    network: tuple[Server, Proxy], page_and_script: tuple[Page, Script]
) -> None:
    (_, proxy), (page, script) = network, page_and_script
    hands = Hands(page)
    proxy.freeze()
    hands.edit("Milk", title="First")
    proxy.cut()
    hands.edit("First", title="Second")
    proxy.thaw()
    hands.edit("Second", title="Third")
    settled(page)
    expect(box(page, "Third")).to_be_visible()
    (milk,) = script.tasks()
    assert milk["title"] == "Third"


def test_a_phone_on_a_slow_line_is_not_taken_for_an_attack(
    new_device: Callable[..., Device], server_with_limits: Server
) -> None:
    page = new_device(server_with_limits, viewport={"width": 390, "height": 800}).page
    line = {
        "offline": False,
        "latency": 400,
        "downloadThroughput": 50_000,
        "uploadThroughput": 50_000,
    }
    chromium = page.context.new_cdp_session(page)
    chromium.send("Network.enable")
    chromium.send("Network.emulateNetworkConditions", line)
    page.set_default_timeout(60_000)
    email = sign_up(page)
    titles = [f"Line {number}" for number in range(12)]
    add(page, *titles)
    box(page, "Line 3").click()
    settled(page)
    page.reload()
    box(page, "Line 11").wait_for()
    script = Script(server_with_limits, email)
    assert sorted(task["title"] for task in script.tasks()) == sorted(titles)
    assert [task["title"] for task in script.tasks() if task["is_completed"]] == ["Line 3"]


@pytest.mark.parametrize("width", [390, 1440])
def test_a_cut_connection_is_said_in_sight_of_who_has_scrolled_and_moves_nothing(
    network: tuple[Server, Proxy], new_device: Callable[..., Device], width: int
) -> None:
    server, proxy = network
    page = new_device(server, viewport={"width": width, "height": 420}).page
    sign_up(page)
    add(page, "Milk", "Bread", "Eggs")
    settled(page)
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    # The new row comes to rest first.
    box(page, "Eggs").element_handle().wait_for_element_state("stable")
    before = box(page, "Eggs").bounding_box()
    proxy.unplug()
    banner = page.get_by_role("status").filter(has_text="Reconnecting.")
    expect(banner).to_be_in_viewport(ratio=1)
    assert page.evaluate("scrollY") > 0
    assert box(page, "Eggs").bounding_box() == pytest.approx(before, abs=0.5)
