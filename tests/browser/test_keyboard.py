"""Every journey of the main job by keyboard alone: nobody clicks in this file."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PASSWORD, Server, add, quick_add
from tests.browser.test_journeys import box, card, settled


@pytest.fixture
def list_page(anas_page: Page) -> Page:
    """Ana's dashboard with three tasks, the focus on the page."""
    add(anas_page, "Milk", "Bread", "Eggs")
    settled(anas_page)
    anas_page.keyboard.press("Escape")
    return anas_page


def row(page: Page, title: str) -> Locator:
    return page.get_by_role("listitem").filter(has=box(page, title))


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def tab_to(page: Page, target: Locator, backwards: bool = False) -> None:
    for _ in range(60):
        if target.evaluate("element => element === document.activeElement"):
            return
        press(page, "Shift+Tab" if backwards else "Tab")
    raise AssertionError(f"Tab does not reach {target}.")


def test_a_whole_day_by_keyboard_alone(server: Server, page: Page) -> None:
    _sign_up_and_add(page, f"keys-{server.port}@example.org")
    _tick_edit_delete_and_undo(page)
    _search_and_filter(page)
    settled(page)
    tab_to(page, page.get_by_role("button", name="Sign out"), backwards=True)
    press(page, "Enter")
    expect(page).to_have_url(re.compile("/sign-in"))


def _sign_up_and_add(page: Page, email: str) -> None:
    page.goto("/sign-up")
    tab_to(page, page.get_by_role("textbox", name="Name"))
    page.keyboard.type("Ana Costa")
    press(page, "Tab")
    page.keyboard.type(email)
    press(page, "Tab")
    page.keyboard.type(PASSWORD)
    press(page, "Enter")
    # Before the server has said that there is nothing, nobody listens to the keys.
    page.get_by_text("Set the first stone").wait_for()
    press(page, "q")
    for title in ("Milk", "Bread", "Oat milk"):
        page.keyboard.type(title)
        press(page, "Enter")


def _tick_edit_delete_and_undo(page: Page) -> None:
    press(page, "ArrowDown", "c")
    expect(box(page, "Milk")).to_be_checked()
    expect(card(page, "Completed 1")).to_be_visible()
    expect(row(page, "Bread")).to_be_focused()

    press(page, "e")
    dialog = page.get_by_role("dialog", name="Edit task")
    expect(dialog.get_by_label("Title")).to_be_focused()
    press(page, "ControlOrMeta+a")
    page.keyboard.type("Rye bread")
    press(page, "Enter")
    expect(dialog).to_be_hidden()
    expect(row(page, "Rye bread")).to_be_focused()

    press(page, "Delete")
    expect(box(page, "Rye bread")).to_have_count(0)
    expect(row(page, "Oat milk")).to_be_focused()
    press(page, "ControlOrMeta+z")
    expect(box(page, "Rye bread")).to_be_visible()


def _search_and_filter(page: Page) -> None:
    press(page, "/")
    page.keyboard.type("milk")
    expect(page).to_have_url(re.compile("q=milk"))
    expect(box(page, "Rye bread")).to_have_count(0)
    press(page, "Escape")
    expect(box(page, "Rye bread")).to_be_visible()
    press(page, "Escape")
    tab_to(page, page.get_by_role("navigation", name="Filter tasks").get_by_role("link").nth(3))
    press(page, "Enter")
    expect(page).to_have_url(re.compile("status=completed"))
    expect(box(page, "Rye bread")).to_have_count(0)


@pytest.mark.parametrize(("down", "up"), [("ArrowDown", "ArrowUp"), ("j", "k")])
def test_arrows_and_letters_move_in_the_list_and_stop_at_its_ends(
    list_page: Page, down: str, up: str
) -> None:
    press(list_page, down)
    expect(row(list_page, "Milk")).to_be_focused()
    press(list_page, down, down, down)
    expect(row(list_page, "Eggs")).to_be_focused()
    press(list_page, up)
    expect(row(list_page, "Bread")).to_be_focused()
    press(list_page, "Escape")
    expect(row(list_page, "Bread")).not_to_be_focused()


@pytest.mark.parametrize("key", ["c", "Space"])
def test_a_key_ticks(list_page: Page, key: str) -> None:
    press(list_page, "j", key)
    expect(box(list_page, "Milk")).to_be_checked()
    expect(box(list_page, "Bread")).not_to_be_checked()


