"""axe finds nothing on any page in any state, and nothing is cut, too small or unnamed."""

from collections.abc import Iterator
from importlib.resources import files

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Server
from tests.browser.scenes import INES, NOBODY, SCENES, device, fill, shown, stage

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


@pytest.mark.slow
# Each theme and each layout once; that both themes have contrast enough is computed from the tokens as well.
@pytest.mark.parametrize(("theme", "width"), [("dark", 390), ("light", 1440)])
def test_axe_finds_nothing_on_any_page_in_any_state(
    browser: Browser, scenery: tuple[Server, dict[str, str]], theme: str, width: int
) -> None:
    server, cookies = scenery
    found = {}
    for scene in SCENES:
        context = device(browser, server, cookies[scene.person], theme, width)
        with shown(context, server, scene) as page:
            if problems := violations(page):
                found[scene.name] = problems
        context.close()
    assert found == {}


# A window of 1440 pixels at 200 % zoom.
ZOOMED = {"device_scale_factor": 2, "has_touch": False, "is_mobile": False}

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


@pytest.mark.slow
def test_nothing_is_cut_sideways_at_200_percent_zoom(
    browser: Browser, scenery: tuple[Server, dict[str, str]]
) -> None:
    server, cookies = scenery
    wide = {}
    for scene in SCENES:
        context = device(browser, server, cookies[scene.person], "dark", 720, **ZOOMED)
        with shown(context, server, scene) as page:
            if by := page.evaluate(SIDEWAYS):
                wide[scene.name] = by
        context.close()
    assert wide == {}


@pytest.mark.slow
@pytest.mark.parametrize("width", [320, 768])
def test_nothing_scrolls_sideways_and_every_target_on_touch_is_large_enough(
    browser: Browser, scenery: tuple[Server, dict[str, str]], width: int
) -> None:
    server, cookies = scenery
    wide, small = {}, {}
    for scene in SCENES:
        context = device(browser, server, cookies[scene.person], "dark", width)
        with shown(context, server, scene) as page:
            if by := page.evaluate(SIDEWAYS):
                wide[scene.name] = by
            if targets := page.evaluate(SMALL):
                small[scene.name] = targets
        context.close()
    assert (wide, small) == ({}, {})


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
