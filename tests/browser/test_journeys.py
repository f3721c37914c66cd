"""What a person does with Cairn from the first minute on, in a real browser."""

import json
import re
from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Locator, Page, Request, expect

from tests.browser.conftest import (
    ROOT,
    Device,
    Server,
    add,
    due_field,
    quick_add,
    sign_in,
    sign_up,
    sign_up_by_form,
)


def box(page: Page, title: str) -> Locator:
    return page.get_by_role("checkbox", name=title, exact=True)


def card(page: Page, name: str) -> Locator:
    return page.get_by_role("link", name=name, exact=True)


def settled(page: Page) -> None:
    """Wait until the server has answered every gesture, and said itself what the document brought along."""
    expect(page.locator("[aria-busy=true], #first-page")).to_have_count(0)


def open_editor(page: Page, title: str) -> Locator:
    page.get_by_role("listitem").filter(has=box(page, title)).hover()
    page.get_by_role("button", name=f"Edit {title}").click()
    return page.get_by_role("dialog", name="Edit task")


def edit(page: Page, title: str, **fields: str) -> None:
    dialog = open_editor(page, title)
    for label, value in fields.items():
        is_when = label in ("Due date", "Time")
        field = due_field(dialog, label) if is_when else dialog.get_by_label(label, exact=True)
        field.fill(value)
    close(dialog)


def close(dialog: Locator) -> None:
    """What is typed in it is saved by that."""
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_be_hidden()


def delete(page: Page, title: str) -> None:
    page.get_by_role("listitem").filter(has=box(page, title)).hover()
    page.get_by_role("button", name=f"Delete {title}").click()


def a_day_with_cairn(server: Server, new_device: Callable[..., Device]) -> None:
    first = new_device(server)
    page = first.page
    email = sign_up_by_form(page)
    add(page, "Milk", "Bread", "Eggs")
    box(page, "Milk").click()
    edit(page, "Eggs", Title="Ten eggs", Description="Free range")
    delete(page, "Bread")
    expect(card(page, "Total 2")).to_be_visible()
    settled(page)

    page.reload()
    expect(box(page, "Milk")).to_be_checked()
    expect(box(page, "Ten eggs")).not_to_be_checked()
    expect(box(page, "Bread")).to_have_count(0)
    assert page.evaluate("document.cookie") == ""

    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile("/sign-in"))

    second = new_device(server)
    second.page.goto("/")
    expect(second.page).to_have_url(re.compile("/sign-in"))
    sign_in(second.page, email)
    expect(box(second.page, "Milk")).to_be_checked()
    expect(box(second.page, "Ten eggs")).to_be_visible()
    expect(card(second.page, "Completed 1")).to_be_visible()
    assert [*first.complaints, *second.complaints] == []


def test_someone_signs_up_keeps_tasks_and_finds_them_on_another_device(
    server: Server, new_device: Callable[..., Device]
) -> None:
    a_day_with_cairn(server, new_device)


def test_the_same_day_passes_on_postgresql(
    server_on_postgresql: Server, new_device: Callable[..., Device]
) -> None:
    a_day_with_cairn(server_on_postgresql, new_device)


def test_a_protected_page_leads_to_sign_in_and_back(server: Server, page: Page) -> None:
    email = sign_up(page)
    visited: list[str] = []

    def note(request: Request) -> None:
        if request.is_navigation_request():
            visited.append(request.url)

    page.on("request", note)
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(f"{server.address}/sign-in")
    page.get_by_role("textbox", name="Email").wait_for()
    assert visited == [f"{server.address}/sign-in"]
    answer = page.request.get("/dashboard", max_redirects=0)
    assert (answer.status // 100, answer.headers["location"]) == (3, "/sign-in?from=/dashboard")
    page.goto("/dashboard?status=overdue")
    sign_in(page, email)
    expect(page).to_have_url(re.compile(r"/dashboard\?status=overdue$"))


@pytest.mark.parametrize("elsewhere", ["/.//evil.example/x", "https://evil.example"])
def test_signing_in_leads_to_no_other_site(server: Server, page: Page, elsewhere: str) -> None:
    email = sign_up(page)
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile("/sign-in"))
    page.goto(f"/sign-in?{urlencode({'from': elsewhere})}")
    sign_in(page, email)
    expect(page).to_have_url(f"{server.address}/dashboard")


