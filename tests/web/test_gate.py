"""What the gate lets through, in what state, and what it adds to the answer."""

from typing import Any

import httpx
import pytest
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import Message

from dashboard.services.accounts import sessions
from dashboard.web.content_policy import NOTHING
from dashboard.web.gate import CLAIMS, Gate
from tests.api.conftest import ORIGIN, on_sqlite

pytestmark = on_sqlite

Headers = dict[str, str] | list[tuple[str, str]]


TAB = "EIO=4&transport=websocket&token=0b7e2c1a-4c5d-4e6f-8a9b-0c1d2e3f4a5b"


async def open_socket(
    program: Gate, headers: Headers, path: str = "/_event/", query: str = TAB
) -> list[Message]:
    """What a handshake gets to hear; nothing when it came through."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        sent.append(message)

    pairs = headers.items() if isinstance(headers, dict) else headers
    scope = {
        "type": "websocket",
        "path": path,
        "query_string": query.encode(),
        "headers": [(name.lower().encode(), value.encode()) for name, value in pairs],
    }
    await program(scope, receive, send)
    return sent


def handshake(origin: str | None = ORIGIN, **more: str) -> dict[str, str]:
    headers = {"Host": "localhost:3000"} | ({} if origin is None else {"Origin": origin})
    return headers | {name.replace("_", "-"): value for name, value in more.items()}


REFUSED = [{"type": "websocket.close", "code": 1008}]


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "",
        "https://evil.example",
        "http://localhost",
        "http://localhost:3001",
        "https://localhost:3000",
        "HTTP://localhost:3000",
        "http://LOCALHOST:3000",
        "http://localhost:3000/",
        "http://localhost:3000.evil.example",
        "http://evil.example?http://localhost:3000",
        f"{ORIGIN}, https://evil.example",
    ],
)
async def test_a_socket_of_another_origin_is_refused_at_the_handshake(program, reflex, origin):
    assert await open_socket(program, handshake(origin)) == REFUSED
    assert not reflex.scopes


async def test_a_socket_with_two_origins_is_refused(program, reflex):
    headers = [("Host", "localhost:3000"), ("Origin", ORIGIN), ("Origin", "https://evil.example")]
    assert await open_socket(program, headers) == REFUSED
    assert not reflex.scopes


async def test_a_socket_to_another_name_is_refused(program, reflex):
    assert await open_socket(program, {"Host": "evil.example", "Origin": ORIGIN}) == REFUSED
    assert not reflex.scopes


@pytest.mark.parametrize("path", ["/", "/_event/more", "/_upload", "/api/tasks", "//_event/"])
async def test_a_socket_is_opened_at_its_one_address(program, reflex, path):
    assert await open_socket(program, handshake(), path) == REFUSED
    assert not reflex.scopes


@pytest.mark.parametrize(
    "query",
    [
        "",
        TAB.partition("&token")[0],
        TAB + "&token=another-tab",
        "EIO=4&transport=websocket&token=",
        "EIO=4&transport=websocket&token=short",
        "EIO=4&transport=websocket&token=" + "x" * 65,
        "EIO=4&transport=websocket&token=../../etc/passwd",
        "EIO=4&transport=websocket&token=a%0Aline%20of%20the%20log",
        TAB.replace("websocket", "polling"),
    ],
)
async def test_a_socket_says_once_and_properly_which_tab_it_is(program, reflex, query):
    assert await open_socket(program, handshake(), query=query) == REFUSED
    assert not reflex.scopes


@pytest.mark.parametrize(
    "url",
    ["/_event/?EIO=4&transport=polling", "/_event", "/_upload", "/_health", "/ping", "//_event/"],
)
async def test_what_reflex_offers_beside_pages_is_not_there(nobody, reflex, url):
    for method in ("GET", "POST"):
        answer = await nobody.request(method, f"{ORIGIN}{url}")
        assert (answer.status_code, answer.text) == (404, "There is nothing at this address.\n")
    assert not reflex.scopes


@pytest.mark.parametrize("origin", [ORIGIN, None])
async def test_a_socket_of_our_own_origin_or_of_a_program_comes_through(program, reflex, origin):
    assert await open_socket(program, handshake(origin)) == []
    assert "x-dashboard-session" not in reflex.headers


async def test_a_socket_learns_the_session_and_not_the_cookie(program, reflex, ana, ana_signed_in):
    cookie = f"theme=dark; dashboard_session={ana_signed_in.token}"
    await open_socket(program, handshake(Cookie=cookie, Authorization="Bearer x", Accept="y"))
    assert reflex.headers == {
        "host": "localhost:3000",
        "origin": ORIGIN,
        "x-dashboard-session": str(ana.session_id),
    }
    assert ana_signed_in.token not in str(reflex.scopes)


async def test_what_is_kept_of_a_handshake_is_small(program, reflex, database):
    large = handshake(Upgrade="w" * 300, Connection="Upgrade", **{"X-Mine": "x" * 100_000})
    assert await open_socket(program, large, "/_event" + "/" * 100_000) == []
    kept = reflex.scopes[-1]
    assert reflex.headers.keys() == {"host", "origin", "connection"}
    assert (kept["path"], kept["raw_path"]) == ("/_event/", b"/_event/")
    assert await open_socket(program, handshake(), query=f"{TAB}&mine={'x' * 1000}") == REFUSED


async def test_a_socket_of_a_dead_session_comes_through_signed_out(
    program, reflex, ana, ana_signed_in, database
):
    with database.transaction() as session:
        sessions.end_session(session, ana)
    cookie = f"dashboard_session={ana_signed_in.token}"
    assert await open_socket(program, handshake(Cookie=cookie)) == []
    assert "x-dashboard-session" not in reflex.headers


async def test_a_socket_keeps_its_session_while_the_database_is_away(
    program, reflex, ana, ana_signed_in, database_is_away
):
    await open_socket(program, handshake(Cookie=f"dashboard_session={ana_signed_in.token}"))
    assert reflex.headers["x-dashboard-session"] == str(ana.session_id)


async def test_a_process_that_is_not_fit_takes_no_socket_so_that_a_proxy_finds_another(
    program, reflex, is_unready
):
    started, body = await open_socket(program, handshake())
    assert (started["type"], started["status"]) == ("websocket.http.response.start", 503)
    assert b"retry-after" in dict(started["headers"])
    assert body["body"].startswith(b"The server cannot reach its data")
    assert not reflex.scopes


@pytest.mark.parametrize(
    "name",
    ["x-dashboard-session", "X-Dashboard-Session", "x_dashboard_session", "x-dashboard-role"],
)
async def test_nobody_brings_their_own_session_header(program, reflex, nobody, ana, name):
    await open_socket(program, handshake() | {name: str(ana.session_id)})
    assert str(ana.session_id) not in str(reflex.headers)
    await nobody.get("/sign-in", headers={name: str(ana.session_id)})
    assert str(ana.session_id) not in str(reflex.headers)


async def test_what_is_behind_the_gate_never_sees_a_cookie(ana_client, reflex, ana_signed_in):
    await ana_client.get("/dashboard", headers={"Authorization": "Bearer x", "Accept": "y"})
    assert {"cookie", "authorization"}.isdisjoint(reflex.headers)
    assert reflex.headers["accept"] == "y"
    assert ana_signed_in.token not in str(reflex.scopes)


async def test_the_api_gets_claims_and_no_cookie(api, reflex, ana_signed_in):
    transport = httpx.ASGITransport(Gate(reflex))
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
        for cookie in (f"dashboard_session={ana_signed_in.token}", "dashboard_session=forged"):
            await client.get("/api/auth/session", headers={"Cookie": cookie})
    genuine, forged = reflex.scopes
    assert genuine[CLAIMS].session_id == ana_signed_in.session.id
    assert forged[CLAIMS] is None
    assert ana_signed_in.token not in str(reflex.scopes)


async def test_other_kinds_of_events_come_through(program, reflex):
    async def nothing(*_: Any) -> None: ...

    await program({"type": "lifespan"}, nothing, nothing)
    assert reflex.scopes == [{"type": "lifespan"}]


# Host


@pytest.mark.parametrize("host", ["localhost", "localhost:3000", "LOCALHOST:80", "localhost:65535"])
async def test_the_port_and_the_case_of_the_host_do_not_matter(nobody, host):
    assert (await nobody.get("/sign-in", headers={"Host": host})).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1:3000",
        "[::1]:3000",
        "evil.example",
        "localhost.evil.example",
        "localhost.",
        "evil.example:localhost",
        "localhost:3000@evil.example",
        "localhost, evil.example",
        "localhost:",
        "",
    ],
)
async def test_another_host_is_a_421_with_a_sentence(nobody, reflex, host):
    page = await nobody.get("/sign-in", headers={"Host": host})
    assert page.status_code == 421
    assert page.headers["Content-Type"].startswith("text/plain")
    assert "PUBLIC_URL" in page.text
    call = await nobody.get("/api/tasks", headers={"Host": host})
    assert (call.status_code, call.json()["code"]) == (421, "MISDIRECTED_REQUEST")
    assert not reflex.scopes


async def test_a_request_with_no_host_or_two_is_a_421(nobody):
    for headers in ([("Host", "localhost"), ("Host", "localhost")],):
        assert (await nobody.get("/api/tasks", headers=headers)).status_code == 421
    request = nobody.build_request("GET", "/api/tasks")
    del request.headers["Host"]
    assert (await nobody.send(request)).status_code == 421


@pytest.mark.parametrize("url", ["/healthz", "/readyz"])
async def test_health_is_answered_under_any_name(nobody, url):
    assert (await nobody.get(url, headers={"Host": "10.0.0.7:3000"})).status_code == 200


async def test_an_ipv6_address_may_be_the_public_one(set_env, api, reflex):
    set_env(PUBLIC_URL="http://[::1]:3000")
    program = Gate(reflex)
    assert await open_socket(program, {"Host": "[::1]:3000"}) == []
    assert await open_socket(program, {"Host": "localhost:3000"}) == REFUSED


# Headers


async def test_every_answer_carries_the_security_headers(ana_client):
    for url in (
        "/dashboard",
        "/assets/app-1234.js",
        "/api/tasks",
        "/api/nonsense",
        "/healthz",
        "/",
    ):
        headers = (await ana_client.get(url)).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "camera=()" in headers["Permissions-Policy"]
        assert "Strict-Transport-Security" not in headers


@pytest.mark.parametrize("kind", ["text/javascript; charset=utf-8", "text/css", "font/woff2"])
async def test_parts_of_a_page_carry_no_more_than_a_browser_reads_of_them(nobody, reflex, kind):
    asked_again = {"ETag": '"1"', "Last-Modified": "Thu, 26 Nov 2026 20:00:00 GMT"}
    reflex.answer = Response(
        "x", media_type=kind, headers={"Accept-Ranges": "bytes", **asked_again}
    )
    kept = {"content-length", "content-type", "cache-control", "x-content-type-options"}
    hashed = (await nobody.get("/assets/app-1234.js")).headers
    assert hashed.keys() == {*kept, "cross-origin-resource-policy"}
    assert "immutable" in hashed["Cache-Control"]
    assert "ETag" in (await nobody.get("/crash.js")).headers
    # A drawing and a page may be opened by themselves.
    for other in ("image/svg+xml", "text/html"):
        reflex.answer = Response("x", media_type=other)
        opened = (await nobody.get("/logo.svg")).headers
        assert {"content-security-policy", "x-frame-options"} <= opened.keys()


async def test_a_page_may_run_our_own_scripts_and_nothing_else_may_run_any(nobody, reflex):
    reflex.answer = HTMLResponse("<h1>A page</h1>")
    page = (await nobody.get("/sign-in")).headers["Content-Security-Policy"]
    assert "script-src 'self'" in page
    assert "connect-src 'self' ws://localhost:3000;" in page
    assert "unsafe-eval" not in page
    assert "unsafe" not in page.partition("script-src")[2].partition(";")[0]
    reflex.answer = PlainTextResponse("<svg/>", media_type="image/svg+xml")
    for url in ("/logo.svg", "/api/tasks", "/healthz"):
        policy = (await nobody.get(url)).headers.get_list("Content-Security-Policy")
        assert policy == [NOTHING]


async def test_a_page_that_the_browser_has_kept_keeps_its_policy(nobody, reflex):
    reflex.answer = Response(status_code=304)
    policy = (await nobody.get("/sign-in")).headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert (await nobody.get("/styles.css")).headers["Content-Security-Policy"] == NOTHING


async def test_the_reference_keeps_its_own_policy(nobody):
    (policy,) = (await nobody.get("/api/docs")).headers.get_list("Content-Security-Policy")
    assert "style-src 'sha256-" in policy


async def test_on_https_the_socket_is_encrypted_too(https, nobody, reflex):
    reflex.answer = HTMLResponse("<h1>A page</h1>")
    policy = (await nobody.get("/sign-in")).headers["Content-Security-Policy"]
    assert "connect-src 'self' wss://tasks.example.org;" in policy


async def test_https_is_kept_for_a_year(https, nobody):
    headers = (await nobody.get("/sign-in")).headers
    assert headers["Strict-Transport-Security"] == "max-age=31536000"


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("/sign-in", "no-cache"),
        ("/favicon.svg", "no-cache"),
        ("/assets/app-B3mKx.js", "public, max-age=31536000, immutable"),
        ("/fonts/inter-latin-c8b83da1.woff2", "public, max-age=31536000, immutable"),
        ("/api/docs", "no-store"),
        ("/api/openapi.json", "no-store"),
        ("/api/auth/session", "no-store"),
        ("/api/nonsense", "no-store"),
        ("/healthz", "no-store"),
    ],
)
async def test_how_long_an_answer_may_be_kept(nobody, url, kept):
    assert (await nobody.get(url)).headers.get_list("Cache-Control") == [kept]


async def test_a_missing_asset_is_not_kept(nobody, reflex):
    reflex.answer = PlainTextResponse("none", 404)
    assert (await nobody.get("/assets/gone.js")).headers["Cache-Control"] == "no-store"


async def test_an_answers_own_cache_control_stays(nobody, reflex):
    reflex.answer = PlainTextResponse("a page", headers={"Cache-Control": "private"})
    assert (await nobody.get("/sign-in")).headers.get_list("Cache-Control") == ["private"]
