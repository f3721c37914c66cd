"""/api/lists, and tasks in lists."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlmodel import select

from dashboard import events
from dashboard.database.transactions import Database
from dashboard.models import list as lists_module
from dashboard.models.list import ListMember, Role, TaskList
from dashboard.models.session import Actor
from dashboard.models.task import Task
from dashboard.services.lists import commands
from dashboard.services.tasks import trash
from tests.api.conftest import UNKNOWN_ID, on_sqlite

Make = Callable[..., Awaitable[dict[str, Any]]]


@pytest.fixture
def make_list(ana_client: httpx.AsyncClient) -> Make:
    """Makes a list of Ana's: `await make_list("Home", color="moss")`."""

    async def make(name: str, **fields: Any) -> dict[str, Any]:
        response = await ana_client.post("/api/lists", json={"name": name, **fields})
        assert response.status_code == 201
        return response.json()

    return make


async def names(client: httpx.AsyncClient) -> list[str]:
    answer = (await client.get("/api/lists")).json()
    assert answer["count"] == len(answer["items"])
    return [each["name"] for each in answer["items"]]


async def titles(client: httpx.AsyncClient, query: str = "") -> list[str]:
    answer = (await client.get(f"/api/tasks?sort=title&order=asc{query}")).json()
    return [task["title"] for task in answer["items"]]


def share(database: Database, list_id: str, actor: Actor, role: Role) -> None:
    with database.transaction() as session:
        found = session.exec(select(TaskList)).all()
        (shared,) = [each for each in found if str(each.id) == list_id]
        session.add(ListMember(user_id=actor.id, list_id=shared.id, role=role, position=9))


async def add_task(client: httpx.AsyncClient, title: str, list_id: str) -> dict[str, Any]:
    response = await client.post("/api/tasks", json={"title": title, "list_id": list_id})
    assert response.status_code == 201
    return response.json()


async def test_everyone_has_an_inbox_and_it_stays(ana_client, ana, anas_milk):
    (inbox,) = (await ana_client.get("/api/lists")).json()["items"]
    assert (inbox["name"], inbox["is_inbox"], inbox["role"]) == ("Inbox", True, "owner")
    assert inbox["open_count"] == 1
    url = f"/api/lists/{inbox['id']}"
    for wish in ({"name": "In"}, {"is_archived": True}, {"color": "sky"}, {"icon": "home"}):
        response = await ana_client.patch(url, json=wish)
        assert (response.status_code, response.json()["code"]) == (409, "INBOX_STAYS")
    assert (await ana_client.delete(url)).status_code == 409
    assert (await ana_client.patch(url, json={"view": "board"})).json()["view"] == "board"


async def test_a_list_is_made_changed_and_looked_at(ana_client, ana):
    response = await ana_client.post("/api/lists", json={"name": "  Home ", "color": "moss"})
    home = response.json()
    url = response.headers["Location"]
    assert (response.status_code, response.headers["ETag"]) == (201, '"1"')
    assert url == f"/api/lists/{home['id']}"
    assert {
        name: home[name] for name in home if name not in ("id", "created_at", "updated_at")
    } == {
        "name": "Home",
        "color": "moss",
        "icon": "",
        "is_inbox": False,
        "is_archived": False,
        "view": "list",
        "role": "owner",
        "open_count": 0,
        "version": 1,
    }
    wish = {"name": "House", "icon": "home", "view": "board"}
    changed = await ana_client.patch(url, json=wish, headers={"If-Match": '"1"'})
    assert changed.headers["ETag"] == '"2"'
    assert (await ana_client.get(url)).json() == changed.json()
    assert changed.json() | wish == changed.json()
    stale = {"headers": {"If-Match": '"1"'}}
    assert (await ana_client.patch(url, json={"name": "Hut"}, **stale)).status_code == 412
    assert (await ana_client.delete(url, **stale)).status_code == 412
    assert await names(ana_client) == ["Inbox", "House"]


@on_sqlite
async def test_the_same_key_twice_makes_one_list_for_each_person(ana_client, bob_client):
    key = {"headers": {"Idempotency-Key": "k"}}
    for client in (ana_client, bob_client):
        answers = [await client.post("/api/lists", json={"name": n}, **key) for n in ("A", "B")]
        assert [answer.status_code for answer in answers] == [201, 201]
        assert answers[0].json() == answers[1].json()
        assert await names(client) == ["Inbox", "A"]
    await bob_client.delete(answers[0].headers["Location"])
    again = await bob_client.post("/api/lists", json={"name": "A"}, **key)
    assert (again.status_code, again.json()["code"]) == (404, "LIST_NOT_FOUND")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("name", name) for name in ("", "  ", "\u200b", "x" * 81, "a\x00", 7, None)),
        *(("color", color) for color in ("red", "", None, 1)),
        *(("icon", icon) for icon in ("skull", None)),
        *(("view", view) for view in ("grid", None)),
        ("is_archived", 1),
        ("role", "owner"),
        ("id", UNKNOWN_ID),
    ],
)
async def test_what_no_list_can_have_is_a_422(ana_client, make_list, field, value):
    home = await make_list("Home")
    wish = {"name": "Other", field: value}
    for response in (
        await ana_client.post("/api/lists", json=wish),
        await ana_client.patch(f"/api/lists/{home['id']}", json=wish),
    ):
        assert response.status_code == 422
        assert response.json()["errors"][0]["field"] == field
    assert await names(ana_client) == ["Inbox", "Home"]


async def test_names_of_80_code_points_and_the_whole_palette_are_taken(make_list):
    assert (await make_list("😀" * 80))["name"] == "😀" * 80
    for color in lists_module.Color:
        assert (await make_list("x", color=color))["color"] == color


@on_sqlite
async def test_there_are_at_most_so_many_lists(ana_client, make_list, monkeypatch):
    assert lists_module.MOST_LISTS == 500
    monkeypatch.setattr(commands, "MOST_LISTS", 2)
    gone = await make_list("Gone")
    await make_list("Home")
    response = await ana_client.post("/api/lists", json={"name": "One more"})
    assert response.status_code == 422
    assert "at most" in response.json()["detail"]
    await ana_client.delete(f"/api/lists/{gone['id']}")
    await make_list("One more")
    assert (await ana_client.post(f"/api/lists/{gone['id']}/restore")).status_code == 422


async def test_everyone_has_an_order_of_their_own(ana_client, bob_client, bob, database, make_list):
    made = {name: (await make_list(name))["id"] for name in ("Home", "Work", "Garden")}
    share(database, made["Home"], bob, Role.VIEWER)
    order = [made[name] for name in ("Garden", "Home", "Work")]
    response = await ana_client.put("/api/lists/order", json={"list_ids": order})
    assert response.status_code == 204
    assert await names(ana_client) == ["Inbox", "Garden", "Home", "Work"]
    own = (await bob_client.post("/api/lists", json={"name": "Bob's"})).json()["id"]
    wrong = [
        order[:2],
        [*order, own],
        [*order, UNKNOWN_ID],
        [*order, order[0]],
        [],
    ]
    for ids in wrong:
        response = await ana_client.put("/api/lists/order", json={"list_ids": ids})
        assert (response.status_code, response.json()["errors"][0]["field"]) == (422, "list_ids")
    for ids in ({"list_ids": "x"}, {"list_ids": ["x"]}, {}, {"list_ids": order, "more": 1}):
        assert (await ana_client.put("/api/lists/order", json=ids)).status_code == 422
    assert await names(ana_client) == ["Inbox", "Garden", "Home", "Work"]
    assert await names(bob_client) == ["Inbox", "Home", "Bob's"]


