"""Promises that hold for every route."""

import httpx
import pytest

from dashboard.api.app import create_api
from dashboard.models.api_token import TokenScope
from dashboard.models.task import TaskDraft
from dashboard.services.accounts import api_tokens, sessions
from tests.api.conftest import ORIGIN, UNKNOWN_ID, on_sqlite, routes_of
from tests.api.every_route import (
    FOR_EVERYONE,
    FOR_PROGRAMS_TOO,
    FOR_THE_SIGNED_IN,
    FOR_THEMSELVES,
    OPEN,
    filled_in,
)

READS = {template for method, template in OPEN | FOR_THE_SIGNED_IN if method == "GET"}
WRITES = {route for route in OPEN | FOR_THE_SIGNED_IN if route[0] != "GET"}


def path(template: str) -> str:
    return filled_in(template, UNKNOWN_ID)


def test_every_route_is_in_the_list():
    routes = routes_of(create_api())
    assert len(routes) == len(create_api().routes)
    assert {(method, route.path) for route in routes for method in route.methods or ()} == (
        FOR_EVERYONE.keys() | FOR_THE_SIGNED_IN.keys()
    )


async def test_without_a_session_it_is_a_401(nobody):
    for method, template in FOR_THE_SIGNED_IN:
        response = await nobody.request(method, path(template))
        assert (response.status_code, response.json()["code"]) == (401, "NOT_SIGNED_IN"), template
        assert "WWW-Authenticate" in response.headers


JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("some_id", "query", "request_"),
    [
        ("17", "", {}),
        (UNKNOWN_ID, "", {"json": {"nonsense": 1}}),
        (UNKNOWN_ID, "?nonsense=1", {}),
        (UNKNOWN_ID, "", {"content": b"{}", "headers": {"Content-Type": "text/plain"}}),
        (UNKNOWN_ID, "", {"headers": {"Origin": "https://evil.example"}}),
        (UNKNOWN_ID, "", {"content": b"{", "headers": JSON}),
    ],
    ids=["id", "body", "query", "type", "origin", "json"],
)
async def test_with_a_dead_session_it_is_a_401_whatever_else_is_wrong(
    ana_client, ana, database, some_id, query, request_
):
    with database.transaction() as session:
        sessions.end_session(session, ana)
    for method, template in FOR_THE_SIGNED_IN:
        url = filled_in(template, some_id) + query
        response = await ana_client.request(method, url, **request_)
        assert response.status_code == 401, (method, template)


@pytest.fixture(params=["read", "write"])
async def by_token(request, api_program):
    """A program of Ana's, with a token of either scope, which sends no origin."""
    return await api_program(TokenScope(request.param)), TokenScope(request.param)


async def test_a_token_does_with_tasks_what_its_scope_says(by_token):
    client, scope = by_token
    for (method, template), expected in FOR_PROGRAMS_TOO.items():
        body = {"json": {}} if method in ("POST", "PUT", "PATCH") else {}
        response = await client.request(method, path(template), **body)
        status = expected.writer if scope is TokenScope.WRITE else expected.reader
        assert response.status_code == status, (method, template)
        if response.status_code == 403:
            assert response.json()["code"] == "TOKEN_NOT_ENOUGH"


async def test_a_token_manages_no_token_session_password_or_account(by_token):
    client, _scope = by_token
    for method, template in FOR_THEMSELVES:
        for body in ({}, {"json": {"nonsense": 1}}):
            response = await client.request(method, path(template), **body)
            assert response.status_code == 403, (method, template)
            assert response.json()["code"] == "TOKEN_NOT_ENOUGH"


@pytest.mark.parametrize("request_", [{}, {"json": {"nonsense": 1}}, {"params": {"nonsense": 1}}])
async def test_with_a_dead_token_it_is_a_401_whatever_else_is_wrong(
    by_token, ana, database, request_
):
    client, _scope = by_token
    with database.transaction() as session:
        for token in api_tokens.list_tokens(session, ana):
            api_tokens.revoke_token(session, ana, token.id)
    for method, template in FOR_THE_SIGNED_IN:
        response = await client.request(method, path(template), **request_)
        assert (response.status_code, response.json()["code"]) == (401, "NOT_SIGNED_IN"), template
        assert "Bearer" in response.headers["WWW-Authenticate"]


@on_sqlite
@pytest.mark.parametrize(
    "origin",
    [
        None,
        "null",
        "https://evil.example",
        "http://localhost:3001",
        "https://localhost:3000",
        "HTTP://localhost:3000",
        "http://localhost:3000/",
        "http://localhost:3000.evil.example",
        "http://user@localhost:3000",
        "",
    ],
)
async def test_a_write_from_elsewhere_is_refused(new_client, ana_signed_in, origin):
    client: httpx.AsyncClient = await new_client(ana_signed_in)
    del client.headers["Origin"]
    headers = {} if origin is None else {"Origin": origin}
    for method, template in WRITES:
        response = await client.request(method, path(template), headers=headers)
        assert (response.status_code, response.json()["code"]) == (403, "FOREIGN_ORIGIN"), template
    assert (await client.get("/api/auth/session")).status_code == 200


