"""/api/lists/{id}/sections, /api/sections, and tasks that are moved."""

from typing import Any

import httpx
import pytest

from dashboard.models.list import Role
from dashboard.services.lists import sections
from tests.api.conftest import UNKNOWN_ID, on_sqlite
from tests.api.test_lists import make_list, share

__all__ = ["make_list"]


async def add_section(client: httpx.AsyncClient, list_id: Any, name: str) -> dict[str, Any]:
    response = await client.post(f"/api/lists/{list_id}/sections", json={"name": name})
    assert response.status_code == 201
    return response.json()


async def add_task(client: httpx.AsyncClient, title: str, **fields: Any) -> dict[str, Any]:
    response = await client.post("/api/tasks", json={"title": title, **fields})
    assert response.status_code == 201, response.text
    return response.json()


async def names(client: httpx.AsyncClient, list_id: Any) -> list[str]:
    answer = (await client.get(f"/api/lists/{list_id}/sections")).json()
    assert answer["count"] == len(answer["items"])
    return [each["name"] for each in answer["items"]]


async def test_sections_are_made_renamed_ordered_folded_and_deleted(ana_client, ana):
    packing, papers = [
        await add_section(ana_client, ana.id, name) for name in ("Packing", "Papers")
    ]
    url = f"/api/sections/{papers['id']}"
    wish = {"name": "Paperwork", "before": packing["id"], "is_folded": True}
    changed = await ana_client.patch(url, json=wish, headers={"If-Match": '"1"'})
    assert (changed.status_code, changed.headers["ETag"]) == (200, '"2"')
    assert changed.json()["is_folded"]
    stale = await ana_client.patch(url, json=wish, headers={"If-Match": '"1"'})
    assert stale.status_code == 412
    assert (await ana_client.get(url)).json() == changed.json()
    assert await names(ana_client, ana.id) == ["Paperwork", "Packing"]
    between = {"name": "Between", "after": papers["id"]}
    await ana_client.post(f"/api/lists/{ana.id}/sections", json=between)
    assert await names(ana_client, ana.id) == ["Paperwork", "Between", "Packing"]
    assert (await ana_client.delete(url)).status_code == 204
    assert (await ana_client.get(url)).json()["code"] == "SECTION_NOT_FOUND"
    assert (await ana_client.post(f"{url}/restore")).json()["name"] == "Paperwork"


async def test_the_same_key_twice_makes_one_section_in_each_list(ana_client, ana, make_list):
    key = {"headers": {"Idempotency-Key": "k"}}
    for list_id in (ana.id, (await make_list("Home"))["id"]):
        url = f"/api/lists/{list_id}/sections"
        answers = [await ana_client.post(url, json={"name": n}, **key) for n in ("A", "B")]
        assert [answer.status_code for answer in answers] == [201, 201]
        assert answers[0].json() == answers[1].json()
        assert await names(ana_client, list_id) == ["A"]
    await ana_client.delete(answers[0].headers["Location"])
    again = await ana_client.post(url, json={"name": "A"}, **key)
    assert (again.status_code, again.json()["code"]) == (404, "SECTION_NOT_FOUND")


async def test_tasks_are_found_by_section_and_by_parent_and_say_where_they_lie(ana_client, ana):
    packing = (await add_section(ana_client, ana.id, "Packing"))["id"]
    boxes = await add_task(ana_client, "Boxes", section_id=packing)
    assert (boxes["list_id"], boxes["section_id"]) == (str(ana.id), packing)
    assert boxes["subtasks"] == {"total": 0, "completed": 0}
    tape = await add_task(ana_client, "Tape", parent_id=boxes["id"])
    await ana_client.patch(f"/api/tasks/{tape['id']}", json={"is_completed": True})
    url = f"/api/tasks/{boxes['id']}"
    assert (await ana_client.get(url)).json()["subtasks"] == {"total": 1, "completed": 1}
    call = await add_task(ana_client, "Call")
    for query, expected in (
        (f"section={packing}", ["Boxes", "Tape"]),
        (f"parent={boxes['id']}", ["Tape"]),
        (f"list={ana.id}", ["Call", "Boxes", "Tape"]),
    ):
        found = await ana_client.get(f"/api/tasks?{query}&sort=position&order=asc")
        assert [task["title"] for task in found.json()["items"]] == expected
    moved = await ana_client.post(f"/api/tasks/{call['id']}/move", json={"section_id": packing})
    assert moved.json()["section_id"] == packing
    assert moved.json()["position"] > boxes["position"]
    whole = {name: boxes[name] for name in ("title", "description", "priority", "is_completed")}
    whole |= {"due_date": None, "due_time": None}
    assert (await ana_client.put(url, json=whole)).json()["section_id"] == packing
    promoted = await ana_client.patch(f"/api/tasks/{tape['id']}", json={"parent_id": None})
    assert (promoted.json()["parent_id"], promoted.json()["section_id"]) == (None, packing)


