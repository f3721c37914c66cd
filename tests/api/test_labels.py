"""Labels of tasks, and /api/labels."""

from typing import Any

import httpx
import pytest
from sqlmodel import Session, col, select

from dashboard import events
from dashboard.database.transactions import Database
from dashboard.models.activity import Activity
from dashboard.models.list import ListMember, Role
from dashboard.models.task import Task
from tests.api.conftest import on_sqlite


async def add(client: httpx.AsyncClient, title: str, **fields: Any) -> dict[str, Any]:
    response = await client.post("/api/tasks", json={"title": title, **fields})
    assert response.status_code == 201, response.text
    return response.json()


async def labels(client: httpx.AsyncClient) -> dict[str, tuple[str, int, int]]:
    answer = (await client.get("/api/labels")).json()
    assert answer["count"] == len(answer["items"])
    return {
        each["name"]: (each["color"], each["open_count"], each["count"]) for each in answer["items"]
    }


async def titles(client: httpx.AsyncClient, label: str) -> list[str]:
    answer = (await client.get("/api/tasks", params={"label": label, "sort": "title"})).json()
    assert answer["count"] == len(answer["items"])
    return [task["title"] for task in answer["items"]]


async def test_a_task_is_labelled_and_found_by_its_labels(ana_client, bob_client):
    milk = await add(ana_client, "Milk", labels=["Errand", "shop", "ERRAND"])
    assert milk["labels"] == ["Errand", "shop"]
    await add(ana_client, "Bread", labels=["errand"])
    await add(ana_client, "Errands", description="@errand")
    await add(bob_client, "Of Bob", labels=["errand", "secret"])
    assert await titles(ana_client, "errand") == await titles(ana_client, "ERRAND")
    assert await titles(ana_client, "errand") == ["Milk", "Bread"]
    assert await titles(ana_client, "err") == await titles(ana_client, "secret") == []
    assert await labels(ana_client) == {"Errand": ("stone", 2, 2), "shop": ("stone", 1, 1)}
    page = (await ana_client.get("/api/tasks?sort=title&order=asc")).json()["items"]
    assert [task["labels"] for task in page] == [["errand"], [], ["Errand", "shop"]]


async def test_what_is_not_given_stays_and_what_is_given_replaces(ana_client):
    milk = await add(ana_client, "Milk", labels=["shop"])
    url = f"/api/tasks/{milk['id']}"
    six = {"title": "Oat milk", "description": "", "priority": "Low", "is_completed": True}
    six |= {"due_date": None, "due_time": None}
    assert (await ana_client.put(url, json=six)).json()["labels"] == ["shop"]
    assert (await ana_client.patch(url, json={"title": "Milk"})).json()["labels"] == ["shop"]
    assert (await labels(ana_client))["shop"] == ("stone", 0, 1)
    assert (await ana_client.patch(url, json={"labels": ["a", "b"]})).json()["labels"] == ["a", "b"]
    assert (await ana_client.patch(url, json={"labels": []})).json()["labels"] == []
    assert await labels(ana_client) == {}


@on_sqlite
@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (["two words"], "A label is one word, without spaces, commas, slashes, quotes or @."),
        (["x" * 51], "Use at most 50 characters in a label: 1 too many."),
        ([f"l{n}" for n in range(51)], "A task has at most 50 labels: 1 too many."),
        ([""], "A label is a word: write at least one character."),
        ("errand", "Give the labels as a list of words."),
        ([1], "Write this as text."),
        (["a/b"], "A label is one word, without spaces, commas, slashes, quotes or @."),
    ],
)
async def test_bad_labels_are_refused_in_a_sentence_and_change_nothing(
    ana_client, anas_milk, wrong, sentence
):
    url = f"/api/tasks/{anas_milk.id}"
    for response in (
        await ana_client.patch(url, json={"labels": wrong, "title": "Bread"}),
        await ana_client.post("/api/tasks", json={"title": "Bread", "labels": wrong}),
    ):
        assert response.status_code == 422
        assert response.json()["errors"][0]["message"] == sentence
    after = (await ana_client.get(url)).json()
    assert (after["title"], after["labels"], after["version"]) == ("Milk", [], 1)
    fifty = [f"l{n}" for n in range(50)]
    assert (await ana_client.patch(url, json={"labels": fifty})).json()["labels"] == fifty