async def test_a_task_lies_in_the_list_it_was_made_in_and_moves(
    ana_client, ana, make_list, anas_milk
):
    home, work = await make_list("Home"), await make_list("Work")
    sweep = await add_task(ana_client, "Sweep", home["id"])
    assert sweep["list_id"] == home["id"]
    assert await titles(ana_client) == ["Milk", "Sweep"]
    assert await titles(ana_client, f"&list={home['id']}") == ["Sweep"]
    assert await titles(ana_client, f"&list={ana.id}") == ["Milk"]
    assert await titles(ana_client, f"&list={home['id']}&q=swe") == ["Sweep"]
    assert await titles(ana_client, f"&list={work['id']}&q=swe") == []
    url = f"/api/tasks/{sweep['id']}"
    moved = (await ana_client.patch(url, json={"list_id": work["id"]})).json()
    assert (moved["list_id"], moved["version"]) == (work["id"], 2)
    whole = {name: moved[name] for name in ("title", "description", "priority", "is_completed")}
    whole |= {"due_date": None, "due_time": None}
    assert (await ana_client.put(url, json=whole)).json()["list_id"] == work["id"]
    back = await ana_client.put(url, json=whole | {"list_id": home["id"]})
    assert back.json()["list_id"] == home["id"]
    counts = {
        each["name"]: each["open_count"]
        for each in (await ana_client.get("/api/lists")).json()["items"]
    }
    assert counts == {"Inbox": 1, "Home": 1, "Work": 0}


async def test_a_task_goes_into_no_list_that_is_foreign_archived_or_gone(
    ana_client, bob_client, bob, make_list, anas_milk
):
    archived, gone = await make_list("Old"), await make_list("Gone")
    await ana_client.patch(f"/api/lists/{archived['id']}", json={"is_archived": True})
    await ana_client.delete(f"/api/lists/{gone['id']}")
    bobs = (await bob_client.post("/api/lists", json={"name": "Bob's"})).json()
    url = f"/api/tasks/{anas_milk.id}"
    for list_id, status in (
        (bobs["id"], 403),
        (str(bob.id), 403),
        (archived["id"], 422),
        (gone["id"], 422),
        (UNKNOWN_ID, 404),
        ("x", 422),
        (7, 422),
    ):
        response = await ana_client.patch(url, json={"list_id": list_id})
        assert response.status_code == status, list_id
        made = await ana_client.post("/api/tasks", json={"title": "x", "list_id": list_id})
        assert made.status_code == status, list_id
    assert (await ana_client.patch(url, json={"list_id": None})).status_code == 422
    assert (await ana_client.get(url)).json()["version"] == 1
    assert await titles(ana_client, f"&list={bobs['id']}") == []
    assert (await ana_client.get("/api/tasks?list=x")).status_code == 422


async def test_the_tasks_of_an_archived_list_are_read_only_and_out_of_the_way(
    ana_client, make_list
):
    old = await make_list("Old")
    task = await add_task(ana_client, "Sweep", old["id"])
    url, list_url = f"/api/tasks/{task['id']}", f"/api/lists/{old['id']}"
    archived = (await ana_client.patch(list_url, json={"is_archived": True})).json()
    assert archived["is_archived"]
    assert await names(ana_client) == ["Inbox", "Old"]
    assert await titles(ana_client) == []
    assert await titles(ana_client, "&q=sweep") == []
    assert (await ana_client.get("/api/tasks/metrics")).json()["total"] == 0
    assert await titles(ana_client, f"&list={old['id']}") == ["Sweep"]
    assert (await ana_client.get(url)).status_code == 200
    for response in (
        await ana_client.patch(url, json={"is_completed": True}),
        await ana_client.delete(url),
    ):
        assert (response.status_code, response.json()["code"]) == (409, "LIST_ARCHIVED")
    await ana_client.patch(list_url, json={"is_archived": False})
    assert await titles(ana_client) == ["Sweep"]
    assert (await ana_client.patch(url, json={"is_completed": True})).status_code == 200


