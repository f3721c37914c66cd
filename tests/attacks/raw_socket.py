"""A websocket by hand: it sends what it likes, half of it if it likes, and reads only when it is told to."""

import base64
import json
import os
import re
import socket
import struct
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Self
from uuid import uuid4

from tests.browser.conftest import Server
from tests.browser.wire import HYDRATE, NAMESPACE

TEXT, FINAL = 0x1, 0x80


class Refused(Exception):
    """The server did not take the handshake."""


class RawSocket:
    """A connection to the server's websocket. Its place is the address that a proxy would have seen."""

    def __init__(
        self,
        server: Server,
        cookie: str = "",
        *,
        place: str = "203.0.113.1",
        headers: Mapping[str, str] | None = None,
        query: str = "",
        receive_buffer: int = 0,
    ) -> None:
        self.token = str(uuid4())
        self._socket = socket.socket()
        if receive_buffer:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self._socket.settimeout(10)
        self._socket.connect((server.host, server.port))
        sent = {
            "Host": f"localhost:{server.port}",
            "Origin": server.address,
            "Connection": "Upgrade",
            "Upgrade": "websocket",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(),
            "X-Forwarded-For": place,
            **(headers or {}),
        }
        if cookie:
            sent["Cookie"] = f"dashboard_session={cookie}"
        query = f"EIO=4&transport=websocket&token={self.token}{query}"
        lines = [f"GET /_event/?{query} HTTP/1.1", *(f"{k}: {v}" for k, v in sent.items())]
        self._socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        answer = b""
        while b"\r\n\r\n" not in answer:
            try:
                piece = self._socket.recv(4096)
            except OSError:
                piece = b""
            if not piece:
                break
            answer += piece
        if b" 101 " not in answer.partition(b"\r\n")[0]:
            self.close()
            raise Refused(answer.partition(b"\r\n")[0].decode())
        self._heard = answer.partition(b"\r\n\r\n")[2]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def begin(self, path: str = "/dashboard", **router: Any) -> Self:
        """Say what a page says first."""
        place = {"pathname": path, "asPath": path, **router}
        self.send(f"40{NAMESPACE}{json.dumps({'event': {'name': HYDRATE, 'router_data': place}})}")
        return self

    def event(self, name: str, router: Mapping[str, Any] | None = None, **payload: Any) -> None:
        place = router or {"pathname": "/dashboard", "asPath": "/dashboard"}
        said = ["event", {"name": name, "payload": payload, "router_data": place}]
        self.send(f"42{NAMESPACE}{json.dumps(said)}")

    def send(self, text: str) -> None:
        self.send_bytes(self.frame(text))

    def send_bytes(self, some: bytes) -> None:
        """As they are: whole frames, or parts of one."""
        self._socket.sendall(some)

    def wait_for(self, words: str) -> str:
        """Read until the server has said something; ConnectionError when it has closed before."""
        while words.encode() not in self._heard:
            piece = self._socket.recv(65536)
            if not piece:
                raise ConnectionError("The server closed the socket.")
            self._heard += piece
        heard, self._heard = self._heard, b""
        return heard.decode(errors="replace")

    def load_id(self) -> str:
        """Wait for the list, and say which loading of it that was."""
        heard = self.wait_for("load_id")
        while not (found := re.search(r'"load_id[^"]*":"([0-9a-f]+)"', heard)):
            heard += self.wait_for("load_id")
        return found[1]

    def is_closed(self, seconds: float = 10) -> bool:
        """Whether the server closes it, or has closed it, within so long."""
        self._socket.settimeout(seconds)
        try:
            while piece := self._socket.recv(65536):
                # The close frame comes first, and some servers wait for ours.
                if piece[0] == 0x88:
                    return True
        except TimeoutError:
            return False
        except OSError:
            pass
        return True

    def leave(self) -> None:
        """Say nothing more, and read on until the server closes it."""
        self._socket.shutdown(socket.SHUT_WR)
        assert self.is_closed()

    def close(self) -> None:
        """At once: where there is something to read yet, what the server has not read is lost with the connection."""
        with suppress(OSError):
            self._socket.close()

    @staticmethod
    def frame(text: str, *, announced: int | None = None, kind: int = FINAL | TEXT) -> bytes:
        """Masked with zeros. It may announce more than there is of it."""
        body = text.encode()
        length = len(body) if announced is None else announced
        if length < 126:
            head = struct.pack("!BB", kind, 0x80 | length)
        elif length < 65536:
            head = struct.pack("!BBH", kind, 0x80 | 126, length)
        else:
            head = struct.pack("!BBQ", kind, 0x80 | 127, length)
        return head + bytes(4) + body
