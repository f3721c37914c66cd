"""/api/repeat, as a program meets it."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.api.conftest import on_sqlite

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
