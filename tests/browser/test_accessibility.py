"""axe finds nothing on any page in any state, and nothing is cut, too small or unnamed."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Server
from tests.browser.scenes import (
    HEIGHTS,
    INES,
    NOBODY,
    SCENES,
    device,
    fill,
    shown,
    stage,
)

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

# What answers a touch: a label with its box, a field with its edge, the title of a row with all of the row.
SMALL = """[...document.querySelectorAll("a, button, input, select, summary")]
    .filter((e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
    .filter((e) => !e.closest(".sr-only, [inert]"))
    .map((e) => [e, (e.closest(e.matches(".row-title") ? ".row" : "label, .field-edge") ?? e).getBoundingClientRect()])
    .filter(([e, box]) => box.width > 1 && box.height > 1 && (box.width < 44 || box.height < 43.5))
    .map(([e, box]) => [e.tagName, (e.ariaLabel || e.textContent).slice(0, 40), box.width, box.height])"""


@dataclass
class Found:
    """What is wrong with scenes, by their names, and where widths matter by those."""

    by_axe: dict[str, list[str]] = field(default_factory=dict)
    wide: dict[tuple[str, int], int] = field(default_factory=dict)
    small: dict[tuple[str, int], list[Any]] = field(default_factory=dict)


# Loading a page and bringing it into its state is what takes time, so each of two devices looks at all scenes once and
# changes its width meanwhile. Each theme and each layout is looked at by axe once; that both themes have contrast
# enough is computed from the tokens as well.


@pytest.fixture(scope="module")
def on_touch(browser: Browser, scenery: tuple[Server, dict[str, str]]) -> Found:
    """On a phone, on the smallest phone, and on a tablet."""
    found = Found()
    for name, page in visited(browser, scenery, "dark", 390):
        if problems := violations(page):
            found.by_axe[name] = problems
        for width in (320, 768):
            page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
            if by := page.evaluate(SIDEWAYS):
                found.wide[name, width] = by
            if targets := page.evaluate(SMALL):
                found.small[name, width] = targets
    return found


@pytest.fixture(scope="module")
def with_a_mouse(browser: Browser, scenery: tuple[Server, dict[str, str]]) -> Found:
    """In a large window, which is then zoomed to 200 %: half as wide, of the same pixels."""
    found = Found()
    for name, page in visited(browser, scenery, "light", 1440, device_scale_factor=2):
        if problems := violations(page):
            found.by_axe[name] = problems
        page.set_viewport_size({"width": 720, "height": 450})
        if by := page.evaluate(SIDEWAYS):
            found.wide[name, 720] = by
    return found


def visited(
    browser: Browser,
    scenery: tuple[Server, dict[str, str]],
    theme: str,
    width: int,
    **options: Any,
) -> Iterator[tuple[str, Page]]:
    server, cookies = scenery
    for scene in SCENES:
        context = device(browser, server, cookies[scene.person], theme, width, **options)
        with shown(context, server, scene) as page:
            yield scene.name, page
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
def test_nothing_scrolls_sideways_and_every_target_on_touch_is_large_enough(
    on_touch: Found,
) -> None:
    assert (on_touch.wide, on_touch.small) == ({}, {})


# What of the cards is wider than its place, or ends outside of its card.
CUT = """[...document.querySelectorAll("ul[aria-label=Summary] :is(a, span, b)")]
    .filter((e) => e.checkVisibility() && !e.closest("[aria-hidden]"))
    .map((e) => [e, e.getBoundingClientRect(), e.closest("li").getBoundingClientRect()])
    .filter(([e, box, card]) =>
        e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== "inline"
        || box.right > card.right + .5 || box.left < card.left - .5)
    .map(([e]) => e.textContent)"""


@pytest.mark.parametrize("width", [320, 390, 720, 768, 1440])
def test_millions_of_tasks_fit_on_every_card(
    browser: Browser, scenery: tuple[Server, dict[str, str]], width: int
) -> None:
    server, cookies = scenery
    scene = next(scene for scene in SCENES if scene.name == "dashboard-many")
    context = device(browser, server, cookies[scene.person], "dark", width)
    with shown(context, server, scene) as page:
        assert page.get_by_role("link", name="Total 9999999", exact=True).is_visible()
        assert page.evaluate(CUT) == []
        assert page.evaluate(SIDEWAYS) == 0
    context.close()


@pytest.mark.parametrize("width", [390, 1440])
def test_a_screen_reader_finds_one_main_and_one_navigation(
    browser: Browser, scenery: tuple[Server, dict[str, str]], width: int
) -> None:
    server, cookies = scenery
    for scene in SCENES:
        if scene.name not in ("dashboard", "trash", "settings", "sign-in", "not-found"):
            continue
        context = device(browser, server, cookies[scene.person], "dark", width)
        with shown(context, server, scene) as page:
            assert page.get_by_role("main").count() == 1
            assert page.get_by_role("heading", level=1).count() == 1
            mains = page.get_by_role("navigation", name="Main").count()
            assert mains == (1 if scene.person == INES else 0)
        context.close()
    assert NOBODY in cookies
