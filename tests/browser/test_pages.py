"""Today, Upcoming, Completed, a label, a filter, and a query in the search field: one day with all of them."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Device, Server, add, quick_add, sign_in, sign_up
from tests.browser.test_sections import become, held_at


def nav(page: Page, name: str) -> Locator:
    return page.get_by_role("complementary", name="Sidebar").get_by_role("navigation", name=name)


def go(page: Page, name: str, within: str = "Main") -> None:
    nav(page, within).get_by_role("link", name=name, exact=True).click()


def title(page: Page) -> Locator:
    return page.get_by_role("heading", level=1)


def have(page: Page, server: Server) -> None:
    """Tasks that were due yesterday and earlier, today and later, as another program left them."""
    day = datetime.now(UTC).date()
    for name, days, labels in (
        ("Lease", -4, ["errand"]),
        ("Passport", -1, []),
        ("Dentist", 0, ["Phone"]),
        ("Agenda", 1, ["phone"]),
        ("Return", 40, []),
    ):
        task = {"title": name, "due_date": str(day + timedelta(days=days)), "labels": labels}
        asked = {"data": task, "headers": {"Origin": server.address}}
        assert page.request.post(f"{server.address}/api/tasks", **asked).ok


def reschedule(page: Page, other: Page) -> None:
    """What is overdue goes to another day as one step, and comes back as one."""
    go(page, "Today 3")
    expect(title(page)).to_have_text("Today")
    become(page, "Lease", "Passport", "Dentist")
    expect(page.get_by_text("3 tasks, 2 overdue")).to_be_visible()
    page.get_by_role("button", name="Reschedule all…").click()
    dialog = page.get_by_role("dialog", name="Move 2 overdue tasks to")
    dialog.get_by_role("button", name=re.compile("^Tomorrow")).click()
    become(page, "Dentist")
    expect(nav(other, "Main").get_by_role("link", name="Today 1", exact=True)).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    become(page, "Lease", "Passport", "Dentist")
    expect(nav(other, "Main").get_by_role("link", name="Today 3", exact=True)).to_be_visible()


def by_day(page: Page, other: Page) -> None:
    """What is made on a page is on it; what is done or put off goes where it belongs."""
    add(page, "Bread")
    become(page, "Lease", "Passport", "Dentist", "Bread")
    quick_add(page).fill("Offsite tomorrow at 9:00")
    quick_add(page).press("Enter")
    go(page, "Upcoming")
    become(page, "Offsite", "Agenda", "Return")
    from_day_to_day(page, other)
    page.get_by_role("checkbox", name="Return").click()
    become(page, "Offsite", "Agenda")
    go(page, "Completed")
    become(page, "Return", "Candles")
    expect(page.locator("main summary h3")).to_contain_text(["Today, "])


def drag(page: Page, title: str, to: Locator) -> None:
    page.get_by_role("checkbox", name=title).hover()
    page.get_by_role("button", name=f"Drag {title}").hover()
    page.mouse.down()
    end = to.bounding_box()
    assert end
    page.mouse.move(end["x"] + 30, end["y"] + 20, steps=6)
    page.mouse.up()


def in_days(page: Page, days: int) -> tuple[Locator, Locator]:
    """A day of Upcoming: its tasks, and its cell in the strip."""
    date = datetime.now(UTC).date() + timedelta(days=days)
    place = page.locator(f"section[data-day='{date}']")
    return place, page.get_by_role("navigation", name="The next 14 days").locator(
        f"a[data-day='{date}']"
    )


def from_day_to_day(page: Page, other: Page) -> None:
    """Days are places, with and without tasks: dragged to, and stepped to."""
    go(other, "Upcoming")
    expect(page.locator("section[data-day]")).to_have_count(14)
    (tomorrow, first), (second, _), (third, strip) = (in_days(page, days) for days in (1, 2, 3))
    expect(tomorrow.get_by_role("heading")).to_contain_text("Tomorrow")
    expect(first).to_have_accessible_name(re.compile(", 2 tasks$"))
    drag(page, "Offsite", second)
    become(page, "Offsite", within=second)
    expect(second.get_by_text("9:00")).to_be_visible()
    become(other, "Offsite", within=in_days(other, 2)[0])
    page.get_by_role("button", name="Drag Offsite").focus()
    for key in ("Space", "ArrowDown", "ArrowDown", "ArrowUp", "Escape"):
        page.keyboard.press(key)
    become(page, "Offsite", within=second)
    page.get_by_role("button", name="Drag Offsite").press("Alt+Shift+ArrowDown")
    become(page, "Offsite", within=in_days(page, 9)[0])
    page.get_by_role("button", name="Undo").click()
    become(page, "Offsite", within=second)
    drag(page, "Agenda", strip)
    become(page, "Agenda", within=third)
    expect(page.get_by_text(re.compile("“Agenda” moved to .*[0-9]"))).to_be_visible()
    weeks_go_on(page)
    added_and_gone_to(page, third)


def weeks_go_on(page: Page) -> None:
    """The strip shows later weeks, and the page has the days up to them."""
    later = page.get_by_role("button", name="A week later")
    earlier = page.get_by_role("button", name="A week earlier")
    expect(earlier).to_have_attribute("aria-disabled", "true")
    later.click()
    expect(page.locator("section[data-day]")).to_have_count(21)
    first = datetime.now(UTC).date() + timedelta(days=7)
    expect(page.locator("nav a[data-day]")).to_have_count(14)
    expect(page.locator("nav a[data-day]").first).to_have_attribute("data-day", str(first))
    expect(later).to_be_focused()
    earlier.click()
    expect(page.locator("section[data-day]")).to_have_count(14)


def added_and_gone_to(page: Page, third: Locator) -> None:
    third.get_by_role("button", name=re.compile("^Add a task for ")).click()
    third.get_by_role("textbox").fill("Candles")
    page.keyboard.press("Enter")
    become(page, "Agenda", "Candles", within=third)
    in_days(page, 8)[1].focus()
    for key in ("ArrowRight", "Enter"):
        page.keyboard.press(key)
    expect(in_days(page, 9)[0].get_by_role("heading")).to_be_focused()
    page.get_by_role("checkbox", name="Candles").click()
    become(page, "Agenda", within=third)


def by_label(page: Page, other: Page) -> None:
    """A label has a page and a colour, and one name for the two that it was."""
    go(page, "Phone 2", "Labels")
    expect(title(page)).to_contain_text("Phone")
    become(page, "Dentist", "Agenda")
    add(page, "Bank")
    become(page, "Dentist", "Agenda", "Bank")
    expect(nav(other, "Labels").get_by_role("link", name="Phone 3", exact=True)).to_be_visible()
    page.get_by_role("button", name="Label options").click()
    page.get_by_role("button", name="Rename or colour…").click()
    dialog = page.get_by_role("dialog", name="Edit label")
    drawn_before_the_answer(page, dialog)
    dialog.get_by_role("textbox", name="Name").fill("errand")
    dialog.get_by_title("Rose").click()
    dialog.get_by_role("button", name="Save").click()
    expect(page).to_have_url(re.compile("/labels/errand"))
    become(page, "Lease", "Dentist", "Agenda", "Bank")
    expect(page.get_by_text("“Phone” and “errand” are one label now.")).to_be_visible()
    expect(
        page.get_by_role("listitem").filter(has_text="Bank").locator("[data-color=rose]")
    ).to_have_text("@")
    expect(nav(other, "Labels").get_by_role("link")).to_have_text(["@errand 4"])


def drawn_before_the_answer(page: Page, dialog: Locator) -> None:
    """The sidebar follows at once; what is refused is put back, and what was typed stays."""
    dialog.get_by_role("textbox", name="Name").fill("Telephone")
    held = held_at(page, "**/api/labels/*", dialog.get_by_role("button", name="Save").click)
    # Behind the dialog.
    labels = page.locator("nav[aria-label=Labels] a")
    expect(labels).to_have_text(["@errand 1", "@Telephone 3"])
    held.abort()
    expect(labels).to_have_text(["@errand 1", "@Phone 3"])
    expect(dialog.get_by_text("The server did not answer.")).to_be_visible()
    expect(dialog.get_by_role("textbox", name="Name")).to_have_value("Telephone")
    page.unroute("**/api/labels/*")


def by_query(page: Page, other: Page) -> None:
    """A search may be a query; it says where it is wrong, and is kept under a name."""
    go(page, "Dashboard")
    search = page.get_by_role("searchbox", name="Search tasks")
    search.fill("@errand due:tomorow")
    expect(page.get_by_text("At character 13: use a day")).to_be_visible()
    search.fill("@errand due<=today")
    expect(page.get_by_text("2 tasks found")).to_be_visible()
    page.get_by_role("button", name="Save as filter").click()
    dialog = page.get_by_role("dialog", name="Save as filter")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_text("Enter a name for the filter.")).to_be_visible()
    dialog.get_by_role("textbox", name="Name").fill("Now")
    dialog.get_by_role("button", name="Save").click()
    expect(title(page)).to_contain_text("Now")
    become(page, "Lease", "Dentist")
    go(other, "Now 2", "Filters")
    page.get_by_role("checkbox", name="Lease").click()
    for each in (page, other):
        become(each, "Dentist")
        expect(nav(each, "Filters").get_by_role("link", name="Now 1", exact=True)).to_be_visible()
    page.get_by_role("button", name="Filter options").click()
    held = held_at(page, "**/api/filters/*", page.get_by_role("button", name="Delete filter").click)
    expect(nav(page, "Filters").get_by_role("link")).to_have_count(0)
    held.continue_()
    page.unroute("**/api/filters/*")
    expect(title(page)).to_contain_text("Good")
    expect(title(other)).to_have_text("This filter is not here")
    page.get_by_role("button", name="Undo").click()
    expect(nav(page, "Filters").get_by_role("link", name="Now 1", exact=True)).to_be_visible()


def kept_without_a_network(device: Device, server: Server) -> None:
    """A gesture on a page is drawn and kept while there is no server, and on the page after a reload."""
    page = device.page
    go(page, "Today 3")
    become(page, "Passport", "Dentist", "Bread")
    device.context.set_offline(True)
    page.get_by_role("checkbox", name="Passport").click()
    become(page, "Dentist", "Bread")
    expect(nav(page, "Main").get_by_role("link", name="Today 2", exact=True)).to_be_visible()
    device.context.set_offline(False)
    page.reload()
    become(page, "Dentist", "Bread")


def test_a_day_with_pages_of_days_labels_and_filters(
    new_device: Callable[..., Device], server: Server
) -> None:
    device = new_device(server)
    page, other = device.page, new_device(server).page
    email = sign_up(page)
    other.goto("/sign-in")
    sign_in(other, email)
    have(page, server)
    reschedule(page, other)
    by_day(page, other)
    by_label(page, other)
    by_query(page, other)
    kept_without_a_network(device, server)