def test_no_way_back_that_a_browser_follows_leaves_this_server(server: Server, page: Page) -> None:
    page.goto("/sign-in")
    addresses = json.loads((ROOT / "tests/vectors/return_addresses.json").read_text())
    # As `location.replace` does it, and as it is done with the path of what comes out.
    led = page.evaluate(
        """async (asked) => {
            const { returnAddress } = await import("/return_address.js");
            const lead = (address) => new URL(address, location);
            const ways = asked.map((each) => returnAddress(each));
            return ways.map((to) => [to, lead(to).origin, lead(lead(to).pathname).origin]);
        }""",
        [*addresses["own"], *addresses["not_own"]],
    )
    homes = ["/dashboard"] * len(addresses["not_own"])
    assert [to for to, *_ in led] == [*addresses["own"], *homes]
    assert {origin for _, *origins in led for origin in origins} == {server.address}


def test_a_wrong_password_says_so_and_keeps_the_address(server: Server, page: Page) -> None:
    page.goto("/sign-in")
    sign_in(page, "nobody@example.org", "not the password")
    expect(page.get_by_role("alert")).to_contain_text("Email or password is not right.")
    expect(page.get_by_role("textbox", name="Email")).to_have_value("nobody@example.org")


def test_an_address_that_is_taken_says_so(
    page: Page, new_device: Callable[..., Device], server: Server
) -> None:
    email = sign_up(page)
    other = new_device(server).page
    other.goto("/sign-up")
    other.get_by_role("textbox", name="Name").fill("Ana Too")
    other.get_by_role("textbox", name="Email").fill(email)
    other.get_by_role("textbox", name="Password").fill("correct horse battery staple")
    other.get_by_role("button", name="Create account").click()
    expect(other.get_by_role("alert").first).to_contain_text("This address already has an account.")


def test_going_over_to_sign_up_and_back_forgets_no_destination(page: Page) -> None:
    page.goto("/dashboard?status=overdue")
    page.get_by_role("link", name="Create an account").click()
    expect(page).to_have_url(re.compile(r"/sign-up\?from=%2Fdashboard%3Fstatus%3Doverdue$"))
    page.get_by_role("link", name="Sign in").click()
    expect(page).to_have_url(re.compile(r"/sign-in\?from=%2Fdashboard%3Fstatus%3Doverdue$"))


def test_a_long_list_counts_all_of_it_and_leads_to_a_new_task_out_of_sight(
    server: Server, anas_page: Page
) -> None:
    page = anas_page
    for number in range(55):
        task = {"title": f"Task {number}", "due_date": "2900-01-01"}
        made = page.request.post("/api/tasks", data=task, headers={"Origin": server.address})
        assert made.status == 201
    page.reload()
    heading = page.locator("summary").filter(has_text="Upcoming")
    expect(heading).to_have_text("Upcoming55 tasks")

    show = page.get_by_role("button", name="Show", exact=True)
    add(page, "Milk")
    expect(page.get_by_role("status").filter(has_text="under “No date”")).to_be_visible()
    expect(box(page, "Milk")).not_to_be_in_viewport()
    show.click()
    expect(box(page, "Milk")).to_be_in_viewport()

    page.goto("/dashboard?status=completed")
    page.get_by_text("No completed tasks.").wait_for()
    quick_add(page).fill("Bread")
    quick_add(page).press("Enter")
    expect(page.get_by_role("status").filter(has_text="outside this list")).to_be_visible()
    expect(box(page, "Bread")).to_have_count(0)
    show.click()
    expect(box(page, "Bread")).to_be_in_viewport()
    box(page, "Bread").click()
    expect(page.get_by_role("status").filter(has_text="Task completed.")).to_be_visible()
    expect(show).to_have_count(0)


