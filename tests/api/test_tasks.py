"""/api/tasks, as a program meets it."""

from datetime import UTC, datetime

import pytest
from pydantic import TypeAdapter

from dashboard.api.activity import StepPageOut
from dashboard.api.tasks import MetricsOut, TaskOut, TaskPageOut
from dashboard.models.task import Priority, Task
from tests.api.conftest import UNKNOWN_ID

STRANGERS_CHANCES = [
    ("GET", "", None),
    (
        "PUT",
        "",
        {
            "title": "Mine now",
            "description": "",
            "priority": "High",
            "is_completed": True,
            "due_date": None,
            "due_time": None,
        },
    ),
    ("PATCH", "", {"title": "Mine now"}),
    ("DELETE", "", None),
    ("POST", "/restore", None),
]


def path_of(task: Task) -> str:
    return f"/api/tasks/{task.id}"


async def test_a_new_task_is_answered_whole_with_its_address_and_its_version(ana_client, ana):
    response = await ana_client.post(
        "/api/tasks",
        json={
            "title": "  Renew passport ",
            "description": "Photos",
            "priority": "High",
            "due_date": "2026-03-10",
            "due_time": "14:30",
        },
    )
    assert response.status_code == 201
    task = response.json()
    assert response.headers["Location"] == f"/api/tasks/{task['id']}"
    assert response.headers["ETag"] == '"1"'
    assert {
        name: task[name]
        for name in sorted(task)
        if name not in ("id", "position", "created_at", "updated_at")
    } == {
        "completed_at": None,
        "description": "Photos",
        "due_date": "2026-03-10",
        "due_time": "14:30",
        "is_completed": False,
        "priority": "High",
        "title": "Renew passport",
        "user_id": str(ana.id),
        "created_by": str(ana.id),
        "list_id": str(ana.id),
        "section_id": None,
        "parent_id": None,
        "subtasks": {"completed": 0, "total": 0},
        "repeat": None,
        "labels": [],
        "version": 1,
    }
    assert task["position"]


async def test_a_long_answer_is_compressed_for_whoever_takes_it_so(ana_client, make_task, ana):
    for n in range(10):
        make_task(ana, f"Task {n}")
    plain = await ana_client.get("/api/tasks", headers={"Accept-Encoding": "identity"})
    small = await ana_client.get("/api/tasks", headers={"Accept-Encoding": "gzip"})
    assert (plain.headers.get("Content-Encoding"), small.headers["Content-Encoding"]) == (
        None,
        "gzip",
    )
    assert small.headers["Vary"] == "Accept-Encoding"
    assert int(small.headers["Content-Length"]) * 3 < int(plain.headers["Content-Length"])
    assert small.json() == plain.json()


async def test_only_the_title_of_a_new_task_is_needed(ana_client):
    task = (await ana_client.post("/api/tasks", json={"title": "Milk"})).json()
    assert (task["description"], task["priority"], task["due_date"], task["due_time"]) == (
        "",
        "Medium",
        None,
        None,
    )


async def test_moments_are_written_in_utc_with_a_z(frozen_clock, ana_client, make_task, ana):
    frozen_clock.set(datetime(2026, 3, 10, 12, 0, 0, 5, tzinfo=UTC))
    task = (await ana_client.get(path_of(make_task(ana)))).json()
    assert task["created_at"] == task["updated_at"] == "2026-03-10T12:00:00.000005Z"


async def test_a_list_and_a_look_say_the_same_of_a_task(frozen_clock, ana_client, make_task, ana):
    for fields in (
        {},
        {"due_date": "2026-03-10", "due_time": "09:05", "priority": Priority.LOW},
        {"due_date": "2026-03-10", "description": 'A "quote", a \\ and\n\ta line\u2028 😀'},
    ):
        made = make_task(ana, f'"{len(fields)}"', **fields)
    await ana_client.patch(path_of(made), json={"is_completed": True})
    items = (await ana_client.get("/api/tasks")).json()["items"]
    assert len(items) == 3
    assert items == [(await ana_client.get(f"/api/tasks/{item['id']}")).json() for item in items]


