"""/api/tasks/quick, as a program meets it."""

import json
from pathlib import Path
from typing import Any

from tests.api.conftest import on_sqlite

VECTOR_FILES = Path(__file__).parents[1] / "vectors"
VECTORS = json.loads((VECTOR_FILES / "quick-add.json").read_text())
AS_OF = VECTORS["usual"] | {"people": VECTORS["context"]["people"]}


@on_sqlite
async def test_a_preview_says_what_every_line_means_and_makes_nothing(ana_client):
    lines = [row for row in VECTORS["lines"] if "\n" not in row["text"]]
    by_custom: dict[str, list[dict[str, Any]]] = {}
    for row in lines:
        own = {name: row[name] for name in VECTORS["usual"] if name in row}
        by_custom.setdefault(json.dumps(AS_OF | own), []).append(row)
    for as_of, rows in by_custom.items():
        for some in (rows[start : start + 200] for start in range(0, len(rows), 200)):
            text = "\n".join(row["text"] for row in some)
            asked = {"text": text, "dry_run": True, "as_of": json.loads(as_of)}
            response = await ana_client.post("/api/tasks/quick", json=asked)
            assert response.status_code == 200, response.text
            for row, task in zip(some, response.json()["tasks"], strict=True):
                check(row, task)
    assert (await ana_client.get("/api/tasks")).json()["count"] == 0


def check(row: dict[str, Any], task: dict[str, Any]) -> None:
    says = {"title": row["text"], **row["says"]}
    for name in ("title", "due_date", "due_time", "priority", "assignee", "reminders", "labels"):
        empty = [] if name in ("reminders", "labels") else None
        assert task[name] == says.get(name, empty), row["text"]
    repeat = task["repeat"] or {"rule": None, "from": None, "until": None, "count": None}
    assert repeat["rule"] == says.get("rrule")
    assert repeat["from"] == says.get("anchor")
    assert repeat["until"] == says.get("until")
    assert repeat["count"] == says.get("count")


@on_sqlite
async def test_a_preview_leaves_innocent_titles_whole(ana_client):
    titles = (VECTOR_FILES / "innocent_titles.txt").read_text().splitlines()
    for some in (titles[:200], titles[200:]):
        asked = {"text": "\n".join(some), "dry_run": True}
        said = (await ana_client.post("/api/tasks/quick", json=asked)).json()["tasks"]
        assert [each["title"] for each in said if each["spans"] == []] == some


async def test_words_make_tasks(frozen_clock, ana_client):
    text = "- [x] Call mum tomorrow 18:00 p1\n- Bins every monday @errand"
    response = await ana_client.post("/api/tasks/quick", json={"text": text})
    assert response.status_code == 201
    first, second = response.json()["tasks"]
    assert (first["title"], first["priority"], first["due_time"]) == ("Call mum", "High", "18:00")
    assert first["is_completed"]
    assert (second["title"], second["due_date"]) == ("Bins", "2026-03-16")
    assert second["labels"] == ["errand"]
    assert [span["kind"] for span in response.json()["parsed"][0]["spans"]] == [
        "date",
        "time",
        "priority",
    ]
    listed = (await ana_client.get("/api/tasks")).json()
    assert {task["id"] for task in listed["items"]} == {first["id"], second["id"]}


async def test_indented_lines_are_subtasks_of_the_line_above_them(ana_client):
    text = "Trip #Holidays\n  - Tickets tomorrow p1\n  - [x] Hotel every day #Work\nMilk"
    made = (await ana_client.post("/api/tasks/quick", json={"text": text})).json()
    trip, tickets, hotel, milk = made["tasks"]
    assert trip["subtasks"] == {"total": 2, "completed": 0}
    assert [each["parent_id"] for each in (tickets, hotel)] == [trip["id"]] * 2
    assert tickets["list_id"] == trip["list_id"] != milk["list_id"]
    assert (milk["parent_id"], tickets["priority"]) == (None, "High")
    # A subtask does not repeat, and lies where its parent does.
    assert (hotel["title"], hotel["is_completed"]) == ("Hotel every day #Work", True)
    again = (await ana_client.get(f"/api/tasks/{trip['id']}")).json()
    assert again["subtasks"] == {"total": 2, "completed": 1}


async def test_a_preview_knows_oneself_and_nobody_else(ana_client):
    asked = {"text": "Walk +Ana\nRun +Ben", "dry_run": True}
    said = (await ana_client.post("/api/tasks/quick", json=asked)).json()["tasks"]
    assert [(each["title"], each["assignee"]) for each in said] == [
        ("Walk", "Ana"),
        ("Run +Ben", None),
    ]


async def test_a_list_in_words_is_the_persons_own_or_made(ana_client):
    home = (await ana_client.post("/api/lists", json={"name": "Home"})).json()
    said = (
        await ana_client.post(
            "/api/tasks/quick", json={"text": 'Nails #home\nBook #"Dream  Trip"', "dry_run": True}
        )
    ).json()
    assert [(task["list"], task["is_new_list"]) for task in said["tasks"]] == [
        ("Home", False),
        ("Dream Trip", True),
    ]
    assert len((await ana_client.get("/api/lists")).json()["items"]) == 2
    text = 'Nails #home tomorrow\nBook #"Dream Trip"\nPack #"dream trip"\nMilk'
    made = (
        await ana_client.post("/api/tasks/quick", json={"text": text, "list_id": home["id"]})
    ).json()
    lists = {
        each["id"]: each["name"] for each in (await ana_client.get("/api/lists")).json()["items"]
    }
    assert [(task["title"], lists[task["list_id"]]) for task in made["tasks"]] == [
        ("Nails", "Home"),
        ("Book", "Dream Trip"),
        ("Pack", "Dream Trip"),
        ("Milk", "Home"),
    ]
    # One line that cannot be kept keeps its new list out, too.
    refused = await ana_client.post("/api/tasks/quick", json={"text": "A #Other\n" + "x" * 300})
    assert refused.status_code == 422
    assert len((await ana_client.get("/api/lists")).json()["items"]) == 3
    await ana_client.patch(f"/api/lists/{home['id']}", json={"is_archived": True})
    put_away = await ana_client.post("/api/tasks/quick", json={"text": "Nails #home"})
    assert put_away.status_code == 422
    assert "archived" in put_away.json()["errors"][0]["message"]


async def test_the_same_key_makes_no_second_tasks(ana_client):
    for _ in range(2):
        response = await ana_client.post(
            "/api/tasks/quick", json={"text": "Milk\nBread"}, headers={"Idempotency-Key": "k1"}
        )
        assert response.status_code == 201
    assert (await ana_client.get("/api/tasks")).json()["count"] == 2


async def test_one_line_that_cannot_be_kept_keeps_all_of_them_out(ana_client):
    for text in ("Milk\n" + "every " * 1667, "  ", "a\n" * 201, "x" * 60_001):
        response = await ana_client.post("/api/tasks/quick", json={"text": text})
        assert response.status_code in (413, 422)
    unasked = {"text": "Milk", "as_of": {"timezone": "UTC"}}
    assert (await ana_client.post("/api/tasks/quick", json=unasked)).status_code == 422
    assert (await ana_client.get("/api/tasks")).json()["count"] == 0
