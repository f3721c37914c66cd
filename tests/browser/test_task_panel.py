"""A task has an address, over that of the page where it was opened."""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Device, Server, add, due_field, quick_add, sign_in, sign_up

OF_TASK = re.compile("/tasks/[0-9a-f-]{36}$")


def panel(page: Page) -> Locator:
    """A task beside the page."""
    return page.get_by_role("complementary", name="Task")


def title(page: Page) -> Locator:
    return panel(page).get_by_label("Title")


def open_task(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
    expect(title(page)).to_have_value(name)


def by_address(page: Page) -> str:
    """Open, change for another, close, step back and forth; returns the address of one."""
    page.get_by_role("link", name="Inbox 3", exact=True).first.click()
    expect(page).to_have_url(re.compile("/inbox$"))
    open_task(page, "Milk")
    expect(page).to_have_url(OF_TASK)
    address = page.url
    title(page).fill("Oat milk")
    # What was typed is saved when another task takes its place.
    open_task(page, "Bread")
    expect(page.get_by_role("checkbox", name="Oat milk")).to_be_visible()
    title(page).press("Escape")
    expect(page).to_have_url(re.compile("/inbox$"))
    expect(panel(page)).to_have_count(0)
    expect(page.get_by_role("listitem").filter(has_text="Bread")).to_be_focused()
    page.go_forward()
    expect(title(page)).to_have_value("Bread")
    page.go_back()
    expect(panel(page)).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_have_text("Inbox")
    return address


def by_link(page: Page, address: str) -> None:
    """A link opens the task over its list; on a phone it covers it, and Back leaves the site."""
    page.goto(address)
    expect(title(page)).to_have_value("Oat milk")
    expect(page.get_by_role("checkbox", name="Bread")).to_be_visible()
    title(page).fill("Soy milk")
    page.get_by_role("link", name="Upcoming").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Upcoming")
    expect(panel(page)).to_have_count(0)
    page.go_back()
    expect(title(page)).to_have_value("Soy milk")
    page.reload()
    panel(page).get_by_role("button", name="Close").click()
    expect(page).to_have_url(re.compile("/inbox$"))


def steps(page: Page) -> Locator:
    """The titles of the subtasks of the task that is open."""
    return page.get_by_role("list", name="Subtasks").locator(".step-title")


PASTE = """(line, text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    line.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}"""


def add_subtasks(page: Page) -> Locator:
    """One after the other, and several at once; what cannot be one stays in the line."""
    line = panel(page).get_by_role("textbox", name="Add a subtask")
    for words in ("Flour", "Salt", "x" * 256):
        line.fill(words)
        line.press("Enter")
    problem = panel(page).get_by_text("Use at most 255 characters in the title: 1 too many.")
    expect(problem).to_be_visible()
    expect(line).to_have_value("x" * 256)
    line.fill("")
    line.evaluate(PASTE, "- Water\n- Yeast\n")
    expect(steps(page)).to_have_text(["Flour", "Salt", "Water", "Yeast"])
    expect(panel(page).get_by_text("Changed on another device")).to_have_count(0)
    return line


def act(page: Page, subtask: str, verb: str) -> None:
    panel(page).get_by_role("button", name=f"More actions: {subtask}").click()
    panel(page).get_by_role("button", name=verb, exact=True).click()


def with_subtasks(page: Page, other: Page) -> None:
    """What is done to subtasks shows in another tab, where their task is open, too."""
    open_task(page, "Bread")
    line = add_subtasks(page)
    other.goto(page.url)
    expect(steps(other)).to_have_count(4)
    yeast = steps(page).filter(has_text="Yeast")
    yeast.focus()
    page.keyboard.press("Alt+ArrowUp")
    expect(steps(other)).to_have_text(["Flour", "Salt", "Yeast", "Water"])
    expect(yeast).to_be_focused()
    panel(page).get_by_role("checkbox", name="Salt").check()
    expect(panel(other).get_by_role("checkbox", name="Salt")).to_be_checked()
    expect(panel(other).get_by_role("heading", name="Subtasks 1/4")).to_be_visible()
    act(page, "Flour", "Delete")
    expect(steps(other)).to_have_text(["Salt", "Yeast", "Water"])
    page.get_by_role("button", name="Undo").click()
    expect(steps(other)).to_have_text(["Flour", "Salt", "Yeast", "Water"])
    act(page, "Water", "Make it a task of its own")
    expect(steps(other)).to_have_count(3)
    # What is typed is saved when a subtask is opened, and that leads back.
    line.fill("Sugar")
    yeast.click()
    expect(title(page)).to_have_value("Yeast")
    panel(page).get_by_role("button", name="Part of Bread").click()
    expect(title(page)).to_have_value("Bread")
    expect(steps(page)).to_have_text(["Flour", "Salt", "Yeast", "Sugar"])
    title(page).press("Escape")


def its_history(page: Page) -> None:
    """What was done to a task is told; its duplicate is taken back."""
    open_task(page, "Bread")
    panel(page).get_by_text("Activity", exact=True).click()
    steps_taken = panel(page).get_by_role("list", name="Activity").get_by_role("listitem")
    expect(steps_taken).to_contain_text(["You made this."])
    panel(page).get_by_role("button", name="Duplicate").click()
    expect(page.get_by_role("checkbox", name="Bread")).to_have_count(2)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("checkbox", name="Bread")).to_have_count(1)
    title(page).press("Escape")


