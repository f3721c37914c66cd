"""axe finds nothing on any page in any state, and nothing is cut, too small or unnamed.

Every page on a device with touch and on one with a mouse; its states on one of the two in turn, or with FAULTS=long,
which bin/faults sets, on both.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Server
from tests.browser.scenes import (
    HEIGHTS,
    SCENES,
    Scene,
    device,
    fill,
    shown,
    stage,
)
from tests.conftest import IS_LONG

AXE = (files("axe_playwright_python") / "axe.min.js").read_text()


@pytest.fixture(scope="module")
def scenery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, dict[str, str]]]:
    """A server on the day of the scenes, with its people."""
    server = stage(tmp_path_factory.mktemp("scenery")).start()
    yield server, fill(server)
    server.stop()


def violations(page: Page) -> list[str]:
    page.evaluate(AXE)
    found = page.evaluate("axe.run({resultTypes: ['violations']}).then(found => found.violations)")
    return [
        f"{rule['id']}: {node['target']} {node['failureSummary']}"
        for rule in found
        for node in rule["nodes"]
    ]


SIDEWAYS = """Math.max(...[document.documentElement, ...document.querySelectorAll("dialog[open]")]
    .map((box) => box.scrollWidth - box.clientWidth))"""

# What answers a touch: a label with its box, a field with its edge, the title of a row with all of the row. A link in a
# line of text is as high as the line.
SMALL = """[...document.querySelectorAll("a, button, [role=button], input, select, summary")]
    .filter((e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
    .filter((e) => !e.closest(".sr-only, [inert], .row-preview"))
    .map((e) => [e, (e.closest(e.matches(".row-title") ? ".row" : "label, .field-edge") ?? e).getBoundingClientRect()])
    .filter(([e, box]) => box.width > 1 && box.height > 1 && (box.width < 44 || box.height < 43.5))
    .map(([e, box]) => [e.tagName, (e.ariaLabel || e.textContent).slice(0, 40), box.width, box.height])"""


# What of the cards is wider than its place, or ends outside of its card.
CUT = """[...document.querySelectorAll("ul[aria-label=Summary] :is(a, span, b)")]
    .filter((e) => e.checkVisibility() && !e.closest("[aria-hidden]"))
    .map((e) => [e, e.getBoundingClientRect(), e.closest("li").getBoundingClientRect()])
    .filter(([e, box, card]) =>
        e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== "inline"
        || box.right > card.right + .5 || box.left < card.left - .5)
    .map(([e]) => e.textContent)"""

# Words of Cairn's own that are cut or stick out of what they name; those of people may be cut, and are opened whole.
LOST = """(() => {
    const page = document.querySelector("dialog[open]") ?? document.body;
    const texts = document.createTreeWalker(page, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    const isSeen = (e) => !e.closest(".sr-only, .words, option, [inert], [dir=auto], bdi, [data-words]")
        && e.checkVisibility({ visibilityProperty: true, opacityProperty: true });
    const lost = [];
    for (let node; (node = texts.nextNode()); ) {
        const around = node.parentElement;
        if (!node.data.trim() || !isSeen(around)) continue;
        range.selectNodeContents(node);
        const text = range.getBoundingClientRect();
        if (around.getBoundingClientRect().width <= 1) continue;
        const isWider = (box) => text.right > box.right + 1 || text.left < box.left - 1;
        const isHigher = (box) => text.bottom > box.bottom + 4 || text.top < box.top - 4;
        const named = around.closest("a, button, label, summary, kbd, li.row");
        if (named && (isWider(named.getBoundingClientRect()) || isHigher(named.getBoundingClientRect())))
            lost.push(`${node.data.trim()} sticks out`);
        for (let e = around; e !== document.body; e = e.parentElement) {
            const { overflowX, overflowY } = getComputedStyle(e);
            const [box, cuts] = [e.getBoundingClientRect(), ["hidden", "clip"]];
            if ((cuts.includes(overflowX) && isWider(box)) || (cuts.includes(overflowY) && isHigher(box)))
                lost.push(`${node.data.trim()} is cut`);
        }
    }
    return lost;
})()"""


def set_text_to_200_percent(page: Page) -> None:
    """As the setting of the browser does it, not its zoom: only what follows the size of text becomes larger."""
    sizes = {"fontSizes": {"standard": 32, "fixed": 26}}
    page.context.new_cdp_session(page).send("Page.setFontSizes", sizes)


@dataclass
class Found:
    """What is wrong with scenes, by their names, and where widths matter by those."""

    by_axe: dict[str, list[str]] = field(default_factory=dict)
    wide: dict[tuple[str, int], int] = field(default_factory=dict)
    small: dict[tuple[str, int], list[Any]] = field(default_factory=dict)
    landmarks: dict[str, tuple[int, ...]] = field(default_factory=dict)
    """How many mains, first headings and main navigations a scene has."""
    cut: dict[int, list[str]] = field(default_factory=dict)
    """What does not fit on a card at a width, when there are millions of tasks."""
    lost: dict[tuple[str, int], list[str]] = field(default_factory=dict)
    """Which words are, with text at 200 %."""

    def look_at(self, name: str, page: Page) -> None:
        """What does not depend on the width."""
        if problems := violations(page):
            self.by_axe[name] = problems
        self.landmarks[name] = (
            page.get_by_role("main").count(),
            page.get_by_role("heading", level=1).count(),
            page.get_by_role("navigation", name="Main").count(),
        )

    def measure(self, name: str, page: Page, width: int, height: int) -> None:
        page.set_viewport_size({"width": width, "height": height})
        if by := page.evaluate(SIDEWAYS):
            self.wide[name, width] = by
        if name == "dashboard-many":
            assert page.get_by_role("link", name="Total 9999999", exact=True).is_visible()
            self.cut[width] = page.evaluate(CUT)

    def look_at_large_text(self, name: str, page: Page, width: int) -> None:
        page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
        set_text_to_200_percent(page)
        sideways = [f"{by} px sideways"] if (by := page.evaluate(SIDEWAYS)) else []
        if lost := page.evaluate(LOST) + sideways:
            self.lost[name, width] = lost


# Loading a page and bringing it into its state is what takes time, so each of two devices looks at its scenes once and
# changes its width meanwhile. Each theme and each layout is looked at by axe once; that both themes have contrast
# enough is computed from the tokens as well.


def scenes_in_turn(turn: int) -> list[Scene]:
    """Every page, the dialog of a task, and each second of the other states, beginning with number 0 or 1."""
    on_both = {"sign-in", "sign-up", "not-found", "dashboard-dialog", "dashboard-many"}
    states = [scene for scene in SCENES if "-" in scene.name and scene.name not in on_both]
    left_out = () if IS_LONG else states[1 - turn :: 2]
    return [scene for scene in SCENES if scene not in left_out]


@pytest.fixture(scope="module")
def on_touch(browser_with_glass: Browser, scenery: tuple[Server, dict[str, str]]) -> Found:
    """On a phone, on the smallest phone, and on a tablet."""
    found = Found()
    for name, page in visited(browser_with_glass, scenery, scenes_in_turn(0), "dark", 390):
        found.look_at(name, page)
        found.measure(name, page, 390, HEIGHTS[390])
        for width in (320, 768):
            found.measure(name, page, width, HEIGHTS[width])
            if targets := page.evaluate(SMALL):
                found.small[name, width] = targets
        found.look_at_large_text(name, page, 390)
    return found


@pytest.fixture(scope="module")
def with_a_mouse(browser_with_glass: Browser, scenery: tuple[Server, dict[str, str]]) -> Found:
    """In a large window, which is then half as wide, as a zoom of 200 % makes it."""
    found = Found()
    for name, page in visited(browser_with_glass, scenery, scenes_in_turn(1), "light", 1440):
        found.look_at(name, page)
        found.measure(name, page, 1440, HEIGHTS[1440])
        found.measure(name, page, 720, 450)
        found.look_at_large_text(name, page, 1440)
    return found


def visited(
    browser: Browser,
    scenery: tuple[Server, dict[str, str]],
    scenes: Sequence[Scene],
    theme: str,
    width: int,
) -> Iterator[tuple[str, Page]]:
    server, cookies = scenery
    # A person's scenes share what their browser has loaded; what a scene leaves in it goes.
    contexts = {
        person: device(browser, server, cookie, theme, width) for person, cookie in cookies.items()
    }
    for scene in scenes:
        context = contexts[scene.person]
        with shown(context, server, scene) as page:
            yield scene.name, page
            context.set_offline(False)
            # A page that is left keeps its unanswered gestures for the next one, which would send them.
            page.goto("/healthz")
            page.evaluate("localStorage.clear()")
    for context in contexts.values():
        context.close()


@pytest.mark.slow
@pytest.mark.parametrize("device_of_whom", ["on_touch", "with_a_mouse"])
def test_axe_finds_nothing_on_any_page_in_any_state(
    request: pytest.FixtureRequest, device_of_whom: str
) -> None:
    assert request.getfixturevalue(device_of_whom).by_axe == {}


@pytest.mark.slow
def test_nothing_is_cut_sideways_at_200_percent_zoom(with_a_mouse: Found) -> None:
    assert with_a_mouse.wide == {}


@pytest.mark.slow
def test_no_word_is_lost_with_text_at_200_percent(on_touch: Found, with_a_mouse: Found) -> None:
    assert (on_touch.lost, with_a_mouse.lost) == ({}, {})


@pytest.mark.slow
def test_nothing_scrolls_sideways_and_every_target_on_touch_is_large_enough(
    on_touch: Found,
) -> None:
    assert (on_touch.wide, on_touch.small) == ({}, {})


@pytest.mark.slow
def test_millions_of_tasks_fit_on_every_card(on_touch: Found, with_a_mouse: Found) -> None:
    assert on_touch.cut == {390: [], 320: [], 768: []}
    assert with_a_mouse.cut == {1440: [], 720: []}


@pytest.mark.slow
@pytest.mark.parametrize("device_of_whom", ["on_touch", "with_a_mouse"])
def test_a_screen_reader_finds_one_main_and_one_navigation(
    request: pytest.FixtureRequest, device_of_whom: str
) -> None:
    landmarks = request.getfixturevalue(device_of_whom).landmarks
    for name in ("dashboard", "trash", "settings"):
        assert landmarks[name] == (1, 1, 1), name
    for name in ("sign-in", "not-found"):
        assert landmarks[name] == (1, 1, 0), name