def test_x_ticks_no_more_and_says_so_once(list_page: Page) -> None:
    told = list_page.get_by_text("X no longer completes a task. Press C or Space.")
    press(list_page, "j", "x")
    expect(told).to_be_visible()
    press(list_page, "c")
    expect(box(list_page, "Milk")).to_be_checked()
    expect(told).to_be_hidden()
    press(list_page, "x")
    expect(box(list_page, "Bread")).not_to_be_checked()
    expect(told).to_be_hidden()


@pytest.mark.parametrize("key", ["e", "Enter"])
def test_a_key_edits_and_escape_brings_the_focus_back(list_page: Page, key: str) -> None:
    press(list_page, "j", "j", key)
    expect(list_page.get_by_role("dialog", name="Edit task")).to_be_visible()
    press(list_page, "Escape")
    expect(list_page.get_by_role("dialog")).to_be_hidden()
    expect(row(list_page, "Bread")).to_be_focused()


def test_the_menu_of_a_row_is_walked_by_key_and_gives_the_focus_back(list_page: Page) -> None:
    page, more = list_page, list_page.get_by_role("button", name="More actions: Bread")
    entries = page.get_by_role("group", name="More actions: Bread").get_by_role("button")
    tab_to(page, more)
    press(page, "Enter", "Tab")
    expect(entries.filter(has_text="Edit")).to_be_focused()
    press(page, "Escape")
    expect(more).to_be_focused()
    expect(entries).to_have_count(0)
    press(page, "Enter")
    tab_to(page, entries.filter(has_text="Move to…"))
    press(page, "Enter")
    expect(page.get_by_role("dialog", name="Move to").get_by_text("Bread")).to_be_visible()
    press(page, "Escape")
    expect(more).to_be_focused()
    press(page, "Enter")
    tab_to(page, entries.filter(has_text="Delete"))
    press(page, "Enter")
    expect(box(page, "Bread")).to_have_count(0)
    expect(entries).to_have_count(0)


def test_m_asks_where_a_task_is_to_go(list_page: Page) -> None:
    press(list_page, "ArrowDown", "m")
    dialog = list_page.get_by_role("dialog", name="Move to")
    expect(dialog.get_by_text("Milk")).to_be_visible()
    press(list_page, "Escape")
    expect(row(list_page, "Milk")).to_be_focused()


def test_a_key_touches_no_row_that_the_mouse_has_left_the_focus_on_unseen(list_page: Page) -> None:
    box(list_page, "Milk").click()
    expect(box(list_page, "Bread")).to_be_focused()
    press(list_page, "c")
    expect(row(list_page, "Bread")).to_be_focused()
    expect(box(list_page, "Bread")).not_to_be_checked()
    press(list_page, "c")
    expect(box(list_page, "Bread")).to_be_checked()


def test_down_begins_with_a_row_in_sight(list_page: Page) -> None:
    add(list_page, *(f"More {number}" for number in range(12)))
    settled(list_page)
    list_page.set_viewport_size({"width": 1280, "height": 400})
    press(list_page, "Escape")
    # The page scrolls to a new row once it has come to rest.
    box(list_page, "More 11").element_handle().wait_for_element_state("stable")
    box(list_page, "More 5").evaluate("box => box.closest('li').scrollIntoView()")
    box(list_page, "More 5").element_handle().wait_for_element_state("stable")
    press(list_page, "ArrowDown")
    expect(box(list_page, "Milk")).not_to_be_in_viewport()
    focused = list_page.locator("li:focus")
    expect(focused).to_be_in_viewport()
    # Scrolled away, it is shown before a key touches it.
    title = focused.get_by_role("checkbox").get_attribute("aria-label") or ""
    list_page.evaluate("window.scrollTo(0, 0)")
    press(list_page, "c")
    expect(box(list_page, title)).not_to_be_checked()
    expect(focused).to_be_in_viewport()


