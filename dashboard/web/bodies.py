"""Bodies of requests: read whole before anything else happens, and neither large, nor slow, nor of many parts."""

import asyncio
from typing import Any

from starlette.datastructures import Headers
from starlette.types import Message, Receive, Scope

from dashboard.errors import BodyTooLarge, FieldError, InvalidInput, RequestTimedOut

LARGEST_BODY = 8 * 1024
LARGEST_OF_TASKS = 256 * 1024
"""A description has 10,000 characters, and JSON may take twelve bytes for one."""
SLOWEST_BODY_SECONDS = 10.0
MOST_FIELDS, MOST_VALUES = 50, 2000
"""In an object, and in all. Each one that is wrong costs more to be told of than to be sent."""
BODILESS = ("GET", "HEAD", "OPTIONS")


def largest_body(path: str) -> int:
    """How many bytes the body of a request to this path may have."""
    return LARGEST_OF_TASKS if f"{path}/".startswith("/api/tasks/") else LARGEST_BODY


def expected_size(scope: Scope) -> int:
    """How many bytes of a body a request says it has; where it does not say, as many as it may have."""
    headers = Headers(raw=scope["headers"])
    announced = headers.get("content-length", "")
    if announced.isdecimal():
        return int(announced)
    is_open = "transfer-encoding" in headers or scope.get("http_version", "1.1") >= "2"
    return largest_body(scope["path"]) if is_open else 0


async def with_whole_body(scope: Scope, receive: Receive) -> Receive:
    """A `receive` that hands out the whole body at once. Raises BodyTooLarge and RequestTimedOut."""
    headers = Headers(raw=scope["headers"])
    largest, announced = largest_body(scope["path"]), headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > largest:
        raise BodyTooLarge
    if scope["method"] in BODILESS and not (announced or "transfer-encoding" in headers):
        return receive
    try:
        async with asyncio.timeout(SLOWEST_BODY_SECONDS):
            body = await _read(receive, largest)
    except TimeoutError:
        raise RequestTimedOut from None
    return _replay(body, receive)


def require_few_parts(content: Any) -> None:
    """Raises InvalidInput for JSON that no client of ours sends: each of its parts would be looked at and told of."""
    seen, waiting = 0, [content]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            if len(each) > MOST_FIELDS:
                raise InvalidInput(
                    FieldError("", f"Send at most {MOST_FIELDS} fields in an object.")
                )
            waiting.extend(each.values())
        elif isinstance(each, list):
            seen += len(each)
            if seen > MOST_VALUES:
                raise InvalidInput(FieldError("", f"Send at most {MOST_VALUES:,} values."))
            waiting.extend(each)
        seen += 1


async def departure(receive: Receive) -> None:
    """Wait until the client of a request whose body was read goes away."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def _read(receive: Receive, largest: int) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            # The client has gone; a body that was cut off must not pass for a whole one.
            raise RequestTimedOut
        body += message.get("body", b"")
        if len(body) > largest:
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
