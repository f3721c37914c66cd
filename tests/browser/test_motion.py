"""What leaves the list is seen to leave, and nobody waits for it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Device, Server, add, sign_up
from tests.browser.test_journeys import box, card, settled
from tests.browser.test_trash import open_trash

# As soon as the gesture has been drawn: how many rows are seen to leave, and how many are still rows.
LEAVING = """async (button) => {
    button.click();
    await new Promise(requestAnimationFrame);
    return [
        document.querySelectorAll("[data-leaving=removed][inert]").length,
        document.querySelectorAll("[data-task]").length,
    ];
}"""


def leaving(page: Page, button: str) -> list[int]:
    return page.get_by_role("button", name=button, exact=True).evaluate(LEAVING)


# As soon as a dialog has begun to leave: what it still shows.
SEEN = """(button) => new Promise((resolve) => {
    const dialog = button.closest("dialog");
    const seen = () => resolve(dialog.querySelector("h2")?.textContent);
    new MutationObserver(seen).observe(dialog, { attributeFilter: ["open"] });
    button.click();
})"""


@pytest.fixture
def device(new_device: Callable[..., Device], server: Server) -> Device:
    return new_device(server, reduced_motion="no-preference")


def test_a_dialog_leaves_with_all_that_was_in_it(anas_page: Page) -> None:
    anas_page.get_by_role("button", name="New task").first.click()
    close = anas_page.get_by_role("dialog").get_by_role("button", name="Close", exact=True)
    assert close.evaluate(SEEN) == "New task"
    expect(anas_page.locator("dialog h2")).to_have_count(0)


def test_a_deleted_row_is_no_row_at_once_and_its_place_closes(anas_page: Page) -> None:
    add(anas_page, "Milk", "Bread")
    settled(anas_page)
    assert leaving(anas_page, "Delete Milk") == [1, 1]
    expect(anas_page.locator("[data-leaving]")).to_have_count(0)
    expect(box(anas_page, "Bread")).to_be_visible()


def test_a_row_leaves_the_trash_in_the_same_way(anas_page: Page) -> None:
    add(anas_page, "Milk", "Bread")
    for title in ("Milk", "Bread"):
        leaving(anas_page, f"Delete {title}")
    settled(anas_page)
    open_trash(anas_page)
    # From here on the rows are those of the server's list; until it comes they are those of the deletions.
    anas_page.reload()
    settled(anas_page)
    anas_page.get_by_role("button", name="Restore Milk", exact=True).wait_for()
    assert leaving(anas_page, "Restore Milk") == [1, 1]
    expect(anas_page.locator("[data-leaving]")).to_have_count(0)
    expect(anas_page.get_by_text("Bread", exact=True)).to_be_visible()


def test_keys_need_not_wait_for_a_row_to_leave(anas_page: Page) -> None:
    add(anas_page, "Milk", "Bread", "Eggs", "Salt")
    settled(anas_page)
    for key in ("Escape", "ArrowDown", "Delete", "Delete", "Delete"):
        anas_page.keyboard.press(key)
    expect(card(anas_page, "Total 1")).to_be_visible()
    expect(box(anas_page, "Salt")).to_be_visible()
    expect(anas_page.get_by_role("listitem").filter(has=box(anas_page, "Salt"))).to_be_focused()


def test_a_row_that_came_back_while_it_left_stays(anas_page: Page) -> None:
    add(anas_page, "Milk")
    settled(anas_page)
    for key in ("Escape", "ArrowDown", "Delete", "ControlOrMeta+z"):
        anas_page.keyboard.press(key)
    expect(box(anas_page, "Milk")).to_be_visible()
    expect(anas_page.locator("[data-leaving]")).to_have_count(0)
    expect(box(anas_page, "Milk")).to_be_visible()


def test_nothing_lingers_for_those_who_want_no_motion(
    server: Server, new_device: Callable[..., Device]
) -> None:
    page = new_device(server, reduced_motion="reduce").page
    sign_up(page)
    add(page, "Milk", "Bread")
    settled(page)
    assert leaving(page, "Delete Milk") == [0, 1]
