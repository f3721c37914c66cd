"""`python -m benchmarks.load` prints the table and writes results.json beside it. Needs `bin/build` and Chromium."""

import argparse
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, sync_playwright

from benchmarks import servers
from benchmarks.people_with_tasks import Person, make_people
from benchmarks.report import report, summary

RESULTS = Path(__file__).with_name("results.json")
TASKS = 50
SLOWER = 4
OTHER_PAGES = ("/inbox", "/today", "/upcoming", "/completed", "/lists", "/trash", "/settings")
KB = 1000
WATCH = """
window.seen = { paint: 0, shift: 0, task: 0 };
new PerformanceObserver((list) => (seen.paint = list.getEntries().at(-1).startTime))
  .observe({ type: "largest-contentful-paint", buffered: true });
new PerformanceObserver((list) => {
  for (const { hadRecentInput, value } of list.getEntries()) if (!hadRecentInput) seen.shift += value;
}).observe({ type: "layout-shift", buffered: true });
new MutationObserver(() => {
  if (!seen.task && document.querySelector("#first-rows .row-title, [data-task]")) seen.task = performance.now();
}).observe(document, { subtree: true, childList: true });
"""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("--rounds", type=int, default=20, help="of each visit (20)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="cairn-benchmark-") as folder:
        (person,) = make_people(Path(folder), 1, TASKS)
        port = servers.free_port()
        with (
            servers.cairn(port, Path(folder), with_front_end=True),
            sync_playwright() as playwright,
        ):
            browser = playwright.chromium.launch(
                executable_path=os.environ.get("CHROMIUM_PATH"), args=["--no-sandbox"]
            )
            rounds = [_round(browser, port, person) for _ in range(options.rounds)]
            browser.close()
    report(
        {name: summary([each[name] for each in rounds]) for name in rounds[0]},
        vars(options),
        RESULTS,
    )


def _round(browser: Browser, port: int, person: Person) -> dict[str, float]:
    """A stranger comes to the door; someone who is signed in comes to their tasks, and once more."""
    address = f"http://localhost:{port}"
    with browser.new_context(base_url=address) as context:
        door = Visit(context, "/sign-in", _door_is_open)
    with browser.new_context(base_url=address) as context:
        name, _, value = person.cookie.partition("=")
        context.add_cookies([{"name": name, "value": value, "url": address}])
        first = Visit(context, "/dashboard", _tasks_are_there)
        again = Visit(context, "/dashboard", _tasks_are_there)
    others = []
    for page in OTHER_PAGES:
        # What another page has loaded is not there yet, so that all of it may still move something.
        with browser.new_context(base_url=address) as context:
            context.add_cookies([{"name": name, "value": value, "url": address}])
            others.append(Visit(context, page, _heading_is_there))
    styles = sum(size for url, size in first.sizes.items() if url.endswith(".css"))
    hashed = [url for url in again.sizes if "/assets/" in url]
    return {
        "sign-in, all files, kB": sum(door.sizes.values()) / KB,
        f"sign-in, largest paint, {SLOWER} x slower CPU, ms": door.paint,
        "sign-in, layout shift": door.shift,
        "dashboard, all files, kB": sum(first.sizes.values()) / KB,
        "dashboard, styles, kB": styles / KB,
        f"dashboard, {TASKS} tasks, largest paint, {SLOWER} x slower CPU, ms": first.paint,
        f"dashboard, first of {TASKS} tasks in the document, {SLOWER} x slower CPU, ms": first.task,
        "dashboard, first task / largest paint": first.task / first.paint,
        f"dashboard, {TASKS} tasks can be used, {SLOWER} x slower CPU, ms": first.usable,
        "dashboard, layout shift": first.shift,
        f"most layout shift of {', '.join(OTHER_PAGES)}": max(each.shift for each in others),
        "dashboard again, all files, kB": sum(again.sizes.values()) / KB,
        "dashboard again, hashed files asked for": float(len(hashed)),
        f"dashboard again, {TASKS} tasks can be used, {SLOWER} x slower CPU, ms": again.usable,
    }


class Visit:
    """What one visit to a page loads and takes; `sizes` is address → bytes on the wire, heads included."""

    def __init__(
        self, context: BrowserContext, address: str, is_usable: Callable[[Page], None]
    ) -> None:
        page = context.new_page()
        page.add_init_script(WATCH)
        client = context.new_cdp_session(page)
        client.send("Network.enable")
        client.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        self.sizes: dict[str, int] = {}
        self._listen(client)
        page.goto(address)
        is_usable(page)
        self.usable: float = page.evaluate("performance.now()")
        page.wait_for_load_state("networkidle")
        self.paint: float = page.evaluate("seen.paint")
        self.shift: float = page.evaluate("seen.shift")
        self.task: float = page.evaluate("seen.task")
        page.close()

    def _listen(self, client: CDPSession) -> None:
        urls: dict[str, str] = {}

        def begin(event: dict[str, Any]) -> None:
            if not event["response"].get("fromDiskCache"):
                urls[event["requestId"]] = event["response"]["url"]

        def end(event: dict[str, Any]) -> None:
            if url := urls.get(event["requestId"]):
                self.sizes[url] = int(event["encodedDataLength"])

        client.on("Network.responseReceived", begin)
        client.on("Network.loadingFinished", end)


def _door_is_open(page: Page) -> None:
    page.get_by_role("button", name="Sign in").wait_for()


def _tasks_are_there(page: Page) -> None:
    page.get_by_role("checkbox").first.wait_for()


def _heading_is_there(page: Page) -> None:
    page.get_by_role("heading", level=1).wait_for()


if __name__ == "__main__":
    main()
