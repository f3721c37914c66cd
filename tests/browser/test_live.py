"""Instant and live, against everything that a network, a server and other people do at the same time.

What is random prints its seed: LIVE_SEED=123 tries that one. LIVE_EDITS and LIVE_KILLS make the long ones longer.
"""

import os
import random
import re
import secrets
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import Page, expect
from uuid_utils.compat import uuid7

from tests.browser.conftest import (
    PASSWORD,
    Device,
    Server,
    add,
    free_port,
    quick_add,
    sign_in,
    sign_up,
)
from tests.browser.hands import Hands, Screen
from tests.browser.proxy import Proxy
from tests.browser.test_journeys import box, settled
from tests.browser.wire import Wire

EDITS = int(os.environ.get("LIVE_EDITS", "200"))
KILLS = int(os.environ.get("LIVE_KILLS", "5"))
ROOM = 40
"""How many tasks fit on one page of the list, and some more."""


@pytest.fixture
def chance() -> random.Random:
    seed = int(os.environ.get("LIVE_SEED", secrets.randbelow(1_000_000)))
    print(f"LIVE_SEED={seed}")
    return random.Random(seed)


@pytest.fixture
def network(tmp_path: Path) -> Iterator[tuple[Server, Proxy]]:
    """A server, and the network that lies before it."""
    port = free_port()
    proxy = Proxy(port).start()
    server = Server(tmp_path, None, port=port, public_url=proxy.address).start()
    yield server, proxy
    proxy.stop()
    server.stop()


class Script:
    """A program on the REST API. When nobody answers it asks again, as a careful one does."""

    def __init__(self, server: Server, email: str) -> None:
        self._client = httpx.Client(
            base_url=f"http://localhost:{server.port}", headers={"Origin": server.address}
        )
        person = {"email": email, "password": PASSWORD}
        self.send("POST", "/api/auth/sign-in", json=person)

    @property
    def cookie(self) -> str:
        return self._client.cookies["dashboard_session"]

    def send(self, method: str, address: str, **request: Any) -> Any:
        deadline = time.monotonic() + 60
        while True:
            try:
                answer = self._client.request(method, address, **request)
            except httpx.TransportError:
                assert time.monotonic() < deadline
                time.sleep(0.1)
            else:
                return answer.json() if answer.content else None

    def tasks(self) -> list[dict[str, Any]]:
        return self.send("GET", "/api/tasks?limit=200&sort=created&order=asc")["items"]

    def add(self, title: str) -> None:
        key = {"Idempotency-Key": title}
        self.send("POST", "/api/tasks", json={"title": title}, headers=key)

    def change(self, title: str, /, **fields: Any) -> None:
        for task in self.tasks():
            if task["title"] == title:
                self.send("PATCH", f"/api/tasks/{task['id']}", json=fields)

    def remove(self, title: str) -> str:
        (task_id,) = [task["id"] for task in self.tasks() if task["title"] == title]
        self.send("DELETE", f"/api/tasks/{task_id}")
        return task_id


