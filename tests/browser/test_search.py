"""Searching: how much was found, the way back to the whole list, and the link that leads here on phones."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Device, Server, add, sign_up
from tests.browser.test_journeys import box, settled

PHONE = {"width": 390, "height": 844}
FINGER = 44


def field(page: Page) -> Locator:
    return page.get_by_role("searchbox", name="Search tasks")


def clear_button(page: Page) -> Locator:
    return page.get_by_role("button", name="Clear search")


@pytest.fixture
def list_page(anas_page: Page) -> Page:
    """Ana's dashboard with three tasks, two of them with milk."""
    add(anas_page, "Milk", "Oat milk", "Bread")
    settled(anas_page)
    return anas_page


@pytest.fixture
def phone(new_device: Callable[..., Device], server: Server) -> Page:
    """Ana's dashboard with one task, on a phone."""
    page = new_device(server, viewport=PHONE, has_touch=True, is_mobile=True).page
    sign_up(page)
    add(page, "Milk")
    settled(page)
    return page


def test_a_search_says_how_many_tasks_it_found_and_goes_on_counting(list_page: Page) -> None:
    field(list_page).fill("milk")
    expect(list_page.get_by_text("2 tasks found")).to_be_visible()
    list_page.get_by_role("listitem").filter(has=box(list_page, "Oat milk")).press("Delete")
    expect(list_page.get_by_text("1 task found")).to_be_visible()
    field(list_page).fill("lighthouse")
    expect(list_page.get_by_text("Nothing matches")).to_be_visible()
    # Who hears the page is told too; who sees it has just read it.
    expect(list_page.get_by_text("No tasks found")).to_have_class("sr-only")
    field(list_page).fill("")
    expect(box(list_page, "Bread")).to_be_visible()
    expect(list_page.get_by_text("found", exact=False)).to_have_count(0)


def test_field_filter_and_sort_follow_the_address_and_change_it_together(list_page: Page) -> None:
    filters = list_page.get_by_role("navigation", name="Filter tasks")
    filters.get_by_role("link", name="Pending").click()
    expect(list_page).to_have_url(re.compile(r"\?status=pending$"))
    field(list_page).press_sequentially("milk")
    expect(list_page).to_have_url(re.compile(r"\?status=pending&q=milk$"))
    list_page.go_back()
    expect(field(list_page)).to_have_value("")
    expect(box(list_page, "Bread")).to_be_visible()

    # Sooner than what is typed gets into the address by itself.
    field(list_page).fill("milk")
    filters.get_by_role("link", name="Pending").click()
    expect(list_page).to_have_url(re.compile(r"\?status=pending&q=milk$"))
    field(list_page).fill("oat")
    list_page.get_by_label("Sort").select_option("title")
    expect(list_page).to_have_url(re.compile(r"\?status=pending&q=oat&sort=title&order=asc$"))
    expect(list_page.get_by_role("checkbox")).to_have_count(1)
    expect(field(list_page)).to_have_value("oat")

    list_page.goto(f"/dashboard?q={'a' * 240}")
    expect(list_page.get_by_text("This is too long: use at most 200 characters.")).to_be_visible()
    expect(field(list_page)).to_have_value("a" * 240)
    expect(list_page.get_by_role("checkbox")).to_have_count(0)


def test_the_count_of_what_was_found_moves_no_row(list_page: Page) -> None:
    list_page.emulate_media(reduced_motion="reduce")
    before = box(list_page, "Milk").bounding_box()
    field(list_page).fill("mil")
    expect(list_page.get_by_text("2 tasks found")).to_be_visible()
    first = list_page.get_by_role("checkbox").first.bounding_box()
    assert first == pytest.approx(before, abs=0.5)


@pytest.mark.parametrize("way", ["click", "key", "Escape"])
def test_a_search_is_cleared_and_the_field_keeps_the_focus(list_page: Page, way: str) -> None:
    expect(clear_button(list_page)).to_be_hidden()
    hint = list_page.get_by_role("search").get_by_text("/", exact=True)
    expect(hint).to_be_visible()
    field(list_page).press_sequentially("milk")
    expect(hint).to_be_hidden()
    expect(box(list_page, "Bread")).to_have_count(0)
    if way == "click":
        clear_button(list_page).click()
    elif way == "key":
        field(list_page).press("Tab")
        expect(clear_button(list_page)).to_be_focused()
        list_page.keyboard.press("Enter")
    else:
        field(list_page).press("Escape")
    expect(field(list_page)).to_be_focused()
    expect(field(list_page)).to_have_value("")
    expect(clear_button(list_page)).to_be_hidden()
    expect(box(list_page, "Bread")).to_be_visible()
    expect(list_page).to_have_url(re.compile("/dashboard$"))


def test_on_phones_a_finger_can_clear_a_search(phone: Page) -> None:
    phone.goto("/dashboard?q=milk")
    expect(phone.get_by_text("1 task found")).to_be_visible()
    size = clear_button(phone).bounding_box()
    assert size is not None
    assert min(size["width"], size["height"]) >= FINGER
    clear_button(phone).tap()
    expect(field(phone)).to_be_focused()
    expect(field(phone)).to_have_value("")


@pytest.mark.parametrize("origin", ["/dashboard?status=pending", "/settings"])
def test_on_phones_the_link_to_the_search_is_current_where_it_leads(
    phone: Page, origin: str
) -> None:
    phone.goto(origin)
    links = phone.get_by_role("navigation", name="Main").get_by_role("link")
    search, dashboard = links.filter(has_text="Search"), links.filter(has_text="Dashboard")
    expect(search).not_to_have_attribute("aria-current", "page")
    search.tap()
    expect(search).to_have_attribute("aria-current", "page")
    expect(dashboard).not_to_have_attribute("aria-current", "page")
    expect(field(phone)).to_be_focused()
    field(phone).fill("milk")
    expect(phone.get_by_text("1 task found")).to_be_visible()
    expect(search).to_have_attribute("aria-current", "page")
    if "status" in origin:
        expect(phone).to_have_url(re.compile("status=pending"))
    dashboard.tap()
    expect(dashboard).to_have_attribute("aria-current", "page")
    expect(search).not_to_have_attribute("aria-current", "page")
