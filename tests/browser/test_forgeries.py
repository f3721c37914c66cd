"""What a page that was tampered with, or a program in its place, would send over the socket."""

import re
import secrets
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect
from uuid_utils.compat import uuid7

from tests.browser.conftest import PASSWORD, Device, Server, add, quick_add, sign_up
from tests.browser.script import Script
from tests.browser.test_journeys import box, settled
from tests.browser.wire import Wire


@pytest.fixture
def bobs(server: Server) -> Iterator[tuple[Script, Wire]]:
    """Someone at the API, and the same at a socket spoken by hand."""
    email = f"bob-{secrets.token_hex(4)}@example.org"
    person = {"name": "Bob Stone", "email": email, "password": PASSWORD}
    headers = {"Origin": server.address}
    httpx.post(
        f"{server.address}/api/auth/sign-up", json=person, headers=headers
    ).raise_for_status()
    script = Script(server, email)
    with Wire(server, script.cookie) as wire:
        yield script, wire.loaded()


def test_a_nonce_of_someone_else_is_just_a_word(
    server: Server, anas_page: Page, bobs: tuple[Script, Wire]
) -> None:
    script, wire = bobs
    nonces: list[str] = []
    anas_page.on(
        "websocket",
        lambda socket: socket.on(
            "framesent", lambda frame: nonces.extend(re.findall(r'"nonce":"([^"]+)"', str(frame)))
        ),
    )
    anas_page.reload()
    add(anas_page, "Milk")
    settled(anas_page)
    answer = wire.perform("create", uuid7(), nonce=nonces[0], fields={"title": "Bread"})
    assert answer.get("error", "") == ""
    assert [task["title"] for task in script.tasks()] == ["Bread"]
    expect(anas_page.get_by_role("main").get_by_role("checkbox")).to_have_count(1)


@pytest.mark.parametrize("nonce", ["", "short", "x" * 65, 5, None, ["12345678"], {"$ne": ""}])
def test_a_forged_nonce_is_no_gesture(bobs: tuple[Script, Wire], nonce: Any) -> None:
    script, wire = bobs
    wish = {"load_id": wire.said["load_id"], "nonce": nonce, "kind": "create", "id": str(uuid7())}
    wire.send("perform", gesture={**wish, "fields": {"title": "Forged"}})
    wire.perform("create", uuid7(), fields={"title": "Real"})
    assert [task["title"] for task in script.tasks()] == ["Real"]


def test_an_id_that_is_someone_elses_is_refused_and_nothing_of_theirs_is_told(
    anas_page: Page, bobs: tuple[Script, Wire]
) -> None:
    script, wire = bobs
    add(anas_page, "Milk")
    settled(anas_page)
    anas_id = str(anas_page.locator("main li.row").first.get_attribute("data-task"))
    for kind in ("create", "change", "delete", "restore", "erase"):
        answer = wire.perform(
            kind, anas_id, fields={"title": "Mine"} if kind in ("create", "change") else {}
        )
        assert answer["error"] == "This belongs to someone else. Nothing was changed."
        assert "row" not in answer
    assert script.tasks() == []
    expect(box(anas_page, "Milk")).to_be_visible()
    assert not any("Milk" in frame for frame in wire.frames)


@pytest.mark.parametrize(
    "task_id", ["6f1ad2a4-9c3e-4f0b-8a57-0d6f6b1c2e3d", "00000000-0000-0000-0000-000000000000"]
)
def test_an_id_that_is_no_uuid_of_version_7_is_refused_in_a_sentence(
    bobs: tuple[Script, Wire], task_id: str
) -> None:
    script, wire = bobs
    answer = wire.perform("create", task_id, fields={"title": "Bread"})
    assert answer["error"] == "The id of a new task is a UUID of version 7."
    assert script.tasks() == []


def test_creating_what_is_in_the_trash_is_refused_and_it_stays_there(
    bobs: tuple[Script, Wire],
) -> None:
    script, wire = bobs
    script.add("Bread")
    task_id = script.remove("Bread")
    answer = wire.perform("create", task_id, fields={"title": "Bread again"})
    assert answer["error"] == "This task does not exist, or it is in the trash."
    (trashed,) = script.send("GET", "/api/tasks?status=deleted")["items"]
    assert trashed["title"] == "Bread"


