"""`python -m benchmarks.ui` prints the table and writes benchmarks/ui/results.json. Needs `bin/build` and Chromium."""

import argparse
import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
from playwright.sync_api import BrowserContext, Page, WebSocket, expect, sync_playwright

from benchmarks import servers
from benchmarks.report import Results, report, table
from benchmarks.ui import long_list
from benchmarks.ui.stopwatch import hand_out
from dashboard.database.migrations import migrate
from tests.browser.proxy import Proxy

RESULTS = Path(__file__).with_name("results.json")
TASKS = 5_000
SERVER_SECONDS = 0.3
LOADS = 5
LONG_DRAG = 5
"""Seconds."""
_SPREAD = ("p50", "p95", "p99", "max")
PERSON = {"name": "Ada", "email": "ada@example.org", "password": "seven otters juggle figs"}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ui", description=__doc__)
    parser.add_argument("--gestures", type=int, default=100, help="of each kind (100)")
    parser.add_argument("--tabs", type=int, default=20, help="that look on (20)")
    parser.add_argument("--long-list", action="store_true", help="that part alone; writes nothing")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="cairn-benchmark-") as folder, ExitStack() as stack:
        port = servers.free_port()
        proxy = Proxy(port).start()
        stack.callback(proxy.stop)
        migrate(f"sqlite:///{Path(folder) / 'cairn.db'}")
        stack.enter_context(
            servers.cairn(port, Path(folder), public_url=proxy.address, with_front_end=True)
        )
        context = stack.enter_context(_browser(proxy.address))
        with _signed_up(context, proxy.address) as client:
            long = _long_list(context, long_list.fill(client))
            if options.long_list:
                return print(table(long))
            _fill(client)
        proxy.delay = SERVER_SECONDS
        results = _gestures(context, options.gestures) | _presses(context, options.gestures)
        results |= _bytes(context, options.gestures)
        proxy.delay = 0
        results |= _elsewhere(context, options.tabs, options.gestures)
    return report(results | long, vars(options), RESULTS)


@contextmanager
def _browser(address: str) -> Iterator[BrowserContext]:
    # Tabs that look on are as good as in front of somebody.
    in_front = [
        "--disable-renderer-backgrounding",
        "--disable-background-timer-throttling",
        "--disable-backgrounding-occluded-windows",
    ]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM_PATH"), args=["--no-sandbox", *in_front]
        )
        yield browser.new_context(base_url=address, viewport={"width": 1440, "height": 900})
        browser.close()


@contextmanager
def _signed_up(context: BrowserContext, address: str) -> Iterator[httpx.Client]:
    """Ada signs up; the browser keeps her session."""
    with httpx.Client(base_url=address, headers={"Origin": address}, trust_env=False) as client:
        client.post("/api/auth/sign-up", json=PERSON).raise_for_status()
        (cookie,) = client.cookies.jar
        context.add_cookies([{"name": cookie.name, "value": cookie.value or "", "url": address}])
        yield client


def _fill(client: httpx.Client) -> None:
    """Ada gets her tasks."""
    for number in range(TASKS):
        task = {"title": f"Old {number:04}", "due_date": f"20{30 + number % 60}-03-01"}
        client.post("/api/tasks", json=task).raise_for_status()


def _long_list(context: BrowserContext, address: str) -> Results:
    """A list of 2,000 open tasks, which the page gets as it is scrolled."""
    page = context.new_page()
    page.goto(address)
    page.get_by_role("checkbox").first.wait_for()
    long = long_list.scrolled(page)
    frames = long_list.dragged(page, LONG_DRAG)
    page.close()
    late = 100 * sum(frame > 1.5 * long_list.FRAME for frame in frames) / len(frames)
    return {
        "scrolled to the end of 2,000, tasks over 50 ms": {"max": len(long)},
        "scrolled to the end of 2,000, longest task, ms": {"max": max(long, default=0)},
        "dragged on a 4 x slower CPU, from frame to frame, ms": _spread(frames),
        "dragged on a 4 x slower CPU, frames that came late, %": {"max": late},
    }


def _open(context: BrowserContext, frames: list[str | bytes] | None = None) -> Page:
    """A tab with the newest tasks first, so that what is added is on its page; `frames` gets what its socket brings."""
    page = context.new_page()

    def listen(socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: None if frames is None else frames.append(frame))

    page.on("websocket", listen)
    page.goto("/dashboard?sort=created&order=desc")
    page.get_by_role("listitem").filter(has=page.get_by_role("checkbox")).first.wait_for()
    hand_out(page)
    return page


