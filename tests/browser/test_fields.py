"""What people type is kept as they meant it, and what cannot be kept is said at its field."""

import re
import secrets

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Server, add, due_field, quick_add, sign_in, sign_up
from tests.browser.script import Script
from tests.browser.test_journeys import box, close, open_editor, settled

UNFINISHED = "Enter a whole date that exists, or clear it."
YEARS = "Use a year from 1970 to 9999."
TIME_ALONE = "A time needs a due date."


def new_task(page: Page, title: str) -> Locator:
    page.locator("body").press("n")
    dialog = page.get_by_role("dialog", name="New task")
    dialog.get_by_label("Title").fill(title)
    return dialog


def save(dialog: Locator) -> None:
    dialog.get_by_role("button", name="Save").click()


def refused(dialog: Locator, field: str, sentence: str) -> None:
    """Saving says this sentence at this field, and the dialog stays."""
    save(dialog)
    expect(dialog.get_by_label(field)).to_be_focused()
    told(dialog, field, sentence)


def left(dialog: Locator, field: str, sentence: str) -> None:
    """Leaving this field says this sentence at it."""
    dialog.get_by_label(field).blur()
    told(dialog, field, sentence)


def told(dialog: Locator, field: str, sentence: str) -> None:
    expect(dialog.get_by_text(sentence, exact=True)).to_be_visible()
    expect(dialog.get_by_label(field)).to_have_attribute("aria-invalid", "true")


def test_an_unfinished_date_or_time_is_said_and_the_stored_one_stays(
    server: Server, page: Page
) -> None:
    script = Script(server, sign_up(page))
    stored = {"due_date": "2026-12-24", "due_time": "09:00"}
    script.send("POST", "/api/tasks", json={"title": "Milk", **stored})
    dialog = open_editor(page, "Milk")
    dialog.get_by_label("Title").fill("Oat milk")
    due_field(dialog).press("Backspace")
    left(dialog, "Due date", UNFINISHED)
    due_field(dialog).press("1")
    expect(dialog.get_by_text(UNFINISHED)).to_have_count(0)
    due_field(dialog).fill("2026-12-24")
    due_field(dialog, "Time").press("Backspace")
    left(dialog, "Time", "Enter a whole time, or clear it.")
    # What was typed in full is saved, without the loss of what was not.
    close(dialog)
    expect(box(page, "Oat milk")).to_be_visible()
    page.get_by_role("listitem").filter(has=box(page, "Oat milk")).hover()
    page.get_by_role("button", name="Edit in place Oat milk").click()
    fields = page.get_by_role("form", name="Edit in place: Oat milk")
    fields.get_by_label("Due date").press("Backspace")
    fields.get_by_role("button", name="Save").click()
    expect(fields.get_by_role("alert")).to_have_text(UNFINISHED)
    page.keyboard.press("Escape")
    settled(page)
    (task,) = script.tasks()
    assert {name: task[name] for name in ("title", *stored)} == {"title": "Oat milk", **stored}


def test_a_new_task_keeps_its_day_or_says_what_is_wrong_with_it(server: Server, page: Page) -> None:
    script = Script(server, sign_up(page))
    dialog = new_task(page, "Milk")
    due_field(dialog, "Time").press_sequentially("0900AM")
    refused(dialog, "Time", TIME_ALONE)
    due_field(dialog).press_sequentially("02312027")
    refused(dialog, "Due date", UNFINISHED)
    due_field(dialog).fill("")
    due_field(dialog).press_sequentially("12240126")
    refused(dialog, "Due date", YEARS)
    due_field(dialog).fill("")
    due_field(dialog).press_sequentially("122426")
    save(dialog)
    expect(dialog).to_be_hidden()
    dialog = new_task(page, "Bread")
    due_field(dialog).press_sequentially("122420261")
    refused(dialog, "Due date", YEARS)
    due_field(dialog).fill("9999-12-31")
    save(dialog)
    expect(dialog).to_be_hidden()
    settled(page)
    assert [(task["title"], task["due_date"], task["due_time"]) for task in script.tasks()] == [
        ("Milk", "2026-12-24", "09:00"),
        ("Bread", "9999-12-31", None),
    ]


def test_all_of_a_long_paste_stays_and_what_is_too_much_is_said(anas_page: Page) -> None:
    dialog = new_task(anas_page, "")
    for field, text, sentence in (
        ("Title", "😀" * 256, "Use at most 255 characters in the title: 1 too many."),
        (
            "Description",
            "x" * 13_000,
            "Use at most 10,000 characters in the description: 3,000 too many.",
        ),
    ):
        dialog.get_by_label(field).focus()
        anas_page.keyboard.insert_text(text)
        refused(dialog, field, sentence)
        expect(dialog.get_by_label(field)).to_have_value(text)
        dialog.get_by_label(field).fill("Milk")
    dialog.get_by_label("Description").fill("🪨" * 6_000)
    save(dialog)
    expect(box(anas_page, "Milk")).to_be_visible()
    settled(anas_page)
    expect(anas_page.get_by_text("Use at most")).to_have_count(0)