async def test_answers_have_exactly_the_announced_fields(ana_client, anas_milk):
    task = (await ana_client.get(path_of(anas_milk))).json()
    page = (await ana_client.get("/api/tasks")).json()
    metrics = (await ana_client.get("/api/tasks/metrics")).json()
    for kind, answer in ((TaskOut, task), (TaskPageOut, page), (MetricsOut, metrics)):
        assert TypeAdapter(kind).validate_python(answer)
        assert set(answer) == set(kind.__annotations__)
    assert set(page["items"][0]) == set(TaskOut.__annotations__)


async def test_a_part_of_a_task_can_be_changed(ana_client, anas_milk):
    response = await ana_client.patch(path_of(anas_milk), json={"is_completed": True})
    assert response.status_code == 200
    assert response.headers["ETag"] == '"2"'
    task = response.json()
    assert task["title"] == "Milk"
    assert task["is_completed"]
    assert task["completed_at"] == task["updated_at"]


async def test_what_was_done_to_a_task_is_told_with_what_its_fields_held(ana_client, anas_milk):
    for title in ("Oat milk", "Soy milk"):
        await ana_client.patch(path_of(anas_milk), json={"title": title})
    path = f"{path_of(anas_milk)}/activity"
    answer = (await ana_client.get(path, params={"limit": 1})).json()
    (step,) = answer["items"]
    told = step["action"], step["before"], step["after"]
    assert told == ("change", {"title": "Oat milk"}, {"title": "Soy milk"})
    assert TypeAdapter(StepPageOut).validate_python(answer)
    older = await ana_client.get(path, params={"limit": 1, "cursor": answer["next_cursor"]})
    assert older.json()["items"][0]["after"] == {"title": "Oat milk"}
    for wrong in ({"limit": 0}, {"cursor": "17"}):
        assert (await ana_client.get(path, params=wrong)).status_code == 422


async def test_a_replacement_needs_every_field(ana_client, anas_milk):
    everything = {
        "title": "Oat milk",
        "description": "",
        "priority": "Low",
        "is_completed": False,
        "due_date": "2026-03-10",
        "due_time": None,
    }
    for name in everything:
        rest = {field: value for field, value in everything.items() if field != name}
        response = await ana_client.put(path_of(anas_milk), json=rest)
        assert response.status_code == 422
        assert response.json()["errors"] == [{"field": name, "message": "This is required."}]
    response = await ana_client.put(path_of(anas_milk), json=everything)
    assert response.status_code == 200
    assert everything.items() <= response.json().items()


async def test_a_deleted_task_is_gone_for_its_owner_until_it_is_restored(ana_client, anas_milk):
    response = await ana_client.delete(path_of(anas_milk))
    assert (response.status_code, response.content) == (204, b"")
    assert (await ana_client.get(path_of(anas_milk))).status_code == 404
    assert (await ana_client.patch(path_of(anas_milk), json={})).status_code == 404
    assert (await ana_client.delete(path_of(anas_milk))).status_code == 404
    assert (await ana_client.get("/api/tasks")).json()["count"] == 0
    assert (await ana_client.get("/api/tasks?status=deleted")).json()["count"] == 1
    restored = await ana_client.post(f"{path_of(anas_milk)}/restore")
    assert restored.status_code == 200
    assert restored.headers["ETag"] == '"3"'
    assert (await ana_client.get(path_of(anas_milk))).json() == restored.json()


@pytest.mark.parametrize(("method", "suffix", "body"), STRANGERS_CHANCES)
async def test_another_persons_task_is_a_403_and_stays_as_it_is(
    ana_client, bob_client, anas_milk, method, suffix, body
):
    before = (await ana_client.get(path_of(anas_milk))).json()
    response = await bob_client.request(method, path_of(anas_milk) + suffix, json=body)
    assert response.status_code == 403
    assert response.json()["code"] == "FORBIDDEN"
    assert "Milk" not in response.text
    assert (await ana_client.get(path_of(anas_milk))).json() == before


@pytest.mark.parametrize(("method", "suffix", "body"), STRANGERS_CHANCES)
async def test_an_unknown_task_is_a_404(ana_client, method, suffix, body):
    response = await ana_client.request(method, f"/api/tasks/{UNKNOWN_ID}{suffix}", json=body)
    assert (response.status_code, response.json()["code"]) == (404, "TASK_NOT_FOUND")


@pytest.mark.parametrize(("method", "suffix", "body"), STRANGERS_CHANCES)
async def test_what_is_no_id_is_a_422(ana_client, method, suffix, body):
    response = await ana_client.request(method, f"/api/tasks/17{suffix}", json=body)
    assert response.status_code == 422
    assert response.json()["errors"] == [{"field": "task_id", "message": "This is not a valid id."}]


