"""Queries in words over REST: the same tasks and sentences as everywhere."""

from tests.services.tasks.test_query import VECTORS, letters

__all__ = ["letters"]


async def test_each_query_finds_the_same_over_rest(frozen_clock, ana_client, letters):
    for text, expected in VECTORS["right"]:
        answer = await ana_client.get("/api/tasks", params={"filter": text})
        assert answer.status_code == 200, text
        found = "".join(sorted(letters[task["id"]] for task in answer.json()["items"]))
        assert (found, answer.json()["count"]) == (expected, len(expected)), text


async def test_each_wrong_query_is_a_422_with_its_sentence(frozen_clock, ana_client, letters):
    for text, sentence in VECTORS["wrong"]:
        answer = await ana_client.get("/api/tasks", params={"filter": text})
        assert answer.status_code == 422, text
        assert answer.json()["errors"] == [{"field": "filter", "message": sentence}]
    assert (await ana_client.get("/api/tasks", params={"filter": "x" * 501})).status_code == 422
