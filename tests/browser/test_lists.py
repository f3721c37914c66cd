"""Lists on the screen: made, changed, ordered, archived, deleted and brought back, and tasks moved between them."""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Device, Server, add, quick_add, sign_up
from tests.browser.test_journeys import close


def sidebar(page: Page) -> Locator:
    return page.get_by_role("complementary", name="Sidebar").get_by_role("navigation", name="Lists")


def names(page: Page) -> list[str]:
    return [link.inner_text().split("\n")[0] for link in sidebar(page).get_by_role("link").all()]


def make_list(page: Page, name: str, colour: str = "Stone") -> None:
    """By the button of the sidebar; its page is on the screen then."""
    sidebar(page).get_by_role("button", name="New list").click()
    dialog = page.get_by_role("dialog", name="New list")
    dialog.get_by_role("textbox", name="Name").fill(name)
    dialog.get_by_title(colour, exact=True).click()
    dialog.get_by_role("button", name="Make list").click()
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()


def options(page: Page, entry: str) -> None:
    page.get_by_role("button", name="List options").click()
    page.get_by_role("group", name=re.compile("Options for")).get_by_role(
        "button", name=entry
    ).click()


def entry(page: Page, name: str) -> Locator:
    return sidebar(page).get_by_role("link", name=name, exact=True)


def task(page: Page, title: str) -> Locator:
    return page.get_by_role("checkbox", name=title, exact=True)


def test_a_list_is_made_renamed_and_coloured_and_changed_back(
    anas_page: Page,
) -> None:
    page = anas_page
    make_list(page, "Home", "Moss")
    expect(page).to_have_url(re.compile("/lists/"))
    expect(page).to_have_title("Home · Cairn")
    expect(page.get_by_text("An empty list")).to_be_visible()
    add(page, "Milk", "Bread")
    expect(entry(page, "Home 2")).to_have_attribute("aria-current", "page")
    expect(page.get_by_text("2 open")).to_be_visible()
    task(page, "Bread").click()
    expect(entry(page, "Home 1")).to_be_visible()
    expect(page.get_by_text("1 open, 1 completed")).to_be_visible()

    options(page, "Rename…")
    dialog = page.get_by_role("dialog", name="Edit list")
    dialog.get_by_role("textbox", name="Name").fill("  ")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_text("Enter a name for the list.")).to_be_visible()
    dialog.get_by_role("textbox", name="Name").fill("Household")
    dialog.get_by_title("Rose", exact=True).click()
    dialog.get_by_role("button", name="Save").click()
    heading = page.get_by_role("heading", level=1, name="Household")
    expect(heading.locator(".mark")).to_have_attribute("data-color", "rose")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", level=1, name="Home", exact=True)).to_be_visible()


def test_a_list_is_archived_and_deleted_and_brought_back(anas_page: Page) -> None:
    page = anas_page
    make_list(page, "Home")
    add(page, "Milk")
    options(page, "Archive")
    expect(page.get_by_text("This list is archived.")).to_be_visible()
    expect(task(page, "Milk")).to_be_disabled()
    expect(quick_add(page)).to_have_count(0)
    expect(sidebar(page).get_by_role("link")).to_have_count(0)
    page.goto("/lists")
    page.get_by_text("Archived lists").click()
    page.get_by_role("button", name="Bring back Home").click()
    entry(page, "Home 1").click()
    expect(task(page, "Milk")).to_be_enabled()

    options(page, "Move to trash")
    expect(page).to_have_url(re.compile("/inbox"))
    expect(sidebar(page).get_by_role("link")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(task(page, "Milk")).to_be_visible()
    expect(entry(page, "Home 1")).to_be_visible()


def test_a_deleted_list_is_restored_from_the_trash_page(anas_page: Page) -> None:
    page = anas_page
    make_list(page, "Garden")
    options(page, "Move to trash")
    expect(sidebar(page).get_by_role("link")).to_have_count(0)
    page.goto("/trash")
    page.get_by_role("button", name="Restore Garden").click()
    expect(entry(page, "Garden")).to_be_visible()


def test_a_task_moves_by_its_menu_and_by_its_dialog_and_back(anas_page: Page) -> None:
    page = anas_page
    make_list(page, "Home")
    page.get_by_role("link", name="Inbox").first.click()
    expect(page.get_by_role("heading", level=1, name="Inbox")).to_be_visible()
    add(page, "Milk")
    page.get_by_role("listitem").filter(has=task(page, "Milk")).hover()
    page.get_by_role("button", name="More actions: Milk").click()
    page.get_by_role("button", name="Move to… Milk").click()
    page.get_by_role("dialog", name="Move to").get_by_role("button", name="Home").click()
    expect(task(page, "Milk")).to_have_count(0)
    expect(entry(page, "Home 1")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(task(page, "Milk")).to_be_visible()

    make_list(page, "Garden")
    page.goto("/dashboard")
    version = version_of(page, "Milk")
    page.get_by_role("button", name="Milk", exact=True).click()
    dialog = page.get_by_role("dialog", name="Edit task")
    dialog.get_by_role("button", name="List: Inbox").click()
    page.get_by_role("dialog", name="Move to").get_by_role("button", name="Home").click()
    expect(dialog.get_by_role("button", name="List: Home")).to_be_focused()
    row = page.get_by_role("listitem").filter(has=task(page, "Milk"))
    expect(row.get_by_text("List: Home")).to_be_visible()
    expect(entry(page, "Home 1")).to_be_visible()
    close(dialog)
    page.reload()
    expect(row.get_by_text("List: Home")).to_be_visible()
    assert version_of(page, "Milk") == version + 1


def version_of(page: Page, title: str) -> int:
    found = page.request.get("/api/tasks").json()["items"]
    return next(each["version"] for each in found if each["title"] == title)


def test_two_tabs_follow_each_other(anas_page: Page) -> None:
    page = anas_page
    other = page.context.new_page()
    other.goto("/dashboard")
    make_list(page, "Home")
    expect(entry(other, "Home")).to_be_visible()
    add(page, "Milk")
    expect(entry(other, "Home 1")).to_be_visible()
    entry(other, "Home 1").click()
    task(other, "Milk").click()
    expect(entry(page, "Home")).to_be_visible()
    options(other, "Rename…")
    other.get_by_role("textbox", name="Name").fill("House")
    other.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1, name="House")).to_be_visible()


