"""How much a first visit loads, that nothing moves meanwhile, and what is there before any script runs."""

import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Device, Server, add, quick_add, sign_up
from tests.browser.test_journeys import settled

KB = 1000
UNKNOWN_ID = "01890a5d-ac96-774b-bcce-b302099a8057"
SHIFTS = """window.shifts = [];
new PerformanceObserver((list) => {
    for (const shift of list.getEntries())
        if (!shift.hadRecentInput)
            window.shifts.push(shift.value + " " + shift.sources.map(({ node }) => node?.outerHTML?.slice(0, 120)));
}).observe({ type: "layout-shift", buffered: true });"""


def loaded(page: Page, address: str, until: Callable[[], object]) -> dict[str, int]:
    """What a cold visit to this address loads, as address → bytes on the wire, the heads of the answers included."""
    client = page.context.new_cdp_session(page)
    client.send("Network.enable")
    client.send("Network.setCacheDisabled", {"cacheDisabled": True})
    urls: dict[str, str] = {}
    sizes: dict[str, int] = {}

    def begin(event: dict[str, Any]) -> None:
        urls[event["requestId"]] = event["response"]["url"]

    def end(event: dict[str, Any]) -> None:
        if url := urls.get(event["requestId"]):
            sizes[url] = int(event["encodedDataLength"])

    client.on("Network.responseReceived", begin)
    client.on("Network.loadingFinished", end)
    page.goto(address)
    until()
    page.wait_for_load_state("networkidle")
    return sizes


def test_sign_in_and_dashboard_are_light_and_sign_in_opens_no_socket(
    server: Server, page: Page
) -> None:
    sockets: list[str] = []
    page.on("websocket", lambda socket: sockets.append(socket.url))
    sizes = loaded(page, "/sign-in", page.get_by_role("button", name="Sign in").wait_for)
    assert sockets == []
    assert sum(sizes.values()) <= 171 * KB, sizes
    sign_up(page)
    add(page, "Milk")
    settled(page)
    other = page.context.new_page()
    sizes = loaded(other, "/dashboard", other.get_by_role("checkbox").first.wait_for)
    assert sum(sizes.values()) <= 250 * KB, sizes
    styles = [size for address, size in sizes.items() if address.endswith(".css")]
    assert styles
    assert sum(styles) <= 20 * KB


def test_hashed_files_are_kept_for_ever_and_travel_as_brotli(server: Server) -> None:
    with httpx.Client(base_url=server.address, headers={"Accept-Encoding": "br"}) as client:
        html = client.get("/sign-in").text
        names = set(re.findall(r'"(/assets/[^"]+\.(?:js|css))"', html))
        assert names
        for name in names:
            answer = client.get(name)
            assert "immutable" in answer.headers["cache-control"], name
            assert answer.headers["content-encoding"] == "br", name


class HeldFonts:
    """The fonts of a page arrive after it is drawn, as they do on a slow line."""

    def __init__(self, page: Page) -> None:
        self._held: list[Route] = []
        self._page = page
        page.context.route("**/*.woff2", self._hold)

    def _hold(self, font: Route) -> None:
        self._held.append(font)

    def release(self) -> None:
        assert self._held, "none was asked for"
        while self._held:
            self._held.pop().continue_()
        self._page.evaluate("document.fonts.ready.then(() => {})")
        drawn(self._page)


def drawn(page: Page) -> None:
    page.evaluate("new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn, 100)))")


@pytest.mark.parametrize("width", [390, 1440])
def test_nothing_moves_while_pages_load_and_hardly_a_word_when_the_fonts_arrive(
    new_device: Callable[..., Device], server: Server, width: int
) -> None:
    device = new_device(server, viewport={"width": width, "height": 844})
    page = device.page
    sign_up(page)
    add(page, "Milk", "Bread", "Eggs")
    settled(page)
    device.context.add_init_script(SHIFTS)
    fonts = HeldFonts(page)
    for address in ("/dashboard", "/inbox", "/trash", "/settings"):
        page.goto(address, wait_until="domcontentloaded")
        page.get_by_role("heading", level=1).wait_for()
        expect(page.get_by_text("Loading tasks")).to_have_count(0)
        page.wait_for_timeout(300)
        drawn(page)
        assert page.evaluate("shifts") == [], address
        fonts.release()
        # What may move is a button whose word is a few pixels wider; the worst that counts as good is 0.1.
        shifts = page.evaluate("shifts")
        assert sum(float(shift.split()[0]) for shift in shifts) < 0.0005, shifts


def test_nothing_moves_while_the_page_of_strangers_loads(page: Page) -> None:
    page.context.add_init_script(SHIFTS)
    page.goto("/sign-in")
    page.get_by_role("button", name="Sign in").wait_for()
    page.wait_for_load_state("networkidle")
    assert page.evaluate("shifts") == []
    # On a busy machine it is drawn before all of it is read.
    parts = re.split("(?=</header>|</form>|</main>)", page.request.get("/sign-in").text())
    assert len(parts) == 4
    page.evaluate("document.open()")
    for part in parts:
        page.evaluate("part => document.write(part)", part)
        drawn(page)
    page.evaluate("document.close()")
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    assert page.evaluate("shifts") == []


def test_pages_can_be_read_before_any_script_runs(
    new_device: Callable[..., Device], server: Server
) -> None:
    page = new_device(server, java_script_enabled=False).page
    page.goto("/sign-in")
    expect(page.get_by_role("heading", name="Welcome back")).to_be_visible()
    expect(page.get_by_role("textbox", name="Email")).to_be_visible()
    # Scripts are off by a switch here that leaves <noscript> closed; a browser without them opens it.
    assert "<noscript><p" in page.request.get("/sign-in").text()


def test_pages_of_tasks_have_their_frame_before_any_script_runs(
    new_device: Callable[..., Device], server: Server, page: Page
) -> None:
    sign_up(page)
    add(page, "Milk")
    settled(page)
    still = new_device(
        server, java_script_enabled=False, storage_state=page.context.storage_state()
    ).page
    for address in ("/dashboard", f"/lists/{UNKNOWN_ID}", "/labels/v1.2", f"/filters/{UNKNOWN_ID}"):
        still.goto(address)
        expect(still.get_by_role("heading", level=1)).to_be_visible()
        expect(still.get_by_role("navigation", name="Main")).to_be_visible()
        expect(quick_add(still)).to_be_visible()
    for address in ("/dashboard", "/inbox"):
        still.goto(address)
        expect(still.get_by_text("Milk", exact=True)).to_be_visible()


def test_a_tick_in_the_document_is_kept_until_the_scripts_are_there(page: Page) -> None:
    sign_up(page)
    add(page, "Milk", "Bread")
    settled(page)
    held: list[Route] = []
    is_held = True

    def hold(script: Route) -> None:
        held.append(script) if is_held else script.continue_()

    page.route("**/assets/*.js", hold)
    page.goto("/dashboard", wait_until="commit")
    page.locator("#first-rows li").filter(has_text="Milk").locator("label").click()
    expect(page.get_by_role("checkbox")).to_have_count(0)
    is_held = False
    for script in held:
        script.continue_()
    expect(page.get_by_role("checkbox", name="Milk")).to_be_checked()
    settled(page)
    page.goto("/completed")
    expect(page.get_by_role("checkbox", name="Milk")).to_be_checked()
