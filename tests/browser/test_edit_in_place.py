"""The fields of a row: what a row shows can be changed where it stands, without a dialog."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Device, Server, add, sign_up
from tests.browser.test_journeys import box, card, settled


@pytest.fixture
def list_page(anas_page: Page) -> Page:
    """Ana's dashboard with two tasks, the focus on the first."""
    add(anas_page, "Milk", "Bread")
    settled(anas_page)
    anas_page.keyboard.press("Escape")
    anas_page.keyboard.press("ArrowDown")
    expect(row(anas_page, "Milk")).to_be_focused()
    return anas_page


def row(page: Page, title: str) -> Locator:
    return page.get_by_role("listitem").filter(has=box(page, title))


def editor(page: Page, title: str = "Milk") -> Locator:
    return page.get_by_role("form", name=f"Edit in place: {title}")


def open_editor(page: Page) -> Locator:
    page.keyboard.press("F2")
    expect(editor(page).get_by_label("Title")).to_be_focused()
    return editor(page)


def test_f2_opens_the_fields_and_enter_saves_them(list_page: Page) -> None:
    fields = open_editor(list_page)
    fields.get_by_label("Priority").select_option("High")
    fields.get_by_label("Due date").fill("2020-01-31")
    fields.get_by_label("Title").fill("Oat milk")
    list_page.keyboard.press("Enter")
    expect(list_page.locator("form[aria-label^='Edit in place']")).to_have_count(0)
    expect(row(list_page, "Oat milk")).to_be_focused()
    expect(card(list_page, "Overdue 1")).to_be_visible()
    settled(list_page)
    list_page.reload()
    expect(row(list_page, "Oat milk")).to_contain_text("High")
    expect(card(list_page, "Overdue 1")).to_be_visible()


def test_escape_steps_back_and_undo_brings_back_what_was_typed(list_page: Page) -> None:
    open_editor(list_page).get_by_label("Title").fill("Oat milk")
    list_page.keyboard.press("Escape")
    expect(editor(list_page)).to_have_count(0)
    expect(row(list_page, "Milk")).to_be_focused()
    list_page.get_by_role("button", name="Undo").click()
    dialog = list_page.get_by_role("dialog", name="Edit task")
    expect(dialog.get_by_label("Title")).to_have_value("Oat milk")


def test_a_pointer_opens_and_saves_the_fields_too(list_page: Page) -> None:
    row(list_page, "Milk").hover()
    list_page.get_by_role("button", name="Edit in place Milk").click()
    editor(list_page).get_by_label("Title").fill("Oat milk")
    editor(list_page).get_by_role("button", name="Save").click()
    expect(box(list_page, "Oat milk")).to_be_visible()


def test_a_row_without_a_title_says_so_and_stays_open(list_page: Page) -> None:
    fields = open_editor(list_page)
    fields.get_by_label("Title").fill("   ")
    list_page.keyboard.press("Enter")
    expect(fields.get_by_role("alert")).to_have_text("Enter a title.")
    expect(fields.get_by_label("Title")).to_have_attribute("aria-invalid", "true")


def test_only_one_row_is_edited_at_a_time(list_page: Page) -> None:
    open_editor(list_page).get_by_label("Title").fill("Oat milk")
    row(list_page, "Bread").hover()
    list_page.get_by_role("button", name="Edit in place Bread").click()
    expect(editor(list_page)).to_have_count(0)
    expect(editor(list_page, "Bread")).to_be_visible()
    expect(list_page.get_by_text("Closed without saving.")).to_be_visible()


def test_what_was_typed_in_a_row_is_offered_back_after_a_reload(list_page: Page) -> None:
    open_editor(list_page).get_by_label("Title").press_sequentially(" and honey")
    list_page.reload()
    expect(list_page.get_by_text("You were writing “Milk and honey”.")).to_be_visible()
    list_page.get_by_role("button", name="Restore").click()
    dialog = list_page.get_by_role("dialog", name="Edit task")
    expect(dialog.get_by_label("Title")).to_have_value("Milk and honey")


def test_typing_survives_a_change_elsewhere_that_moves_the_row(
    server: Server, new_device: Callable[..., Device]
) -> None:
    page, other = _two_tabs(new_device(server))
    open_editor(page).get_by_label("Title").fill("Oat milk")
    other.keyboard.press("F2")
    editor(other).get_by_label("Due date").fill("2020-01-31")
    other.keyboard.press("Enter")
    expect(card(page, "Overdue 1")).to_be_visible()
    expect(editor(page).get_by_label("Title")).to_have_value("Oat milk")
    editor(page).get_by_label("Title").press("Enter")
    # Both edits are kept: each sent the field that it changed.
    expect(box(other, "Oat milk")).to_be_visible()
    expect(card(other, "Overdue 1")).to_be_visible()


def test_typing_is_offered_back_when_the_task_is_deleted_elsewhere(
    server: Server, new_device: Callable[..., Device]
) -> None:
    page, other = _two_tabs(new_device(server))
    open_editor(page).get_by_label("Title").fill("Oat milk")
    other.keyboard.press("Delete")
    expect(page.get_by_text("You were writing “Oat milk”.")).to_be_visible()


def _two_tabs(device: Device) -> tuple[Page, Page]:
    """Two tabs of one person with one task, the focus of both on it."""
    sign_up(device.page)
    add(device.page, "Milk")
    settled(device.page)
    device.page.keyboard.press("Escape")
    other = device.context.new_page()
    other.goto("/dashboard")
    for tab in (device.page, other):
        box(tab, "Milk").wait_for()
        tab.keyboard.press("ArrowDown")
        expect(row(tab, "Milk")).to_be_focused()
    return device.page, other
