"""What a person does with their account in Settings, in a real browser."""

import contextlib
import json
import re
import sqlite3
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PASSWORD, Device, Server, add, quick_add, sign_in, sign_up
from tests.mail_server import MailServer

OTHER = "four herons mend a kettle"


def open_settings(page: Page) -> None:
    page.goto("/settings")
    expect(page.get_by_text("Loading devices")).to_have_count(0)
    page.get_by_text("This device", exact=True).wait_for()


def section(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name, exact=True)


def dialog(page: Page, name: str) -> Locator:
    return page.get_by_role("dialog", name=name, exact=True)


def another_device(new_device: Callable[..., Device], server: Server, email: str) -> Page:
    page = new_device(server).page
    page.goto("/sign-in")
    sign_in(page, email)
    expect(page).to_have_url(re.compile("/dashboard"))
    page.get_by_text("Set the first stone").wait_for()
    return page


def grow_stale(server: Server) -> None:
    """It has been a while since anybody entered a password."""
    (path,) = server.data_dir.glob("*.db")
    with contextlib.closing(sqlite3.connect(path, timeout=60)) as connection:
        connection.execute("UPDATE session SET fresh_at = '2020-01-01 00:00:00.000000'")
        connection.commit()


def test_a_device_in_another_time_zone_offers_once_to_take_the_account_along(
    server: Server, new_device: Callable[..., Device]
) -> None:
    email = sign_up(new_device(server, timezone_id="UTC").page)
    here, there = (
        new_device(server, timezone_id=zone).page for zone in ("Asia/Tokyo", "America/New_York")
    )
    for page in (here, there):
        page.goto("/sign-in")
        sign_in(page, email)
        expect(page.get_by_text("Your days and times follow UTC")).to_be_visible()
    here.get_by_role("button", name="Leave it").click()
    here.reload()
    here.get_by_text("Set the first stone").wait_for()
    expect(here.get_by_text("Your days and times follow")).to_have_count(0)

    there.get_by_role("button", name="Follow this device").click()
    notice = there.get_by_role("status").filter(has_text="follow America/New York now.")
    expect(notice).to_be_visible()
    expect(there.get_by_role("button", name="Leave it")).to_have_count(0)
    account = there.request.get("/api/auth/session").json()["user"]
    assert account["timezone"] == "America/New_York"


def test_settings_open_while_the_device_is_offline(anas_page: Page) -> None:
    # A function, because the content policy refuses to evaluate a string.
    has_it = "() => performance.getEntriesByType('resource').some((it) => it.name.includes('_settings_'))"
    anas_page.wait_for_function(has_it)
    anas_page.context.set_offline(True)
    anas_page.get_by_role("link", name="Settings", exact=True).click()
    expect(anas_page.get_by_role("heading", name="Settings", exact=True)).to_be_visible()


def test_name_and_time_zone_are_saved_as_they_are_left(anas_page: Page) -> None:
    open_settings(anas_page)
    name = anas_page.get_by_role("textbox", name="Name", exact=True)
    expect(name).to_have_value("Ana Costa")
    name.fill("Ana Maria Costa")
    name.press("Enter")
    expect(anas_page.get_by_text("Name saved.")).to_be_visible()
    zone = anas_page.get_by_role("combobox", name="Time zone")
    zone.select_option("Asia/Tokyo")
    expect(anas_page.get_by_text("Time zone saved.")).to_be_visible()
    name.fill("")
    name.press("Tab")
    expect(anas_page.get_by_text("Enter your name.")).to_be_visible()
    anas_page.reload()
    expect(name).to_have_value("Ana Maria Costa")
    expect(zone).to_have_value("Asia/Tokyo")


def test_what_is_chosen_counts_at_once_in_every_tab(anas_page: Page) -> None:
    other = anas_page.context.new_page()
    other.goto("/dashboard")
    open_settings(anas_page)

    def choose(name: str, words: str) -> None:
        anas_page.get_by_role("combobox", name=name).select_option(label=words)
        expect(anas_page.get_by_text(f"{name} saved.")).to_be_visible()

    quick_add(other).fill("Dentist 2099-12-31 14:00")
    quick_add(other).press("Enter")
    dentist = other.get_by_role("listitem").filter(has_text="Dentist")
    choose("Priority of new tasks", "High")
    choose("Date order", "31 December")
    choose("Clock", "2:00 PM")
    expect(dentist).to_contain_text("31 Dec 2099 2:00 PM")
    choose("Date order", "December 31")
    # With this the other tab has heard of all that came before it.
    expect(dentist).to_contain_text("Dec 31 2099 2:00 PM")
    quick_add(other).fill("Rent 12/31/2099")
    quick_add(other).press("Enter")
    rent = other.get_by_role("listitem").filter(has_text="Rent")
    expect(rent).to_contain_text("Dec 31 2099")
    expect(rent).to_contain_text("High")
    choose("Start page", "Today")
    anas_page.goto("/")
    expect(anas_page).to_have_url(re.compile("/today$"))


