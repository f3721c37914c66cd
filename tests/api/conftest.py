"""The whole of what HTTP meets: the gate, the API, and a stand-in for Reflex behind them.

`nobody`, `ana_client` and `bob_client` are clients as careful as a script has to be: they send their origin. Every
answer that any of them gets has to be one that the OpenAPI document announces.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from functools import cache
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import Connection, event
from sqlalchemy.exc import OperationalError
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.api import app as api_app
from dashboard.api.app import create_api, mount_api
from dashboard.api.openapi import openapi
from dashboard.config import get_settings
from dashboard.database.transactions import Database
from dashboard.models.api_token import TokenScope, TokenWish
from dashboard.models.session import Actor
from dashboard.services.accounts import api_tokens
from dashboard.services.accounts.sessions import SignedIn
from dashboard.services.operation import readiness
from dashboard.web.cookies import cookie_name
from dashboard.web.gate import Gate

ORIGIN = "http://localhost:3000"
UNKNOWN_ID = "01890a5d-ac96-774b-bcce-b302099a8057"

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""Of a test that the database has no part in."""

MakeClient = Callable[..., Awaitable[httpx.AsyncClient]]


class Reflex:
    """Stands where Reflex stands: answers every page, and remembers what it was given."""

    def __init__(self) -> None:
        self.scopes: list[Scope] = []
        self.answer: ASGIApp = PlainTextResponse("a page")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scopes.append(scope)
        if scope["type"] == "http":
            await self.answer(scope, receive, send)

    @property
    def headers(self) -> dict[str, str]:
        """Of the last request or handshake that came through."""
        return {name.decode(): value.decode() for name, value in self.scopes[-1]["headers"]}


@pytest.fixture
def https(set_env: Callable[..., None]) -> str:
    """The program's address is this one; to be asked for before any client."""
    origin = "https://tasks.example.org"
    set_env(PUBLIC_URL=origin, SIGN_UP="open")
    return origin


@pytest.fixture
def reflex() -> Reflex:
    return Reflex()


@cache
def _api_with(_cookie_name: str) -> FastAPI:
    """Keeps nothing between requests but its document, which takes long to make and names the cookie."""
    return create_api()


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch, database_url: str) -> FastAPI:
    """The API that the clients talk to; to be asked for after the settings."""
    api = _api_with(cookie_name())
    monkeypatch.setattr(api_app, "create_api", lambda: api)
    return api


@pytest.fixture
def program(api: FastAPI, reflex: Reflex) -> Gate:
    """The program as the server runs it."""
    return Gate(mount_api(reflex))


@pytest.fixture
async def new_client(program: Gate, api: FastAPI) -> AsyncIterator[MakeClient]:
    """Makes a client: `await new_client(ana_signed_in, headers={…})`."""
    async with AsyncExitStack() as stack:

        async def make(signed_in: SignedIn | None = None, **options: Any) -> httpx.AsyncClient:
            origin = get_settings().public_url
            options = {"base_url": origin, "headers": {"Origin": origin}} | options
            client = httpx.AsyncClient(
                transport=httpx.ASGITransport(program, raise_app_exceptions=True),
                event_hooks={"response": [lambda response: _require_documented(api, response)]},
                **options,
            )
            if signed_in is not None:
                client.headers["Cookie"] = f"{cookie_name()}={signed_in.token}"
            return await stack.enter_async_context(client)

        yield make


@pytest.fixture
async def nobody(new_client: MakeClient) -> httpx.AsyncClient:
    """Someone who is not signed in."""
    return await new_client()


@pytest.fixture
async def ana_client(new_client: MakeClient, ana_signed_in: SignedIn) -> httpx.AsyncClient:
    return await new_client(ana_signed_in)


@pytest.fixture
async def bob_client(new_client: MakeClient, bob_signed_in: SignedIn) -> httpx.AsyncClient:
    return await new_client(bob_signed_in)


@pytest.fixture
def api_program(new_client: MakeClient, database: Database, ana: Actor) -> MakeClient:
    """Makes a program of Ana's: `await api_program(TokenScope.READ)`. It sends its token and no origin."""

    async def make(scope: TokenScope = TokenScope.WRITE, **wish: Any) -> httpx.AsyncClient:
        with database.transaction() as session:
            token_wish = TokenWish(name="Program", scope=scope, **wish)
            made = api_tokens.create_token(session, ana, token_wish)
        return await new_client(headers={"Authorization": f"Bearer {made.secret}"})

    return make


@pytest.fixture
def database_is_away(database: Database) -> Iterator[None]:
    """No connection can be had."""

    def refuse(_connection: Connection) -> None:
        raise OperationalError("SELECT 1", None, Exception("the server closed the connection"))

    for engine in (database.reader, database.writer):
        event.listen(engine, "engine_connect", refuse)
    yield
    for engine in (database.reader, database.writer):
        event.remove(engine, "engine_connect", refuse)


async def _require_documented(api: FastAPI, response: httpx.Response) -> None:
    path = response.request.url.path
    method = response.request.method.lower().replace("head", "get")
    for template in (route.path for route in routes_of(api) if route.path_regex.match(path)):
        operation = openapi(api)["paths"].get(template, {}).get(method)
        if operation is not None:
            announced = operation["responses"].get(str(response.status_code))
            assert announced, f"{method} {template} does not announce a {response.status_code}"
            content_type = response.headers.get("content-type", "").partition(";")[0]
            assert content_type in announced.get("content", {"": None})
            return


def routes_of(api: FastAPI) -> list[Route]:
    return [route for route in api.routes if isinstance(route, Route)]


@pytest.fixture
def is_unready(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process has found that it cannot reach what it needs."""
    unready = readiness._Readiness()
    unready.misses = readiness.MOST_MISSES
    monkeypatch.setattr(readiness, "_readiness", unready)
