"""Headers that every response carries: what a browser may do with it, and how long it may keep it."""

from collections.abc import Callable, Mapping

from starlette.types import Message, Scope, Send

from dashboard.config import Settings
from dashboard.web.content_policy import NOTHING
from dashboard.web.problems import is_api

RawHeaders = list[tuple[bytes, bytes]]

_YEAR = 365 * 24 * 3600
# Features that Cairn does not use are off, so that an injected script cannot use them either.
_SWITCHED_OFF = (
    "accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "hid",
    "microphone", "midi", "payment", "serial", "usb", "xr-spatial-tracking",
)  # fmt: skip

_PARTS = (b"text/javascript", b"text/css", b"image/png")
_FOR_DOCUMENTS = (
    b"x-frame-options", b"referrer-policy", b"cross-origin-opener-policy", b"permissions-policy", b"accept-ranges",
)  # fmt: skip
"""Headers that a browser reads on documents alone, and one that none of our files needs."""
_TO_ASK_AGAIN = (b"etag", b"last-modified")


def security_headers(settings: Settings) -> RawHeaders:
    """Those that are the same for every response."""
    headers = {
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": ", ".join(f"{feature}=()" for feature in _SWITCHED_OFF),
    }
    if settings.is_https:
        headers["strict-transport-security"] = f"max-age={_YEAR}"
    return [(name.encode(), value.encode()) for name, value in headers.items()]


def cache_control(path: str, status: int) -> bytes:
    """How long a browser may keep what it got from a path."""
    if is_api(path) or status >= 400:
        return b"no-store"
    if _is_hashed(path):
        return f"public, max-age={_YEAR}, immutable".encode()
    return b"no-cache"


def _is_hashed(path: str) -> bool:
    """Whether the name of a file has a hash of its content."""
    return path.startswith("/assets/") or path.endswith(".woff2")


def headed(
    scope: Scope, send: Send, added: RawHeaders, policy_of: Callable[[str], str] = lambda _: NOTHING
) -> Send:
    """A `send` that gives the response what is in `added` by then.

    Where they are missing it gets a Cache-Control and a Content-Security-Policy, too: a page that of its path. A file
    that no browser opens as a document has none of what is for documents.
    """

    async def send_headed(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = [*message.get("headers", ()), *added]
            known = {name.lower(): value for name, value in headers}
            if b"cache-control" not in known:
                kept = cache_control(scope["path"], message["status"])
                headers.append((b"cache-control", kept))
            if _is_part_of_a_page(known):
                needless = _FOR_DOCUMENTS + (_TO_ASK_AGAIN if _is_hashed(scope["path"]) else ())
                headers = [each for each in headers if each[0].lower() not in needless]
            elif b"content-security-policy" not in known:
                path = scope["path"]
                policy = policy_of(path) if _is_page(path, known) else NOTHING
                headers.append((b"content-security-policy", policy.encode()))
            message = {**message, "headers": headers}
        await send(message)

    return send_headed


def _is_part_of_a_page(headers: Mapping[bytes, bytes]) -> bool:
    """Whether a response is a script, a style, a font or a picture of points: it runs and frames nothing by itself."""
    kind = headers.get(b"content-type", b"").partition(b";")[0]
    return kind in _PARTS or kind.startswith(b"font/")


def _is_page(path: str, headers: Mapping[bytes, bytes]) -> bool:
    # "Not modified" has no type, and its headers take the place of those that the browser has kept.
    kind = headers.get(b"content-type")
    return "." not in path if kind is None else kind.startswith(b"text/html")