async def test_a_stranger_with_a_bad_body_learns_of_the_body_alone(bob_client, anas_milk):
    for path in (path_of(anas_milk), f"/api/tasks/{UNKNOWN_ID}"):
        response = await bob_client.patch(path, json={"title": ""})
        assert response.status_code == 422


async def test_a_stale_version_by_a_stranger_is_still_a_403(bob_client, anas_milk):
    response = await bob_client.patch(path_of(anas_milk), json={}, headers={"If-Match": '"7"'})
    assert response.status_code == 403


async def test_nobody_lists_or_counts_another_persons_tasks(bob_client, anas_milk):
    assert (await bob_client.get("/api/tasks")).json() == {
        "items": [],
        "count": 0,
        "next_cursor": None,
    }
    assert set((await bob_client.get("/api/tasks/metrics")).json().values()) == {0}


# ETag and If-Match


@pytest.mark.parametrize("if_match", ['"1"', "*", ' "1" '])
async def test_a_change_meant_for_this_version_is_made(ana_client, anas_milk, if_match):
    headers = {"If-Match": if_match}
    response = await ana_client.patch(path_of(anas_milk), json={"title": "Oat"}, headers=headers)
    assert (response.status_code, response.headers["ETag"]) == (200, '"2"')


@pytest.mark.parametrize("if_match", ['"2"', 'W/"1"', '"01"', '"one"', '""', f'"{"9" * 40}"'])
async def test_a_change_meant_for_another_version_is_not_made(ana_client, anas_milk, if_match):
    for method, _suffix, body in STRANGERS_CHANCES[1:4]:
        response = await ana_client.request(
            method, path_of(anas_milk), json=body, headers={"If-Match": if_match}
        )
        assert (response.status_code, response.json()["code"]) == (412, "STALE_VERSION"), method
    assert (await ana_client.get(path_of(anas_milk))).headers["ETag"] == '"1"'


@pytest.mark.parametrize("if_match", ["1", '"1', '"1", "2"', "", "W/", '"a b"', "**"])
async def test_what_is_not_one_etag_is_a_422(ana_client, anas_milk, if_match):
    response = await ana_client.patch(
        path_of(anas_milk), json={"title": "Oat"}, headers={"If-Match": if_match}
    )
    assert response.status_code == 422
    assert response.json()["errors"][0]["field"] == "If-Match"


async def test_of_two_who_changed_the_same_version_the_second_is_told(ana_client, anas_milk):
    etag = (await ana_client.get(path_of(anas_milk))).headers["ETag"]
    answers = [
        (
            await ana_client.patch(
                path_of(anas_milk), json={"title": title}, headers={"If-Match": etag}
            )
        ).status_code
        for title in ("Oat milk", "Soy milk")
    ]
    assert answers == [200, 412]
    assert (await ana_client.get(path_of(anas_milk))).json()["title"] == "Oat milk"


# Idempotency-Key


async def test_the_same_key_twice_makes_one_task_and_the_same_answer(ana_client):
    answers = [
        await ana_client.post("/api/tasks", json={"title": title}, headers={"Idempotency-Key": "k"})
        for title in ("Milk", "Bread")
    ]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert (await ana_client.get("/api/tasks")).json()["count"] == 1


async def test_two_people_may_have_the_same_key(ana_client, bob_client):
    for client in (ana_client, bob_client):
        await client.post("/api/tasks", json={"title": "Milk"}, headers={"Idempotency-Key": "k"})
    for client in (ana_client, bob_client):
        assert (await client.get("/api/tasks")).json()["count"] == 1


@pytest.mark.parametrize("key", ["", "k" * 256])
async def test_a_key_has_1_to_255_characters(ana_client, key):
    response = await ana_client.post(
        "/api/tasks", json={"title": "Milk"}, headers={"Idempotency-Key": key}
    )
    assert response.status_code == 422
    assert response.json()["errors"][0]["field"] == "Idempotency-Key"


# Lists


