"""Bodies of requests: read whole before anything else happens, and neither large nor slow."""

import asyncio

from starlette.datastructures import Headers
from starlette.types import Message, Receive, Scope

from dashboard.errors import BodyTooLarge, RequestTimedOut

LARGEST_BODY = 256 * 1024
SLOWEST_BODY_SECONDS = 10.0


async def with_whole_body(scope: Scope, receive: Receive) -> Receive:
    """A `receive` that hands out the whole body at once. Raises BodyTooLarge and RequestTimedOut."""
    headers = Headers(raw=scope["headers"])
    announced = headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > LARGEST_BODY:
        raise BodyTooLarge
    if scope["method"] in ("GET", "HEAD", "OPTIONS") and not (
        announced or "transfer-encoding" in headers
    ):
        return receive
    try:
        async with asyncio.timeout(SLOWEST_BODY_SECONDS):
            body = await _read(receive)
    except TimeoutError:
        raise RequestTimedOut from None
    return _replay(body, receive)


async def _read(receive: Receive) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            # Nobody waits for the answer; a body that was cut off must not pass for a whole one.
            raise RequestTimedOut
        body += message.get("body", b"")
        if len(body) > LARGEST_BODY:
            raise BodyTooLarge
        if not message.get("more_body", False):
            return bytes(body)


def _replay(body: bytes, receive: Receive) -> Receive:
    told = False

    async def replay() -> Message:
        nonlocal told
        if told:
            return await receive()
        told = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay
