"""Headers that every response carries: what a browser may do with it, and how long it may keep it."""

from starlette.types import Message, Scope, Send

from dashboard.api.problems import is_api
from dashboard.config import Settings

RawHeaders = list[tuple[bytes, bytes]]

_YEAR = 365 * 24 * 3600
# What nobody here asks for is off for scripts that should not be here, too.
_SWITCHED_OFF = (
    "accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "hid",
    "microphone", "midi", "payment", "serial", "usb", "xr-spatial-tracking",
)  # fmt: skip


def security_headers(settings: Settings) -> RawHeaders:
    """Those that are the same for every response. The CSP of the pages will be computed here, at start."""
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
    # The build puts a hash of its content into the name of each file there.
    if path.startswith("/assets/"):
        return f"public, max-age={_YEAR}, immutable".encode()
    return b"no-cache"


def headed(scope: Scope, send: Send, added: RawHeaders) -> Send:
    """A `send` that gives the response what is in `added` by then, and a Cache-Control unless it has one."""

    async def send_headed(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = [*message.get("headers", ()), *added]
            if not any(name.lower() == b"cache-control" for name, _ in headers):
                kept = cache_control(scope["path"], message["status"])
                headers.append((b"cache-control", kept))
            message = {**message, "headers": headers}
        await send(message)

    return send_headed
