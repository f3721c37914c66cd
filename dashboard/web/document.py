"""The document of a page of tasks, with what the page says first written into it as data."""

import zlib
from functools import lru_cache
from typing import Any

from starlette.datastructures import Headers
from starlette.types import Message, Scope, Send

from dashboard.reflex_adapter.front_end import ONE_OF_ALL
from dashboard.state.first_page import FirstPage
from dashboard.state.task_address import place_at
from dashboard.web.first_rows import with_rows

_OF_FILES = (b"accept-encoding", b"if-none-match", b"if-modified-since", b"range", b"if-range")
"""Headers that ask for less than the whole of a file, or for it packed."""
_NO_LONGER_TRUE = (b"content-length", b"etag", b"last-modified", b"cache-control", b"accept-ranges")
_END = "</body>"
_GZIP = 31
"""The window of zlib that stands for gzip."""
_DEFAULT_LEVEL = 6


def file_of(path: str) -> str:
    """Where the document of a page lies: that of one list is built for all of them."""
    place = place_at(path)
    if place.key:
        return f"/{place.kind}/{ONE_OF_ALL}/"
    # Without the slash the browser is sent on to the address with one, at whatever host the request named.
    return path if "." in path else path.rstrip("/") + "/"


def asked_for_whole(scope: Scope) -> Scope:
    """A request for a file, as one for all of it as it was built."""
    kept = [header for header in scope["headers"] if header[0].lower() not in _OF_FILES]
    # Without extensions the server is given what is in the file, and not its name.
    return {**scope, "headers": kept, "extensions": {}}


def with_first_page(scope: Scope, send: Send, told: FirstPage) -> Send:
    """A `send` that writes what is told first into a page; other answers it hands on."""
    start: Message | None = None
    page = bytearray()

    async def send_with_data(message: Message) -> None:
        nonlocal start
        if message["type"] == "http.response.start" and _is_page(message):
            start = message
        elif start is None:
            await send(message)
        else:
            page.extend(message.get("body", b""))
            if not message.get("more_body", False):
                body, packed = _filled(bytes(page), told, is_packed=_takes_gzip(scope))
                await send({**start, "headers": _headers(start, len(body), packed)})
                await send({"type": "http.response.body", "body": body})

    return send_with_data


def _is_page(start: Message) -> bool:
    kind = Headers(raw=list(start["headers"])).get("content-type", "")
    return start["status"] == 200 and kind.startswith("text/html")


def _takes_gzip(scope: Scope) -> bool:
    return "gzip" in Headers(scope=scope).get("accept-encoding", "")


def _headers(start: Message, length: int, packed: list[tuple[bytes, bytes]]) -> Any:
    kept = [header for header in start["headers"] if header[0].lower() not in _NO_LONGER_TRUE]
    # What is in it is one person's, and true for a moment.
    kept.append((b"cache-control", b"private, no-store"))
    return [*kept, (b"content-length", str(length).encode()), *packed]


def _filled(
    page: bytes, told: FirstPage, *, is_packed: bool
) -> tuple[bytes, list[tuple[bytes, bytes]]]:
    built, end, after = page.decode().rpartition(_END)
    same, drawn = with_rows(built, told.groups)
    block = f'<script type="application/json" id="first-page">{told.data}</script>'
    before, rest = same.encode(), f"{drawn}{block}{end}{after}".encode()
    if not is_packed:
        return before + rest, []
    packed, packer = _begun(before)
    packer = packer.copy()
    body = packed + packer.compress(rest) + packer.flush()
    return body, [(b"content-encoding", b"gzip")]


@lru_cache(maxsize=32)
def _begun(before: bytes) -> tuple[bytes, Any]:
    """What every document of a page begins with, packed once, and the packer that goes on from there."""
    packer = zlib.compressobj(_DEFAULT_LEVEL, zlib.DEFLATED, _GZIP)
    return packer.compress(before), packer