def test_a_device_that_is_revoked_leaves_at_once(
    server: Server, page: Page, new_device: Callable[..., Device]
) -> None:
    email = sign_up(page)
    phone = another_device(new_device, server, email)
    tablet = another_device(new_device, server, email)
    open_settings(page)
    devices = section(page, "Devices")
    expect(devices.get_by_role("listitem")).to_have_count(3)
    # The others are listed with the one that was seen last first.
    devices.get_by_role("button", name=re.compile("^Revoke .* on ")).first.click()
    expect(tablet).to_have_url(re.compile("/sign-in"))
    expect(devices.get_by_role("listitem")).to_have_count(2)
    page.get_by_role("button", name="Revoke all others").click()
    expect(phone).to_have_url(re.compile("/sign-in"))
    expect(devices.get_by_role("listitem")).to_have_count(1)
    expect(page.get_by_role("button", name="Revoke all others")).to_be_disabled()


def test_the_list_of_devices_follows_who_signs_in_and_out_elsewhere(
    server: Server, page: Page, new_device: Callable[..., Device]
) -> None:
    email = sign_up(page)
    open_settings(page)
    devices = section(page, "Devices")
    expect(devices.get_by_role("listitem")).to_have_count(1)
    phone = another_device(new_device, server, email)
    expect(devices.get_by_role("listitem")).to_have_count(2)
    expect(section(page, "Recent activity").get_by_text("Signed in", exact=True)).to_be_visible()
    phone.get_by_role("button", name="Sign out").click()
    expect(phone).to_have_url(re.compile("/sign-in"))
    expect(devices.get_by_role("listitem")).to_have_count(1)


def test_a_token_is_made_shown_once_used_and_revoked(server: Server, device: Device) -> None:
    page = device.page
    device.context.grant_permissions(["clipboard-read", "clipboard-write"])
    sign_up(page)
    open_settings(page)
    tokens = section(page, "API tokens")
    tokens.get_by_role("button", name="New token").click()
    making = dialog(page, "New API token")
    making.get_by_role("button", name="Create token").click()
    expect(making.get_by_text("Enter a name for the token.")).to_be_visible()
    making.get_by_role("textbox", name="Name").fill("Shopping script")
    making.get_by_role("radio", name="Read and write").check(force=True)
    making.get_by_role("combobox", name="Ends").select_option("In 30 days")
    making.get_by_role("textbox", name="Name").press("Enter")
    expect(making).to_be_hidden()
    secret = tokens.get_by_text(re.compile("^crn_[\\w-]{43}$")).text_content() or ""
    tokens.get_by_role("button", name="Copy").click()
    expect(tokens.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == secret
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
    made = page.request.post("/api/tasks", headers=headers, data={"title": "Milk"})
    assert made.status == 201
    page.reload()
    expect(tokens.get_by_text(re.compile(r"Used today at \d+:\d\d [AP]M\."))).to_be_visible()
    expect(page.get_by_text(secret)).to_have_count(0)
    tokens.get_by_role("button", name="Revoke Shopping script").click()
    expect(tokens.get_by_text("No tokens yet.")).to_be_visible()
    assert page.request.get("/api/tasks", headers=headers).status == 401
    assert device.complaints == []


def test_a_new_password_signs_out_every_other_device_and_not_this_one(
    server: Server, page: Page, new_device: Callable[..., Device]
) -> None:
    email = sign_up(page)
    phone = another_device(new_device, server, email)
    open_settings(page)
    section(page, "Profile").get_by_role("button", name="Change password").click()
    changing = dialog(page, "Change password")
    changing.get_by_label("Current password", exact=True).fill("wrong horse")
    changing.get_by_label("New password", exact=True).fill("password12")
    expect(changing.get_by_text("easy to guess")).to_be_visible()
    changing.get_by_label("New password", exact=True).fill(OTHER)
    expect(changing.get_by_text("Hard to guess", exact=True)).to_be_visible()
    changing.get_by_role("button", name="Change password").click()
    expect(changing.get_by_text("The password is not right.")).to_be_visible()
    changing.get_by_label("Current password", exact=True).fill(PASSWORD)
    changing.get_by_role("button", name="Change password").click()
    expect(phone).to_have_url(re.compile("/sign-in"))
    expect(changing).to_be_hidden()
    expect(section(page, "Devices").get_by_role("listitem")).to_have_count(1)
    page.goto("/dashboard")
    page.get_by_text("Set the first stone").wait_for()
    sign_in(phone, email, PASSWORD)
    expect(phone.get_by_text("Email or password is not right.")).to_be_visible()
    sign_in(phone, email, OTHER)
    phone.get_by_text("Set the first stone").wait_for()


def test_what_could_do_harm_asks_for_the_password_when_it_was_entered_long_ago(
    own_server: Server, new_device: Callable[..., Device], tmp_path: Path
) -> None:
    page = new_device(own_server).page
    sign_up(page)
    add(page, "Milk")
    open_settings(page)
    grow_stale(own_server)
    download = page.get_by_role("button", name="Download")
    download.click()
    asking = dialog(page, "Enter your password")
    asking.get_by_role("button", name="Cancel").click()
    expect(asking).to_be_hidden()
    download.click()
    asking.get_by_label("Password", exact=True).fill("wrong horse")
    asking.get_by_role("button", name="Continue").click()
    expect(asking.get_by_text("The password is not right.")).to_be_visible()
    asking.get_by_label("Password", exact=True).fill(PASSWORD)
    with page.expect_download() as saved:
        asking.get_by_role("button", name="Continue").click()
    assert re.fullmatch(r"cairn-\d{4}-\d\d-\d\d\.json", saved.value.suggested_filename)
    saved.value.save_as(tmp_path / "export.json")
    everything = json.loads((tmp_path / "export.json").read_text())
    assert [task["title"] for task in everything["tasks"]] == ["Milk"]
    told = section(page, "Recent activity")
    expect(told.get_by_text("Everything exported")).to_be_visible()
    expect(told.get_by_text("Wrong password on a device that is signed in")).to_be_visible()


def test_a_deleted_account_is_gone(page: Page) -> None:
    email = sign_up(page)
    open_settings(page)
    section(page, "Delete account").get_by_role("button", name="Delete account").click()
    leaving = dialog(page, "Delete your account?")
    leaving.get_by_label("Password", exact=True).fill(PASSWORD)
    leaving.get_by_role("button", name="Delete account").click()
    expect(page).to_have_url(re.compile("/sign-in"))
    sign_in(page, email)
    expect(page.get_by_text("Email or password is not right.")).to_be_visible()


def test_signing_up_says_how_hard_a_password_is_to_guess(page: Page) -> None:
    page.goto("/sign-up")
    password = page.get_by_role("textbox", name="Password")
    page.get_by_role("textbox", name="Name").fill("Hubert Wolfeschlegel")
    password.fill("Wolfeschlegel77")
    expect(page.get_by_text("easy to guess")).to_be_visible()
    password.fill(OTHER)
    expect(page.get_by_text("Hard to guess", exact=True)).to_be_visible()
    password.fill("")
    expect(page.get_by_text("At least 8 characters, and hard to guess")).to_be_visible()


def test_an_address_is_verified_by_a_link(
    server_with_mail: tuple[Server, MailServer], new_device: Callable[..., Device]
) -> None:
    server, mail = server_with_mail
    page, phone = new_device(server).page, new_device(server).page
    sign_up(page)
    mail.wait_for(1)
    open_settings(page)
    profile = section(page, "Profile")
    expect(profile.get_by_text("Not verified.")).to_be_visible()
    profile.get_by_role("button", name="Send the link again").click()
    expect(page.get_by_text("A link is on its way to your address.")).to_be_visible()
    confirm_on(phone, link_in(mail.wait_for(2)))
    # Nobody is signed in on the phone, and the tab hears of it all the same.
    expect(profile.get_by_text("Verified. You sign in with it.")).to_be_visible()


def test_an_address_is_changed_by_a_link(
    server_with_mail: tuple[Server, MailServer], new_device: Callable[..., Device]
) -> None:
    server, mail = server_with_mail
    page = new_device(server).page
    email = sign_up(page)
    mail.wait_for(1)
    open_settings(page)
    profile = section(page, "Profile")
    grow_stale(server)
    profile.get_by_role("button", name="Change email…").click()
    asking = dialog(page, "Change email")
    asking.get_by_role("button", name="Send the link").click()
    expect(asking.get_by_text("Enter your email address.")).to_be_visible()
    asking.get_by_role("textbox", name="New email").fill(f"new-{email}")
    asking.get_by_role("button", name="Send the link").click()
    confirm = dialog(page, "Enter your password")
    confirm.get_by_role("textbox", name="Password").fill(PASSWORD)
    confirm.get_by_role("button", name="Continue").click()
    expect(asking).to_be_hidden()
    expect(page.get_by_text("a link is on its way to it.")).to_be_visible()
    expect(profile.get_by_text(email, exact=True)).to_be_visible()
    message = mail.wait_for(3)
    assert (mail.messages[1]["To"], message["To"]) == (email, f"new-{email}")
    page.goto("about:blank")
    confirm_on(page, link_in(message))
    page.get_by_role("link", name="Open Cairn").click()
    page.get_by_text("Set the first stone").wait_for()
    open_settings(page)
    expect(profile.get_by_text(f"new-{email}", exact=True)).to_be_visible()


def test_a_server_without_mail_says_who_can_change_the_address(anas_page: Page) -> None:
    open_settings(anas_page)
    anas_page.get_by_role("button", name="Change email…").click()
    asking = dialog(anas_page, "Change email")
    asking.get_by_role("textbox", name="New email").fill("new@example.org")
    asking.get_by_role("button", name="Send the link").click()
    expect(asking.get_by_role("alert")).to_contain_text("The person who runs it can change")


def link_in(message: EmailMessage) -> str:
    return re.findall("http\\S+/confirm-email#\\S+", message.get_content())[0]


def confirm_on(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_role("button", name="This is my address").click()
    expect(page.get_by_text("Your address is confirmed.")).to_be_visible()