@on_sqlite
@pytest.mark.parametrize("name", ["", "  ", "x" * 81, "a\nb", None, 7])
async def test_a_section_without_a_good_name_is_a_422(ana_client, ana, name):
    packing = await add_section(ana_client, ana.id, "Packing")
    for response in (
        await ana_client.post(f"/api/lists/{ana.id}/sections", json={"name": name}),
        await ana_client.patch(f"/api/sections/{packing['id']}", json={"name": name}),
    ):
        assert response.status_code == 422
        assert response.json()["errors"][0]["field"] == "name"
    assert await names(ana_client, ana.id) == ["Packing"]


@on_sqlite
async def test_what_cannot_be_done_with_sections_says_so(
    ana_client, bob_client, bob, database, make_list, monkeypatch
):
    home = (await make_list("Home"))["id"]
    url = f"/api/lists/{home}/sections"
    packing = await add_section(ana_client, home, "Packing")
    assert (await bob_client.post(url, json={"name": "x"})).status_code == 403
    share(database, home, bob, Role.VIEWER)
    assert (await bob_client.post(url, json={"name": "x"})).json()["code"] == "READ_ONLY"
    section = f"/api/sections/{packing['id']}"
    assert (await bob_client.patch(section, json={"name": "x"})).json()["code"] == "READ_ONLY"
    assert (await bob_client.patch(section, json={"is_folded": True})).json()["is_folded"]
    assert not (await ana_client.get(section)).json()["is_folded"], "each person's own"
    for wish in ({"before": UNKNOWN_ID}, {"after": packing["id"]}):
        assert (await ana_client.patch(section, json=wish)).status_code == 422
    assert (await ana_client.get(f"/api/lists/{UNKNOWN_ID}/sections")).status_code == 404
    assert sections.MOST_SECTIONS == 200
    monkeypatch.setattr(sections, "MOST_SECTIONS", 1)
    refused = await ana_client.post(url, json={"name": "One more"})
    assert (refused.status_code, "at most" in refused.json()["detail"]) == (422, True)
    await ana_client.patch(f"/api/lists/{home}", json={"is_archived": True})
    assert (await ana_client.delete(section)).json()["code"] == "LIST_ARCHIVED"


@on_sqlite
async def test_what_is_no_subtask_says_so_and_changes_nothing(ana_client, ana, make_list):
    home = (await make_list("Home"))["id"]
    boxes = await add_task(ana_client, "Boxes")
    tape = await add_task(ana_client, "Tape", parent_id=boxes["id"])
    away = await add_task(ana_client, "Away", list_id=home)
    daily = {"rule": "FREQ=DAILY", "from": "due"}
    repeating = await add_task(ana_client, "Water", due_date="2099-03-10", repeat=daily)
    for wish in (
        {"title": "x", "parent_id": tape["id"]},
        {"title": "x", "parent_id": UNKNOWN_ID},
        {"title": "x", "parent_id": boxes["id"], "list_id": home},
        {"title": "x", "parent_id": boxes["id"], "due_date": "2099-03-10", "repeat": daily},
        {"title": "x", "section_id": UNKNOWN_ID},
    ):
        assert (await ana_client.post("/api/tasks", json=wish)).status_code == 422
    for task, wish in (
        (boxes, {"parent_id": away["id"]}),
        (boxes, {"parent_id": boxes["id"]}),
        (repeating, {"parent_id": boxes["id"]}),
        (tape, {"repeat": daily, "due_date": "2099-03-10"}),
    ):
        response = await ana_client.patch(f"/api/tasks/{task['id']}", json=wish)
        assert response.status_code == 422, wish
        assert "Nothing" in response.json()["detail"]
