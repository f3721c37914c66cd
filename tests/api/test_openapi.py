"""The OpenAPI document and the reference page. (tests/api/conftest.py checks every answer against the document.)"""

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from typing import Any

import httpx
import pytest

from dashboard.api.app import create_api
from dashboard.api.openapi import openapi
from dashboard.services.accounts import verifications
from dashboard.services.accounts.verifications import EMAIL, RESET
from dashboard.web.problems import PROBLEM_TYPE
from tests.api.conftest import on_sqlite
from tests.api.every_route import FOR_THE_SIGNED_IN, FOR_THEMSELVES, OPEN, filled_in
from tests.api.test_accounts import ADA
from tests.conftest import PASSWORD

DOCUMENT = openapi(create_api())
OPERATIONS = {
    (method.upper(), path): operation
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
}
UNDOCUMENTED = {("GET", "/api/docs"), ("GET", "/api/openapi.json")}


def examples() -> list[tuple[str, str, Any]]:
    return [
        (method, path, example)
        for (method, path), operation in OPERATIONS.items()
        if "requestBody" in operation
        for example in operation["requestBody"]["content"]["application/json"]["schema"]["examples"]
    ]


def test_every_route_is_in_the_document():
    assert set(OPERATIONS) == (OPEN | FOR_THE_SIGNED_IN).keys() - UNDOCUMENTED


def test_every_operation_says_what_it_does_and_has_a_name_of_its_own():
    names = [operation["operationId"] for operation in OPERATIONS.values()]
    assert len(names) == len(set(names))
    for operation in OPERATIONS.values():
        assert operation["summary"]
        assert operation["description"].endswith(".")
        assert operation["tags"]


def test_every_refusal_is_documented_as_a_problem():
    for operation in OPERATIONS.values():
        for status, response in operation["responses"].items():
            if status >= "400":
                (content,) = response["content"].items()
                assert content[0] == PROBLEM_TYPE
                assert content[1]["schema"] == {"$ref": "#/components/schemas/Problem"}
                for code, example in content[1]["examples"].items():
                    assert example["value"]["code"] == code
                    assert str(example["value"]["status"]) == status


def test_every_reference_leads_somewhere():
    for reference in re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(DOCUMENT)):
        assert reference in DOCUMENT["components"]["schemas"]


def test_the_document_says_which_operations_need_the_cookie_and_which_take_a_token():
    schemes = DOCUMENT["components"]["securitySchemes"]
    assert schemes["session"]["name"] == "dashboard_session"
    assert schemes["token"]["scheme"] == "bearer"
    for route, operation in OPERATIONS.items():
        needed = [{"session": []}] + ([{"token": []}] if route not in FOR_THEMSELVES else [])
        assert operation.get("security") == (needed if route in FOR_THE_SIGNED_IN else None)
        assert ("401" in operation["responses"]) is (
            route in FOR_THE_SIGNED_IN or route[1] == "/api/auth/sign-in"
        )


def test_a_change_has_no_defaults_and_a_draft_has():
    schemas = DOCUMENT["components"]["schemas"]
    changes, draft = schemas["TaskChanges"]["properties"], schemas["TaskDraft"]["properties"]
    assert not [field for field in changes.values() if "default" in field]
    assert draft["priority"]["default"] == "Medium"
    assert draft["title"]["maxLength"] == 255


async def name_of_one(client: httpx.AsyncClient, path: str, task_id: str) -> str:
    """What stands in a path for something that there is."""
    if "/labels" in path:
        await client.patch(f"/api/tasks/{task_id}", json={"labels": ["errand"]})
        return "errand"
    if "/lists" in path or "/sections" in path:
        home = (await client.post("/api/lists", json={"name": "Home"})).json()["id"]
        if "/lists" in path:
            return home
        made = await client.post(f"/api/lists/{home}/sections", json={"name": "Packing"})
        return made.json()["id"]
    if "/filters" in path:
        draft = {"name": "Errands", "query": "@errand"}
        return (await client.post("/api/filters", json=draft)).json()["id"]
    if path.endswith("/shift"):
        weekly = {"rule": "FREQ=WEEKLY", "from": "due"}
        await client.patch(f"/api/tasks/{task_id}", json={"repeat": weekly})
    return task_id


