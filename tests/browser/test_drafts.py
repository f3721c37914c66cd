"""What is half-typed survives whatever interrupts it."""

import re
from collections.abc import Callable

from playwright.sync_api import Dialog, Page, Route, expect

from tests.browser.conftest import Device, Server, add, quick_add, sign_in, sign_up
from tests.browser.proxy import Proxy
from tests.browser.test_journeys import box, card, edit, open_editor, settled


def test_a_half_typed_line_is_offered_back_after_a_reload(anas_page: Page) -> None:
    quick_add(anas_page).press_sequentially("Buy a new bicy")
    anas_page.reload()
    expect(anas_page.get_by_text("You were writing “Buy a new bicy”.")).to_be_visible()
    anas_page.get_by_role("button", name="Restore").click()
    expect(quick_add(anas_page)).to_have_value("Buy a new bicy")


def test_a_half_written_edit_is_back_in_its_task_after_a_reload(anas_page: Page) -> None:
    add(anas_page, "Milk")
    settled(anas_page)
    dialog = open_editor(anas_page, "Milk")
    dialog.get_by_label("Description").press_sequentially("Two litres")
    anas_page.reload()
    expect(
        anas_page.get_by_role("dialog", name="Edit task").get_by_label("Description")
    ).to_have_value("Two litres")
    expect(anas_page.get_by_role("listitem").filter(has_text="Two litres")).to_be_visible()


def test_a_discarded_draft_does_not_come_back(anas_page: Page) -> None:
    quick_add(anas_page).press_sequentially("Nothing")
    anas_page.reload()
    anas_page.get_by_role("button", name="Discard").click()
    anas_page.reload()
    quick_add(anas_page).wait_for()
    expect(anas_page.get_by_text("You were writing")).to_have_count(0)


def test_what_was_saved_is_no_draft(anas_page: Page) -> None:
    add(anas_page, "Milk")
    settled(anas_page)
    anas_page.reload()
    expect(box(anas_page, "Milk")).to_be_visible()
    expect(anas_page.get_by_text("You were writing")).to_have_count(0)


def test_an_ended_session_keeps_the_draft_for_the_same_person_alone(
    server: Server, page: Page, new_device: Callable[..., Device]
) -> None:
    email = sign_up(page)
    page.context.clear_cookies()
    quick_add(page).press_sequentially("Secret plan")
    page.goto("/dashboard")
    expect(page).to_have_url(re.compile("/sign-in"))
    sign_up(page, "Bob")
    expect(page.get_by_text("You were writing")).to_have_count(0)
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile("/sign-in"))
    sign_in(page, email)
    expect(page.get_by_text("You were writing “Secret plan”.")).to_be_visible()


def test_each_tab_keeps_its_own_words_and_the_next_one_offers_all_of_them(device: Device) -> None:
    page, other = device.page, device.context.new_page()
    sign_up(page)
    other.goto("/dashboard")
    quick_add(page).press_sequentially("First words")
    add(other, "Milk")
    quick_add(other).press_sequentially("Second words")
    settled(other)
    other.close()
    page.reload()
    expect(page.get_by_text("You were writing “Second words”.")).to_be_visible()
    page.get_by_role("button", name="Restore").click()
    expect(quick_add(page)).to_have_value("Second words")
    expect(page.get_by_text("You were writing “First words”.")).to_be_visible()
    page.get_by_role("button", name="Restore").click()
    dialog = page.get_by_role("dialog", name="New task")
    expect(dialog.get_by_label("Title")).to_have_value("First words")
    expect(page.get_by_text("You were writing")).to_have_count(0)


