"""Instant and live, against everything that people, programs and a dying server do at the same time.

What is random logs its seed: LIVE_SEED=123 tries that one again. LIVE_EDITS and LIVE_KILLS make it longer.
"""

import logging
import os
import random
import secrets
import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Device, Server, add, quick_add, sign_in, sign_up
from tests.browser.hands import Hands, Screen
from tests.browser.proxy import Proxy
from tests.browser.script import Script
from tests.browser.test_journeys import box, settled

logger = logging.getLogger(__name__)

EDITS = int(os.environ.get("LIVE_EDITS", "200"))
KILLS = int(os.environ.get("LIVE_KILLS", "2"))
ROOM = 40
"""How many tasks fit on one page of the list, and some more."""


@pytest.fixture
def chance() -> random.Random:
    seed = int(os.environ.get("LIVE_SEED", secrets.randbelow(1_000_000)))
    logger.warning("LIVE_SEED=%d", seed)
    return random.Random(seed)


def two_devices(
    server: Server, new_device: Callable[..., Device]
) -> tuple[str, list[Page], list[Hands]]:
    """The address of somebody's account, and their two browsers."""
    pages = [new_device(server).page for _ in range(2)]
    email = sign_up(pages[0])
    pages[1].goto("/sign-in")
    sign_in(pages[1], email)
    quick_add(pages[1]).wait_for()
    return email, pages, [Hands(page) for page in pages]


def until(happened: Callable[[], Any], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "It did not happen in time."
        time.sleep(0.05)


def at_rest(page: Page) -> None:
    """Wait until every gesture has its answer, and give up what was refused."""
    expect(page.get_by_text("Reconnecting")).to_have_count(0)
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
    email, pages, hands = two_devices(server, new_device)
    script = Script(server, email)
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

    assert_nothing_flickered(hands.seen(), ticked_thrice=titles[:5])
    script = Script(server, email)
    assert [task["title"] for task in script.tasks()] == titles
    assert all(task["is_completed"] for task in script.tasks())
    proxy.delay = 0
    at_last = hands.screen()
    page.reload()
    box(page, titles[0]).wait_for()
    assert hands.screen() == at_last


def assert_nothing_flickered(seen: list[Screen], ticked_thrice: list[str]) -> None:
    history: dict[str, list[bool]] = {}
    for screen in seen:
        shown = {title for title, *_ in screen}
        assert shown >= history.keys(), "What was added stays."
        for title, is_done, *_ in screen:
            states = history.setdefault(title, [])
            if states[-1:] != [is_done]:
                states.append(is_done)
        still_open = [title for title, is_done, *_ in screen if not is_done]
        assert still_open == sorted(still_open)
        done_once = [
            title for title, is_done, *_ in screen if is_done and title not in ticked_thrice
        ]
        assert done_once == sorted(done_once, reverse=True)
    for title, states in history.items():
        assert states == ([False, True, False, True] if title in ticked_thrice else [False, True])


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


class Writers:
    """Two browsers and a script. Each writes in tasks of its own, so that it is known how they have to end."""

    SCRIPT = 2

    def __init__(self, hands: list[Hands], script: Script, chance: random.Random) -> None:
        self._hands, self._script, self._chance = hands, script, chance
        self._expected: list[dict[str, list[Any]]] = [{}, {}, {}]
        self._number = 0

    def write(self, who: int) -> None:
        """Add a task, or tick or edit one of those that were added."""
        own, chance = self._expected[who], self._chance
        self._number += 1
        name = f"{'abs'[who]}{self._number:03}"
        if not own or chance.random() < 0.3:
            own[name] = [False, "Medium"]
            self._add(who, name)
        elif chance.random() < 0.4:
            title = chance.choice(sorted(own))
            own[title][0] = not own[title][0]
            self._tick(who, title, own[title][0])
        else:
            title = chance.choice(sorted(own))
            own[name] = [own.pop(title)[0], chance.choice(["High", "Low"])]
            self._edit(who, title, title=name, priority=own[name][1])

    def right(self) -> Screen:
        """What the list has to be in the end, by title."""
        return sorted([title, *state, ""] for own in self._expected for title, state in own.items())

    def _add(self, who: int, title: str) -> None:
        self._script.add(title) if who == self.SCRIPT else self._hands[who].add(title)

    def _tick(self, who: int, title: str, is_completed: bool) -> None:
        if who == self.SCRIPT:
            self._script.change(title, is_completed=is_completed)
        else:
            self._hands[who].tick(title)

    def _edit(self, who: int, title: str, /, **fields: str) -> None:
        if who == self.SCRIPT:
            self._script.change(title, **fields)
        else:
            self._hands[who].edit(title, **fields)


@pytest.mark.slow
def test_nothing_is_lost_or_doubled_by_a_server_that_is_killed_again_and_again(
    own_server: Server, new_device: Callable[..., Device], chance: random.Random
) -> None:
    email, pages, hands = two_devices(own_server, new_device)
    script = Script(own_server, email)
    writers = Writers(hands, script, chance)
    for _ in range(KILLS):
        for _ in range(chance.randint(4, 12)):
            writers.write(chance.randrange(3))
        own_server.kill()
        # The script would wait for an answer; the browsers keep what is done.
        for _ in range(chance.randint(0, 4)):
            writers.write(chance.randrange(2))
        pages[0].wait_for_timeout(chance.randint(0, 1500))
        own_server.start()
        pages[0].wait_for_timeout(chance.randint(0, 2000))
    for page in pages:
        expect(page.get_by_text("Reconnecting")).to_have_count(0)
        settled(page)
        expect(page.get_by_role("alert").filter(has_text=".")).to_have_text([])
    assert in_database(script) == writers.right()
    for each in hands:
        until(lambda each=each: sorted(each.screen()) == writers.right())


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
    expect(page.get_by_text("Reconnecting")).to_be_visible()
    own_server.start()
    expect(page.get_by_text("Reconnecting")).to_have_count(0)
    add(page, "D")
    settled(page)
    orders = {"".join(title for title, *_ in screen) for screen in hands.seen()}
    assert orders == {"CBA", "DCBA"}
