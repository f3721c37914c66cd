"""Who sees which page, and where everyone else is sent before anything of it is drawn."""

import json
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from sqlalchemy import event
from starlette.types import Message

from dashboard.services.accounts import sessions
from tests.api.conftest import on_sqlite
from tests.api.test_accounts import cookie_of

VECTORS = Path(__file__).parents[1] / "vectors"
PROTECTED = ["/dashboard", "/settings", "/trash"]
ADDRESSES = json.loads((VECTORS / "return_addresses.json").read_text())
UNSAFE = [*ADDRESSES["not_own"], "/" + "a" * 2000]


async def location(client, url: str) -> str | None:
    """Where a page sends a visitor; None when it shows itself."""
    response = await client.get(url)
    if response.status_code == 200:
        assert response.text == "a page"
        return None
    assert response.status_code == 307
    assert response.headers["Cache-Control"] == "no-store"
    assert response.text == ""
    return response.headers["Location"]


@pytest.fixture
async def expired_client(frozen_clock, ana_client):
    """Ana's browser, half a day later."""
    frozen_clock.advance(hours=12)
    return ana_client


@pytest.mark.parametrize("page", PROTECTED)
async def test_a_protected_page_is_for_the_signed_in(nobody, ana_client, reflex, page):
    assert await location(nobody, page) == f"/sign-in?from={page}"
    assert not reflex.scopes
    assert await location(ana_client, page) is None


@on_sqlite
async def test_the_page_of_a_task_is_for_those_who_see_the_task(nobody, ana_client, bob_client):
    made = await ana_client.post("/api/tasks", json={"title": "Secret plan"})
    url = f"/tasks/{made.json()['id']}"
    assert await location(ana_client, url) is None
    assert await location(nobody, url) == f"/sign-in?from={url}"
    for client, page, status in (
        (bob_client, url, 403),
        (bob_client, f"{url}/", 403),
        (ana_client, f"/tasks/{uuid4()}", 404),
        (ana_client, "/tasks/nothing", 404),
    ):
        refused = await client.get(page, headers={"Accept": "text/html"})
        assert (refused.status_code, "Secret" in refused.text) == (status, False)
        assert "This page cannot be shown" in refused.text


@on_sqlite
@pytest.mark.parametrize(
    ("url", "page"),
    [
        ("/Dashboard", "/dashboard"),
        ("/TRASH/?a=B", "/trash?a=B"),
        ("/Reset-Password", "/reset-password"),
        ("/dashboard/", None),
    ],
)
async def test_a_page_has_one_spelling(ana_client, url, page):
    assert await location(ana_client, url) == page


@on_sqlite
@pytest.mark.parametrize(
    "url",
    [
        "/dashboard/",
        "/dashboard/index.html",
        "/dashboard.html",
        "/dashboard/index.html.br",
        "/dashboard.html.gz",
        "/dashboard.data",
        "/Dashboard",
        "/DASHBOARD/INDEX.HTML",
        "//dashboard",
        "/./dashboard",
        "/nothing/../dashboard",
        "/dashboard/anything/below",
        "/settings/",
        "/trash/index.html",
    ],
)
async def test_no_spelling_of_a_protected_page_gets_around_the_gate(program, reflex, url):
    answers: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        answers.append(message)

    # Not by a client, which would put the spelling right.
    for method in ("GET", "HEAD"):
        scope = {
            "type": "http",
            "method": method,
            "path": url,
            "query_string": b"",
            "headers": [(b"host", b"localhost")],
        }
        await program(scope, receive, send)
    starts = [answer for answer in answers if answer["type"] == "http.response.start"]
    assert [start["status"] for start in starts] == [307, 307]
    assert all(dict(start["headers"])[b"location"].startswith(b"/sign-in") for start in starts)
    assert not reflex.scopes


