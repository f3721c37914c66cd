"""Floods and hoards at the socket: what others notice of them, and what stays when the attacker has gone.

Each attack goes on for a moment, or with FAULTS=long for longer. It may be cut off at any time, and comes again.
"""

import secrets
import socket
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from typing import Any

import pytest
from uuid_utils.compat import uuid7

from dashboard.web.live_socket import MOST_UNANSWERED
from dashboard.web.sockets import MOST_PER_PLACE, MOST_PER_USER
from tests.attacks.conftest import Others, Unharmed, new_account
from tests.attacks.raw_socket import RawSocket, Refused
from tests.browser.conftest import Server
from tests.browser.wire import LIST, NAMESPACE
from tests.conftest import IS_LONG

SECONDS = 20 if IS_LONG else 2
NUMBERS = "[" + "0," * 60_000 + "0]"
NO_EVENT = f'42{NAMESPACE}["event",{{"name":"no.such.event","payload":{{"a":{NUMBERS}}}}}]'
LOAD = f'42{NAMESPACE}["event",{{"name":"{LIST}.load","payload":{{}},"router_data":{{}}}}]'


def a_place() -> str:
    return f"203.0.{secrets.randbelow(250)}.{secrets.randbelow(250)}"


def again_and_again(attack: Callable[[], None], seconds: float = SECONDS) -> None:
    """Repeat it, and begin anew where it is cut off."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            attack()
        except (OSError, Refused):
            time.sleep(0.02)


def opened(
    stack: ExitStack, most: int, server: Server, cookie: str = "", **how: Any
) -> list[RawSocket]:
    """As many sockets as are let in."""
    sockets: list[RawSocket] = []
    with suppress(Refused, OSError):
        for _ in range(most):
            attacker = RawSocket(server, cookie, **how)
            sockets.append(stack.enter_context(attacker))
    return sockets


def test_large_frames_that_name_no_event_keep_nobody_waiting(
    server: Server, unharmed: Unharmed
) -> None:
    place = a_place()
    frames = RawSocket.frame(NO_EVENT) * 20

    def attack() -> None:
        with RawSocket(server, place=place).begin() as attacker:
            attacker.send_bytes(frames)
            assert attacker.is_closed()

    with unharmed():
        again_and_again(attack)


@pytest.mark.parametrize("is_signed_in", [True, False], ids=["signed in", "signed out"])
def test_what_somebody_asked_for_goes_with_their_sockets(
    server: Server, unharmed: Unharmed, is_signed_in: bool
) -> None:
    cookie = new_account(server).cookie if is_signed_in else ""
    place = a_place()
    with unharmed(), ExitStack() as stack:
        sockets = opened(stack, MOST_PER_USER, server, cookie, place=place)
        assert len(sockets) == (MOST_PER_USER if is_signed_in else MOST_PER_PLACE)
        with suppress(OSError):
            for attacker in sockets:
                attacker.begin()
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            for attacker in sockets:
                with suppress(OSError):
                    attacker.send_bytes(RawSocket.frame(LOAD) * 40)
            time.sleep(0.05)


def test_who_does_not_read_is_closed(server: Server, others: Others, unharmed: Unharmed) -> None:
    account = new_account(server)
    before = others.connections()
    with unharmed(), ExitStack() as stack:
        sockets = opened(stack, MOST_PER_USER, server, account.cookie, receive_buffer=4096)
        for attacker in sockets:
            attacker.begin()
        with suppress(OSError):
            again_and_again(lambda: _ask_all(sockets))
    others.wait_until(lambda: others.connections() <= before)


def _ask_all(sockets: list[RawSocket]) -> None:
    for attacker in sockets:
        attacker.send(LOAD)
    time.sleep(0.05)


def test_a_stranger_who_has_gone_leaves_nothing(server: Server, unharmed: Unharmed) -> None:
    place = a_place()
    large = {"X-Mine": "x" * 30_000, "Cookie": "y=" + "x" * 30_000}
    query = {"a" * 100 + str(n): "x" * 8000 for n in range(30)}

    def attack() -> None:
        with RawSocket(server, place=place, headers=large) as attacker:
            attacker.begin(query=query)
            attacker.is_closed(0.1)

    with unharmed():
        again_and_again(attack)


def test_a_household_and_all_strangers_have_so_many_sockets(
    server: Server, unharmed: Unharmed
) -> None:
    prefix = f"2001:db8:{secrets.randbelow(0xFFFF):x}:{secrets.randbelow(0xFFFF):x}"
    let_in = 0
    with unharmed(), ExitStack() as stack:
        for n in range(1, 200):
            with suppress(Refused, OSError):
                stack.enter_context(RawSocket(server, place=f"{prefix}::{n:x}"))
                let_in += 1
    assert let_in == MOST_PER_PLACE


def test_a_message_that_does_not_end_is_ended(
    server: Server, others: Others, unharmed: Unharmed
) -> None:
    place, piece, most = a_place(), b"x" * 65536, 0
    before = others.memory()
    with unharmed(), ExitStack() as stack:
        sockets = opened(stack, MOST_PER_PLACE, server, place=place)
        for attacker in sockets:
            attacker.send_bytes(RawSocket.frame("", announced=15 * 2**20, kind=0x1))
        # As fast as a line of 400 Mbit/s.
        for _ in range(200):
            for attacker in sockets:
                with suppress(OSError):
                    attacker.send_bytes(piece)
            time.sleep(len(sockets) * len(piece) / 50_000_000)
            most = max(most, others.memory() - before)
        assert all(attacker.is_closed() for attacker in sockets)
    assert most < 60 * 2**20, f"{most / 2**20:.0f} MB"


def test_connections_that_say_nothing_keep_nobody_out(server: Server, unharmed: Unharmed) -> None:
    with unharmed(), ExitStack() as stack:
        silent = [
            stack.enter_context(socket.create_connection((server.host, server.port)))
            for _ in range(1100)
        ]
        time.sleep(SECONDS)
        if IS_LONG:
            # As many seconds as serve.py says, and some for a machine that has much to do.
            silent[0].settimeout(20)
            assert silent[0].recv(1) == b""


# Those who mean no harm


def test_a_person_who_does_much_at_once_is_answered_each_time(server: Server) -> None:
    """As when 200 lines are pasted, or were written without a network."""
    with RawSocket(server, new_account(server).cookie) as tab:
        load_id = tab.begin().load_id()
        nonces = []
        for n in range(200):
            nonces.append(secrets.token_hex(6))
            fields = {"title": f"Line {n}"}
            gesture = {"load_id": load_id, "nonce": nonces[-1], "kind": "create", "fields": fields}
            tab.event(f"{LIST}.perform", gesture={**gesture, "id": str(uuid7())})
        heard = ""
        while missing := [nonce for nonce in nonces if nonce not in heard]:
            heard += tab.wait_for(missing[0])
    assert '"error":"The' not in heard


def test_what_somebody_did_right_before_they_left_is_done(server: Server) -> None:
    account = new_account(server)
    with RawSocket(server, account.cookie) as tab:
        load_id = tab.begin().load_id()
        for n in range(2 * MOST_UNANSWERED):
            gesture = {"load_id": load_id, "nonce": secrets.token_hex(6), "kind": "create"}
            gesture |= {"fields": {"title": f"Line {n}"}, "id": str(uuid7())}
            tab.event(f"{LIST}.perform", gesture=gesture)
        tab.leave()
    account.wait_for_tasks(server, 2 * MOST_UNANSWERED)


def test_twenty_tabs_of_one_person_keep_nobody_waiting(server: Server, unharmed: Unharmed) -> None:
    account = new_account(server)
    with unharmed(), ExitStack() as stack:
        tabs = opened(stack, MOST_PER_USER, server, account.cookie)
        assert len(tabs) == MOST_PER_USER
        for tab in tabs:
            tab.begin()
        for tab in tabs:
            tab.load_id()
