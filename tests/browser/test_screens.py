"""The screens look as they do in docs/screens/, and stay whole whatever is written in them."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Server
from tests.browser.scenes import fill, stage
from tests.browser.screens import COMPARED, SCREENS, differences, path_of

MOST = 0.005
"""The share of a picture that may differ: less than a line of text, more than another version's smoothing."""


@pytest.fixture
def scenery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, dict[str, str]]]:
    server = stage(tmp_path_factory.mktemp("screens")).start()
    yield server, fill(server)
    server.stop()


@pytest.mark.slow
def test_the_screens_look_as_they_are_meant_to(
    browser_with_glass: Browser, scenery: tuple[Server, dict[str, str]]
) -> None:
    found = differences(browser_with_glass, *scenery, within=MOST)
    changed = {name: f"{share:.2%}" for name, share in found.items() if share > MOST}
    assert changed == {}, (
        "These look different from docs/screens/. If that is meant: "
        "python -m tests.browser.screens, look at them, and commit them."
    )


def test_docs_hold_the_compared_pictures_and_no_others() -> None:
    kept = {path.name for path in SCREENS.iterdir()}
    assert kept == {path_of(*picture).name for picture in COMPARED}
