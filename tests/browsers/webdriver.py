"""Browsers as people have them, in windows and with real pointer events: WebDriver, the same commands for all three.

Chromium and WebKit have a driver of their own that speaks HTTP. Firefox understands the same commands over a socket
(Marionette), without a driver between.
"""

import base64
import contextlib
import json
import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.browser.conftest import free_port

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
"""The key under which WebDriver gives the id of an element."""
WITHIN = 20
"""Seconds that something may take to appear."""

# name → the request of a driver that speaks HTTP; `{id}` is an element's
_REQUESTS = {
    "NewSession": ("POST", ""),
    "Navigate": ("POST", "/url"),
    "SetWindowRect": ("POST", "/window/rect"),
    "FindElements": ("POST", "/elements"),
    "GetComputedLabel": ("GET", "/element/{id}/computedlabel"),
    "PerformActions": ("POST", "/actions"),
    "ExecuteScript": ("POST", "/execute/sync"),
    "TakeScreenshot": ("GET", "/screenshot"),
    "DeleteSession": ("DELETE", ""),
}
_SHIFT, _CONTROL = "\ue008", "\ue009"
KEYS = {"Enter": "\ue007", "Tab": "\ue004", "Escape": "\ue00c", "Control": _CONTROL}

# What may have a role, so that only these are asked for their names.
_MAY_BE = {
    "button": "button, summary",
    "checkbox": "input[type=checkbox]",
    "dialog": "dialog[open]",
    "link": "a[href]",
    "listitem": "li",
    "searchbox": "input[type=search]",
    "textbox": "input:not([type=checkbox], [type=radio]), textarea",
}

_VISIBLE = (
    "return [...document.querySelectorAll(arguments[0])].filter((it) => it.checkVisibility())"
)
_MOVES = """document.getAnimations().some(({ playState, effect }) =>
    playState === "running" && !effect.pseudoElement && effect.target.contains(it))"""

Send = Callable[[str, dict[str, Any]], Any]


class NotFound(AssertionError):
    pass


@dataclass(frozen=True)
class Element:
    tab: "Tab"
    id: str

    @property
    def name(self) -> str:
        """The accessible name, as the browser computes it."""
        return self.tab.send("GetComputedLabel", {"id": self.id})

    def run(self, expression: str) -> Any:
        """What an expression of JavaScript about `it` gives."""
        reference = {ELEMENT: self.id}
        return self.tab.run(f"const it = arguments[0]; return {expression}", reference)

    def hover(self) -> None:
        self._come_to_rest()
        self.tab.point_at(self)

    def click(self, *, right_of_middle: float = 0) -> None:
        """As a hand does it: where the element is drawn, whatever lies over it there."""
        self._come_to_rest()
        self.tab.point_at(self, right_of_middle, press=True)

    def type(self, text: str) -> None:
        self.click()
        self.tab.press(*text)

    def _come_to_rest(self) -> None:
        self.tab.until(lambda: not self.run(_MOVES), "an element at rest")


