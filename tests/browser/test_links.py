"""What somebody does with a link that the person who runs the server gave them."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from dashboard import security
from dashboard.version import full_version
from tests.browser.conftest import ROOT, Device, Server, free_port, sign_in, sign_up

OTHER = "four herons mend a kettle"


def link_from(server: Server, *arguments: str) -> str:
    environment = {**os.environ, "DATA_DIR": str(server.data_dir), "PORT": str(server.port)}
    for name in ("PUBLIC_URL", "DATABASE_URL", "REDIS_URL"):
        environment.pop(name, None)
    command = [sys.executable, "-m", "dashboard", *arguments]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def test_whoever_forgot_their_password_chooses_another_by_a_link(
    server: Server, page: Page, new_device: Callable[..., Device]
) -> None:
    email = sign_up(page)
    elsewhere = new_device(server)
    visitor = elsewhere.page
    visitor.goto("/sign-in")
    visitor.get_by_role("link", name="Forgot your password?").click()
    # The page before has a field of that name, too.
    visitor.get_by_role("heading", name="Choose a new password").wait_for()
    visitor.get_by_role("textbox", name="Email").fill(email)
    visitor.get_by_role("button", name="Send me a link").click()
    expect(visitor.get_by_text("Ask the person who runs it for a link")).to_be_visible()
    expect(visitor.get_by_role("textbox", name="New password")).to_be_hidden()
    link = link_from(server, "users", "reset-link", email)
    visitor.goto("about:blank")
    visitor.goto(link)
    visitor.get_by_role("textbox", name="New password").fill(OTHER)
    visitor.get_by_role("button", name="Change password").click()
    expect(visitor.get_by_text("Your password is changed.")).to_be_visible()
    expect(page).to_have_url(re.compile("/sign-in"))
    sign_in(visitor, email, OTHER)
    visitor.get_by_text("Set the first stone").wait_for()
    visitor.goto("about:blank")
    visitor.goto(link)
    visitor.get_by_role("textbox", name="New password").fill(OTHER)
    visitor.get_by_role("button", name="Change password").click()
    expect(visitor.get_by_text("This link was used before or is too old.")).to_be_visible()


def test_an_invitation_leads_to_an_account(server: Server, page: Page) -> None:
    page.goto(link_from(server, "invite"))
    page.get_by_role("textbox", name="Name").fill("Ana")
    page.get_by_role("textbox", name="Email").fill(f"invited-{server.port}@example.org")
    page.get_by_role("textbox", name="Password").fill(OTHER)
    with page.expect_request(
        lambda sent: sent.method == "POST" and sent.url.endswith("/api/auth/sign-up")
    ) as asked:
        page.get_by_role("button", name="Create account").click()
    assert len((asked.value.post_data_json or {})["invitation"]) >= 43
    page.get_by_text("Set the first stone").wait_for()


def test_a_server_on_the_internet_gives_its_first_account_to_who_knows_the_setup_code(
    tmp_path: Path, new_device: Callable[..., Device]
) -> None:
    port = free_port()
    # Browsers find this machine under every name that ends so.
    address, untold = f"http://cairn.localhost:{port}", {"SIGN_UP": ""}
    server = Server(tmp_path, None, port=port, public_url=address, settings=untold).start()
    try:
        code = security.setup_code((tmp_path / "auth_secret").read_bytes().strip())
        page = new_device(server).page
        page.goto("/sign-up")
        expect(page.get_by_text("The server prints a setup code")).to_be_visible()
        page.get_by_role("textbox", name="Setup code").fill("AAAA-AAAA")
        page.get_by_role("textbox", name="Name").fill("Ana")
        page.get_by_role("textbox", name="Email").fill("ana@example.org")
        page.get_by_role("textbox", name="Password").fill(OTHER)
        page.get_by_role("button", name="Create account").click()
        expect(page.get_by_role("alert")).to_contain_text("needs the setup code")
        expect(page.get_by_role("textbox", name="Setup code")).to_be_focused()
        expect(page.get_by_role("textbox", name="Name")).to_have_value("Ana")
        page.get_by_role("textbox", name="Setup code").fill(code.lower())
        page.get_by_role("button", name="Create account").click()
        page.get_by_text("Set the first stone").wait_for()
        page.goto("/settings")
        expect(page.get_by_text(f"Cairn {full_version()}")).to_be_visible()
        stranger = new_device(server).page
        stranger.goto("/sign-up")
        expect(stranger.get_by_text("New accounts need an invitation")).to_be_visible()
        expect(stranger.get_by_role("textbox", name="Setup code")).to_have_count(0)
    finally:
        server.stop()
