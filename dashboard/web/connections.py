"""What the kernel knows of a connection and the server does not tell: how much has arrived on it.

A message reaches us when it is whole. What there is of it until then is in the server's memory, up to 64 MB, and the
server has no setting for that; so TCP itself is asked. On Linux alone: elsewhere nothing is found here.
"""

import os
import socket
import struct
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

Peer = tuple[str, int]
"""The other end: address and port."""

_OPEN_FILES = Path("/proc/self/fd")
_TCP_INFO, _BYTES_RECEIVED = 11, 128
"""The option, and where in its answer (`struct tcp_info`) the bytes are that have arrived so far, a 64-bit number."""


def find_connections() -> Mapping[Peer, int]:
    """The open TCP connections of this process, as file descriptors."""
    found: dict[Peer, int] = {}
    if not sys.platform.startswith("linux"):
        return found
    for name in os.listdir(_OPEN_FILES):  # noqa: PTH208 - half of the time, with a thousand of them
        # Of other threads: it may be closed, or be something else by now.
        with suppress(OSError, ValueError), _borrowed(int(name)) as connection:
            found[_peer(connection.getpeername())] = connection.fileno()
    return found


def bytes_received(descriptor: int, peer: Peer) -> int | None:
    """How much has arrived, or None when this is not the connection to that peer any more."""
    with suppress(OSError, ValueError), _borrowed(descriptor) as connection:
        if _peer(connection.getpeername()) == peer:
            info = connection.getsockopt(socket.IPPROTO_TCP, _TCP_INFO, _BYTES_RECEIVED + 8)
            return struct.unpack_from("Q", info, _BYTES_RECEIVED)[0]
    return None


def cut(descriptor: int, peer: Peer) -> None:
    """End the connection to that peer, whatever is under way on it; the server frees what it holds of it."""
    with suppress(OSError, ValueError), _borrowed(descriptor) as connection:
        if _peer(connection.getpeername()) == peer:
            connection.shutdown(socket.SHUT_RDWR)


class Arrivals:
    """How much of a message has arrived that is not whole; `client` is what ASGI calls so."""

    def __init__(self, client: Sequence[Any] | None) -> None:
        self._peer = _peer(client) if client else None
        self._descriptor: int | None = None
        self._whole_at, self._arrived_then = 0.0, 0

    def is_unknown(self) -> bool:
        """Whether it has to be found yet."""
        return self._peer is not None and self._descriptor is None

    def find(self, connections: Mapping[Peer, int]) -> None:
        """Find it among the connections of this process."""
        self._descriptor = connections.get(self._peer) if self._peer else None

    def unfinished(self, whole_at: float) -> int:
        """Bytes since the last message, which came whole at that moment."""
        if self._peer is None or self._descriptor is None:
            return 0
        arrived = bytes_received(self._descriptor, self._peer)
        if arrived is None:
            return 0
        if whole_at != self._whole_at:
            self._whole_at, self._arrived_then = whole_at, arrived
        return arrived - self._arrived_then

    def cut(self) -> None:
        """End the connection."""
        if self._peer is not None and self._descriptor is not None:
            cut(self._descriptor, self._peer)


def _peer(address: Sequence[Any]) -> Peer:
    """An address as both the kernel and Granian, which says ports in letters, mean it."""
    host, port, *_ = address
    return host.removeprefix("::ffff:").partition("%")[0], int(port)


@contextmanager
def _borrowed(descriptor: int) -> Iterator[socket.socket]:
    """A socket that somebody else closes. Raises OSError when it is none."""
    connection = socket.socket(fileno=descriptor)
    try:
        yield connection
    finally:
        connection.detach()
