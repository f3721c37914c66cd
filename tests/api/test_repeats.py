"""/api/repeat, as a program meets it."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.api.conftest import on_sqlite
from tests.conftest import FrozenClock

CASES = json.loads((Path(__file__).parents[1] / "vectors/recurrence.json").read_text())["cases"]
ASKED = {"rule": "FREQ=DAILY", "from": "due", "due_date": "2026-03-11"}


@on_sqlite
async def test_a_preview_lists_what_every_case_expects(ana_client):
    for case in CASES:
        expected = case.get("next", [])
        response = await ana_client.post("/api/repeat/preview", json=asked(case))
        assert response.status_code == 200, (case["id"], response.text)
        said = response.json()
        found = [
            each["date"] + (f"T{each['time']}" if each["time"] else "") for each in said["next"]
        ]
        assert found == expected, case["id"]
        assert said["ends"] is not bool(expected)
        assert said["words"].startswith("every ")
        assert "UNTIL" not in said["rule"]
        assert "COUNT" not in said["rule"]


def asked(case: dict[str, Any]) -> dict[str, Any]:
    given = {
        "rule": case["rrule"],
        "from": case["anchor"],
        "due_date": case["due"],
        "due_time": case.get("due_time"),
        "timezone": case["timezone"],
        "completed_at": case["completed_at"],
        "n": len(case.get("next", "?")),
    }
    return {name: value for name, value in given.items() if value is not None}


async def test_a_preview_without_a_completion_goes_on_from_the_due_date(ana_client):
    wanted = ASKED | {"rule": "RRULE:FREQ=MONTHLY;BYMONTHDAY=31;COUNT=3", "due_date": "2026-01-31"}
    said = (await ana_client.post("/api/repeat/preview", json=wanted)).json()
    assert said == {
        "rule": "FREQ=MONTHLY;BYMONTHDAY=31,-1;BYSETPOS=1",
        "until": None,
        "count": 3,
        "words": "every month on the 31st, or the last day of a shorter month, 3 times",
        "next": [{"date": "2026-02-28", "time": None}, {"date": "2026-03-31", "time": None}],
        "ends": False,
    }
    five = await ana_client.post("/api/repeat/preview", json=ASKED | {"due_time": "09:15"})
    assert [each["time"] for each in five.json()["next"]] == ["09:15"] * 5


@on_sqlite
@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"rule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"}, "This repeat never happens."),
        ({"rule": "FREQ=DAILY;BYSETPOS=2"}, "This repeat never happens."),
        ({"rule": "INTERVAL=2"}, "does not say how often"),
        ({"rule": ""}, "does not say how often"),
        ({"rule": "every day"}, "A repeat cannot have EVERY DAY."),
        ({"rule": ";".join(["FREQ=DAILY", *(f"X{n}=1" for n in range(10))])}, "at most 10 parts"),
        ({"rule": "FREQ=MINUTELY"}, "every hour at most"),
        ({"rule": "FREQ=DAILY;COUNT=2;UNTIL=20270101"}, "not both"),
        ({"rule": "FREQ=DAILY;UNTIL=20260310"}, "ends before the task is due"),
        ({"rule": "FREQ=HOURLY"}, "needs a due time"),
        ({"rule": "FREQ=DAILY;" + "A" * 500}, "at most 500 characters"),
        ({"from": "tomorrow"}, "from due or from completion"),
        ({"n": 0}, "Ask for 1 to 100 dates."),
        ({"n": 101}, "Ask for 1 to 100 dates."),
        ({"due_date": "2026-02-30"}, "The date does not exist."),
        ({"completed_at": "2026-03-11T10:00:00"}, "Write the moment with its zone"),
        ({"timezone": "Mars/Base"}, "time zone"),
    ],
)
async def test_what_cannot_be_kept_is_refused_in_a_sentence(
    ana_client, given: dict[str, Any], sentence: str
):
    response = await ana_client.post("/api/repeat/preview", json=ASKED | given)
    assert response.status_code == 422
    assert any(sentence in error["message"] for error in response.json()["errors"]), response.text


async def test_a_task_repeats_over_rest(frozen_clock: FrozenClock, ana_client):
    wanted = {"rule": "FREQ=WEEKLY;BYDAY=MO;COUNT=3", "from": "due"}
    made = (await ana_client.post("/api/tasks", json={"title": "Bins", "repeat": wanted})).json()
    assert (made["due_date"], made["repeat"]) == (
        "2026-03-16",
        {"rule": "FREQ=WEEKLY;BYDAY=MO", "from": "due", "until": None, "count": 3},
    )
    task = f"/api/tasks/{made['id']}"
    assert (await ana_client.post(f"{task}/skip")).json()["due_date"] == "2026-03-23"
    done = (await ana_client.patch(task, json={"is_completed": True})).json()
    assert done["repeat"]["count"] == 2
    (following,) = (await ana_client.get("/api/tasks?status=pending")).json()["items"]
    assert (following["due_date"], following["repeat"]["count"]) == ("2026-03-30", 1)
    other = f"/api/tasks/{following['id']}"
    for changes, sentence in (
        ({"due_date": None}, "needs a due date"),
        ({"repeat": {"rule": "FREQ=DAILY", "from": "due", "until": "2026-03-29"}}, "ends before"),
        ({"repeat": {"rule": "FREQ=DAILY", "from": "due", "count": 0}}, "between 1 and"),
    ):
        refused = await ana_client.patch(other, json=changes)
        assert refused.status_code == 422
        assert sentence in refused.json()["errors"][0]["message"]
    assert (await ana_client.post(f"{other}/skip")).status_code == 422
    frozen_clock.advance(seconds=1)
    await ana_client.patch(task, json={"is_completed": False})
    assert (await ana_client.get(other)).status_code == 404
    for unclear in ("keep_series=yes", "nonsense=1"):
        assert (await ana_client.delete(f"{task}?{unclear}")).status_code == 422
    await ana_client.delete(f"{task}?keep_series=true")
    assert (await ana_client.get(other)).json()["due_date"] == "2026-03-30"
    assert (await ana_client.delete(other)).status_code == 204
    assert (await ana_client.get("/api/tasks")).json()["count"] == 0


async def test_a_series_is_paused_goes_on_and_moves_from_here_on(
    frozen_clock: FrozenClock, ana_client
):
    wanted = {"rule": "FREQ=WEEKLY;BYDAY=MO", "from": "due", "keep_missed": True}
    made = (await ana_client.post("/api/tasks", json={"title": "Bins", "repeat": wanted})).json()
    task = f"/api/tasks/{made['id']}"
    assert made["repeat"] == wanted | {"until": None, "count": None}
    paused = (await ana_client.post(f"{task}/pause")).json()
    assert paused["due_date"] is None
    assert paused["repeat"]["paused"] == {"due_date": "2026-03-16", "due_time": None}
    # What was said can be given back as it is.
    same = await ana_client.patch(task, json={"repeat": paused["repeat"]})
    assert same.json()["repeat"] == paused["repeat"]
    long_ago = made["repeat"] | {"paused": {"due_date": "2026-02-02"}}
    await ana_client.patch(task, json={"repeat": long_ago})
    resumed = (await ana_client.post(f"{task}/resume")).json()
    assert (resumed["due_date"], resumed["repeat"]) == ("2026-03-16", made["repeat"])
    moved = await ana_client.post(f"{task}/shift", json={"due_date": "2026-03-17"})
    assert moved.json()["repeat"]["rule"] == "FREQ=WEEKLY;BYDAY=TU"
    assert moved.json()["due_date"] == "2026-03-17"
    stale = await ana_client.post(f"{task}/pause", headers={"If-Match": '"1"'})
    assert stale.status_code == 412
    # While it is paused, its subtasks move on with the date that it would have.
    await ana_client.post(f"{task}/pause")
    part = {"title": "Lids", "parent_id": made["id"], "due_date": "2026-03-15"}
    await ana_client.post("/api/tasks", json=part)
    await ana_client.patch(task, json={"is_completed": True})
    again = (await ana_client.get("/api/tasks?status=pending")).json()["items"]
    assert {each["title"]: each["due_date"] for each in again} == {
        "Bins": None,
        "Lids": "2026-03-22",
    }
    milk = (await ana_client.post("/api/tasks", json={"title": "Milk"})).json()
    for verb in ("pause", "resume", "skip"):
        refused = await ana_client.post(f"/api/tasks/{milk['id']}/{verb}")
        assert refused.json()["errors"][0]["message"] == "This task does not repeat."


async def test_a_subtask_does_not_repeat(ana_client):
    daily = {"rule": "FREQ=DAILY", "from": "due"}
    trip = (await ana_client.post("/api/tasks", json={"title": "Trip"})).json()
    part = {"title": "Tickets", "parent_id": trip["id"]}
    tickets = (await ana_client.post("/api/tasks", json=part)).json()
    bins = (await ana_client.post("/api/tasks", json={"title": "Bins", "repeat": daily})).json()
    for refused in (
        await ana_client.post("/api/tasks", json=part | {"repeat": daily}),
        await ana_client.patch(f"/api/tasks/{tickets['id']}", json={"repeat": daily}),
        await ana_client.patch(f"/api/tasks/{bins['id']}", json={"parent_id": trip["id"]}),
        await ana_client.post(f"/api/tasks/{bins['id']}/move", json={"parent_id": trip["id"]}),
    ):
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["message"].startswith("A subtask cannot repeat")


async def test_a_preview_keeps_the_missed_ones_where_that_is_asked(ana_client):
    late = ASKED | {"completed_at": "2026-03-14T12:00:00Z", "n": 2}
    for keep, dates in (
        (False, ["2026-03-15", "2026-03-16"]),
        (True, ["2026-03-12", "2026-03-13"]),
    ):
        said = await ana_client.post("/api/repeat/preview", json=late | {"keep_missed": keep})
        assert [each["date"] for each in said.json()["next"]] == dates


async def test_a_repeat_in_words_repeats(frozen_clock: FrozenClock, ana_client):
    text = "Bins every monday 6 times\nHaircut every! 6 weeks\nCall mum tomorrow"
    made = (await ana_client.post("/api/tasks/quick", json={"text": text})).json()["tasks"]
    assert [(task["title"], task["repeat"] and task["repeat"]["rule"]) for task in made] == [
        ("Bins", "FREQ=WEEKLY;BYDAY=MO"),
        ("Haircut", "FREQ=WEEKLY;INTERVAL=6"),
        ("Call mum", None),
    ]
    assert (made[0]["repeat"]["count"], made[1]["repeat"]["from"]) == (6, "completion")