async def test_pages_follow_each_other_until_all_are_seen(ana_client, make_task, ana):
    made = [str(make_task(ana, f"{n}").id) for n in range(7)]
    seen: list[str] = []
    query = {"limit": "3"}
    while True:
        page = (await ana_client.get("/api/tasks", params=query)).json()
        assert page["count"] == 7
        assert len(page["items"]) <= 3
        seen += [item["id"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        query["cursor"] = page["next_cursor"]
    assert seen == made[::-1]


async def test_a_task_added_meanwhile_moves_no_page(ana_client, make_task, ana):
    made = [str(make_task(ana, f"{n}").id) for n in range(4)]
    first = (await ana_client.get("/api/tasks?limit=2")).json()
    make_task(ana, "Late")
    second = (
        await ana_client.get("/api/tasks", params={"limit": 2, "cursor": first["next_cursor"]})
    ).json()
    assert [item["id"] for item in first["items"] + second["items"]] == made[::-1]


async def test_a_list_can_be_filtered_searched_and_sorted(frozen_clock, ana_client, make_task, ana):
    make_task(ana, "Straße fegen", priority=Priority.HIGH, due_date="2026-03-09")
    make_task(ana, "100% sure", priority=Priority.LOW, due_date="2026-03-10")
    done = make_task(ana, "Bread", due_date="2026-03-20")
    await ana_client.patch(path_of(done), json={"is_completed": True})

    async def titles(query: str) -> list[str]:
        page = (await ana_client.get(f"/api/tasks?{query}")).json()
        assert page["count"] == len(page["items"])
        return [item["title"] for item in page["items"]]

    assert await titles("status=pending&sort=priority") == ["Straße fegen", "100% sure"]
    assert await titles("status=completed") == ["Bread"]
    assert await titles("status=overdue") == ["Straße fegen"]
    assert await titles("status=due_today") == ["100% sure"]
    assert await titles("priority=High") == ["Straße fegen"]
    assert await titles("due=2026-03-10..2026-03-31&sort=due&order=asc") == ["100% sure", "Bread"]
    assert await titles("q=STRASSE") == ["Straße fegen"]
    assert await titles("q=%25") == ["100% sure"]
    assert await titles("q=_") == []
    assert await titles("sort=title&order=asc") == ["100% sure", "Bread", "Straße fegen"]
    assert await titles("q=re&sort=relevance") == ["100% sure", "Bread"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=-1", "limit"),
        ("limit=1e2", "limit"),
        ("limit=NaN", "limit"),
        ("limit=", "limit"),
        ("limit=99999999999999999999", "limit"),
        ("status=done", "status"),
        ("status=", "status"),
        ("priority=high", "priority"),
        ("sort=id", "sort"),
        ("order=up", "order"),
        ("due=2026-02-30", "due"),
        ("due=2026-03-02..2026-03-01", "due"),
        ("due=tomorrow", "due"),
        ("q=%00", "q"),
        ("q=" + "x" * 201, "q"),
        ("cursor=nonsense", "cursor"),
        ("cursor=%F0%9F%98%80", "cursor"),
        ("cursor=W10", "cursor"),
        ("page=2", "page"),
        ("user_id=" + UNKNOWN_ID, "user_id"),
        ("limit=1&limit=2", ""),
        ("status=all&status=all", ""),
    ],
)
async def test_a_query_that_means_nothing_is_a_422(ana_client, query, field):
    response = await ana_client.get(f"/api/tasks?{query}")
    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == [field]


async def test_a_cursor_of_another_order_is_a_422(ana_client, make_task, ana):
    for n in range(3):
        make_task(ana, f"{n}")
    cursor = (await ana_client.get("/api/tasks?limit=1&sort=title")).json()["next_cursor"]
    for other in ("sort=due", "sort=title&order=asc", ""):
        response = await ana_client.get(f"/api/tasks?limit=1&cursor={cursor}&{other}")
        assert response.status_code == 422


async def test_metrics_are_the_lengths_of_the_lists(frozen_clock, ana_client, make_task, ana):
    for day, priority in (("2026-03-09", "High"), ("2026-03-10", "Low"), ("2026-03-11", "Low")):
        make_task(ana, day, due_date=day, priority=Priority(priority))
    await ana_client.patch(path_of(make_task(ana)), json={"is_completed": True})
    metrics = (await ana_client.get("/api/tasks/metrics")).json()
    assert metrics == {
        "total": 4,
        "completed": 1,
        "pending": 3,
        "overdue": 1,
        "due_today": 1,
        "high_priority": 1,
        "medium_priority": 0,
        "low_priority": 2,
    }
