"""Checks each request and each socket before the API and Reflex see it.

It alone knows the session cookie and the API token: what comes behind it gets claims (HTTP) or the id of
a session in a header (websocket, where Reflex shows nothing else to its state). The row still decides, at each use.
"""

import re
from contextlib import suppress
from functools import partial
from urllib.parse import parse_qs

from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.config import get_settings
from dashboard.database.transactions import get_database
from dashboard.errors import (
    DashboardError,
    ForeignOrigin,
    MisdirectedRequest,
    NotFound,
    NotSignedIn,
    TooManyRequests,
    Unavailable,
)
from dashboard.security import (
    SESSION_HEADER,
    MonitorClaims,
    SessionClaims,
    TokenClaims,
    read_api_token,
    read_metrics_token,
)
from dashboard.services.accounts import authentication
from dashboard.services.operation import readiness
from dashboard.services.operation.bounded_queue import asker_goes
from dashboard.services.operation.rate_limits import place_of
from dashboard.services.operation.token_bucket import Buckets
from dashboard.state.first_page import FirstPage, first_page
from dashboard.web.bodies import (
    BODILESS,
    LARGEST_BODY,
    departure,
    expected_size,
    largest_body,
    with_whole_body,
)
from dashboard.web.client_address import address_of
from dashboard.web.content_policy import PagePolicies
from dashboard.web.cookies import read_cookie
from dashboard.web.document import asked_for_whole, file_of, with_first_page
from dashboard.web.graceful_shutdown import before_the_end
from dashboard.web.headers import headed, security_headers
from dashboard.web.live_socket import REFUSED
from dashboard.web.page_access import Welcome, is_page, receive_visit
from dashboard.web.problems import METRICS, WATCHED, headers_of, is_api, refusal
from dashboard.web.sockets import Sockets

BODIES_A_SECOND, BODIES_AT_ONCE = 10, 600
"""What one place may send, in bodies of 8 kB: twice what one person may ask the API for."""
FIRST_PAGES_A_SECOND, FIRST_PAGES_AT_ONCE = 2, 60
"""How many documents of one session bring their tasks along, each of which costs what a list over REST does."""
CLAIMS = "dashboard.claims"
"""Where the scope of an HTTP request has its claims: of a cookie, of an API token, or None when it has neither."""

_PRIVATE_PREFIX = b"x-dashboard-"
_CREDENTIALS = (b"cookie", b"authorization")
_HOST = re.compile(r"(\[[0-9a-fA-F:.]+\]|[^:\[\]]+)(:[0-9]+)?", re.ASCII)
_SOCKET = "/_event"
_TAB = re.compile(r"[\w-]{8,64}", re.ASCII)
"""The name that a tab has for the server."""
_OF_A_HANDSHAKE = (b"host", b"origin", b"connection", b"upgrade")
"""The headers that Engine.IO asks for."""
_LONGEST_HANDSHAKE = 256
"""Characters in its query, and in each of those headers."""