def test_the_tab_says_how_much_is_overdue(anas_page: Page) -> None:
    expect(anas_page).to_have_title("Dashboard · Cairn")
    add(anas_page, "Milk", "Bread")
    edit(anas_page, "Milk", **{"Due date": "2020-01-31"})
    expect(anas_page).to_have_title("1 overdue · Cairn")
    edit(anas_page, "Bread", **{"Due date": "2020-01-31"})
    expect(anas_page).to_have_title("2 overdue · Cairn")
    box(anas_page, "Milk").click()
    expect(anas_page).to_have_title("1 overdue · Cairn")


def test_a_page_that_cannot_be_drawn_says_so_and_can_be_loaded_again(anas_page: Page) -> None:
    quick_add(anas_page).press_sequentially("Half a tho")
    # As a bug would: what the page does with every change of its counts fails.
    anas_page.evaluate(
        "Object.defineProperty(document, 'title', { set() { throw new Error('a bug'); } })"
    )
    anas_page.get_by_role("button", name="Add a task").click()
    dialog = anas_page.get_by_role("dialog", name="New task")
    dialog.get_by_label("Title").fill("Milk")
    due_field(dialog).fill("2020-01-31")
    dialog.get_by_role("button", name="Save").click()
    expect(anas_page.get_by_role("heading", name="This page stopped working")).to_be_visible()
    anas_page.get_by_role("link", name="Load again").click()
    expect(box(anas_page, "Milk")).to_be_visible()
    expect(anas_page.get_by_text("You were writing “Half a tho”.")).to_be_visible()


def test_every_card_opens_the_list_that_it_counts(anas_page: Page) -> None:
    page = anas_page
    add(page, "Milk", "Bread", "Eggs")
    box(page, "Milk").click()
    settled(page)
    for name, address, titles in (
        ("Completed 1", "status=completed", ["Milk"]),
        ("Pending 2", "status=pending", ["Bread", "Eggs"]),
        ("Overdue 0", "status=overdue", []),
        ("Medium 2", "priority=Medium", ["Bread", "Eggs"]),
    ):
        card(page, name).click()
        expect(page).to_have_url(re.compile(re.escape(address)))
        expect(page.get_by_role("main").get_by_role("checkbox")).to_have_count(len(titles))
        for title in titles:
            expect(box(page, title)).to_be_visible()
        page.get_by_role("link", name=re.compile("^Total")).click()
        expect(page.get_by_role("main").get_by_role("checkbox")).to_have_count(3)


def test_search_filter_and_sort_live_in_the_address(anas_page: Page) -> None:
    page = anas_page
    add(page, "Milk", "Bread", "Oat milk")
    settled(page)
    page.get_by_role("searchbox").first.fill("milk")
    page.get_by_role("searchbox").first.press("Enter")
    expect(page).to_have_url(re.compile("q=milk"))
    expect(box(page, "Bread")).to_have_count(0)
    page.reload()
    expect(box(page, "Oat milk")).to_be_visible()
    expect(box(page, "Bread")).to_have_count(0)


def test_what_is_found_comes_by_relevance_or_as_it_is_wished(anas_page: Page) -> None:
    page = anas_page
    add(page, "Milk", "Call all of them", "Small change")
    settled(page)
    page.get_by_role("searchbox").first.fill("all")
    rows = page.get_by_role("main").get_by_role("checkbox")
    expect(rows).to_have_count(2)
    expect(page).to_have_url(re.compile(r"\?q=all$"))
    sort = page.get_by_role("combobox", name="Sort")
    expect(sort.get_by_role("option", selected=True)).to_have_text("Best match")
    expect(rows.first).to_have_accessible_name(re.compile("Call all of them"))
    sort.select_option("Newest first")
    expect(page).to_have_url(re.compile("sort=created"))
    expect(rows.first).to_have_accessible_name(re.compile("Small change"))
    page.get_by_role("searchbox").first.fill("")
    expect(rows).to_have_count(3)
    sort.select_option("Due date")
    expect(page).to_have_url(re.compile("/dashboard$"))


def test_a_deleted_task_comes_back_with_undo(anas_page: Page) -> None:
    add(anas_page, "Milk")
    delete(anas_page, "Milk")
    expect(box(anas_page, "Milk")).to_have_count(0)
    anas_page.get_by_role("button", name="Undo").click()
    expect(box(anas_page, "Milk")).to_be_visible()
    settled(anas_page)
    anas_page.reload()
    expect(box(anas_page, "Milk")).to_be_visible()