async def with_ids(client: httpx.AsyncClient, path: str, some_id: str, example: Any) -> Any:
    """An example with the ids of what there is."""
    if path == "/api/lists/order":
        return {"list_ids": [some_id]}
    if path.endswith("/move"):
        neighbour = await client.post("/api/tasks", json={"title": "Bread"})
        return {"after": neighbour.json()["id"]}
    return example


@pytest.mark.parametrize(("method", "path", "example"), examples())
async def test_every_example_works(  # noqa: PLR0917 (fixtures come by name)
    ana_client, ana, anas_milk, database, set_env, method, path, example
):
    if path == "/api/auth/sign-in":
        sign_up = {**ADA, "email": example["email"], "password": example["password"]}
        await ana_client.post("/api/auth/sign-up", json=sign_up)
    if path in ("/api/auth/confirm", "/api/account") and "password" in example:
        example = {"password": PASSWORD}
    if path in ("/api/auth/forgot-password", "/api/account/email"):
        set_env(SMTP_HOST="localhost", SMTP_PORT="1", SMTP_FROM="cairn@example.org")
    if path == "/api/auth/reset-password":
        link = await database.write(verifications.issue, RESET, str(ana.id))
        example = {**example, "token": link}
    if path == "/api/account/email/confirm":
        link = await database.write(verifications.issue, EMAIL, str(ana.id), "ana@example.org")
        example = {"token": link}
    if path == "/api/auth/password":
        example = {**example, "current_password": PASSWORD}
    some_id = await name_of_one(ana_client, path, str(anas_milk.id))
    example = await with_ids(ana_client, path, some_id, example)
    response = await ana_client.request(method, filled_in(path, some_id), json=example)
    assert response.is_success


@on_sqlite
async def test_the_document_is_at_its_address(nobody):
    response = await nobody.get("/api/openapi.json")
    assert response.headers["Content-Type"] == "application/json"
    assert response.json() == json.loads(json.dumps(DOCUMENT))


class Page(HTMLParser):
    """The tags, the links and the ids of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "link", "img"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def values(self, name: str) -> list[str]:
        return [attributes[name] or "" for _tag, attributes in self.tags if name in attributes]


@pytest.fixture
async def page(nobody: httpx.AsyncClient) -> httpx.Response:
    return await nobody.get("/api/docs")


@on_sqlite
async def test_the_page_shows_every_operation_field_and_problem(page):
    for (method, path), operation in OPERATIONS.items():
        assert f'<span class="method">{method}</span>{path}' in page.text
        assert f'id="{operation["operationId"]}"' in page.text
    for schema in ("TaskDraft", "TaskReplacement", "SignUp", "TaskOut", "MetricsOut"):
        for field in DOCUMENT["components"]["schemas"][schema]["properties"]:
            assert f"<code>{field}</code>" in page.text
    for parameter in OPERATIONS["GET", "/api/tasks"]["parameters"]:
        assert f"<code>{parameter['name']}</code>" in page.text
    for code in ("TASK_NOT_FOUND", "STALE_VERSION", "USER_ALREADY_EXISTS", "TOO_BUSY"):
        assert f'<tr id="{code}">' in page.text
    assert "Renew passport" in page.text


@on_sqlite
async def test_the_page_is_well_formed_and_every_link_leads_somewhere(page):
    parsed = Page(page.text)
    assert parsed.open == []
    ids = parsed.values("id")
    assert len(ids) == len(set(ids))
    for link in parsed.values("href"):
        assert link in ("/favicon.svg", "/api/openapi.json") or link.removeprefix("#") in ids


@on_sqlite
async def test_the_page_needs_no_script_and_nothing_from_elsewhere(page):
    parsed = Page(page.text)
    assert "script" not in dict(parsed.tags)
    assert not [value for value in parsed.values("src") if value != "/favicon.svg"]
    assert "://" not in page.text
    assert not [name for _tag, names in parsed.tags for name in names if name.startswith("on")]
    assert "style" not in {name for _tag, names in parsed.tags for name in names}
    style = page.text.split("<style>")[1].split("</style>")[0].encode()
    digest = base64.b64encode(hashlib.sha256(style).digest()).decode()
    policy = page.headers["Content-Security-Policy"]
    assert f"style-src 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
