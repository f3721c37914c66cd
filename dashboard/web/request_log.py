"""What is known of each request: an id, which the answer and the log carry, a line in the log, and its time."""

import logging
import re
import secrets
from time import perf_counter
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.config import get_settings
from dashboard.logging import request_id
from dashboard.metrics import get_metrics
from dashboard.web.problems import is_api

NOTES = "dashboard.notes"
"""Where the scope has what is found out about a request on its way: `route`, the address with its names for ids."""

_HEADER = b"x-request-id"
_ID = re.compile(rb"[\w.-]{8,64}", re.ASCII)
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")

logger = logging.getLogger(__name__)


class RequestLog:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        # Who stands in front and is ours may have given it one.
        self._takes_ids = get_settings().trusted_proxy_hops > 0
        self._metrics = get_metrics()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        own = self._id_of(scope)
        notes: dict[str, Any] = {"status": 500}

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                notes["status"] = message["status"]
                headers = [*message.get("headers", ()), (_HEADER, own)]
                message = {**message, "headers": headers}
            await send(message)

        told = request_id.set(own.decode())
        start = perf_counter()
        try:
            await self._app({**scope, NOTES: notes}, receive, send_with_id)
        finally:
            self._note(scope, notes, perf_counter() - start)
            request_id.reset(told)

    def _id_of(self, scope: Scope) -> bytes:
        if self._takes_ids:
            given = [value for name, value in scope["headers"] if name == _HEADER]
            if len(given) == 1 and _ID.fullmatch(given[0]):
                return given[0]
        return secrets.token_hex(8).encode()

    def _note(self, scope: Scope, notes: dict[str, Any], seconds: float) -> None:
        wants_line = logger.isEnabledFor(logging.INFO)
        if self._metrics is None and not wants_line:
            return
        method = scope["method"] if scope["method"] in _METHODS else "other"
        route, status = notes.get("route") or _kind_of(scope["path"]), notes["status"]
        if self._metrics is not None:
            self._metrics.requests.labels(method, route, status).observe(seconds)
        if wants_line:
            milliseconds = round(seconds * 1000, 1)
            fields = {
                "method": method,
                "route": route,
                "status": status,
                "milliseconds": milliseconds,
            }
            words = (method, route, status, milliseconds)
            logger.info("%s %s %d in %s ms", *words, extra={"fields": fields})


def _kind_of(path: str) -> str:
    """What stands for an address that is no route: there are any number of them, and some say too much."""
    if is_api(path):
        return "no route"
    return "a file" if "." in path.rpartition("/")[2] else "a page"