def by_calendar(page: Page) -> None:
    """A day is chosen by its name, by keys in a month, and typed; Escape closes the calendar alone."""
    open_task(page, "Eggs")
    panel(page).get_by_role("button", name="Due: none").click()
    when = page.get_by_role("dialog", name="When")
    expect(when.get_by_role("gridcell").locator(":focus")).to_have_attribute("aria-current", "date")
    when.get_by_role("button", name="Tomorrow").click()
    expect(panel(page).get_by_role("button", name="Due: tomorrow")).to_be_visible()
    due = panel(page).get_by_label("Due date")
    tomorrow = due.input_value()
    when.get_by_role("gridcell", selected=True).get_by_role("button").focus()
    page.keyboard.press("Shift+PageDown")
    page.keyboard.press("Enter")
    expect(due).not_to_have_value(tomorrow)
    assert due.input_value()[:7] == f"{int(tomorrow[:4]) + 1}{tomorrow[4:7]}"
    when.get_by_label("Time").fill("09:30")
    page.keyboard.press("Escape")
    expect(when).to_be_hidden()
    due_field(panel(page)).fill("2030-01-31")
    expect(when.get_by_role("gridcell", selected=True)).to_have_text("31")
    when.get_by_role("button", name="Done").click()
    button = panel(page).get_by_role("button", name=re.compile("^Due: .*2030 (0?9:30)"))
    expect(button).to_be_focused()
    title(page).press("Escape")