@on_sqlite
@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("/dashboard", "/dashboard"),
        ("/dashboard/", "/dashboard"),
        ("/dashboard/index.html", "/dashboard"),
        ("/dashboard?status=overdue&q=a%26b", "/dashboard?status=overdue&q=a%26b"),
        ("/settings?x=%0d%0aSet-Cookie:y", "/settings?x=%0d%0aSet-Cookie:y"),
    ],
)
async def test_the_way_back_is_kept_with_its_query(nobody, url, asked):
    (address,) = parse_qs(urlsplit(await location(nobody, url) or "").query)["from"]
    assert address == asked


@on_sqlite
async def test_a_way_back_that_is_none_is_left_out(nobody):
    assert await location(nobody, "/dashboard?q=" + "x" * 2000) == "/sign-in"
    assert await location(nobody, "/dashboard%0a") is None
    assert await location(nobody, "/dashboard/%0a") == "/sign-in"


@on_sqlite
async def test_the_root_leads_to_the_page_where_one_begins_or_to_sign_in(nobody, ana_client):
    for url in ("/", "/index.html", "/?utm=1"):
        assert await location(nobody, url) == "/sign-in"
        assert await location(ana_client, url) == "/dashboard"
    await ana_client.patch("/api/account", json={"landing_page": "today"})
    assert await location(ana_client, "/") == "/today"
    assert await location(ana_client, "/sign-in") == "/today"
    assert await location(ana_client, "/sign-in?from=/trash") == "/trash"


async def test_an_expired_session_is_told_so(expired_client):
    assert await location(expired_client, "/dashboard") == "/sign-in?from=/dashboard&expired=true"
    assert await location(expired_client, "/") == "/sign-in?expired=true"
    assert await location(expired_client, "/sign-in?from=/dashboard&expired=true") is None


@on_sqlite
async def test_a_forged_cookie_is_a_dead_one(nobody):
    nobody.headers["Cookie"] = "dashboard_session=a.b.c"
    assert await location(nobody, "/trash") == "/sign-in?from=/trash&expired=true"


@pytest.mark.parametrize("page", ["/sign-in", "/sign-up", "/sign-in/"])
async def test_who_is_signed_in_need_not_sign_in(nobody, ana_client, page):
    assert await location(nobody, page) is None
    assert await location(ana_client, page) == "/dashboard"
    assert await location(ana_client, f"{page}?from=/settings%3Fa%3D1%26b") == "/settings?a=1&b"


@on_sqlite
@pytest.mark.parametrize("address", UNSAFE)
async def test_nobody_is_sent_to_another_site(ana_client, address):
    response = await ana_client.get("/sign-in", params={"from": address})
    assert response.headers["Location"] == "/dashboard"


@on_sqlite
@pytest.mark.parametrize(
    ("address", "sent"),
    [
        ("/", "/"),
        ("/dashboard?q=a+b&status=all", "/dashboard?q=a+b&status=all"),
        ("/grüße", "/gr%C3%BC%C3%9Fe"),
        ('/"><script>', "/%22%3E%3Cscript%3E"),
        ("/sign-in?from=//evil.example", "/sign-in?from=//evil.example"),
    ],
)
async def test_who_is_signed_in_is_sent_where_they_were_going(ana_client, address, sent):
    response = await ana_client.get("/sign-in", params={"from": address})
    assert response.headers["Location"] == sent


@on_sqlite
async def test_other_methods_and_other_files_are_nobodys_visit(nobody, reflex):
    for method, url in (
        ("POST", "/dashboard"),
        ("GET", "/assets/dashboard.js"),
        ("GET", "/robots"),
    ):
        assert (await nobody.request(method, url)).status_code == 200
    assert len(reflex.scopes) == 3


async def test_while_the_database_is_away_pages_say_so_themselves(
    ana_client, nobody, database_is_away
):
    for page in [*PROTECTED, "/sign-in"]:
        assert await location(ana_client, page) is None
    assert await location(ana_client, "/") == "/dashboard"
    # Without a cookie there is nothing to ask.
    assert await location(nobody, "/dashboard") == "/sign-in?from=/dashboard"


# Sliding sessions


