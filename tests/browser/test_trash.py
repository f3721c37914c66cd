"""The trash in a real browser: asked before anything is removed for good, and followed by every tab."""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Device, Server, add, sign_in, sign_up
from tests.browser.test_journeys import box, card, delete, settled


def open_trash(page: Page) -> None:
    page.get_by_role("link", name="Trash", exact=True).click()
    expect(page).to_have_url(re.compile("/trash"))


def trashed(page: Page, *titles: str) -> None:
    """Make tasks, delete them and go to the trash."""
    add(page, *titles)
    for title in titles:
        delete(page, title)
    settled(page)
    open_trash(page)


def row(page: Page, title: str) -> Locator:
    return page.get_by_role("listitem").filter(has_text=title)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def question(page: Page) -> Locator:
    return page.get_by_role("alertdialog")


def test_a_deleted_task_says_how_long_it_stays_and_can_be_restored(anas_page: Page) -> None:
    trashed(anas_page, "Milk")
    expect(row(anas_page, "Milk")).to_contain_text(
        re.compile(r"Deleted today at \d\d?:\d\d [AP]M\. 30 days left\.")
    )
    press(anas_page, "Restore Milk")
    expect(anas_page.get_by_text("The trash is empty")).to_be_visible()
    settled(anas_page)
    anas_page.goto("/dashboard")
    expect(box(anas_page, "Milk")).to_be_visible()


def double_click(button: Locator, between: Callable[[], None]) -> None:
    """With what happens between its two halves: under the pointer there may be something else by then."""
    button.hover()
    mouse = button.page.mouse
    for count in (1, 2):
        mouse.down(click_count=count)
        mouse.up(click_count=count)
        if count == 1:
            between()


def test_a_double_click_touches_one_task_and_undo_takes_back_each_deletion(
    anas_page: Page,
) -> None:
    add(anas_page, "Milk", "Bread", "Eggs")
    settled(anas_page)
    row(anas_page, "Milk").hover()

    def is_gone(title: str) -> Callable[[], None]:
        return lambda: expect(row(anas_page, title)).to_have_count(0)

    double_click(anas_page.get_by_role("button", name="Delete Milk", exact=True), is_gone("Milk"))
    expect(box(anas_page, "Bread")).to_be_visible()
    delete(anas_page, "Eggs")
    for back in ("Eggs", "Milk"):
        expect(anas_page.get_by_role("status")).to_contain_text([f"“{back}” moved to trash."])
        press(anas_page, "Undo")
        expect(box(anas_page, back)).to_be_visible()
    expect(anas_page.get_by_role("button", name="Undo")).to_have_count(0)

    for title in ("Milk", "Bread", "Eggs"):
        delete(anas_page, title)
    settled(anas_page)
    open_trash(anas_page)
    double_click(anas_page.get_by_role("button", name="Restore Eggs", exact=True), is_gone("Eggs"))
    settled(anas_page)
    expect(row(anas_page, "Bread")).to_be_visible()
    expect(row(anas_page, "Milk")).to_be_visible()


def test_a_task_is_deleted_forever_only_after_a_yes(anas_page: Page) -> None:
    trashed(anas_page, "Milk", "Bread")
    press(anas_page, "Delete Milk forever")
    expect(question(anas_page)).to_contain_text("“Milk” is removed for good")
    expect(question(anas_page).get_by_role("button", name="Cancel")).to_be_focused()
    anas_page.keyboard.press("Escape")
    expect(question(anas_page)).to_be_hidden()
    expect(row(anas_page, "Milk")).to_be_visible()

    press(anas_page, "Delete Milk forever")
    question(anas_page).get_by_role("button", name="Delete forever").click()
    expect(row(anas_page, "Milk")).to_have_count(0)
    expect(anas_page.get_by_role("status").filter(has_text="deleted forever")).to_be_visible()
    expect(anas_page.get_by_role("button", name="Undo")).to_have_count(0)
    settled(anas_page)
    anas_page.reload()
    expect(row(anas_page, "Bread")).to_be_visible()
    expect(row(anas_page, "Milk")).to_have_count(0)


def test_an_emptied_trash_stays_empty_and_the_tasks_outside_stay(
    device: Device, anas_page: Page
) -> None:
    add(anas_page, "Kept")
    trashed(anas_page, "Milk", "Bread")
    press(anas_page, "Empty trash…")
    question(anas_page).get_by_role("button", name="Cancel").click()
    expect(row(anas_page, "Milk")).to_be_visible()
    press(anas_page, "Empty trash…")
    question(anas_page).get_by_role("button", name="Empty trash").click()
    expect(anas_page.get_by_text("The trash is empty")).to_be_visible()
    settled(anas_page)
    anas_page.reload()
    expect(anas_page.get_by_text("The trash is empty")).to_be_visible()
    anas_page.goto("/dashboard")
    expect(card(anas_page, "Total 1")).to_be_visible()
    expect(box(anas_page, "Kept")).to_be_visible()
    assert device.complaints == []


def test_another_devices_trash_follows(server: Server, new_device: Callable[..., Device]) -> None:
    here, there = new_device(server).page, new_device(server).page
    email = sign_up(here)
    trashed(here, "Milk", "Bread", "Eggs")
    there.goto("/trash")
    sign_in(there, email)
    expect(row(there, "Milk")).to_be_visible()
    press(here, "Delete Milk forever")
    question(here).get_by_role("button", name="Delete forever").click()
    expect(row(there, "Milk")).to_have_count(0)
    expect(row(there, "Bread")).to_be_visible()
    press(there, "Restore Eggs")
    expect(row(here, "Eggs")).to_have_count(0)
    press(here, "Empty trash…")
    question(here).get_by_role("button", name="Empty trash").click()
    expect(there.get_by_text("The trash is empty")).to_be_visible()