def test_signing_out_asks_first_when_something_is_not_saved(anas_page: Page) -> None:
    quick_add(anas_page).press_sequentially("Not yet")
    asked: list[str] = []

    def refuse(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.dismiss()

    anas_page.once("dialog", refuse)
    anas_page.get_by_role("button", name="Sign out").click()
    expect(quick_add(anas_page)).to_have_value("Not yet")
    assert "not saved" in asked[0]
    anas_page.once("dialog", lambda dialog: dialog.accept())
    anas_page.get_by_role("button", name="Sign out").click()
    expect(anas_page).to_have_url(re.compile("/sign-in"))
    assert (
        anas_page.evaluate(
            "Object.keys(localStorage).filter((key) => key.startsWith('cairn-draft'))"
        )
        == []
    )


def test_closing_a_task_saves_it_and_what_cannot_be_saved_can_be_had_back(anas_page: Page) -> None:
    add(anas_page, "Milk")
    settled(anas_page)
    dialog = open_editor(anas_page, "Milk")
    dialog.get_by_label("Description").fill("Two litres")
    dialog.get_by_label("Title").fill("x" * 256)
    anas_page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(anas_page.get_by_role("listitem").filter(has_text="Two litres")).to_be_visible()
    expect(anas_page.get_by_text("Closed without saving the title.")).to_be_visible()
    anas_page.get_by_role("button", name="Undo").click()
    expect(dialog.get_by_label("Title")).to_have_value("x" * 256)


def test_a_browser_without_storage_does_everything_but_drafts_and_says_so_once(
    server: Server, new_device: Callable[..., Device]
) -> None:
    device = new_device(server)
    device.context.add_init_script(
        """const keep = Storage.prototype.setItem;
        Storage.prototype.setItem = function (...item) {
            if (this === localStorage) throw new DOMException("full", "QuotaExceededError");
            return keep.apply(this, item);
        };"""
    )
    sign_up(device.page)
    quick_add(device.page).press_sequentially("M")
    expect(device.page.get_by_text("This browser keeps no drafts")).to_have_count(1)
    add(device.page, "Milk")
    settled(device.page)
    device.page.reload()
    expect(box(device.page, "Milk")).to_be_visible()


OFFLINE_TITLES = [f"Task {number:02}" for number in range(25)]
"""More than the server hears at once."""


def leave_two_tabs_with_changes_made_offline(first: Page, proxy: Proxy) -> None:
    second = first.context.new_page()
    second.goto("/dashboard")
    box(second, "Milk").wait_for()
    proxy.unplug()
    for page in (first, second):
        expect(page.get_by_text("Reconnecting.")).to_be_visible()
    add(first, *OFFLINE_TITLES)
    box(first, "Milk").click()
    add(second, "Bread")
    edit(second, "Bread", Title="Rye bread")
    first.close()
    second.close()
    proxy.plug_in()


def test_what_was_done_offline_in_tabs_that_were_closed_is_sent_once_and_in_order_by_the_next(
    network: tuple[Server, Proxy], new_device: Callable[..., Device]
) -> None:
    server, proxy = network
    device = new_device(server)
    email = sign_up(device.page)
    add(device.page, "Milk")
    settled(device.page)
    leave_two_tabs_with_changes_made_offline(device.page, proxy)

    # Somebody else gets nothing of it.
    device.context.clear_cookies()
    third = device.context.new_page()
    sign_up(third, "Bob")
    third.get_by_role("button", name="Sign out").click()
    expect(third).to_have_url(re.compile("/sign-in"))

    sign_in(third, email)
    expect(third).to_have_url(re.compile("/dashboard"))
    fourth = device.context.new_page()
    fourth.goto("/dashboard")
    for page in (third, fourth):
        expect(card(page, f"Total {len(OFFLINE_TITLES) + 2}")).to_be_visible()
        expect(box(page, "Milk")).to_be_checked()
        expect(box(page, "Rye bread")).to_be_visible()
        settled(page)
    tasks = device.context.request.get("/api/tasks?sort=created&order=asc").json()["items"]
    assert [task["title"] for task in tasks] == ["Milk", *OFFLINE_TITLES, "Rye bread"]
    versions = {task["title"]: task["version"] for task in tasks if task["version"] > 1}
    assert versions == {"Milk": 2, "Rye bread": 2}
    left = "Object.keys(localStorage).filter((key) => key.startsWith('cairn-queue'))"
    assert third.evaluate(left) == []


def test_closing_warns_while_a_change_that_the_browser_does_not_keep_would_be_lost(
    network: tuple[Server, Proxy], new_device: Callable[..., Device]
) -> None:
    server, proxy = network
    page = new_device(server).page
    page.add_init_script(
        """const keep = Storage.prototype.setItem;
        Storage.prototype.setItem = function (key, value) {
            if (key.startsWith("cairn-queue")) throw new DOMException("full", "QuotaExceededError");
            return keep.call(this, key, value);
        };"""
    )
    sign_up(page)
    proxy.unplug()
    expect(page.get_by_text("Reconnecting.")).to_be_visible()
    add(page, "Milk")
    expect(page.get_by_text("1 of your changes is lost when this page closes")).to_be_visible()
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    with page.expect_event("dialog"):
        page.close(run_before_unload=True)
    expect(box(page, "Milk")).to_be_visible()
    proxy.plug_in()
    settled(page)
    page.close(run_before_unload=True)
    assert asked == ["beforeunload"]


def test_a_tab_left_open_takes_over_a_new_front_end_and_keeps_what_was_typed(
    own_server: Server, new_device: Callable[..., Device]
) -> None:
    page = new_device(own_server).page
    sign_up(page)
    quick_add(page).press_sequentially("Half a thought")

    def upgraded(route: Route) -> None:
        body = re.sub(r"manifest-\w+", "manifest-00000000", route.fetch().text())
        route.fulfill(body=body, content_type="text/html")

    own_server.kill()
    expect(page.get_by_text("Reconnecting")).to_be_visible()
    page.route("**/sign-in", upgraded, times=1)
    own_server.start()
    expect(page.get_by_text("You were writing “Half a thought”.")).to_be_visible()


def test_a_tab_that_finds_the_same_front_end_stays_as_it_is(
    own_server: Server, new_device: Callable[..., Device]
) -> None:
    page = new_device(own_server).page
    sign_up(page)
    quick_add(page).press_sequentially("Half a thought")
    own_server.kill()
    expect(page.get_by_text("Reconnecting")).to_be_visible()
    with page.expect_response("**/sign-in") as asked:
        own_server.start()
    assert "/assets/manifest-" in asked.value.text()
    expect(page.get_by_text("Reconnecting")).to_have_count(0)
    expect(quick_add(page)).to_have_value("Half a thought")