def test_an_event_of_a_session_that_ended_changes_nothing_and_leads_to_sign_in(
    server: Server, bobs: tuple[Script, Wire]
) -> None:
    script, wire = bobs
    script.add("Bread")
    wire.until(lambda: wire.said["changes"] or wire.said["rows"])
    task_id, email = script.tasks()[0]["id"], wire.said["email"]
    script.send("POST", "/api/auth/sign-out")
    wish = {"load_id": wire.said["load_id"], "nonce": str(uuid7()), "kind": "delete", "id": task_id}
    wire.send("perform", gesture=wish)
    wire.until(lambda: wire.said.get("leave_to"))
    assert wire.said["leave_to"].startswith("/sign-in?expired=true")
    assert (wire.said["rows"], wire.said["email"]) == ([], "")
    assert [task["title"] for task in Script(server, email).tasks()] == ["Bread"]


REWRITE = """
const send = WebSocket.prototype.send;
WebSocket.prototype.send = function (frame) {
  send.call(this, window.rewrite && frame.includes?.('"nonce"') ? window.rewrite(frame) : frame);
};
"""


def test_a_refusal_is_a_sentence_at_the_item(anas_page: Page, bobs: tuple[Script, Wire]) -> None:
    """What a page that was tampered with would send."""
    script, _ = bobs
    script.add("Bob's bread")
    bobs_id = script.tasks()[0]["id"]
    anas_page.add_init_script(REWRITE)
    anas_page.reload()
    add(anas_page, "Milk")
    settled(anas_page)
    anas_page.evaluate(
        'id => { window.rewrite = (frame) => frame.replace(/"id":"[^"]+"/, `"id":"${id}"`) }',
        bobs_id,
    )
    quick_add(anas_page).fill("Stolen")
    quick_add(anas_page).press("Enter")
    row = anas_page.get_by_role("listitem").filter(has=box(anas_page, "Stolen"))
    expect(row.get_by_role("alert")).to_contain_text(
        "This belongs to someone else. Nothing was changed."
    )
    row.get_by_role("button", name="Discard change").click()
    expect(box(anas_page, "Stolen")).to_have_count(0)
    expect(box(anas_page, "Milk")).to_be_visible()
    assert [task["title"] for task in script.tasks()] == ["Bob's bread"]


def test_no_frame_holds_anything_of_whoever_was_signed_in_before(
    server: Server, new_device: Callable[..., Device]
) -> None:
    device = new_device(server)
    first, second, third = device.page, device.context.new_page(), device.context.new_page()
    email = sign_up(first, "Ana Costa")
    add(first, "Ana's secret lamp")
    settled(first)
    second.goto("/dashboard")
    box(second, "Ana's secret lamp").wait_for()
    tokens = [page.evaluate("sessionStorage.token") for page in (first, second)]
    anas_cookie = cookie_of(device)
    second.get_by_role("button", name="Sign out").click()
    for page in (first, second):
        expect(page).to_have_url(re.compile("/sign-in"))

    frames: list[str] = []
    for page in (first, second, third):
        page.on(
            "websocket",
            lambda socket: socket.on("framereceived", lambda frame: frames.append(str(frame))),
        )
    sign_up(second, "Bob Stone")
    add(second, "Bob's bread")
    # Each tab with the key to the state that Ana's tab had, as one that was left open would have it.
    for page, token in ((first, tokens[0]), (third, tokens[1])):
        page.goto("/dashboard")
        page.evaluate("token => { sessionStorage.token = token }", token)
        page.reload()
        box(page, "Bob's bread").click()
        settled(page)
    for token in tokens:
        frames += frames_of_a_program(server, cookie_of(device), anas_cookie, token)
    assert any("Bob's bread" in frame for frame in frames)
    for frame in frames:
        assert not re.search(r"Ana|lamp", frame.replace(email, "Ana"))


def frames_of_a_program(server: Server, cookie: str, ended_cookie: str, token: str) -> list[str]:
    """What a program hears that has the token of a tab, with one session and with one that ended."""
    with Wire(server, cookie, token=token) as wire:
        wire.loaded()
        wire.send("open_task", task_id=str(uuid7()))
        wire.listen(0.5)
    with Wire(server, ended_cookie, token=token) as late:
        late.until(lambda: late.said.get("leave_to"))
    return [*wire.frames, *late.frames]


def cookie_of(device: Device) -> str:
    cookies = {cookie.get("name"): cookie.get("value", "") for cookie in device.context.cookies()}
    return cookies["dashboard_session"]