async def test_a_list_goes_to_the_trash_with_its_tasks_and_comes_back_with_them(
    ana_client, make_list, anas_milk
):
    home = await make_list("Home")
    kept = await add_task(ana_client, "Sweep", home["id"])
    done = await add_task(ana_client, "Dust", home["id"])
    thrown = await add_task(ana_client, "Paint", home["id"])
    await ana_client.patch(f"/api/tasks/{done['id']}", json={"is_completed": True})
    await ana_client.delete(f"/api/tasks/{thrown['id']}")
    url = f"/api/lists/{home['id']}"
    assert (await ana_client.delete(url)).status_code == 204
    assert await names(ana_client) == ["Inbox"]
    assert await titles(ana_client) == ["Milk"]
    assert await titles(ana_client, "&status=deleted") == ["Dust", "Paint", "Sweep"]
    for response in (
        await ana_client.get(url),
        await ana_client.delete(url),
        await ana_client.patch(url, json={"name": "x"}),
    ):
        assert (response.status_code, response.json()["code"]) == (404, "LIST_NOT_FOUND")
    alone = await ana_client.post(f"/api/tasks/{kept['id']}/restore")
    assert (alone.status_code, alone.json()["code"]) == (409, "LIST_IN_TRASH")
    restored = await ana_client.post(f"{url}/restore")
    assert (restored.status_code, restored.json()["open_count"]) == (200, 1)
    assert (await ana_client.post(f"{url}/restore")).json() == restored.json()
    assert await titles(ana_client, f"&list={home['id']}") == ["Dust", "Sweep"]
    assert await titles(ana_client, "&status=deleted") == ["Paint"]
    assert (await ana_client.get(f"/api/tasks/{done['id']}")).json()["is_completed"]


async def test_what_was_in_the_trash_for_30_days_is_gone_with_its_list(
    frozen_clock, ana_client, make_list, database, anas_milk
):
    home = await make_list("Home")
    await add_task(ana_client, "Sweep", home["id"])
    await ana_client.delete(f"/api/lists/{home['id']}")
    frozen_clock.set(frozen_clock.now() + timedelta(days=31))
    for purge in (trash.purge_lists, trash.purge_trash, trash.purge_lists):
        await database.write(purge)
    with database.transaction(writes=False) as session:
        assert [task.title for task in session.exec(select(Task))] == ["Milk"]
        assert {found.name for found in session.exec(select(TaskList))} == {"Inbox"}


@pytest.mark.parametrize("role", [Role.VIEWER, Role.EDITOR, Role.OWNER])
async def test_members_do_what_their_role_allows(
    ana_client, bob_client, bob, database, make_list, role
):
    home = await make_list("Home")
    task = await add_task(ana_client, "Sweep", home["id"])
    share(database, home["id"], bob, role)
    url, list_url = f"/api/tasks/{task['id']}", f"/api/lists/{home['id']}"
    assert (await bob_client.get(list_url)).json()["role"] == role
    assert await titles(bob_client) == ["Sweep"]
    assert (await bob_client.get(url)).json()["user_id"] == task["user_id"]
    may_write, may_decide = role is not Role.VIEWER, role is Role.OWNER
    for allowed, response in (
        (may_write, await bob_client.patch(url, json={"title": "Sweep!"})),
        (
            may_write,
            await bob_client.post("/api/tasks", json={"title": "x", "list_id": home["id"]}),
        ),
        (may_write, await bob_client.delete(url)),
        (may_write, await bob_client.post(f"{url}/restore")),
        (may_decide, await bob_client.patch(list_url, json={"name": "House"})),
        (may_decide, await bob_client.delete(list_url)),
        (may_decide, await bob_client.post(f"{list_url}/restore")),
    ):
        if allowed:
            assert response.status_code < 300
        else:
            assert (response.status_code, response.json()["code"]) == (403, "READ_ONLY")


async def test_everyone_who_sees_a_list_hears_of_its_changes(
    ana_client, ana, bob, database, make_list
):
    home = await make_list("Home")
    share(database, home["id"], bob, Role.VIEWER)
    heard: list[events.Event] = []
    stops = [events.listen(actor.id, heard.append) for actor in (ana, bob)]
    await ana_client.patch(f"/api/lists/{home['id']}", json={"name": "House"})
    for stop in stops:
        stop()
    for_both, the_same = heard
    assert for_both == the_same
    assert isinstance(for_both, events.ListsChanged)
    assert set(events.audience_of(for_both)) == {ana.id, bob.id}
    assert (str(for_both.list_id), *for_both[2:]) == (home["id"], ana.id, "")
