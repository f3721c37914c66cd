"""Turns any error below it into an answer: a sentence, in the form that was asked for."""

import logging

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.config import get_settings
from dashboard.errors import DashboardError, Unavailable
from dashboard.web.headers import headed, security_headers
from dashboard.web.problems import refusal

logger = logging.getLogger(__name__)


class ErrorMiddleware:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._headers = security_headers(get_settings())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer = _Answer(send)
        try:
            await self._app(scope, receive, answer.send)
        except Exception:
            # Part of an answer cannot be taken back; without its end, it is not taken for the whole.
            if answer.has_begun:
                raise
            logger.exception("A request failed.")
            answer.failed_with = answer.failed_with or DashboardError.status
        if answer.failed_with:
            error = Unavailable() if answer.failed_with == Unavailable.status else DashboardError()
            send = headed(scope, send, list(self._headers))
            await refusal(scope, error)(scope, receive, send)


class _Answer:
    """Passes an answer on, unless all that it says is that something failed."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.has_begun = False
        self.failed_with = 0
        """The status of an answer that was held back."""

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            if _says_nothing(message):
                self.failed_with = message["status"]
            else:
                self.has_begun = True
        if self.has_begun:
            await self._send(message)


def _says_nothing(message: Message) -> bool:
    types = [value for name, value in message["headers"] if name.lower() == b"content-type"]
    return message["status"] >= 500 and all(kind.startswith(b"text/plain") for kind in types)
