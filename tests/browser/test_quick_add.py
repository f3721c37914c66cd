"""Tasks in words on the screen, and a series from its first tick to its undo."""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Device, Server, add, due_field, quick_add, sign_in, sign_up
from tests.browser.proxy import Proxy
from tests.browser.test_journeys import close

PASTE = """() => {
    const data = new DataTransfer();
    data.setData("text/plain", "- Tent tomorrow\\n  - Poles every day\\n- [x] Map\\n\\n* Rope p1\\nStove");
    const paste = new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true});
    document.activeElement.dispatchEvent(paste);
}"""


def box(page: Page, title: str) -> Locator:
    return page.get_by_role("checkbox", name=title, exact=True)


def test_words_are_marked_and_put_back(anas_page: Page) -> None:
    page = anas_page
    line = quick_add(page)
    line.press_sequentially("Ask about friday tomorrow p1")
    page.get_by_role("button", name="Due tomorrow, remove").wait_for()
    expect(page.locator("mark")).to_have_text(["tomorrow", "p1"])
    page.get_by_role("button", name="Priority High, remove").click()
    expect(page.locator("mark")).to_have_text(["tomorrow"])
    # At the end of what was understood, Backspace puts it back and deletes nothing.
    for _ in range(3):
        line.press("ArrowLeft")
    line.press("Backspace")
    expect(line).to_have_value("Ask about friday tomorrow p1")
    expect(page.locator("mark")).to_have_text(["friday"])
    line.press("Enter")
    expect(line).to_have_value("")
    box(page, "Ask about tomorrow p1").wait_for()

    # Enter that confirms a candidate of an input method adds nothing.
    line.fill("にほん")
    line.dispatch_event("keydown", {"key": "Enter", "keyCode": 229, "isComposing": True})
    expect(line).to_have_value("にほん")


def test_lists_are_offered_and_a_paste_makes_a_task_of_each_line(anas_page: Page) -> None:
    page = anas_page
    line = quick_add(page)
    line.fill("Milk #Errands")
    page.get_by_role("button", name="New list Errands, remove").wait_for()
    line.press("Enter")
    page.get_by_role("link", name="Errands 1").first.wait_for()
    line.press_sequentially("Bread #Er")
    page.get_by_role("option", name="Errands").wait_for()
    line.press("Tab")
    expect(line).to_have_value("Bread #Errands ")
    line.press("Enter")
    page.get_by_role("link", name="Errands 2").first.wait_for()

    line.fill("Call @errand")
    page.get_by_role("button", name="Label errand, remove").wait_for()
    expect(page.get_by_text("to Inbox")).to_be_visible()
    page.get_by_role("button", name="Add", exact=True).click()
    box(page, "Call").wait_for()
    line.press_sequentially("Post @er")
    page.get_by_role("listbox", name="Labels").get_by_role("option", name="errand").wait_for()
    line.press("Tab")
    expect(line).to_have_value("Post @errand ")
    line.fill("")

    page.evaluate(PASTE)
    page.get_by_role("button", name="Make 5 tasks").click()
    # What is indented is a part of the line above it, and does not repeat.
    for title in ("Tent", "Poles every day", "Rope", "Stove"):
        expect(box(page, title)).not_to_be_checked()
    expect(box(page, "Map")).to_be_checked()
    page.get_by_role("button", name="Undo").click()
    for title in ("Tent", "Poles every day", "Map", "Rope", "Stove"):
        expect(box(page, title)).to_have_count(0)


