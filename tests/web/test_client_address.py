"""What a request says of where it comes from, and how much of that is believed."""

import pytest

from dashboard.web.client_address import address_of


@pytest.mark.parametrize(
    ("hops", "peer", "forwarded", "address"),
    [
        ("0", "203.0.113.9", [], "203.0.113.9"),
        ("0", "203.0.113.9", ["198.51.100.7"], "203.0.113.9"),
        ("1", "10.0.0.1", ["198.51.100.7"], "198.51.100.7"),
        ("1", "10.0.0.1", ["6.6.6.6, 198.51.100.7"], "198.51.100.7"),
        ("1", "10.0.0.1", ["6.6.6.6", "198.51.100.7"], "198.51.100.7"),
        ("2", "10.0.0.1", ["6.6.6.6, 198.51.100.7 , 10.0.0.2"], "198.51.100.7"),
        ("1", "10.0.0.1", ["2001:DB8::0:7"], "2001:db8::7"),
        # An IPv4 address as a socket of both kinds has it.
        ("0", "::ffff:203.0.113.9", [], "203.0.113.9"),
        # Not what our proxies would send, so nobody knows.
        ("1", "10.0.0.1", ["x" * 500], ""),
        ("1", "10.0.0.1", [""], ""),
        ("3", "10.0.0.1", ["198.51.100.7"], ""),
        ("0", None, [], ""),
        ("0", "/run/cairn.sock", [], ""),
    ],
)
def test_only_our_own_proxies_are_believed(set_env, hops, peer, forwarded, address):
    set_env(TRUSTED_PROXY_HOPS=hops)
    headers = [(b"x-forwarded-for", value.encode()) for value in forwarded]
    client = None if peer is None else (peer, 50000)
    assert address_of({"type": "http", "headers": headers, "client": client}) == address