def _settled(page: Page) -> None:
    expect(page.locator("[aria-busy=true]")).to_have_count(0)


def _gestures(context: BrowserContext, gestures: int) -> Results:
    """Each gesture on a task of its own: from the hand to the document, and whether the next frame has it."""
    page = _open(context)
    times: dict[str, list[float]] = {"add": [], "tick": [], "edit": [], "delete": []}
    drawn = []

    def note(kind: str, script: str, *names: str) -> None:
        milliseconds, is_drawn = page.evaluate(script, list(names))
        times[kind].append(milliseconds)
        drawn.append(is_drawn)
        _settled(page)

    for number in range(gestures):
        note("add", "([title]) => stopwatch.add(title)", f"New {number}")
        note("tick", "([title]) => stopwatch.tick(title)", f"New {number}")
        note("edit", "([a, b]) => stopwatch.edit(a, b)", f"New {number}", f"Newer {number}")
        note("delete", "([title]) => stopwatch.remove(title)", f"Newer {number}")
    page.close()
    results = {f"{kind}, in the document after, ms": _spread(times[kind]) for kind in times}
    share = 100 * sum(drawn) / len(drawn)
    return {**results, "gestures drawn in the next frame, %": dict.fromkeys(_SPREAD, share)}


def _presses(context: BrowserContext, presses: int) -> Results:
    """The same by keyboard and mouse, from the event's own stamp to the next paint: waiting for the page counts.

    The browser tells it in steps of 8 ms, and of none that took less than 16, which is what those count as.
    """
    page = _open(context)
    page.evaluate("stopwatch.notePresses()")
    line = page.get_by_role("textbox", name="Add a task")
    times: dict[str, list[float]] = {"add": [], "tick": [], "delete": []}

    def note(kind: str, event: str) -> None:
        _settled(page)
        seen = page.evaluate("stopwatch.presses.splice(0)")
        times[kind].append(max((ms for name, ms in seen if name == event), default=16))

    for number in range(presses):
        title = f"Pressed {number}"
        row = page.get_by_role("listitem").filter(
            has=page.get_by_role("checkbox", name=title, exact=True)
        )
        line.fill(title)
        line.press("Enter")
        row.wait_for()
        note("add", "keydown")
        row.get_by_role("checkbox").click()
        note("tick", "click")
        row.hover()
        row.get_by_role("button", name=f"Delete {title}", exact=True).click()
        note("delete", "click")
        expect(row).to_have_count(0)
    page.close()
    return {f"{kind}, from the press to the paint, ms": _spread(times[kind]) for kind in times}


def _bytes(context: BrowserContext, gestures: int) -> Results:
    """What the socket brings for a tick: for the first after each of some loads, and for many in a row."""
    frames: list[str | bytes] = []

    def received(page: Page) -> float:
        frames.clear()
        page.evaluate("hands.tick(hands.screen()[5][0])")
        _settled(page)
        return float(sum(len(_encoded(frame)) for frame in frames))

    first, later = [], []
    for _ in range(LOADS):
        page = _open(context, frames)
        first.append(received(page))
        later += [received(page) for _ in range(gestures // LOADS)]
        page.close()
    return {
        "bytes received for the first tick after a load": _spread(first),
        "bytes received for each tick after that": _spread(later),
    }


def _elsewhere(context: BrowserContext, tabs: int, gestures: int) -> Results:
    """From a tick in one tab to its being in the documents of all others."""
    pages = [_open(context) for _ in range(tabs)]
    title, is_checked, *_ = pages[0].evaluate("hands.screen()[5]")
    delays = []
    for _ in range(gestures):
        is_checked = not is_checked
        for page in pages[1:]:
            page.evaluate("([title, is]) => stopwatch.lookOut(title, is)", [title, is_checked])
        begun = pages[0].evaluate("title => stopwatch.tickNow(title)", title)
        delays += [page.evaluate("stopwatch.seen") - begun for page in pages[1:]]
        _settled(pages[0])
    return {f"seen in each of {tabs - 1} other tabs after, ms": _spread(delays)}


def _spread(values: list[float]) -> dict[str, float]:
    ordered = sorted(values)
    at = [ordered[min(len(ordered) - 1, len(ordered) * part // 100)] for part in (50, 95, 99)]
    return dict(zip(_SPREAD, [*at, ordered[-1]], strict=True))


def _encoded(frame: str | bytes) -> bytes:
    return frame.encode() if isinstance(frame, str) else frame


if __name__ == "__main__":
    main()
