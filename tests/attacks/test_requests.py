"""Requests that are dear to answer, from strangers: they are counted before the work, and others do not wait for it."""

import json
import time
from collections.abc import Callable

from tests.attacks.conftest import Unharmed
from tests.attacks.raw_http import new_place, post, post_at_once, status
from tests.browser.conftest import Server
from tests.conftest import IS_LONG

SECONDS = 30.0 if IS_LONG else 2.0
DEAR = ("4@8({[<369|!107$5+%2" * 4)[:72]
"""Each sign may stand for several letters, and judging looks for words in each way to read them."""
UNKNOWN_KEYS = json.dumps({f"k{n}": 1 for n in range(24_500)}, separators=(",", ":")).encode()
FEWER_KEYS = json.dumps({f"k{n}": 1 for n in range(800)}, separators=(",", ":")).encode()


def again_and_again(ask: Callable[[], None]) -> None:
    """From as many places as there is time for."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        ask()


def test_judging_passwords_keeps_nobody_waiting(server: Server, unharmed: Unharmed) -> None:
    idea = json.dumps({"password": DEAR}).encode()

    def ask() -> None:
        with post_at_once(server, "/api/auth/password-strength", idea, 33, place=new_place()):
            time.sleep(0.5)

    with unharmed():
        again_and_again(ask)


def test_signing_up_with_a_weak_password_keeps_nobody_waiting(
    server: Server, unharmed: Unharmed
) -> None:
    wish = {"name": "Eve", "email": "eve@example.org", "password": "aaaaaaaaaaaa"}
    weak, place = json.dumps(wish).encode(), new_place()

    def ask() -> None:
        with post_at_once(server, "/api/auth/sign-up", weak, 33, place=place):
            time.sleep(0.5)

    with unharmed():
        again_and_again(ask)


def test_bodies_of_many_keys_keep_nobody_waiting(server: Server, unharmed: Unharmed) -> None:
    place, statuses = new_place(), set[int]()

    def ask() -> None:
        for path, body in (("sign-up", UNKNOWN_KEYS), ("sign-in", FEWER_KEYS)):
            statuses.add(status(post(server, f"/api/auth/{path}", body, place=place)))

    with unharmed():
        again_and_again(ask)
    assert statuses <= {413, 422, 429}