async def test_a_visit_a_day_puts_a_remembered_session_off(
    frozen_clock, new_client, make_person, ana
):
    signed_in = make_person("Ana", remember=True)
    client = await new_client(signed_in)
    for _day in range(39):
        frozen_clock.advance(days=1)
        assert (await client.get("/dashboard")).status_code == 200
    frozen_clock.advance(days=1)
    cookie = cookie_of(await client.get("/dashboard"))
    assert (cookie["value"], cookie["max-age"]) == (signed_in.token, str(30 * 24 * 3600))
    answer = (await client.get("/api/auth/session")).json()
    assert answer["session"]["expires_at"] == "2026-05-19T12:00:00.000000Z"


@on_sqlite
async def test_a_session_is_put_off_at_most_daily(frozen_clock, new_client, make_person):
    client = await new_client(make_person("Ana", remember=True))
    frozen_clock.advance(hours=23, minutes=59)
    assert "set-cookie" not in (await client.get("/dashboard")).headers
    frozen_clock.advance(minutes=1)
    assert "set-cookie" in (await client.get("/dashboard")).headers
    assert "set-cookie" not in (await client.get("/dashboard")).headers


@on_sqlite
async def test_a_session_of_hours_lives_on_while_it_is_used(frozen_clock, ana_client):
    for _hour in range(30):
        frozen_clock.advance(hours=1)
        assert "max-age" not in cookie_of(await ana_client.get("/dashboard"))
    frozen_clock.advance(hours=12)
    assert (await ana_client.get("/api/auth/session")).status_code == 401


@on_sqlite
async def test_asking_for_the_head_of_a_page_puts_a_session_off_as_a_visit_does(
    frozen_clock, ana_client
):
    frozen_clock.advance(hours=11)
    response = await ana_client.head("/dashboard")
    assert (response.status_code, response.content) == (200, b"")
    assert cookie_of(response)["value"]
    frozen_clock.advance(hours=11)
    assert await location(ana_client, "/dashboard") is None


@on_sqlite
async def test_no_use_keeps_a_session_beyond_90_days(frozen_clock, new_client, make_person):
    client = await new_client(make_person("Ana", remember=True))
    for days in (30, 30, 30, 30, 20):
        frozen_clock.advance(days=14)
        cookie = cookie_of(await client.get("/dashboard"))
        assert cookie["max-age"] == str(days * 24 * 3600)
    # Its end cannot be put off any more, and the cookie knows it already.
    frozen_clock.advance(days=14)
    response = await client.get("/dashboard")
    assert (response.status_code, response.headers.get("set-cookie")) == (200, None)
    frozen_clock.advance(days=6)
    assert (await client.get("/dashboard")).status_code == 307


@on_sqlite
async def test_a_redirect_of_a_visitor_puts_their_session_off_too(
    frozen_clock, new_client, make_person
):
    client = await new_client(make_person("Ana", remember=True))
    frozen_clock.advance(days=2)
    response = await client.get("/")
    assert response.headers["Location"] == "/dashboard"
    assert "max-age" in cookie_of(response)


@on_sqlite
async def test_a_visit_goes_on_when_its_session_cannot_be_put_off(
    frozen_clock, ana_client, database, ana
):
    frozen_clock.advance(hours=2)

    def end_it(_connection: object) -> None:
        event.remove(database.writer, "begin", end_it)
        raise sessions.NotSignedIn

    event.listen(database.writer, "begin", end_it)
    response = await ana_client.get("/dashboard")
    assert response.status_code == 200
    assert "set-cookie" not in response.headers


@on_sqlite
@pytest.mark.parametrize(
    ("url", "file"),
    [
        ("/dashboard", "/dashboard/"),
        ("/dashboard/", "/dashboard/"),
        ("/dashboard/index.html", "/dashboard/index.html"),
    ],
)
async def test_a_page_is_served_at_its_own_address_with_no_redirect(ana_client, reflex, url, file):
    assert await location(ana_client, url) is None
    assert reflex.scopes[-1]["path"] == file
