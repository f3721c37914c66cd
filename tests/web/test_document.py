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

BUILT = """<!DOCTYPE html><html><head></head><body><main><div id="first-rows" aria-hidden="true"></div>
<ul hidden="" id="first-row"><li><input type="checkbox" value="{id}"/>{title}|{priority}|{due_words}|{line}</li></ul>
<section hidden="" id="first-group"><h3>{label} {count}</h3>{rows}</section>
<section hidden="" id="first-headless">{rows}</section></main></body></html>"""
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


async def drawn(client: httpx.AsyncClient, page: str) -> str:
    """The words of the first rows, as a document has them."""
    html = (await client.get(page)).text
    rows = re.search(r'<div id="first-rows"[^>]*>(.*?)</div>', html, re.DOTALL)
    assert rows
    return re.sub(r"<li><input[^>]*>|</li>", "\n", rows[1]).replace("\n\n", "\n").strip()


async def test_the_first_rows_are_drawn_in_the_document(ana_client):
    for task in (
        {"title": "Late <b>{title}</b>", "due_date": "2020-01-01", "labels": ["errand"]},
        {"title": "Some day", "priority": "High"},
        {"title": "Done"},
    ):
        made = (await ana_client.post("/api/tasks", json=task)).json()["id"]
    await ana_client.patch(f"/api/tasks/{made}", json={"is_completed": True})
    late = "Late &lt;b&gt;{title}&lt;/b&gt;|Medium|\u00a0|second"
    some_day, done = "Some day|High|No date|", "Done|Medium|No date|"
    assert await drawn(ana_client, "/dashboard") == (
        f"<h3>Overdue 1</h3>\n{late}\n<h3>No date 1</h3>\n{some_day}\n<h3>Completed 1</h3>\n{done}"
    )
    assert await drawn(ana_client, "/inbox") == f"{late}\n{some_day}"
    assert await drawn(ana_client, "/today") == f"<h3>Overdue 1</h3>\n{late}"
    for page in ("/dashboard?sort=title", "/dashboard?q=late", "/upcoming", "/trash"):
        assert await drawn(ana_client, page) == "", page
    html = (await ana_client.get("/dashboard")).text
    assert re.search(r'<input type="checkbox" checked=""[^>]*>Done', html)


async def test_the_document_of_a_board_or_of_sections_and_subtasks_draws_what_is_sure(ana_client):
    made = (await ana_client.post("/api/lists", json={"name": "Work"})).json()["id"]
    section = {"name": "Later"}
    later = (await ana_client.post(f"/api/lists/{made}/sections", json=section)).json()["id"]
    for title, more in (("Report", {}), ("Another", {"section_id": later})):
        task = {"title": title, "list_id": made, **more}
        assert (await ana_client.post("/api/tasks", json=task)).status_code == 201
    assert await drawn(ana_client, f"/lists/{made}") == "Report|Medium|No date|"
    await ana_client.patch(f"/api/lists/{made}", json={"view": "board"})
    assert await drawn(ana_client, f"/lists/{made}") == ""


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