def test_a_series_goes_on_in_every_tab_on_a_slow_line_and_comes_back_by_undo(
    network: tuple[Server, Proxy], new_device: Callable[..., Device]
) -> None:
    server, proxy = network
    here = new_device(server).page
    email = sign_up(here)
    there = new_device(server).page
    there.goto("/sign-in")
    sign_in(there, email)
    there.get_by_text("Set the first stone").wait_for()
    proxy.delay = 0.3
    line = quick_add(here)
    line.press_sequentially("Bins every day p1")
    here.get_by_role("button", name="Priority High, remove").click()
    expect(here.locator("mark")).to_have_text(["every day"])
    line.press("Enter")
    line.press_sequentially("Milk")
    expect(line).to_have_value("Milk")
    for page in (here, there):
        expect(box(page, "Bins p1")).to_have_count(1)
        expect(page.get_by_text("every day", exact=True).filter(visible=True)).to_be_visible()
    # Two tabs tick it at once: one next task, and the one that is done stays as its history.
    proxy.freeze()
    box(there, "Bins p1").click()
    box(here, "Bins p1").click()
    proxy.thaw()
    for page in (here, there):
        expect(box(page, "Bins p1")).to_have_count(2)
        expect(box(page, "Bins p1").and_(page.locator(":checked"))).to_have_count(1)
    here.get_by_role("button", name="Undo").click()
    for page in (here, there):
        expect(box(page, "Bins p1")).to_have_count(1)
        expect(box(page, "Bins p1")).not_to_be_checked()
    there.get_by_role("button", name="Delete Bins p1").click()
    there.get_by_role("button", name="Delete this one").click()
    for page in (here, there):
        expect(page.get_by_text("Tomorrow", exact=True).filter(visible=True)).to_be_visible()
        expect(box(page, "Bins p1")).to_have_count(1)


def test_the_dialog_chooses_how_a_task_repeats_and_says_what_comes(anas_page: Page) -> None:
    page = anas_page
    add(page, "Pay rent")
    page.get_by_role("button", name="Pay rent", exact=True).click()
    dialog = page.get_by_role("dialog", name="Edit task")
    dialog.get_by_role("button", name="Repeat: none").click()
    dialog.get_by_role("combobox", name="Unit").select_option("months")
    dialog.get_by_role("combobox", name="On").select_option("The last day")
    dialog.get_by_role("combobox", name="Ends").select_option("on a date")
    dialog.get_by_label("Last day").fill("2020-01-31")
    refused = "The repeat ends before the task is due."
    expect(dialog.get_by_text(refused)).to_be_visible()
    dialog.get_by_role("combobox", name="Ends").select_option("never")
    words = "every month on the last day"
    expect(dialog.get_by_role("button", name=f"Repeat: {words}")).to_be_visible()
    expect(dialog.get_by_role("status").filter(has_text="Next: ")).to_be_visible()
    close(dialog)
    row = page.get_by_role("main")
    expect(row.get_by_text(words, exact=True)).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(row.get_by_text(words, exact=True)).to_have_count(0)
    expect(row.get_by_text("No date", exact=True).last).to_be_visible()


def test_a_series_moves_from_here_on_keeps_missed_ones_and_is_paused(anas_page: Page) -> None:
    page = anas_page
    line = quick_add(page)
    line.fill("Bins every monday starting 2027-03-01")
    line.press("Enter")
    row = page.get_by_role("main")
    page.get_by_role("button", name="Bins", exact=True).click()
    dialog = page.get_by_role("dialog", name="Edit task")
    due_field(dialog).fill("2027-03-02")
    close(dialog)
    page.get_by_role("button", name="All from here").click()
    expect(row.get_by_text("every Tuesday", exact=True)).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(row.get_by_text("every Monday", exact=True)).to_be_visible()
    expect(row.get_by_text(re.compile("^(2 Mar|Mar 2) 2027")).last).to_be_visible()

    page.get_by_role("button", name="Bins", exact=True).click()
    dialog.get_by_role("button", name="Repeat: every Monday").click()
    dialog.get_by_role("checkbox", name="Keep each missed one").check()
    expect(dialog.get_by_role("status").filter(has_text="missed ones too")).to_be_visible()
    close(dialog)
    expect(row.get_by_text("every Monday, missed ones too", exact=True)).to_be_visible()

    page.get_by_role("button", name="Bins", exact=True).click()
    dialog.get_by_role("button", name="Repeat: every Monday, missed ones too").click()
    dialog.get_by_role("button", name="Pause").click()
    expect(row.get_by_text("every Monday, missed ones too, paused", exact=True)).to_be_visible()
    expect(row.get_by_text("No date", exact=True).last).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(row.get_by_text(re.compile("^(2 Mar|Mar 2) 2027")).last).to_be_visible()