async def test_a_rename_merges_and_is_one_step_that_everyone_hears_of(ana_client, ana, database):
    milk = await add(ana_client, "Milk", labels=["errand", "shop"])
    gone = await add(ana_client, "Bread", labels=["errand"])
    await add(ana_client, "Rope", labels=["shop"])
    await ana_client.delete(f"/api/tasks/{gone['id']}")
    await ana_client.patch("/api/labels/shop", json={"color": "moss"})
    heard: list[events.Event] = []
    stop = events.listen(ana.id, heard.append)
    answer = await ana_client.patch("/api/labels/ERRAND", json={"name": "Shop"})
    stop()
    assert answer.json() == {"name": "Shop", "color": "moss", "open_count": 2, "count": 2}
    assert {type(each) for each in heard} == {events.TasksChanged, events.SidebarChanged}
    (changed,) = [each for each in heard if isinstance(each, events.TasksChanged)]
    assert {str(task_id) for task_id, _ in changed.tasks} == {milk["id"], gone["id"]}
    after = (await ana_client.get(f"/api/tasks/{milk['id']}")).json()
    assert (after["labels"], after["version"]) == (["Shop"], 2)
    restored = await ana_client.post(f"/api/tasks/{gone['id']}/restore")
    assert restored.json()["labels"] == ["Shop"]
    with database.transaction(writes=False) as session:
        assert steps_of(session, "errand") == 1


def steps_of(session: Session, label: str) -> int:
    rows = session.exec(select(Activity).where(col(Activity.action) == "change")).all()
    return len({row.batch for row in rows if row.before and label in row.before})


async def test_a_deleted_label_is_off_every_task(ana_client):
    milk = await add(ana_client, "Milk", labels=["errand", "shop"])
    assert (await ana_client.delete("/api/labels/Errand")).status_code == 204
    assert (await ana_client.get(f"/api/tasks/{milk['id']}")).json()["labels"] == ["shop"]
    for response in (
        await ana_client.delete("/api/labels/errand"),
        await ana_client.patch("/api/labels/errand", json={"color": "moss"}),
    ):
        assert (response.status_code, response.json()["code"]) == (404, "LABEL_NOT_FOUND")


async def test_members_see_the_labels_and_each_has_colours_of_their_own(
    ana_client, bob_client, bob, database
):
    home = (await ana_client.post("/api/lists", json={"name": "Home"})).json()
    mine = await add(ana_client, "Of Ana", labels=["secret"])
    shared = await add(ana_client, "Paint", labels=["errand"], list_id=home["id"])
    share(database, shared["id"], bob.id, Role.VIEWER)
    assert await labels(bob_client) == {"errand": ("stone", 1, 1)}
    colored = await bob_client.patch("/api/labels/errand", json={"color": "rose"})
    assert colored.json()["color"] == "rose"
    assert (await labels(ana_client))["errand"] == ("stone", 1, 1)
    for response in (
        await bob_client.patch("/api/labels/errand", json={"name": "mine"}),
        await bob_client.delete("/api/labels/errand"),
    ):
        assert (response.status_code, response.json()["code"]) == (403, "READ_ONLY")
    assert (await bob_client.delete("/api/labels/secret")).status_code == 404
    # What is archived is read only, and out of the way.
    await ana_client.patch(f"/api/lists/{home['id']}", json={"is_archived": True})
    assert await labels(ana_client) == {"secret": ("stone", 1, 1)}
    assert (await ana_client.get(f"/api/tasks/{mine['id']}")).json()["labels"] == ["secret"]


def share(database: Database, task_id: str, user_id: Any, role: Role) -> None:
    with database.transaction() as session:
        (task,) = [each for each in session.exec(select(Task)) if str(each.id) == task_id]
        session.add(ListMember(user_id=user_id, list_id=task.list_id, role=role, position=9))


async def test_the_next_occurrence_and_the_export_have_the_labels(ana_client):
    rule = {"rule": "FREQ=DAILY", "from": "due"}
    bins = await add(ana_client, "Bins", due_date="2026-03-10", repeat=rule, labels=["home"])
    await ana_client.patch(f"/api/tasks/{bins['id']}", json={"is_completed": True})
    answer = (await ana_client.get("/api/tasks?status=pending")).json()
    assert [task["labels"] for task in answer["items"]] == [["home"]]
    await ana_client.patch("/api/labels/home", json={"color": "moss"})
    kept = (await ana_client.get("/api/account/export")).json()
    assert [task["labels"] for task in kept["tasks"]] == [["home"], ["home"]]
    assert [(each["name"], each["color"]) for each in kept["labels"]] == [("home", "moss")]


async def test_words_label_a_task_in_the_spelling_that_is_there(ana_client):
    await add(ana_client, "Milk", labels=["Errand"])
    quick = {"text": "Bread @errand @new 5@home\nToo long @" + "x" * 51}
    answer = await ana_client.post("/api/tasks/quick", json=quick)
    assert answer.status_code == 201
    bread, long = answer.json()["tasks"]
    assert (bread["title"], bread["labels"]) == ("Bread 5@home", ["Errand", "new"])
    assert (long["title"], long["labels"]) == ("Too long @" + "x" * 51, [])