def by_priority(page: Page) -> None:
    """A priority is chosen by the arrows, and by a click; Enter closes the menu alone."""
    open_task(page, "Eggs")
    shown = panel(page).get_by_role("button", name=re.compile("^Priority: "))
    expect(shown).to_have_accessible_name("Priority: Medium")
    shown.press("Enter")
    expect(panel(page).get_by_role("radio", name="Medium")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(shown).to_have_accessible_name("Priority: High")
    page.keyboard.press("Enter")
    expect(panel(page).get_by_role("radio")).to_have_count(0)
    expect(shown).to_be_focused()
    expect(page.get_by_role("listitem").filter(has_text="Eggs").first).to_contain_text("High")
    shown.click()
    panel(page).get_by_role("radiogroup", name="Priority").get_by_text("Low").click()
    expect(shown).to_have_accessible_name("Priority: Low")
    expect(panel(page).get_by_role("radio")).to_have_count(0)
    title(page).press("Escape")


def by_calendar_in_a_row(page: Page) -> None:
    """The same calendar where a row is edited in place."""
    when = page.get_by_role("dialog", name="When")
    row = page.get_by_role("listitem").filter(has=page.get_by_role("checkbox", name="Eggs"))
    expect(row.locator("time")).to_have_attribute("datetime", "2030-01-31")
    row.hover()
    row.get_by_role("button", name="Edit in place Eggs").click()
    row.get_by_role("button", name=re.compile("^Due: .*2030")).click()
    when.get_by_role("button", name="No date").click()
    row.get_by_role("button", name="Save").click()
    expect(row.locator("time")).to_have_count(0)


def in_turn(page: Page) -> None:
    """The tasks of the list one after the other, by buttons, by keys in the panel, and by those of the list."""
    open_task(page, "Bread")
    panel(page).get_by_role("button", name="Next task").click()
    expect(title(page)).not_to_have_value("Bread")
    turned = page.locator(":focus")
    expect(turned).to_have_attribute("name", "next")
    page.keyboard.press("k")
    expect(title(page)).to_have_value("Bread")
    expect(turned).to_have_attribute("name", "previous")
    page.get_by_role("listitem").filter(has_text="Bread").first.focus()
    page.keyboard.press("ArrowDown")
    expect(title(page)).not_to_have_value("Bread")
    # F6 leads to the row and back, and the path in the head to the list.
    title(page).press("F6")
    expect(page.locator("li[aria-current]")).to_be_focused()
    page.keyboard.press("F6")
    expect(title(page)).to_be_focused()
    title(page).press("Escape")


def days_with_tasks(page: Page) -> None:
    """A task that is on another page has a dot in the calendar; its path leads to its list."""
    quick_add(page).fill("Dentist tomorrow")
    quick_add(page).press("Enter")
    page.get_by_role("checkbox", name="Dentist").wait_for()
    page.goto("/today")
    quick_add(page).wait_for()
    page.locator("body").press("n")
    dialog = page.get_by_role("dialog", name="New task")
    dialog.get_by_role("button", name="Due: today").click()
    held = page.get_by_role("dialog", name="When").get_by_role(
        "button", name=re.compile("has tasks$")
    )
    expect(held).to_have_count(1)
    page.keyboard.press("Escape")
    dialog.get_by_role("button", name="Close").click()
    page.goto("/dashboard")
    open_task(page, "Bread")
    panel(page).get_by_role("navigation").get_by_role("link", name="Inbox").click()
    expect(page).to_have_url(re.compile("/inbox$"))
    expect(panel(page)).to_have_count(0)


def on_a_phone(phone: Page, address: str, email: str) -> None:
    """Signed in, the link is still where one was going; a sheet covers the page, and has its notices."""
    phone.goto(address)
    sign_in(phone, email)
    sheet = phone.get_by_role("dialog", name="Edit task")
    expect(sheet.get_by_label("Title")).to_have_value("Soy milk")
    sheet.get_by_role("button", name="Close").click()
    phone.get_by_role("button", name="Bread", exact=True).click()
    expect(phone).to_have_url(OF_TASK)
    sheet.get_by_role("checkbox", name="Salt").click()
    expect(sheet.get_by_role("checkbox", name="Salt")).not_to_be_checked()
    sheet.get_by_role("button", name="Undo").click()
    expect(sheet.get_by_role("checkbox", name="Salt")).to_be_checked()
    phone.go_back()
    expect(sheet).to_have_count(0)
    expect(phone).to_have_url(re.compile("/inbox$"))


def test_a_task_has_an_address(new_device: Callable[..., Device], server: Server) -> None:
    device = new_device(server)
    page = device.page
    email = sign_up(page)
    add(page, "Milk", "Bread", "Eggs")
    address = by_address(page)
    by_link(page, address)
    with_subtasks(page, device.context.new_page())
    its_history(page)
    by_calendar(page)
    by_priority(page)
    by_calendar_in_a_row(page)
    in_turn(page)
    days_with_tasks(page)
    stranger = new_device(server).page
    sign_up(stranger, "Bob")
    answer = stranger.goto(address)
    assert answer is not None
    assert answer.status == 403
    expect(stranger.get_by_text("This belongs to someone else.")).to_be_visible()
    on_a_phone(new_device(server, viewport={"width": 390, "height": 844}).page, address, email)
    assert not device.complaints
