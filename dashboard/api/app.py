"""The API as one application, and its place in front of Reflex."""

from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard import __version__
from dashboard.api import (
    accounts,
    activity,
    api_tokens,
    email_addresses,
    filters,
    health,
    labels,
    lists,
    passwords,
    profiles,
    quick_add,
    reference,
    repeats,
    sections,
    sessions,
    tasks,
)
from dashboard.errors import DashboardError
from dashboard.web.problems import answer_error, answer_invalid_input, answer_no_route, is_api
from dashboard.web.request_log import NOTES

_ROUTERS = (
    tasks.router,
    activity.router,
    lists.router,
    labels.router,
    filters.router,
    sections.router,
    quick_add.router,
    repeats.router,
    sessions.router,
    passwords.router,
    api_tokens.router,
    profiles.router,
    email_addresses.router,
    email_addresses.open_router,
    accounts.router,
    health.router,
    health.monitor,
    reference.router,
)
_ERROR_HANDLERS: dict[Any, Any] = {
    DashboardError: answer_error,
    RequestValidationError: answer_invalid_input,
    HTTPException: answer_no_route,
}


def mount_api(reflex: ASGIApp) -> ASGIApp:
    """The whole program: the API answers its own addresses, also those that it does not have, Reflex all others."""
    api = create_api()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        ours = scope["type"] == "http" and is_api(scope["path"])
        await (api if ours else reflex)(scope, receive, send)
        if ours and NOTES in scope and "route" in scope:
            scope[NOTES]["route"] = scope["route"].path

    return app


def create_api() -> FastAPI:
    """Every route, and one way to say what went wrong."""
    api = FastAPI(
        title="Cairn",
        version=__version__,
        openapi_url=None,
        # A redirect to the address with another slash would repeat the Host that the client sent.
        redirect_slashes=False,
        exception_handlers=_ERROR_HANDLERS,
        # Level 1 makes a list a sixth of its size; higher ones take twice as long for little more.
        middleware=[
            Middleware(HeadAsGet),
            Middleware(GZipMiddleware, minimum_size=1000, compresslevel=1),
        ],
    )
    for router in _ROUTERS:
        # Not include_router, with which FastAPI looks a route up twice for each request.
        api.router.routes.extend(router.routes)
    return api


class HeadAsGet:
    """Answers HEAD wherever there is a GET: the same headers, and no body."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def send_head(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self._app({**scope, "method": "GET"}, receive, send_head)
