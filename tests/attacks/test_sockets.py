"""Floods and hoards at the socket: what others notice of them, and what stays when the attacker has gone."""

from tests.attacks.conftest import Unharmed, new_account
from tests.attacks.raw_socket import RawSocket
from tests.browser.conftest import Server
from tests.browser.wire import LIST


def test_twenty_tabs_of_one_person_keep_nobody_waiting(server: Server, unharmed: Unharmed) -> None:
    account = new_account(server)
    with unharmed():
        tabs = [RawSocket(server, account.cookie).begin() for _ in range(20)]
        for tab in tabs:
            tab.wait_for("load_id")
            tab.event(f"{LIST}.load")
        for tab in tabs:
            tab.wait_for("load_id")
            tab.close()