def until(happened: Callable[[], Any], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "It did not happen in time."
        time.sleep(0.05)


def at_rest(page: Page) -> None:
    """Wait until every gesture has its answer, and give up what was refused."""
    expect(page.get_by_text("Reconnecting")).to_have_count(0, timeout=30_000)
    for _ in range(30):
        settled(page)
        if not page.get_by_role("button", name="Discard change").count():
            return
        page.evaluate("hands.press('Discard change')")
    raise AssertionError("There is always something that was refused.")


def in_database(script: Script) -> Screen:
    return sorted(
        [task["title"], task["is_completed"], task["priority"], task["due_date"] or ""]
        for task in script.tasks()
    )


# Many hands


@pytest.mark.slow
def test_two_browsers_and_a_script_that_edit_at_random_end_in_the_same_list(
    server: Server, new_device: Callable[..., Device], chance: random.Random
) -> None:
    pages = [new_device(server).page for _ in range(2)]
    email = sign_up(pages[0])
    pages[1].goto("/sign-in")
    sign_in(pages[1], email)
    quick_add(pages[1]).wait_for()
    hands, script = [Hands(page) for page in pages], Script(server, email)
    for number in range(5):
        script.add(f"First {number}")
    for page in pages:
        box(page, "First 4").wait_for()

    for number in range(EDITS):
        if chance.random() < 0.3:
            edit_by_script(script, chance, number)
        else:
            edit_in_browser(chance.choice(hands), chance, number)

    for page in pages:
        at_rest(page)
    until(lambda: hands[0].screen() == hands[1].screen())
    assert sorted(hands[0].screen()) == in_database(script)
    pages[0].reload()
    box(pages[0], hands[1].screen()[0][0]).wait_for()
    assert hands[0].screen() == hands[1].screen()
    metrics = script.send("GET", "/api/tasks/metrics")
    for page in pages:
        for name in ("total", "completed", "pending", "overdue"):
            card = page.get_by_role("link", name=f"{name.capitalize()} {metrics[name]}", exact=True)
            expect(card).to_be_visible()


def edit_in_browser(hands: Hands, chance: random.Random, number: int) -> None:
    screen = hands.screen()
    kind = chance.choice(["add", "tick", "tick", "edit", "edit", "remove", "restore"])
    if not screen or (kind == "add" and len(screen) < ROOM):
        return hands.add(f"{number} added")
    title = chance.choice(screen)[0]
    if kind == "tick":
        hands.tick(title)
    elif kind == "edit":
        hands.edit(title, **some_fields(chance, number))
    elif kind == "remove" and len(screen) > 3:
        hands.remove(title)
    elif kind == "restore":
        hands.press("Undo")
    return None


def edit_by_script(script: Script, chance: random.Random, number: int) -> None:
    tasks = script.tasks()
    kind = chance.choice(["add", "tick", "edit", "edit", "remove", "restore"])
    if not tasks or (kind == "add" and len(tasks) < ROOM):
        return script.add(f"{number} by script")
    task = chance.choice(tasks)
    address = f"/api/tasks/{task['id']}"
    if kind == "tick":
        script.send("PATCH", address, json={"is_completed": not task["is_completed"]})
    elif kind == "edit":
        script.send("PATCH", address, json=some_fields(chance, number))
    elif kind == "remove" and len(tasks) > 3:
        script.send("DELETE", address)
    elif kind == "restore":
        trash = script.send("GET", "/api/tasks?status=deleted")["items"]
        if trash and len(tasks) < ROOM:
            script.send("POST", f"/api/tasks/{chance.choice(trash)['id']}/restore")
    return None


def some_fields(chance: random.Random, number: int) -> dict[str, Any]:
    fields = {
        "title": f"{number} edited",
        "priority": chance.choice(["High", "Medium", "Low"]),
        "due_date": chance.choice([None, "2024-02-29", "2030-01-01", "2031-12-31"]),
    }
    names = chance.sample(sorted(fields), k=chance.randint(1, 3))
    return {name: fields[name] for name in names}


# Quick hands


def test_quick_hands_on_a_slow_network_keep_their_order_and_nothing_flickers(
    network: tuple[Server, Proxy], new_device: Callable[..., Device]
) -> None:
    server, proxy = network
    # With motion, what is done stays where it was for a moment.
    page = new_device(server, reduced_motion="reduce").page
    email = sign_up(page)
    hands = Hands(page)
    proxy.delay = 0.3
    hands.watch()
    titles = [f"Task {number:02}" for number in range(20)]
    for title in titles:
        hands.add(title)
        page.wait_for_timeout(20)
    for title in titles:
        hands.tick(title)
        page.wait_for_timeout(20)
    for title in titles[:5] * 2:
        hands.tick(title)
    settled(page)

    history: dict[str, list[bool]] = {}
    for screen in hands.seen():
        shown = [title for title, *_ in screen]
        assert {*shown} >= history.keys(), "What was added stays."
        for title, is_done, *_ in screen:
            states = history.setdefault(title, [])
            if states[-1:] != [is_done]:
                states.append(is_done)
        still_open = [title for title, is_done, *_ in screen if not is_done]
        assert still_open == sorted(still_open)
        done_once = [title for title, is_done, *_ in screen if is_done and title not in titles[:5]]
        assert done_once == sorted(done_once, reverse=True)
    for title, states in history.items():
        assert states == ([False, True, False, True] if title in titles[:5] else [False, True])
    script = Script(server, email)
    assert [task["title"] for task in script.tasks()] == titles
    assert all(task["is_completed"] for task in script.tasks())
    proxy.delay = 0
    at_last = hands.screen()
    page.reload()
    box(page, titles[0]).wait_for()
    assert hands.screen() == at_last


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
@pytest.mark.parametrize("done", [False, True])
def test_a_double_click_on_a_box_touches_no_other_task(
    server: Server, new_device: Callable[..., Device], motion: str, done: bool
) -> None:
    page = new_device(server, reduced_motion=motion).page
    sign_up(page)
    hands = Hands(page)
    titles = ["A", "B", "C"]
    add(page, *titles)
    settled(page)
    if done:
        for title in titles:
            hands.tick(title)
        settled(page)
        page.reload()
        box(page, "A").wait_for()
    box(page, "B").dblclick()
    settled(page)
    others = {title: is_done for title, is_done, *_ in hands.screen() if title != "B"}
    assert others == {"A": done, "C": done}


# A server that dies


@pytest.mark.slow
def test_nothing_is_lost_or_doubled_by_a_server_that_is_killed_again_and_again(
    own_server: Server, new_device: Callable[..., Device], chance: random.Random
) -> None:
    pages = [new_device(own_server).page for _ in range(2)]
    email = sign_up(pages[0])
    pages[1].goto("/sign-in")
    sign_in(pages[1], email)
    quick_add(pages[1]).wait_for()
    writers = [Hands(page) for page in pages]
    # Each writes in tasks of its own, so that it is known how they have to end.
    expected: list[dict[str, list[Any]]] = [{}, {}, {}]
    script = Script(own_server, email)

    def write(number: int) -> None:
        who = chance.randrange(3)
        own = expected[who]
        title = chance.choice(sorted(own)) if own and chance.random() < 0.7 else ""
        renamed = f"{'abs'[who]}{number:03}"
        if not title:
            own[renamed] = [False, "Medium"]
            writers[who].add(renamed) if who < 2 else script.add(renamed)
        elif chance.random() < 0.4:
            own[title][0] = not own[title][0]
            if who < 2:
                writers[who].tick(title)
            else:
                script.change(title, is_completed=own[title][0])
        else:
            own[renamed] = [own.pop(title)[0], chance.choice(["High", "Low"])]
            fields = {"title": renamed, "priority": own[renamed][1]}
            writers[who].edit(title, **fields) if who < 2 else script.change(title, **fields)

    number = 0
    for _ in range(KILLS):
        for _ in range(chance.randint(4, 12)):
            write(number := number + 1)
        own_server.kill()
        for _ in range(chance.randint(0, 4)):
            # The script would wait for an answer; the browsers keep what is done.
            state = chance.getstate()
            if chance.randrange(3) < 2:
                chance.setstate(state)
                write(number := number + 1)
        pages[0].wait_for_timeout(chance.randint(0, 1500))
        own_server.start()
        pages[0].wait_for_timeout(chance.randint(0, 2000))

    for page in pages:
        expect(page.get_by_text("Reconnecting")).to_have_count(0, timeout=30_000)
        settled(page)
        expect(page.get_by_role("alert").filter(has_text="Not saved")).to_have_count(0)
    right = sorted([title, *state, ""] for own in expected for title, state in own.items())
    assert in_database(script) == right
    for hands in writers:
        until(lambda hands=hands: sorted(hands.screen()) == right)


# One after the other


def test_no_frame_holds_anything_of_whoever_was_signed_in_before(
    server: Server, new_device: Callable[..., Device]
) -> None:
    device = new_device(server)
    first, second = device.page, device.context.new_page()
    email = sign_up(first, "Ana Costa")
    add(first, "Ana's secret lamp")
    settled(first)
    second.goto("/dashboard")
    box(second, "Ana's secret lamp").wait_for()
    tokens = [page.evaluate("sessionStorage.token") for page in (first, second)]
    old_cookie = cookie_of(device)
    frames: list[str] = []

    def collect(page: Page) -> None:
        page.on(
            "websocket",
            lambda socket: socket.on("framereceived", lambda frame: frames.append(str(frame))),
        )

    second.get_by_role("button", name="Sign out").click()
    expect(second).to_have_url(re.compile("/sign-in"))
    expect(first).to_have_url(re.compile("/sign-in"))
    third = device.context.new_page()
    for page in (first, second, third):
        collect(page)
    sign_up(second, "Bob Stone")
    add(second, "Bob's bread")
    # Each tab with the key to the state that Ana's tab had, as one that was left open would have it.
    for page, token in ((first, tokens[0]), (third, tokens[1])):
        page.goto("/dashboard")
        page.evaluate("token => { sessionStorage.token = token }", token)
        page.reload()
        box(page, "Bob's bread").wait_for()
        box(page, "Bob's bread").click()
        settled(page)
    for token in tokens:
        with Wire(server, cookie_of(device), token=token) as wire:
            wire.loaded()
            wire.send("open_task", task_id=str(uuid7()))
            wire.listen(0.5)
            frames += wire.frames
        with Wire(server, old_cookie, token=token) as wire:
            wire.until(lambda wire=wire: wire.said.get("leave_to"))
            frames += wire.frames
    assert any("Bob's bread" in frame for frame in frames)
    for frame in frames:
        assert not re.search(r"Ana|lamp", frame.replace(email, "Ana"))


def cookie_of(device: Device) -> str:
    return next(c["value"] for c in device.context.cookies() if c["name"] == "dashboard_session")


# Late and lost answers


@pytest.fixture
def slow_page(network: tuple[Server, Proxy], new_device: Callable[..., Device]) -> Page:
    """Ana's dashboard with one task, Milk, behind the network."""
    page = new_device(network[0]).page
    page.email = sign_up(page)  # type: ignore[attr-defined]
    Hands(page)
    add(page, "Milk")
    settled(page)
    return page


def not_saved(page: Page):
    return page.get_by_role("alert").filter(has_text="Not saved: the server did not answer.")


def test_no_answer_in_three_seconds_is_said_at_the_task_and_a_late_one_settles_it(
    network: tuple[Server, Proxy], slow_page: Page
) -> None:
    server, proxy = network
    proxy.freeze()
    box(slow_page, "Milk").click()
    expect(box(slow_page, "Milk")).to_be_checked()
    expect(not_saved(slow_page)).to_be_visible(timeout=6_000)
    expect(box(slow_page, "Milk")).not_to_be_checked()
    row = slow_page.get_by_role("listitem").filter(has=box(slow_page, "Milk"))
    expect(row.get_by_role("button", name="Retry")).to_be_visible()
    expect(row.get_by_role("button", name="Discard change")).to_be_visible()
    proxy.thaw()
    expect(not_saved(slow_page)).to_have_count(0)
    expect(box(slow_page, "Milk")).to_be_checked()
    (milk,) = Script(server, slow_page.email).tasks()  # type: ignore[attr-defined]
    assert (milk["is_completed"], milk["version"]) == (True, 2)


def test_a_late_answer_to_a_new_task_makes_no_second_one(
    network: tuple[Server, Proxy], slow_page: Page
) -> None:
    server, proxy = network
    proxy.freeze()
    add(slow_page, "Bread")
    expect(not_saved(slow_page)).to_be_visible(timeout=6_000)
    slow_page.get_by_role("button", name="Retry").click()
    expect(not_saved(slow_page)).to_have_count(0)
    proxy.thaw()
    settled(slow_page)
    expect(box(slow_page, "Bread")).to_have_count(1)
    tasks = Script(server, slow_page.email).tasks()  # type: ignore[attr-defined]
    assert [task["title"] for task in tasks] == ["Milk", "Bread"]


def test_a_retry_after_the_connection_broke_makes_the_task_once(
    network: tuple[Server, Proxy], slow_page: Page
) -> None:
    server, proxy = network
    proxy.freeze()
    add(slow_page, "Bread")
    expect(not_saved(slow_page)).to_be_visible(timeout=6_000)
    proxy.cut()
    proxy.thaw()
    expect(slow_page.get_by_text("Reconnecting")).to_have_count(0, timeout=30_000)
    slow_page.get_by_role("button", name="Retry").click()
    settled(slow_page)
    slow_page.reload()
    expect(box(slow_page, "Bread")).to_have_count(1)
    tasks = Script(server, slow_page.email).tasks()  # type: ignore[attr-defined]
    assert [task["title"] for task in tasks] == ["Milk", "Bread"]


def test_what_was_discarded_and_done_after_all_is_shown_as_it_is(
    network: tuple[Server, Proxy], slow_page: Page
) -> None:
    _, proxy = network
    proxy.freeze()
    add(slow_page, "Bread")
    expect(not_saved(slow_page)).to_be_visible(timeout=6_000)
    slow_page.get_by_role("button", name="Discard change").click()
    expect(box(slow_page, "Bread")).to_have_count(0)
    proxy.thaw()
    expect(box(slow_page, "Bread")).to_be_visible()
    settled(slow_page)


def test_a_connection_that_breaks_and_is_back_at_once_keeps_the_order_of_gestures(
    network: tuple[Server, Proxy], slow_page: Page
) -> None:
    server, proxy = network
    hands = Hands(slow_page)
    proxy.freeze()
    hands.edit("Milk", title="First")
    proxy.cut()
    hands.edit("First", title="Second")
    proxy.thaw()
    hands.edit("Second", title="Third")
    settled(slow_page)
    expect(box(slow_page, "Third")).to_be_visible()
    (milk,) = Script(server, slow_page.email).tasks()  # type: ignore[attr-defined]
    assert milk["title"] == "Third"


def test_what_is_drawn_does_not_change_while_a_server_is_replaced(
    own_server: Server, new_device: Callable[..., Device]
) -> None:
    page = new_device(own_server).page
    sign_up(page)
    add(page, "A", "B", "C")
    settled(page)
    page.goto("/dashboard?sort=title&order=desc")
    box(page, "C").wait_for()
    hands = Hands(page)
    hands.watch()
    own_server.kill()
    expect(page.get_by_text("Reconnecting")).to_be_visible(timeout=15_000)
    own_server.start()
    expect(page.get_by_text("Reconnecting")).to_have_count(0, timeout=30_000)
    add(page, "D")
    settled(page)
    orders = {"".join(title for title, *_ in screen) for screen in hands.seen()}
    assert orders == {"CBA", "DCBA"}


# Bad input


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
    anas_id = (
        anas_page.locator("main li.row [popover]")
        .first.get_attribute("id")
        .removeprefix("actions-")
    )
    for kind in ("create", "change", "delete", "restore", "erase"):
        answer = wire.perform(
            kind, anas_id, fields={"title": "Mine"} if kind in ("create", "change") else {}
        )
        assert answer["error"] == "This belongs to someone else. Nothing was changed."
        assert "row" not in answer
    assert script.tasks() == []
    expect(box(anas_page, "Milk")).to_be_visible()
    assert not any("Milk" in frame for frame in wire.frames)


@pytest.mark.parametrize("task_id", [str(uuid4()), "00000000-0000-0000-0000-000000000000"])
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
    wire.until(lambda: wire.said["changes"])
    task_id, email = script.tasks()[0]["id"], wire.said["email"]
    script.send("POST", "/api/auth/sign-out")
    wish = {"load_id": wire.said["load_id"], "nonce": str(uuid7()), "kind": "delete", "id": task_id}
    wire.send("perform", gesture=wish)
    wire.until(lambda: wire.said["leave_to"])
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
