"""/api/filters: queries that are saved, with counts that are those of their lists."""

from typing import Any

import httpx

from dashboard import events
from dashboard.services.tasks import saved_filters
from tests.api.conftest import UNKNOWN_ID


async def save(client: httpx.AsyncClient, name: str, query: str) -> dict[str, Any]:
    response = await client.post("/api/filters", json={"name": name, "query": query})
    assert response.status_code == 201, response.text
    return response.json()


async def shown(client: httpx.AsyncClient) -> list[tuple[str, int | None]]:
    """The names and counts, each of which is that of its list."""
    answer = (await client.get("/api/filters")).json()
    assert answer["count"] == len(answer["items"])
    assert [each["place"] for each in answer["items"]] == [*range(1, answer["count"] + 1)]
    for each in answer["items"]:
        found = await client.get("/api/tasks", params={"filter": each["query"]})
        assert found.json().get("count") == each["count"]
    return [(each["name"], each["count"]) for each in answer["items"]]


async def test_filters_are_saved_counted_changed_ordered_and_deleted(ana_client, ana, anas_milk):
    heard: list[events.Event] = []
    stop = events.listen(ana.id, heard.append)
    await ana_client.patch(f"/api/tasks/{anas_milk.id}", json={"labels": ["errand"]})
    errands = await save(ana_client, " Errands ", "@errand")
    assert (errands["name"], errands["query"], errands["count"]) == ("Errands", "@errand", 1)
    soon = await save(ana_client, "Soon", "due<7d")
    done = await save(ana_client, "Done", "is:completed")
    assert await shown(ana_client) == [("Errands", 1), ("Soon", 0), ("Done", 0)]
    await ana_client.patch(f"/api/tasks/{anas_milk.id}", json={"is_completed": True})
    assert await shown(ana_client) == [("Errands", 0), ("Soon", 0), ("Done", 1)]
    moved = await ana_client.patch(f"/api/filters/{done['id']}", json={"place": 1, "name": "Past"})
    assert (moved.json()["name"], moved.json()["place"]) == ("Past", 1)
    changed = await ana_client.patch(f"/api/filters/{soon['id']}", json={"query": "no:due"})
    assert (changed.json()["name"], changed.json()["query"]) == ("Soon", "no:due")
    assert (await ana_client.delete(f"/api/filters/{errands['id']}")).status_code == 204
    assert await shown(ana_client) == [("Past", 1), ("Soon", 0)]
    stop()
    assert sum(isinstance(each, events.SidebarChanged) for each in heard) == 6
    kept = (await ana_client.get("/api/account/export")).json()["filters"]
    assert [each["name"] for each in kept] == ["Past", "Soon"]


async def test_the_same_key_twice_saves_one_filter_for_each_person(ana_client, bob_client):
    for client in (ana_client, bob_client):
        for name in ("Errands", "Again"):
            wish = {"name": name, "query": "@errand"}
            made = await client.post("/api/filters", json=wish, headers={"Idempotency-Key": "k"})
            assert (made.status_code, made.json()["name"]) == (201, "Errands")
        assert await shown(client) == [("Errands", 0)]


async def test_a_query_that_cannot_be_understood_is_not_saved(ana_client):
    kept = await save(ana_client, "Soon", "due<7d")
    for answer in (
        await ana_client.post("/api/filters", json={"name": "Bad", "query": "due:someday"}),
        await ana_client.patch(f"/api/filters/{kept['id']}", json={"query": "due:someday"}),
    ):
        assert answer.status_code == 422
        (error,) = answer.json()["errors"]
        assert error["field"] == "query"
        assert error["message"].startswith("At character 5: use a day")
    for wrong in ({"name": "", "query": "a"}, {"name": "A", "query": " "}, {"name": "x" * 81}):
        assert (await ana_client.post("/api/filters", json=wrong)).status_code == 422
    for place in (0, 51, True, "1"):
        url = f"/api/filters/{kept['id']}"
        assert (await ana_client.patch(url, json={"place": place})).status_code == 422
    assert await shown(ana_client) == [("Soon", 0)]


async def test_a_filter_whose_list_is_gone_says_so_and_the_others_stay(ana_client):
    home = (await ana_client.post("/api/lists", json={"name": "Home"})).json()
    await save(ana_client, "Of home", "#Home")
    await save(ana_client, "Soon", "due<7d")
    await ana_client.patch(f"/api/lists/{home['id']}", json={"name": "House"})
    gone, soon = (await ana_client.get("/api/filters")).json()["items"]
    assert (gone["count"], soon["count"]) == (None, 0)
    assert gone["problem"].startswith("You have no list of a name that is asked for.")


async def test_a_filter_is_its_persons_alone_and_there_are_not_too_many(
    ana_client, bob_client, monkeypatch
):
    mine = await save(ana_client, "Soon", "due<7d")
    for answer in (
        await bob_client.patch(f"/api/filters/{mine['id']}", json={"name": "Mine"}),
        await bob_client.delete(f"/api/filters/{mine['id']}"),
    ):
        assert answer.status_code == 403
    assert await shown(bob_client) == []
    answer = await ana_client.delete(f"/api/filters/{UNKNOWN_ID}")
    assert (answer.status_code, answer.json()["code"]) == (404, "FILTER_NOT_FOUND")
    monkeypatch.setattr(saved_filters, "MOST_FILTERS", 1)
    full = await ana_client.post("/api/filters", json={"name": "More", "query": "a"})
    assert full.status_code == 422
    assert await shown(ana_client) == [("Soon", 0)]