def test_what_a_field_cannot_hold_is_not_changed_by_an_untouched_save(
    server: Server, page: Page
) -> None:
    script = Script(server, sign_up(page))
    script.send("POST", "/api/tasks", json={"title": "Milk", "description": "one\r\ntwo"})
    dialog = open_editor(page, "Milk")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.get_by_text("Closed without saving")).to_have_count(0)
    open_editor(page, "Milk").get_by_label("Title").fill("Oat milk")
    close(dialog)
    expect(box(page, "Oat milk")).to_be_visible()
    settled(page)
    assert script.tasks()[0]["description"] == "one\r\ntwo"


def test_a_refused_new_task_is_made_once_it_is_corrected(server: Server, page: Page) -> None:
    script = Script(server, sign_up(page))
    add(page, "Bread")
    # Nothing to see, which only the server knows.
    quick_add(page).fill("\u200b")
    quick_add(page).press("Enter")
    row = page.get_by_role("listitem").filter(has_text="Enter a title.")
    expect(page.locator("summary")).to_have_text("No date1 task")
    row.hover()
    row.get_by_role("button", name="Edit \u200b", exact=True).click()
    dialog = page.get_by_role("dialog", name="Edit task")
    dialog.get_by_label("Title").fill("Milk")
    close(dialog)
    expect(box(page, "Milk")).to_be_visible()
    settled(page)
    expect(page.get_by_text("This task does not exist")).to_have_count(0)
    assert [task["title"] for task in script.tasks()] == ["Bread", "Milk"]


def test_a_dialog_closes_by_a_click_beside_it_and_by_going_back_alone(anas_page: Page) -> None:
    page = anas_page
    page.set_viewport_size({"width": 900, "height": 720})  # wider, a task stands beside the page
    add(page, "\u202eklim")
    settled(page)
    page.get_by_role("navigation", name="Filter tasks").get_by_role(
        "link", name="Completed"
    ).click()
    page.get_by_role("link", name="All", exact=True).click()
    expect(box(page, "\u202eklim")).to_be_visible()
    here = page.url
    dialog = page.get_by_role("dialog", name="Edit task")
    name = page.get_by_role("button", name="\u202eklim", exact=True)
    name.click()
    for begin, end in (((450, 360), (5, 300)), ((5, 300), (450, 360))):
        page.mouse.move(*begin)
        page.mouse.down()
        page.mouse.move(*end, steps=3)
        page.mouse.up()
        expect(dialog).to_be_visible()
    page.mouse.click(5, 300)
    expect(dialog).to_be_hidden()
    name.click()
    dialog.get_by_label("Title").fill("Milk")
    page.evaluate("history.back()")
    expect(dialog).to_be_hidden()
    expect(box(page, "Milk")).to_be_visible()
    assert page.url == here
    page.get_by_role("button", name="Undo").click()
    expect(box(page, "\u202eklim")).to_be_visible()
    page.evaluate("history.back()")
    expect(page).not_to_have_url(here)


def test_letters_of_every_language_are_an_address_however_they_are_sent(page: Page) -> None:
    name = f"jürgen-{secrets.token_hex(4)}"
    sign_up(page, email=f"{name}@bücher.example")
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile("/sign-in"))
    sign_in(page, f"{name}@xn--bcher-kva.example")
    expect(quick_add(page)).to_be_visible()


def test_a_second_enter_says_nothing_and_words_in_a_notice_are_kept_apart(anas_page: Page) -> None:
    page = anas_page
    quick_add(page).fill("\u202eklim")
    quick_add(page).press("Enter")
    quick_add(page).press("Enter")
    box(page, "\u202eklim").wait_for()
    settled(page)
    expect(page.get_by_text("Enter a title.")).to_have_count(0)
    row = page.get_by_role("listitem").filter(has=box(page, "\u202eklim"))
    row.hover()
    row.get_by_role("button", name="Delete").click()
    notice = page.get_by_role("status").filter(has_text="moved to trash.")
    expect(notice.locator("bdi")).to_have_text("\u202eklim")


def test_labels_are_written_in_the_line_and_in_the_dialog_and_shown_at_the_task(
    anas_page: Page,
) -> None:
    quick_add(anas_page).fill("Milk @errand")
    quick_add(anas_page).press("Enter")
    row = anas_page.get_by_role("listitem").filter(has=box(anas_page, "Milk"))
    expect(row).to_contain_text("@errand")
    dialog = open_editor(anas_page, "Milk")
    labels = dialog.get_by_role("textbox", name="Labels")
    expect(labels).to_have_value("errand")
    labels.fill("x" * 51)
    left(dialog, "Labels", "Use at most 50 characters in a label: 1 too many.")
    labels.fill("@shop, errand")
    close(dialog)
    settled(anas_page)
    anas_page.reload()
    expect(row).to_contain_text("@shop @errand")
    labels = open_editor(anas_page, "Milk").get_by_role("textbox", name="Labels")
    labels.fill("")
    labels.press("Enter")
    expect(row).not_to_contain_text("@")