def test_lists_are_put_in_order_by_menu_and_by_keys_alone(anas_page: Page) -> None:
    page = anas_page
    for name in ("One", "Two", "Three"):
        make_list(page, name)
    with page.expect_response("**/api/lists/order"):
        options(page, "Move up")
    expect(page.get_by_text("“Three” is 2 of 3 now.")).to_be_visible()
    assert names(page) == ["One", "Three", "Two"]
    entry(page, "One").focus()
    for _ in range(2):
        # Each is answered before the page is loaded again.
        with page.expect_response("**/api/lists/order"):
            page.keyboard.press("Alt+ArrowDown")
        expect(entry(page, "One")).to_be_focused()
    expect(page.get_by_text("“One” is 3 of 3 now.")).to_be_visible()
    assert names(page) == ["Three", "Two", "One"]
    page.reload()
    expect(sidebar(page).get_by_role("link")).to_have_count(3)
    assert names(page) == ["Three", "Two", "One"]

    add(page, "Milk")
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("m")
    dialog = page.get_by_role("dialog", name="Move to")
    expect(dialog.get_by_role("button", name="Three")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(entry(page, "Two 1")).to_be_visible()
    expect(task(page, "Milk")).to_have_count(0)


def test_what_the_server_refuses_is_taken_back_and_what_was_typed_stays(anas_page: Page) -> None:
    page = anas_page
    make_list(page, "Home")
    page.route("**/api/lists**", lambda route: route.abort())
    sidebar(page).get_by_role("button", name="New list").click()
    dialog = page.get_by_role("dialog", name="New list")
    dialog.get_by_role("textbox", name="Name").fill("Work")
    dialog.get_by_role("button", name="Make list").click()
    expect(dialog.get_by_text("The server did not answer.")).to_be_visible()
    expect(dialog.get_by_role("textbox", name="Name")).to_have_value("Work")
    dialog.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Undo").click()
    expect(dialog.get_by_role("textbox", name="Name")).to_have_value("Work")
    page.unroute("**/api/lists**")
    dialog.get_by_role("button", name="Make list").click()
    expect(entry(page, "Work")).to_be_visible()

    page.route("**/api/lists**", lambda route: route.abort())
    options(page, "Archive")
    expect(page.get_by_text("The server did not answer.")).to_be_visible()
    expect(entry(page, "Work")).to_be_visible()


def test_a_list_that_is_anothers_or_none_gets_the_same_sentence(
    anas_page: Page, new_device: Callable[..., Device], server: Server
) -> None:
    make_list(anas_page, "Home")
    theirs = anas_page.url
    page = new_device(server).page
    page.goto(theirs)
    expect(page).to_have_url(re.compile("/sign-in.*from=/lists/"))
    sign_up(page, "Bob Lee")
    for address in (theirs, "/lists/01a1fce0-0000-7000-8000-000000000000", "/lists/nothing"):
        page.goto(address)
        expect(page.get_by_role("heading", level=1, name="This list is not here")).to_be_visible()
        expect(page.get_by_text("It was deleted, or is not shared with you.")).to_be_visible()
        expect(quick_add(page)).to_have_count(0)


def test_on_a_phone_lists_have_a_page_with_menus(
    new_device: Callable[..., Device], server: Server
) -> None:
    size = {"width": 390, "height": 844}
    page = new_device(server, viewport=size, has_touch=True, is_mobile=True).page
    sign_up(page)
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Lists").tap()
    page.get_by_role("button", name="Make a list").tap()
    page.get_by_role("textbox", name="Name").fill("Home")
    page.get_by_role("button", name="Make list").tap()
    expect(page.get_by_role("heading", level=1, name="Home")).to_be_visible()
    add(page, "Milk")
    page.get_by_role("button", name="More actions: Milk").tap()
    page.get_by_role("button", name="Move to… Milk").tap()
    inbox = page.get_by_role("dialog", name="Move to").get_by_role("button", name="Inbox")
    # Away from the tap before it, or this is the second half of a double one.
    inbox.tap(position={"x": 16, "y": 16})
    expect(task(page, "Milk")).to_have_count(0)
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Lists").tap()
    expect(page.get_by_role("link", name="Inbox 1")).to_be_visible()
    page.get_by_role("button", name="Options for Home").tap()
    page.get_by_role("button", name="Colour and icon…").tap()
    page.get_by_title("Leaf").tap()
    page.get_by_role("button", name="Save").tap()
    expect(page.get_by_text("List saved.")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