def test_letters_of_other_layouts_and_caps_lock_are_shortcuts(list_page: Page) -> None:
    keys = list_page.context.new_cdp_session(list_page)

    def type_key(key: str, code: str, modifiers: int = 0) -> None:
        for kind in ("rawKeyDown", "keyUp"):
            event = {"type": kind, "key": key, "code": code, "modifiers": modifiers}
            keys.send("Input.dispatchKeyEvent", event)

    control = 2
    press(list_page, "j", "Delete")
    for key in ("Я", "Z"):
        expect(box(list_page, "Milk")).to_have_count(0)
        type_key(key, "KeyZ", control)
        expect(box(list_page, "Milk")).to_be_visible()
        settled(list_page)
        row(list_page, "Milk").focus()
        press(list_page, "Delete")
    type_key("т", "KeyN")
    expect(list_page.get_by_role("dialog", name="New task")).to_be_visible()


def test_after_the_last_row_of_a_group_leaves_its_heading_has_the_focus(list_page: Page) -> None:
    press(list_page, "j", "j", "j", "Delete")
    expect(box(list_page, "Eggs")).to_have_count(0)
    expect(list_page.locator("summary").filter(has_text="No date")).to_be_focused()


def test_a_ticked_box_hands_the_focus_to_the_next_box(list_page: Page) -> None:
    box(list_page, "Milk").focus()
    press(list_page, "Space")
    expect(box(list_page, "Bread")).to_be_focused()
    press(list_page, "Space")
    expect(box(list_page, "Eggs")).to_be_focused()


def test_n_opens_the_dialog_and_ctrl_enter_saves_from_the_description(list_page: Page) -> None:
    press(list_page, "n")
    expect(list_page.get_by_role("dialog", name="New task")).to_be_visible()
    list_page.keyboard.type("Tea")
    press(list_page, "Tab")
    list_page.keyboard.type("Green")
    press(list_page, "ControlOrMeta+Enter")
    expect(list_page.get_by_role("dialog")).to_be_hidden()
    expect(box(list_page, "Tea")).to_be_visible()


@pytest.mark.parametrize(("key", "name"), [("q", "Add a task"), ("/", "Search tasks")])
def test_escape_in_a_field_goes_back_to_where_the_focus_was(
    list_page: Page, key: str, name: str
) -> None:
    press(list_page, "j", "j", key)
    expect(list_page.get_by_label(name)).to_be_focused()
    press(list_page, "Escape")
    expect(row(list_page, "Bread")).to_be_focused()


def test_g_and_a_letter_goes_places(list_page: Page) -> None:
    for letter, address in (("s", "/settings$"), ("d", "/dashboard$"), ("t", "/dashboard#tasks$")):
        press(list_page, "g", letter)
        expect(list_page).to_have_url(re.compile(address))
        if letter != "s":
            expect(row(list_page, "Milk")).to_be_visible()
    expect(row(list_page, "Milk")).to_be_focused()


def test_the_sheet_of_shortcuts_opens_and_gives_the_focus_back(list_page: Page) -> None:
    press(list_page, "j", "?")
    sheet = list_page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(sheet).to_be_visible()
    press(list_page, "c", "Escape")
    expect(sheet).to_be_hidden()
    expect(row(list_page, "Milk")).to_be_focused()
    expect(box(list_page, "Milk")).not_to_be_checked()


def test_keys_do_nothing_while_typing(list_page: Page) -> None:
    press(list_page, "q")
    list_page.keyboard.type("jxe/n?gs")
    expect(quick_add(list_page)).to_have_value("jxe/n?gs")
    expect(list_page.get_by_role("dialog")).to_have_count(0)


def test_letters_can_be_switched_off_and_arrows_stay(list_page: Page) -> None:
    list_page.goto("/settings")
    choice = list_page.get_by_role("radiogroup", name="Single-key shortcuts")
    expect(choice.get_by_label("On")).to_be_checked()
    tab_to(list_page, choice.get_by_label("On"))
    press(list_page, "ArrowRight")
    expect(choice.get_by_label("Off")).to_be_checked()
    list_page.goto("/dashboard")
    row(list_page, "Milk").wait_for()
    press(list_page, "j", "n", "?")
    expect(list_page.get_by_role("dialog")).to_have_count(0)
    press(list_page, "ArrowDown")
    expect(row(list_page, "Milk")).to_be_focused()
    press(list_page, "c")
    expect(box(list_page, "Milk")).not_to_be_checked()
    press(list_page, "Space")
    expect(box(list_page, "Milk")).to_be_checked()


def test_settings_show_all_shortcuts(list_page: Page) -> None:
    list_page.goto("/settings")
    list_page.get_by_role("button", name="Show all shortcuts").press("Enter")
    expect(list_page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
