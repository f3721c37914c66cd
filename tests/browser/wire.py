"""A tab spoken by hand: the frames that a browser exchanges with the server, with nothing that keeps to the rules."""

import json
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from types import SimpleNamespace
from typing import Any, Self
from urllib.parse import urlencode
from uuid import uuid4

from simple_websocket import Client, ConnectionClosed, ws
from uuid_utils.compat import uuid7

from tests.browser.conftest import Server

LIST = (
    "reflex___state____state.dashboard___state___session____session_state"
    ".dashboard___state___lists____lists_state.dashboard___state___tasks____task_list_state"
)
HYDRATE = "reflex___state____state.hydrate_and_load"
NAMESPACE = "/_event,"

# The client tries the first address only, which for localhost is ::1 on many machines, where no server listens.
_on_ipv4 = partial(socket.getaddrinfo, family=socket.AF_INET)
ws.socket = SimpleNamespace(**vars(socket) | {"getaddrinfo": _on_ipv4})  # pyright: ignore[reportAttributeAccessIssue]


def connect(server: Server, cookie: str = "", query: str = "", **headers: str) -> Client:
    """A socket that has not said anything yet. Raises simple_websocket.ConnectionError when it is refused."""
    query = query or urlencode({"EIO": 4, "transport": "websocket", "token": str(uuid4())})
    sent: Any = {"Origin": server.address, **headers}
    if cookie:
        sent["Cookie"] = f"dashboard_session={cookie}"
    address = f"{server.address.replace('http', 'ws')}/_event/?{query}"
    return Client.connect(address, headers=sent)


class Wire:
    """A socket with a cookie, or without one. `frames` is all that the server said, `said` what that comes to."""

    def __init__(
        self, server: Server, cookie: str = "", *, token: str = "", path: str = "/dashboard"
    ) -> None:
        self.frames: list[str] = []
        self.said: dict[str, Any] = {}
        self.token = token or str(uuid4())
        self._router = {"pathname": path, "asPath": path}
        query = urlencode({"EIO": 4, "transport": "websocket", "token": self.token})
        self._socket = connect(server, cookie, query)
        boot = {"event": {"name": HYDRATE, "router_data": self._router}}
        self._socket.send(f"40{NAMESPACE}{json.dumps(boot)}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def local_port(self) -> int:
        """Its end of the connection."""
        assert self._socket.sock is not None
        return self._socket.sock.getsockname()[1]

    def close(self) -> None:
        with suppress(ConnectionClosed):
            self._socket.close()

    def wait_for_its_end(self, seconds: float) -> int:
        """Listen until the server closes it. Returns the code that it gives as the reason."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                self._socket.receive(timeout=0.2)
            except ConnectionClosed as closed:
                return int(closed.reason or 0)
        raise TimeoutError("The socket is still open.")

    def loaded(self) -> Self:
        self.until(lambda: self.said.get("load_id"))
        return self

    def send(self, handler: str, **payload: Any) -> None:
        """Call a handler of the list, or one by its full name."""
        name = handler if "." in handler else f"{LIST}.{handler}"
        event = {"name": name, "payload": payload, "router_data": self._router}
        self._socket.send(f"42{NAMESPACE}{json.dumps(['event', event])}")

    def perform(self, kind: str, task_id: Any, **gesture: Any) -> dict[str, Any]:
        """Send a gesture as the browser does, or with something forged in it, and wait for its answer.

        What has no answer is sent again after a loading, as one is when something happened before the tab listens.
        """
        wish = {"nonce": str(uuid7()), "kind": kind, "id": str(task_id), "fields": {}, **gesture}
        while True:
            load_id = self.said["load_id"]
            self.send("perform", gesture={"load_id": load_id, **wish})
            self.until(partial(self._is_over, wish["nonce"], load_id))
            if answer := self._answer_to(wish["nonce"]):
                return answer

    def _is_over(self, nonce: str, load_id: str) -> bool:
        return bool(self._answer_to(nonce)) or self.said["load_id"] != load_id

    def _answer_to(self, nonce: str) -> dict[str, Any] | None:
        return next((each for each in self.said["changes"] if each.get("nonce") == nonce), None)

    def until(self, happened: Callable[[], Any], seconds: float = 10) -> None:
        """Listen until something was said."""
        while not happened():
            if not self._hear(seconds):
                raise TimeoutError(f"The server said no more than {self.frames[-3:]}.")

    def listen(self, seconds: float) -> None:
        """Listen until nothing was said for a while."""
        while self._hear(seconds):
            pass

    def _hear(self, seconds: float) -> bool:
        try:
            frame = self._socket.receive(timeout=seconds)
        except ConnectionClosed:
            return False
        if frame is None:
            return False
        if frame == "2":
            self._socket.send("3")
            return True
        self.frames.append(str(frame))
        if str(frame).startswith(f"42{NAMESPACE}"):
            name, *rest = json.loads(str(frame).removeprefix(f"42{NAMESPACE}"))
            if name == "event":
                self._take(rest[0])
        return True

    def _take(self, update: dict[str, Any]) -> None:
        for delta in (update.get("delta") or {}).values():
            self.said |= {name.removesuffix("_rx_state_"): value for name, value in delta.items()}