@on_sqlite
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ([("Sec-Fetch-Site", "same-origin")], 201),
        ([("Sec-Fetch-Site", "none")], 201),
        ([("Sec-Fetch-Site", "same-site")], 403),
        ([("Sec-Fetch-Site", "cross-site")], 403),
        ([("Origin", ORIGIN), ("Sec-Fetch-Site", "cross-site")], 201),
        ([("Origin", "null"), ("Sec-Fetch-Site", "same-origin")], 403),
        ([("Origin", ORIGIN), ("Origin", "https://evil.example")], 403),
    ],
)
async def test_the_origin_decides_and_without_one_the_browsers_word(
    new_client, ana_signed_in, headers, status
):
    client = await new_client(ana_signed_in)
    del client.headers["Origin"]
    response = await client.post("/api/tasks", json={"title": "Milk"}, headers=headers)
    assert response.status_code == status


@on_sqlite
async def test_reading_is_allowed_from_anywhere_and_shared_with_nobody(ana_client):
    for template in READS:
        headers = {"Origin": "https://evil.example"}
        response = await ana_client.get(path(template), headers=headers)
        assert response.status_code in (200, 404)
        assert not [name for name in response.headers if name.startswith("access-control")]


@on_sqlite
@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/problem+json",
        "application/jsonx",
        "text/json",
        "",
        None,
    ],
)
async def test_a_body_of_another_type_is_a_415(ana_client, content_type):
    headers = {} if content_type is None else {"Content-Type": content_type}
    for method, template in WRITES:
        response = await ana_client.request(method, path(template), content=b"{}", headers=headers)
        assert response.status_code == 415, (method, template)
        assert response.json()["code"] == "UNSUPPORTED_MEDIA_TYPE"


@on_sqlite
@pytest.mark.parametrize(
    "content_type",
    ["application/json", "application/json; charset=utf-8", "Application/JSON;charset=UTF-8"],
)
async def test_json_may_name_its_characters(ana_client, content_type):
    body = TaskDraft(title="Milch").model_dump_json().encode()
    headers = {"Content-Type": content_type}
    assert (await ana_client.post("/api/tasks", content=body, headers=headers)).status_code == 201


@on_sqlite
@pytest.mark.parametrize("query", ["nonsense=1", "a=1&a=2", "nonsense", "="])
async def test_a_query_where_none_is_known_is_a_422(ana_client, query):
    known = {
        ("GET", "/api/tasks"),
        ("GET", "/api/tasks/{task_id}/activity"),
        ("DELETE", "/api/tasks/{task_id}"),
        ("DELETE", "/api/sections/{section_id}"),
    }
    for method, template in (OPEN | FOR_THE_SIGNED_IN).keys() - known:
        response = await ana_client.request(method, f"{path(template)}?{query}")
        assert response.status_code == 422, (method, template)
        assert "nonsense" not in response.text


@on_sqlite
async def test_head_is_get_without_its_body(ana_client, ana, anas_milk):
    # Compressed, an answer is shorter than what the client makes of it.
    ana_client.headers["Accept-Encoding"] = "identity"
    section = await ana_client.post(f"/api/lists/{ana.id}/sections", json={"name": "Packing"})
    for template in READS:
        # Her Inbox has her id.
        some_id = ana.id if "list_id" in template else anas_milk.id
        if "section_id" in template:
            some_id = section.json()["id"]
        url = filled_in(template, some_id)
        get, head = await ana_client.get(url), await ana_client.head(url)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers == get.headers
        # How long an export is, nobody knows before it is read.
        if template != "/api/account/export":
            assert int(head.headers["Content-Length"]) == len(get.content)


@on_sqlite
@pytest.mark.parametrize(
    ("method", "url", "allow"),
    [
        ("DELETE", "/api/tasks", "GET, HEAD, POST"),
        ("POST", f"/api/tasks/{UNKNOWN_ID}", "DELETE, GET, HEAD, PATCH, PUT"),
        ("OPTIONS", "/api/auth/sign-in", "POST"),
        ("HEAD", "/api/auth/sign-in", "POST"),
        ("TRACE", "/api/auth/session", "GET, HEAD"),
        ("POST", "/healthz", "GET, HEAD"),
        ("PROPFIND", "/api/tasks", "GET, HEAD, POST"),
    ],
)
async def test_another_method_is_a_405_that_says_which_there_are(ana_client, method, url, allow):
    response = await ana_client.request(method, url)
    assert response.status_code == 405
    assert response.headers["Allow"] == allow
    assert method == "HEAD" or response.json()["code"] == "METHOD_NOT_ALLOWED"


@on_sqlite
@pytest.mark.parametrize(
    "url", ["/api", "/api/", "/api/nonsense", "/api/tasks/", "/api//tasks", "/api/auth", "/api/%00"]
)
async def test_an_address_that_does_not_exist_is_a_json_404(ana_client, reflex, url):
    for method in ("GET", "POST", "DELETE"):
        response = await ana_client.request(method, url)
        assert (response.status_code, response.json()["code"]) == (404, "NOT_FOUND")
        assert response.headers["Content-Type"] == "application/problem+json"
    assert not reflex.scopes
