"""The documents of pages of tasks: whose rows are in them, and that no cache keeps them."""

import gzip
import json
import re

import httpx
import pytest
from starlette.responses import HTMLResponse

from dashboard.reflex_adapter.front_end import KINDS_WITH_KEY
from dashboard.services.operation.token_bucket import Buckets
from tests.api.conftest import on_sqlite

BUILT = "<!DOCTYPE html><html><head></head><body><main></main></body></html>"
BLOCK = re.compile(r'<script type="application/json" id="first-page">(.*?)</script></body></html>')
PAGES = ["/dashboard", "/inbox", "/lists", "/trash", "/settings"]

pytestmark = on_sqlite


@pytest.fixture(autouse=True)
def built(reflex):
    """Every page as it was built, with what a file says of itself."""
    reflex.answer = HTMLResponse(BUILT, headers={"ETag": '"1"', "Vary": "Accept-Encoding"})


def brought(response: httpx.Response) -> list[str]:
    """The titles that came with a document."""
    found = BLOCK.search(response.text)
    parts = json.loads(found[1]).values() if found else ()
    return [row["title"] for part in parts for row in part.get("rows_rx_state_", ())]


async def test_a_document_brings_the_tasks_of_whom_it_is_for(ana_client, bob_client):
    await ana_client.post("/api/tasks", json={"title": "Ana's"})
    await bob_client.post("/api/tasks", json={"title": "Bob's"})
    for page in PAGES:
        assert BLOCK.search((await ana_client.get(page)).text), page
    assert brought(await ana_client.get("/dashboard")) == ["Ana's"]
    assert brought(await bob_client.get("/dashboard")) == ["Bob's"]
    assert brought(await bob_client.get("/dashboard?q=nothing")) == []


async def test_the_document_of_one_thing_is_that_of_all_such_with_what_is_in_it(ana_client, reflex):
    made = (await ana_client.post("/api/lists", json={"name": "Work"})).json()["id"]
    task = {"title": "Report", "list_id": made, "labels": ["v1.2"]}
    report = (await ana_client.post("/api/tasks", json=task)).json()["id"]
    query = {"name": "Late", "query": "report"}
    late = (await ana_client.post("/api/filters", json=query)).json()["id"]
    keys = {"lists": made, "labels": "v1.2", "filters": late, "tasks": report}
    assert set(keys) == set(KINDS_WITH_KEY)
    for kind, key in keys.items():
        response = await ana_client.get(f"/{kind}/{key}")
        assert (response.status_code, brought(response)) == (200, ["Report"]), kind
        assert response.headers["Cache-Control"] == "private, no-store"
        assert reflex.scopes[-1]["path"] == f"/{kind}/one/"


@pytest.mark.parametrize("coding", ["gzip, br", "identity"])
async def test_no_cache_keeps_a_document_with_tasks(ana_client, coding):
    headers = {"Accept-Encoding": coding, "If-None-Match": '"1"', "Range": "bytes=0-9"}
    async with ana_client.stream("GET", "/dashboard", headers=headers) as response:
        body = b"".join([chunk async for chunk in response.aiter_raw()])
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.headers["Content-Length"] == str(len(body))
    assert "Accept-Encoding" in response.headers["Vary"]
    assert "ETag" not in response.headers
    assert response.headers.get("Content-Encoding") == ("gzip" if "gzip" in coding else None)
    page = gzip.decompress(body) if "gzip" in coding else body
    assert BLOCK.search(page.decode())


async def test_what_is_nobodys_brings_nothing(nobody, ana_client, database, reflex):
    assert (await nobody.get("/sign-in")).text == BUILT
    assert (await ana_client.get("/reset-password")).text == BUILT
    assert (await ana_client.head("/dashboard")).headers["Cache-Control"] == "no-cache"
    reflex.answer = HTMLResponse(BUILT, status_code=404)
    assert (await ana_client.get("/lists/none/such")).text == BUILT


async def test_a_document_comes_without_tasks_while_the_database_is_away(
    ana_client, database_is_away
):
    response = await ana_client.get("/dashboard")
    assert (response.status_code, response.text) == (200, BUILT)


async def test_documents_asked_for_without_a_pause_come_without_tasks(
    program, ana_client, bob_client
):
    program._first_pages = Buckets(0.0001, 2)
    answers = [(await ana_client.get("/dashboard")).text for _ in range(3)]
    assert [bool(BLOCK.search(text)) for text in answers] == [True, True, False]
    assert BLOCK.search((await bob_client.get("/dashboard")).text)