def test_a_change_shows_on_the_persons_other_device(anas_page: Page) -> None:
    other = anas_page.context.new_page()
    other.goto("/dashboard")
    quick_add(other).wait_for()
    add(anas_page, "Milk")
    expect(box(other, "Milk")).to_be_visible()
    box(other, "Milk").click()
    expect(box(anas_page, "Milk")).to_be_checked()
    expect(card(anas_page, "Completed 1")).to_be_visible()


def test_signing_out_in_one_tab_ends_the_others(anas_page: Page) -> None:
    other = anas_page.context.new_page()
    other.goto("/dashboard")
    quick_add(other).wait_for()
    anas_page.get_by_role("button", name="Sign out").click()
    expect(other).to_have_url(re.compile("/sign-in"))


def test_a_page_without_tasks_says_so_only_once_the_server_did(anas_page: Page) -> None:
    expect(anas_page.get_by_text("Set the first stone")).to_be_visible()
    add(anas_page, "Milk")
    expect(anas_page.get_by_text("Set the first stone")).to_have_count(0)


def test_a_refused_change_says_why_and_can_be_discarded(anas_page: Page) -> None:
    add(anas_page, "Milk")
    settled(anas_page)
    dialog = open_editor(anas_page, "Milk")
    title = dialog.get_by_label("Title")
    row = anas_page.get_by_role("listitem").filter(has_text="Enter a title.")
    for place in (dialog, row):
        # Nothing to see, which only the server knows.
        title.fill("\u200b")
        expect(dialog.get_by_role("alert").filter(has_text="Enter a title.")).to_be_visible()
        expect(title).to_have_value("\u200b")
        expect(anas_page.get_by_text("Title changed.")).to_have_count(0)
        place.get_by_role("button", name="Discard change").click()
        expect(anas_page.get_by_role("button", name="Discard change")).to_have_count(0)
        expect(title).to_have_value("Milk")
    expect(box(anas_page, "Milk")).to_be_visible()


@pytest.mark.parametrize(
    "text", ["<img src=x onerror=alert(1)>", "{{7*7}} ${7*7}", "👩‍👩‍👧 שלום é"]
)
def test_text_is_shown_as_it_was_written(anas_page: Page, text: str) -> None:
    add(anas_page, text)
    settled(anas_page)
    anas_page.reload()
    expect(box(anas_page, text)).to_be_visible()


def test_a_killed_server_is_noticed_and_what_was_done_meanwhile_arrives(
    own_server: Server, new_device: Callable[..., Device]
) -> None:
    page = new_device(own_server).page
    sign_up(page)
    add(page, "Before")
    settled(page)
    own_server.kill()
    expect(page.get_by_text("Reconnecting")).to_be_visible()
    add(page, "Meanwhile")
    box(page, "Before").click()
    own_server.start()
    expect(page.get_by_text("Reconnecting")).to_have_count(0)
    settled(page)
    page.reload()
    expect(box(page, "Meanwhile")).to_be_visible()
    expect(box(page, "Before")).to_be_checked()


def test_a_page_stays_when_the_code_of_the_others_cannot_be_fetched(page: Page) -> None:
    page.route("**/assets/_settings_*", lambda route: route.abort())
    with page.expect_event("requestfailed", lambda request: "_settings_" in request.url):
        sign_up(page)
    page.evaluate("window.isTheSame = true")
    with page.expect_event("requestfinished", lambda request: "_settings_" in request.url):
        page.unroute_all()
    assert page.evaluate("window.isTheSame")


def test_a_browser_that_is_too_old_is_told_so_instead_of_half_working(page: Page) -> None:
    page.add_init_script("delete Element.prototype.checkVisibility")
    # All that comes after the sentence is not loaded, so the page is never done.
    page.goto("/sign-in", wait_until="commit")
    expect(page.get_by_role("heading")).to_have_text("This browser is too old for Cairn")
    expect(page.get_by_text("works in browsers of the last two years")).to_be_visible()
    expect(page.get_by_role("textbox")).to_have_count(0)
