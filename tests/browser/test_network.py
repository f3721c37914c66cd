"""A network that is slow, that stands still, and that breaks: answers that come late, or never."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, Route, WebSocketRoute, expect

from tests.browser.conftest import PASSWORD, Device, Server, add, sign_up
from tests.browser.hands import Hands
from tests.browser.proxy import Proxy
from tests.browser.script import Script
from tests.browser.test_journeys import box, open_editor, settled


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


HEAR = """() => {
    const place = document.querySelector(".task-saving");
    const { dataset } = document.body;
    dataset.told = "";
    const hear = new MutationObserver(() => (dataset.told += `${place.textContent},`));
    hear.observe(place, { childList: true, subtree: true, characterData: true });
}"""


def test_a_field_that_is_not_saved_says_so_under_it_and_is_sent_again(
    network: tuple[Server, Proxy], page_and_script: tuple[Page, Script]
) -> None:
    (_, proxy), (page, script) = network, page_and_script
    dialog = open_editor(page, "Milk")
    page.evaluate(HEAR)
    proxy.freeze()
    title = dialog.get_by_label("Title")
    title.fill("Oat milk")
    expect(box(page, "Oat milk")).to_be_visible()
    problem = not_saved(page).and_(dialog.get_by_role("alert"))
    expect(problem).to_be_visible()
    expect(title).to_have_value("Oat milk")
    expect(page.locator("body")).to_have_attribute("data-told", "Saving,,")
    dialog.get_by_role("button", name="Retry").click()
    proxy.thaw()
    expect(page.locator("body")).to_have_attribute(
        "data-told", re.compile("^Saving,,Saving,,?Saved,")
    )
    expect(problem).to_have_count(0)
    expect(title).to_have_value("Oat milk")
    assert [(task["title"], task["version"]) for task in script.tasks()] == [("Oat milk", 2)]


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
    expect(not_saved(page)).to_have_count(0)
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


def test_a_form_that_is_sent_before_any_script_is_there_is_sent_once_they_are(page: Page) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/assets/*.js", hold)
    page.goto("/sign-up", wait_until="commit")
    page.get_by_role("textbox", name="Name").fill("Ana Costa")
    page.get_by_role("textbox", name="Email").fill(f"ana-{uuid4().hex}@example.org")
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    assert held
    page.route("**/assets/*.js", lambda route: route.continue_())
    for route in held:
        route.continue_()
    page.get_by_text("Set the first stone").wait_for()


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


class Sockets:
    """The sockets of a device, which can be refused while everything else gets through."""

    def __init__(self, device: Device) -> None:
        self.are_refused = False
        self._open: list[tuple[WebSocketRoute, WebSocketRoute]] = []
        device.context.route_web_socket("**/_event/**", self._carry)

    def close(self) -> None:
        while self._open:
            for end in self._open.pop():
                end.close()

    def _carry(self, socket: WebSocketRoute) -> None:
        if self.are_refused:
            socket.close()
        else:
            self._open.append((socket.connect_to_server(), socket))


def confirmed(page: Page) -> None:
    """Wait until the socket has said what the document did.

    Where the first word of a socket gets lost on its way through the route, socket.io tries again after 20 seconds.
    """
    expect(page.locator("#first-page")).to_have_count(0)
    settled(page)


WATCH_THE_LIST = """window.seen = [];
const look = () => {
    const heading = document.querySelector("h1")?.textContent;
    const now = heading + (document.querySelector("[data-task]") ? ", tasks" : "");
    if (heading && now !== seen.at(-1)) seen.push(now);
};
new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true });"""
MILK = "Milk </script><!-- <b>"


def test_the_first_tasks_come_with_the_document_and_what_is_done_to_them_waits_for_the_socket(
    new_device: Callable[..., Device], server: Server
) -> None:
    device = new_device(server)
    sockets, script = Sockets(device), Script(server, sign_up(device.page))
    add(device.page, MILK, "Bread")
    settled(device.page)
    device.context.add_init_script(WATCH_THE_LIST)
    sockets.are_refused = True
    page = device.context.new_page()
    page.goto("/dashboard")
    expect(page.get_by_role("status").filter(has_text="Reconnecting.")).to_be_visible()
    box(page, MILK).click()
    expect(box(page, MILK)).to_be_checked()
    expect(page.get_by_role("status").filter(has_text="1 of your changes is kept")).to_be_visible()
    expect(not_saved(page)).to_have_count(0)
    assert not any(task["is_completed"] for task in script.tasks())
    sockets.are_refused = False
    confirmed(page)
    expect(box(page, MILK)).to_be_checked()
    assert [task["title"] for task in script.tasks() if task["is_completed"]] == [MILK]
    frame, drawn, *more = page.evaluate("seen")
    assert (frame, drawn.endswith("Ana, tasks"), more) == ("Dashboard", True, [])


def test_no_document_that_a_browser_kept_shows_tasks_to_somebody_else(
    new_device: Callable[..., Device], server: Server
) -> None:
    device = new_device(server)
    page, sockets = device.page, Sockets(device)
    sign_up(page)
    add(page, MILK)
    settled(page)
    # A page that was put away whole is hidden, and loaded anew.
    page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")
    expect(page.get_by_role("main")).to_be_hidden()
    with page.expect_navigation():
        page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    expect(box(page, MILK)).to_be_visible()
    page.goto("/trash")
    settled(page)
    # Somebody else signs up beside it, and the connection breaks: the tab is theirs, and so is the page before.
    device.context.add_init_script(WATCH_THE_LIST)
    bob = {"name": "Bob", "email": f"bob-{uuid4()}@example.org", "password": PASSWORD}
    origin = {"Origin": server.address}
    assert device.context.request.post("/api/auth/sign-up", data=bob, headers=origin).ok
    with page.expect_navigation():
        sockets.close()
    confirmed(page)
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bob")
    confirmed(page)
    assert page.evaluate("seen") == [
        "Dashboard",
        page.get_by_role("heading", level=1).text_content(),
    ]
