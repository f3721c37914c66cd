"""The screens look as they do in docs/screens/, and stay whole whatever is written in them."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Server
from tests.browser.scenes import SCENES, fill, stage
from tests.browser.screens import HEIGHTS, THEMES, differences, path_of

MOST = 0.005
"""The share of a picture that may differ: less than a line of text, more than another version's smoothing."""

WATCHED = [
    *(("dashboard", theme, width) for theme in THEMES for width in HEIGHTS),
    ("dashboard-dialog", "dark", 1440),
    ("dashboard-dialog", "light", 390),
    ("dashboard-empty", "dark", 390),
    ("dashboard-hard", "light", 320),
    ("dashboard-save-failed", "light", 1440),
    ("settings", "dark", 1440),
    ("sign-in", "light", 1440),
    ("sign-up-error", "dark", 390),
    ("trash", "light", 768),
]
"""Every part of the screen in one of these at least; all of them would take minutes."""


@pytest.fixture
def scenery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, dict[str, str]]]:
    server = stage(tmp_path_factory.mktemp("screens")).start()
    yield server, fill(server)
    server.stop()


@pytest.mark.slow
def test_the_screens_look_as_they_are_meant_to(
    browser: Browser, scenery: tuple[Server, dict[str, str]]
) -> None:
    found = differences(browser, *scenery, WATCHED, within=MOST)
    changed = {name: f"{share:.2%}" for name, share in found.items() if share > MOST}
    assert changed == {}, (
        "These look different from docs/screens/. If that is meant: "
        "python -m tests.browser.screens, look at them, and commit them."
    )


def test_every_screen_has_its_picture() -> None:
    missing = [
        path.name
        for scene in SCENES
        for theme in THEMES
        for width in HEIGHTS
        if not (path := path_of(scene.name, theme, width)).is_file()
    ]
    assert missing == [], "python -m tests.browser.screens makes them."
