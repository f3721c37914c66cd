"""Tabs without a browser: the websocket of each, by hand, so that a thousand of them leave a core to the server."""

import asyncio
import base64
import json
import os
import struct
from collections.abc import Callable
from typing import Any, Self
from uuid import uuid4

_TEXT, _CLOSE, _PING, _PONG = 1, 8, 9, 10
_NAMESPACE = "/_event,"
_EVENT = f"42{_NAMESPACE}"

Heard = Callable[[str], None]


class Tab:
    """One socket. Whatever the server says that is an event goes to `heard` as JSON, unparsed."""

    def __init__(self, port: int, headers: dict[str, str], path: str, heard: Heard) -> None:
        self._port, self._headers, self._heard = port, headers, heard
        self._router = {"pathname": path, "asPath": path}
        self.closed = asyncio.Event()

    async def open(self) -> Self:
        """Connect and say that the page is there. Raises OSError when the server refuses."""
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        head = [
            f"GET /_event/?EIO=4&transport=websocket&token={uuid4()} HTTP/1.1",
            f"Host: localhost:{self._port}",
            *("Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"),
            f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}",
            *(f"{name}: {value}" for name, value in self._headers.items()),
        ]
        self._writer.write(("\r\n".join(head) + "\r\n\r\n").encode())
        answer = await self._reader.readuntil(b"\r\n\r\n")
        if not answer.startswith(b"HTTP/1.1 101"):
            raise ConnectionRefusedError(answer.split(b"\r\n", 1)[0].decode())
        hydrate = "reflex___state____state.hydrate_and_load"
        boot = {"event": {"name": hydrate, "router_data": self._router}}
        self._write(_TEXT, f"40{_NAMESPACE}{json.dumps(boot)}".encode())
        self._listening = asyncio.create_task(self._listen())
        return self

    def send(self, handler: str, **payload: Any) -> None:
        event = {"name": handler, "payload": payload, "router_data": self._router}
        self._write(_TEXT, f"{_EVENT}{json.dumps(['event', event])}".encode())

    async def close(self) -> None:
        self._writer.close()
        await self.closed.wait()

    async def _listen(self) -> None:
        try:
            while True:
                kind, payload = await self._frame()
                if kind == _CLOSE:
                    break
                if kind == _PING:
                    self._write(_PONG, payload)
                elif payload == b"2":
                    self._write(_TEXT, b"3")
                elif payload.startswith(_EVENT.encode()):
                    self._heard(payload[len(_EVENT) :].decode())
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            self._writer.close()
            self.closed.set()

    async def _frame(self) -> tuple[int, bytes]:
        """A frame of a server, which masks nothing and, here, splits nothing."""
        first, length = await self._reader.readexactly(2)
        if length == 126:
            (length,) = struct.unpack("!H", await self._reader.readexactly(2))
        elif length == 127:
            (length,) = struct.unpack("!Q", await self._reader.readexactly(8))
        return first & 15, await self._reader.readexactly(length)

    def _write(self, kind: int, payload: bytes) -> None:
        """A frame of a client has to be masked; zeros are as good a mask as any."""
        size = len(payload)
        length = bytes([0x80 | size]) if size < 126 else b"\xfe" + struct.pack("!H", size)
        self._writer.write(bytes([0x80 | kind]) + length + bytes(4) + payload)