class Tab:
    """The one window of a browser."""

    def __init__(self, send: Send) -> None:
        self.send = send

    def open(self, address: str) -> None:
        self.send("Navigate", {"url": address})

    def resize(self, width: int, height: int) -> None:
        self.send("SetWindowRect", {"width": width, "height": height})

    def run(self, script: str, *arguments: Any) -> Any:
        # Without a sandbox, for Firefox, what a script leaves in the page stays there.
        return self.send(
            "ExecuteScript", {"script": script, "args": list(arguments), "sandbox": None}
        )

    def all(self, css: str) -> list[Element]:
        found = self.send("FindElements", {"using": "css selector", "value": css})
        return [Element(self, element[ELEMENT]) for element in found]

    def find(self, role: str, name: str) -> Element | None:
        # In one request: a notice is there for ten seconds, in which a slow driver answers few.
        visible = self.run(_VISIBLE, _MAY_BE[role])
        elements = (Element(self, each[ELEMENT]) for each in visible)
        return next((element for element in elements if element.name == name), None)

    def get(self, role: str, name: str) -> Element:
        """The element of a role and accessible name, as soon as it is there."""
        return self.until(lambda: self.find(role, name), f"{role} “{name}”")

    def gone(self, role: str, name: str) -> None:
        self.until(lambda: not self.find(role, name), f"no {role} “{name}”")

    def says(self, text: str) -> None:
        self.until(lambda: text in (self.run("return document.body?.innerText") or ""), f"“{text}”")

    def until(self, what: Callable[[], Any], name: str) -> Any:
        deadline = time.monotonic() + WITHIN
        while time.monotonic() < deadline:
            # A page may take an element away while it is asked for its name.
            with contextlib.suppress(httpx.HTTPStatusError, LookupError):
                if found := what():
                    return found
            time.sleep(0.02)
        raise NotFound(f"Not there in {WITHIN} seconds: {name}")

    def point_at(self, element: Element, x: float = 0, *, press: bool = False) -> None:
        move = {"type": "pointerMove", "x": int(x), "y": 0, "duration": 0}
        actions: list[dict[str, Any]] = [move | {"origin": {ELEMENT: element.id}}]
        if press:
            actions += [{"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}]
        self._act("pointer", "mouse", actions, parameters={"pointerType": "mouse"})

    def turn_wheel(self, element: Element, by: int) -> None:
        turn = {"type": "scroll", "x": 0, "y": 0, "deltaX": 0, "deltaY": by, "duration": 0}
        self._act("wheel", "wheel", [turn | {"origin": {ELEMENT: element.id}}])

    def press(self, *keys: str) -> None:
        values = [KEYS.get(key, key) for key in keys]
        strokes = [{"type": kind, "value": v} for v in values for kind in ("keyDown", "keyUp")]
        self._act("key", "keyboard", strokes)

    def focused(self) -> Element:
        return Element(self, self.run("return document.activeElement")[ELEMENT])

    def screenshot(self) -> bytes:
        """As PNG."""
        return base64.b64decode(self.send("TakeScreenshot", {}))

    def close(self) -> None:
        self.send("DeleteSession", {})

    def _act(self, kind: str, device: str, actions: list[dict[str, Any]], **rest: Any) -> None:
        source = {"type": kind, "id": device, "actions": actions, **rest}
        self.send("PerformActions", {"actions": [source]})


def over_http(port: int, capabilities: dict[str, Any]) -> Send:
    client = httpx.Client(timeout=60)
    session = f"http://127.0.0.1:{port}/session"

    def send(name: str, arguments: dict[str, Any]) -> Any:
        method, path = _REQUESTS[name]
        path = path.format(id=arguments.get("id", ""))
        body = arguments if method == "POST" else None
        answer = client.request(method, f"{session}{path}", json=body)
        if answer.is_error:
            raise LookupError(f"{name}: {answer.text}")
        return answer.json()["value"]

    _await_port(port)
    made = send("NewSession", {"capabilities": {"alwaysMatch": capabilities}})
    session = f"{session}/{made['sessionId']}"
    return send


def over_marionette(port: int) -> Send:
    _await_port(port)
    connection = socket.create_connection(("127.0.0.1", port))
    stream = connection.makefile("rb")

    def receive() -> Any:
        size = b""
        while (digit := stream.read(1)) != b":":
            size += digit
        return json.loads(stream.read(int(size)))

    def send(name: str, arguments: dict[str, Any]) -> Any:
        message = json.dumps([0, 1, f"WebDriver:{name}", arguments]).encode()
        connection.sendall(b"%d:%b" % (len(message), message))
        _, _, error, result = receive()
        if error:
            raise LookupError(f"{name}: {error}")
        return result["value"] if isinstance(result, dict) and "value" in result else result

    receive()  # it greets
    send("NewSession", {})
    return send


def _await_port(port: int) -> None:
    deadline = time.monotonic() + WITHIN
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port)).close()
            return
        time.sleep(0.05)
    raise TimeoutError(f"Nothing listens on port {port}.")


@contextlib.contextmanager
def chromium(folder: Path) -> Iterator[Tab]:
    """With its window, since without one it draws no scrollbars."""
    port = free_port()
    options = {
        "args": ["--no-sandbox", f"--user-data-dir={folder}", "--disable-background-networking"]
    }
    with _running(["chromedriver", f"--port={port}"], folder):
        yield from _session(over_http(port, {"goog:chromeOptions": options}))


@contextlib.contextmanager
def firefox(folder: Path) -> Iterator[Tab]:
    port = free_port()
    quiet = {
        "marionette.port": port,
        "browser.shell.checkDefaultBrowser": False,
        "datareporting.policy.dataSubmissionEnabled": False,
    }
    preferences = "".join(
        f"user_pref({json.dumps(k)}, {json.dumps(v)});\n" for k, v in quiet.items()
    )
    (folder / "user.js").write_text(preferences)
    command = [
        os.environ.get("FIREFOX_PATH", "firefox-esr"),
        "--marionette",
        "--profile",
        str(folder),
    ]
    with _running(command, folder):
        yield from _session(over_marionette(port))


@contextlib.contextmanager
def webkit(folder: Path) -> Iterator[Tab]:
    """WebKitGTK, the nearest to Safari that runs here."""
    port = free_port()
    with _running(["WebKitWebDriver", f"--port={port}"], folder):
        yield from _session(over_http(port, {}))


BROWSERS = {"chromium": chromium, "firefox": firefox, "webkit": webkit}


def _session(send: Send) -> Iterator[Tab]:
    tab = Tab(send)
    try:
        yield tab
    finally:
        tab.close()


@contextlib.contextmanager
def _running(command: list[str], folder: Path) -> Iterator[None]:
    with (folder / "driver.log").open("ab") as log:
        # HOME, so that no browser of the person who runs this is touched.
        environment = {**os.environ, "HOME": str(folder)}
        process = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
        try:
            yield
        finally:
            process.terminate()
            process.wait(timeout=60)
