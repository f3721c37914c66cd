"""Where a request comes from."""

from ipaddress import IPv6Address, ip_address

from starlette.datastructures import Headers
from starlette.types import Scope

from dashboard.config import get_settings


def address_of(scope: Scope) -> str:
    """The peer, or the one that our own proxies in front saw: each adds the address that called it.

    Empty when that is no address, as with a socket in the file system.
    """
    peer = scope["client"][0] if scope.get("client") else ""
    forwarded = Headers(raw=scope["headers"]).getlist("x-forwarded-for")
    seen = ",".join([*forwarded, peer]).split(",")
    hops = get_settings().trusted_proxy_hops
    try:
        address = ip_address(seen[-1 - hops].strip())
    except (IndexError, ValueError):
        return ""
    # A socket of both kinds has IPv4 inside of IPv6.
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return str(mapped or address)
