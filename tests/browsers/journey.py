"""A day with Cairn in Firefox, WebKit and Chromium, each in its own window: bin/test-browsers runs it.

Not named as a test, so that bin/test leaves it out: it needs two more browsers, and takes minutes.
"""

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.conftest import PASSWORD, Server
from tests.browsers.webdriver import BROWSERS, Element, Tab

WARNINGS = """
window.complaints = [];
for (const kind of ["warn", "error"]) {
    const say = console[kind];
    console[kind] = (...words) => { complaints.push(words.join(" ")); say(...words); };
}
addEventListener("error", ({ message }) => complaints.push(message));
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("server"), None).start()
    yield running
    running.stop()


@pytest.fixture(scope="module", params=BROWSERS)
def window(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Tab]:
    with BROWSERS[request.param](tmp_path_factory.mktemp(request.param)) as tab:
        tab.resize(1280, 900)
        yield tab


@pytest.fixture
def tab(window: Tab, server: Server, request: pytest.FixtureRequest) -> Iterator[Tab]:
    """Ana's dashboard with three tasks. What a test leaves on the screen is kept as a picture beside its log."""
    window.open(f"{server.address}/sign-in")
    if leave := window.find("button", "Sign out"):
        leave.click()
        window.says("Sign in to pick up")
    window.open(f"{server.address}/sign-up")
    window.get("textbox", "Name").type("Ana Costa")
    window.get("textbox", "Email").type(f"ana-{secrets.token_hex(4)}@example.org")
    window.get("textbox", "Password").type(PASSWORD)
    window.get("button", "Create account").click()
    window.says("Set the first stone")
    window.run(WARNINGS)
    for title in ("Milk", "Bread", "Eggs"):
        window.get("textbox", "Add a task").type(title)
        window.press("Enter")
        window.get("checkbox", title)
    yield window
    Path(f".venv/{request.node.name}.png").write_bytes(window.screenshot())


SLOW_TRANSITIONS = """
document.head.append(Object.assign(document.createElement("style"), {
    textContent: "::view-transition-group(*), ::view-transition-old(*) { animation-duration: 5s !important }",
}));
"""


def row(tab: Tab, title: str) -> Element:
    (row,) = [
        box
        for box in tab.all("main li.row")
        if box.run("it.querySelector('input').ariaLabel") == title
    ]
    return row


def test_a_day_with_cairn(tab: Tab) -> None:
    row(tab, "Bread").hover()
    tab.get("button", "Delete Bread").click()
    tab.gone("checkbox", "Bread")
    tab.get("button", "Undo").click()
    tab.get("checkbox", "Bread")
    row(tab, "Eggs").hover()
    tab.get("button", "Edit Eggs").click()
    tab.get("textbox", "Title").type(" and flour")
    tab.get("button", "Close").click()
    tab.gone("dialog", "Edit task")
    tab.get("checkbox", "Eggs and flour").click()
    tab.get("link", "Completed 1")
    tab.get("link", "Settings").click()
    tab.says("Devices")
    assert tab.run("return complaints") == []
    tab.get("button", "Sign out").click()
    tab.says("Sign in to pick up where you stopped.")


def test_the_actions_of_a_row_stay_where_they_are_drawn(tab: Tab) -> None:
    row(tab, "Bread").hover()
    delete = tab.get("button", "Delete Bread")
    # It has nothing to scroll by: its scrollbar would lie over its buttons.
    assert delete.run("it.parentElement.scrollHeight - it.parentElement.clientHeight") == 0
    assert delete.run("it.parentElement.scrollWidth - it.parentElement.clientWidth") == 0
    tab.turn_wheel(delete, 40)
    delete.click()
    tab.gone("checkbox", "Bread")


def test_every_tab_stop_of_a_row_has_a_name(tab: Tab) -> None:
    tab.get("checkbox", "Bread").run("it.focus()")
    names = []
    for _ in range(5):
        tab.press("Tab")
        names.append(tab.focused().name)
    assert names[:4] == ["Bread", "Edit Bread", "Edit in place Bread", "Delete Bread"]
    assert names[4] in {"Milk", "Eggs"}


def test_a_click_counts_while_the_page_is_still_changing(tab: Tab) -> None:
    row(tab, "Bread").hover()
    tab.get("button", "Delete Bread").click()
    tab.gone("checkbox", "Bread")
    tab.run(SLOW_TRANSITIONS)
    tab.get("link", "Trash").click()
    tab.get("button", "Empty trash…").click()
    tab.get("button", "Empty trash")


def test_the_search_field_has_one_button_that_clears_it(tab: Tab) -> None:
    field = tab.get("searchbox", "Search tasks")
    field.type("Milk")
    # Where WebKit draws a button of its own, and on ours.
    field.click(right_of_middle=field.run("it.clientWidth / 2 - 9"))
    assert field.run("it.value") == "Milk"
    tab.get("button", "Clear search").click()
    assert field.run("it.value") == ""