class Gate:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._settings = get_settings()
        self._headers = security_headers(self._settings)
        self._policies = PagePolicies(self._settings)
        scale = self._settings.rate_limit_scale
        self._bodies = Buckets(BODIES_A_SECOND * scale, BODIES_AT_ONCE * scale)
        self._first_pages = Buckets(FIRST_PAGES_A_SECOND * scale, FIRST_PAGES_AT_ONCE * scale)
        self._sockets = Sockets(self._settings.rate_limit_scale)
        before_the_end(self._sockets.leave)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        match scope["type"]:
            case "http":
                await self._http(scope, receive, send)
            case "websocket":
                await self._websocket(scope, receive, send)
            case _:
                await self._app(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        added = list(self._headers)
        send = headed(scope, send, added, self._policies.of)
        try:
            self._check_host(scope)
            _check_is_public(scope)
            self._check_is_served(scope)
            self._count_body(scope)
            whole = await with_whole_body(scope, receive)
        except DashboardError as error:
            await refusal(scope, error)(scope, receive, send)
            return
        watching = asker_goes.set(partial(departure, receive))
        try:
            await self._visit_or_ask(scope, whole, send, added)
        finally:
            asker_goes.reset(watching)

    async def _visit_or_ask(
        self, scope: Scope, receive: Receive, send: Send, added: list[tuple[bytes, bytes]]
    ) -> None:
        inner = _without_credentials(scope)
        if is_api(scope["path"]):
            inner[CLAIMS] = self._watching(scope) or _presented(scope)
        elif scope["method"] in ("GET", "HEAD") and is_page(scope["path"]):
            welcome = await _visit(scope)
            if welcome.cookie is not None:
                added.append((b"set-cookie", welcome.cookie.encode()))
            if welcome.elsewhere is not None:
                redirect = RedirectResponse(
                    welcome.elsewhere, headers={"Cache-Control": "no-store"}
                )
                await redirect(scope, receive, send)
                return
            if welcome.refused is not None:
                await refusal(scope, welcome.refused)(scope, receive, send)
                return
            inner["path"] = file_of(scope["path"])
            if (told := await self._told_first(scope, welcome)) is not None:
                inner, send = asked_for_whole(inner), with_first_page(scope, send, told)
        await self._app(inner, receive, send)

    async def _told_first(self, scope: Scope, welcome: Welcome) -> FirstPage | None:
        """What the document brings along, so that it can be drawn before there is a socket."""
        session_id = welcome.session_id if scope["method"] == "GET" else None
        if session_id is None or self._first_pages.take(session_id):
            return None
        return await first_page(scope["path"], scope["query_string"].decode("latin-1"), session_id)

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            self._check_host(scope)
            self._check_origin(scope)
            tab = _checked_tab(scope)
            readiness.require_serving()
            presented, address = _claims(_token(scope)), address_of(scope)
            self._sockets.require_room(presented, address)
            claims = await _living(presented)
            if presented and not claims:
                self._sockets.require_room(None, address)
        except Unavailable as error:
            # With its status, a proxy takes the handshake to another server that can.
            await receive()
            refused = PlainTextResponse(f"{error}\n", error.status, headers_of(error))
            await refused(scope, receive, send)
            return
        except DashboardError:
            # Closed before it was accepted: the server answers the handshake with 403.
            await receive()
            await send({"type": "websocket.close", "code": REFUSED})
            return
        inner = _handshake(scope, tab, claims)
        await self._sockets.serve(
            self._app, inner, receive, send, claims=claims, address=address, tab=tab
        )

    def _check_host(self, scope: Scope) -> None:
        """A page of another name that was made to point here (DNS rebinding) must not read what is here."""
        if scope["path"] in WATCHED:
            return
        hosts = [_HOST.fullmatch(host) for host in _values(scope, b"host")]
        names = [host[1].strip("[]").lower() for host in hosts if host]
        if names != [self._settings.hostname]:
            raise MisdirectedRequest

    def _check_is_served(self, scope: Scope) -> None:
        """A page may be had: it says by itself that it waits for a server."""
        if is_api(scope["path"]) and scope["path"] not in WATCHED:
            readiness.require_serving()
            # Else who asks without a pause would keep the end, and the tabs that wait for it, waiting.
            if self._sockets.is_leaving:
                raise Unavailable

    def _count_body(self, scope: Scope) -> None:
        """By its size, before it is read, and for the place that it comes from: who sends it is known afterwards."""
        size = expected_size(scope)
        if scope["method"] in BODILESS and not size:
            return
        bucket = self._bodies.of(place_of(address_of(scope)))
        if wait := bucket.take(1 + min(size, largest_body(scope["path"])) // LARGEST_BODY):
            raise TooManyRequests(wait)

    def _watching(self, scope: Scope) -> MonitorClaims | None:
        if scope["path"] != METRICS:
            return None
        bearers = _bearers(scope)
        return read_metrics_token(bearers[0], self._settings.metrics_token) if bearers else None

    def _check_origin(self, scope: Scope) -> None:
        """Browsers always say where a socket is opened from; another program need not."""
        if any(origin != self._settings.public_url for origin in _values(scope, b"origin")):
            raise ForeignOrigin


def _check_is_public(scope: Scope) -> None:
    """Reflex's own addresses (polling, uploads, its health) are none of ours; the socket is no request."""
    first = scope["path"].lstrip("/").partition("/")[0]
    if first.startswith("_") or first == "ping":
        raise NotFound


def _checked_tab(scope: Scope) -> str:
    """The name of the tab. Each socket is for Reflex, and names its tab once."""
    query = scope["query_string"].decode("latin-1")
    if len(query) > _LONGEST_HANDSHAKE:
        raise ForeignOrigin
    asked = parse_qs(query, keep_blank_values=True)
    tab = asked.get("token", [])
    is_ours = scope["path"].rstrip("/") == _SOCKET and asked.get("transport") == ["websocket"]
    if not (is_ours and len(tab) == 1 and _TAB.fullmatch(tab[0])):
        raise ForeignOrigin
    return tab[0]


def _handshake(scope: Scope, tab: str, claims: SessionClaims | None) -> Scope:
    """What Reflex sees of a handshake, and keeps for as long as it keeps the state of the tab."""
    kept = [
        (name, value)
        for name, value in scope["headers"]
        if name.lower() in _OF_A_HANDSHAKE and len(value) <= _LONGEST_HANDSHAKE
    ]
    if claims is not None:
        kept.append((SESSION_HEADER.encode(), str(claims.session_id).encode()))
    query = f"EIO=4&transport=websocket&token={tab}".encode()
    path = f"{_SOCKET}/"
    shown = {"path": path, "raw_path": path.encode(), "query_string": query, "headers": kept}
    return {**scope, **shown}


async def _visit(scope: Scope) -> Welcome:
    token = _token(scope)
    query = scope["query_string"].decode("latin-1")
    return await receive_visit(scope["path"], query, token, _claims(token))


async def _living(claims: SessionClaims | None) -> SessionClaims | None:
    """Whom a socket speaks for; None when its session has ended."""
    if claims is None:
        return None
    # Signed out for want of a database would last as long as the socket. Each event asks again.
    with suppress(Unavailable):
        try:
            await get_database().read(authentication.authenticate, claims)
        except NotSignedIn:
            return None
    return claims


def _presented(scope: Scope) -> SessionClaims | TokenClaims | None:
    """What a program's bearer token claims if it sends one, good or not; else what the cookie does."""
    bearers = _bearers(scope)
    if bearers:
        return read_api_token(bearers[0]) if len(bearers) == 1 else None
    return _claims(_token(scope))


def _bearers(scope: Scope) -> list[str]:
    given = [value.partition(" ") for value in _values(scope, b"authorization")]
    return [token.strip() for scheme, _, token in given if scheme.lower() == "bearer"]


def _token(scope: Scope) -> str | None:
    return read_cookie(_values(scope, b"cookie"))


def _claims(token: str | None) -> SessionClaims | None:
    return None if token is None else authentication.read_claims(token)


def _values(scope: Scope, name: bytes) -> list[str]:
    return [value.decode("latin-1") for key, value in scope["headers"] if key == name]


def _without_credentials(scope: Scope) -> Scope:
    kept = [header for header in scope["headers"] if not _is_private(header[0])]
    return {**scope, "headers": kept}


def _is_private(name: bytes) -> bool:
    # Socket.IO reads headers as CGI does, where an underscore and a hyphen are the same.
    plain = name.lower().replace(b"_", b"-")
    return plain in _CREDENTIALS or plain.startswith(_PRIVATE_PREFIX)
