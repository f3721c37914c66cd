"""The table "Bad input, and what it gets" of security.md, over HTTP and on both databases."""

import json
from typing import Any

import pytest

from tests.api.test_accounts import ADA

HARMLESS = {
    "emoji of several parts": "👩‍👩‍👧‍👦 call",
    "right to left": "\u202bشراء الحليب\u202c",
    "combining marks": "Z\u0351\u036b\u0343\u036b algo",
    "decomposed": "Cafe\u0301",
    "markup": "<script>alert(1)</script>",
    "a formula": "=1+1",
    "sql": "'; DROP TABLE task; --",
    "percent and underscore": "100%_done\\",
    "255 code points": "😀" * 255,
    "line separators": "a\u2028b\u2029c\x85d",
    "the last code point": "\U0010ffff",
}
BAD_TITLES = {
    "NUL": "a\x00b",
    "half a character": "\ud83d",
    "the other half": "a\udc00",
    "256 code points": "x" * 256,
    "256 emoji": "😀" * 256,
    "nothing": "",
    "spaces": " \t\n ",
    "zero-width characters": "\u200b\u200d\ufeff\u2060",
    "a Hangul filler": "\u3164",
    "a soft hyphen": "\u00ad",
    "a number": 7,
    "null": None,
    "a list": ["Milk"],
    "an object": {"$ne": ""},
    "true": True,
}
BAD_FIELDS: list[tuple[str, Any]] = [
    ("description", "x" * 10_001),
    ("description", "\x00"),
    ("description", "\udfff"),
    ("priority", "high"),
    ("priority", "Urgent"),
    ("priority", 1),
    ("priority", None),
    ("priority", ["High"]),
    ("due_date", "2026-02-30"),
    ("due_date", "2026-3-1"),
    ("due_date", "10.03.2026"),
    ("due_date", "2026-03-10T00:00:00"),
    ("due_date", "2026-03-10T00:00:00Z"),
    ("due_date", "0000-01-01"),
    ("due_date", "0026-12-24"),
    ("due_date", "1969-12-31"),
    ("due_date", "12026-01-01"),
    ("due_date", "٢٠٢٦-٠٣-١٠"),
    ("due_date", 20260310),
    ("due_date", 1e3),
    ("due_date", ""),
    ("due_time", "24:00"),
    ("due_time", "12:60"),
    ("due_time", "9:00"),
    ("due_time", "12:00:00"),
    ("due_time", "12:00Z"),
    ("due_time", 12),
    ("is_completed", "true"),
    ("is_completed", 1),
    ("is_completed", None),
    ("user_id", "01890a5d-ac96-774b-bcce-b302099a8057"),
    ("id", "01890a5d-ac96-774b-bcce-b302099a8057"),
    ("is_admin", True),
    ("version", 7),
    ("completed_at", "2026-03-10T00:00:00Z"),
    ("deleted_at", None),
    ("created_at", "2026-03-10T00:00:00Z"),
    ("idempotency_key", "k"),
    ("title_key", "a"),
    ("__class__", "a"),
]
JSON = {"Content-Type": "application/json"}


def as_sent(body: object) -> bytes:
    """JSON with everything escaped, the halves of characters too."""
    return json.dumps(body).encode()


@pytest.mark.parametrize("title", HARMLESS.values(), ids=HARMLESS)
async def test_harmless_text_comes_back_byte_for_byte(ana_client, title):
    made = await ana_client.post("/api/tasks", json={"title": title, "description": title})
    assert made.status_code == 201
    task = (await ana_client.get(made.headers["Location"])).json()
    (listed,) = (await ana_client.get("/api/tasks")).json()["items"]
    for answer in (made.json(), task, listed):
        assert (answer["title"], answer["description"]) == (title, title)


@pytest.mark.parametrize("title", HARMLESS.values(), ids=HARMLESS)
async def test_harmless_text_is_found_by_its_words(ana_client, title):
    await ana_client.post("/api/tasks", json={"title": title})
    await ana_client.post("/api/tasks", json={"title": "something else"})
    page = (await ana_client.get("/api/tasks", params={"q": title[:200]})).json()
    assert [item["title"] for item in page["items"]] == [title]


@pytest.mark.parametrize("title", BAD_TITLES.values(), ids=BAD_TITLES)
async def test_a_bad_title_is_a_422_with_a_sentence(ana_client, anas_milk, title):
    requests = [
        ("POST", "/api/tasks", {"title": title}),
        ("PATCH", f"/api/tasks/{anas_milk.id}", {"title": title}),
    ]
    for method, url, body in requests:
        response = await ana_client.request(method, url, content=as_sent(body), headers=JSON)
        assert response.status_code == 422
        (error,) = response.json()["errors"]
        assert error["field"] == "title"
        assert error["message"].endswith(".")
    assert [item["title"] for item in (await ana_client.get("/api/tasks")).json()["items"]] == [
        "Milk"
    ]


@pytest.mark.parametrize(("field", "value"), BAD_FIELDS)
async def test_a_bad_field_is_a_422_that_names_it(ana_client, anas_milk, field, value):
    body = as_sent({field: value})
    response = await ana_client.patch(f"/api/tasks/{anas_milk.id}", content=body, headers=JSON)
    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == [field]
    assert (await ana_client.get(f"/api/tasks/{anas_milk.id}")).headers["ETag"] == '"1"'


async def test_a_field_given_twice_is_a_422_however_deep_and_changes_nothing(ana_client, anas_milk):
    for method, url in (("POST", "/api/tasks"), ("PATCH", f"/api/tasks/{anas_milk.id}")):
        for body in (b'{"title": "Bread", "title": "Wine"}', b'[{"a": {"b": 1, "\\u0062": 2}}]'):
            response = await ana_client.request(method, url, content=body, headers=JSON)
            assert response.status_code == 422
            (error,) = response.json()["errors"]
            assert error["message"] == "A field was given more than once in the JSON."
    (task,) = (await ana_client.get("/api/tasks")).json()["items"]
    assert task["title"] == "Milk"


async def test_no_description_and_null_are_an_empty_one(ana_client, anas_milk):
    url, whole = f"/api/tasks/{anas_milk.id}", {"title": "Milk", "priority": "Low"}
    none = {"description": None, "due_date": None, "due_time": None}
    for method, address, body in (
        ("POST", "/api/tasks", {"title": "Milk", "description": None}),
        ("PUT", url, {**whole, **none, "is_completed": False}),
        ("PATCH", url, {"description": None}),
    ):
        await ana_client.patch(url, json={"description": "Two litres"})
        response = await ana_client.request(method, address, json=body)
        assert response.is_success
        assert response.json()["description"] == ""


async def test_a_title_is_one_line_whatever_was_sent(ana_client, anas_milk):
    body = {"title": " Milk\r\n\nand\rbread\n", "description": "one\r\ntwo"}
    made = await ana_client.post("/api/tasks", json=body)
    assert made.json()["title"] == "Milk and bread"
    assert made.json()["description"] == "one\r\ntwo"
    changed = await ana_client.patch(f"/api/tasks/{anas_milk.id}", json={"title": "Oat\nmilk"})
    assert changed.json()["title"] == "Oat milk"


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "1" + "0" * 400])
@pytest.mark.parametrize("field", ["title", "priority", "due_date", "is_completed"])
async def test_a_number_that_no_database_holds_is_a_422(ana_client, anas_milk, field, number):
    body = f'{{"{field}": {number}}}'.encode()
    response = await ana_client.patch(f"/api/tasks/{anas_milk.id}", content=body, headers=JSON)
    assert response.status_code == 422


@pytest.mark.parametrize("day", ["1970-01-01", "9999-12-31"])
async def test_the_first_and_the_last_day_can_be_due(ana_client, day):
    body = {"title": "Milk", "due_date": day, "due_time": "23:59"}
    assert (await ana_client.post("/api/tasks", json=body)).status_code == 201
    for query in ("sort=due", "status=overdue", f"due={day}", f"due=0001-01-01..{day}"):
        assert (await ana_client.get(f"/api/tasks?{query}")).status_code == 200
    assert (await ana_client.get("/api/tasks/metrics")).json()["total"] == 1


async def test_a_time_without_a_date_is_a_422(ana_client, anas_milk):
    for method, url, body in (
        ("POST", "/api/tasks", {"title": "Milk", "due_time": "12:00"}),
        ("PATCH", f"/api/tasks/{anas_milk.id}", {"due_time": "12:00"}),
    ):
        response = await ana_client.request(method, url, json=body)
        assert response.status_code == 422
        assert response.json()["errors"][0]["message"] == "A time needs a due date."


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "\x00"),
        ("name", "\u200b"),
        ("name", "x" * 101),
        ("name", "\ud800"),
        ("email", "ada"),
        ("email", "ada@"),
        ("email", "ada\x00@example.org"),
        ("email", f"{'a' * 250}@example.org"),
        ("email", "ada@example.org\nbcc: x"),
        ("password", "short"),
        ("password", "x" * 129),
        ("password", "otters \x00 juggle figs"),
        ("password", "otters \udc00 juggle figs"),
        ("password", None),
        ("timezone", "Mars/Olympus"),
        ("timezone", "../../etc/passwd"),
        ("timezone", ""),
        ("is_admin", True),
        ("id", "01890a5d-ac96-774b-bcce-b302099a8057"),
        ("email_verified", True),
    ],
)
async def test_bad_input_makes_no_account(nobody, field, value):
    body = as_sent({**ADA, field: value})
    response = await nobody.post("/api/auth/sign-up", content=body, headers=JSON)
    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == [field]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "a\x00"),
        ("email", "\ud800"),
        ("email", 7),
        ("password", "\x00"),
        ("password", "\ud800"),
        ("password", "x" * 129),
        ("password", 7),
        ("remember", "yes"),
        ("remember", 1),
        ("name", "Ada"),
    ],
)
async def test_bad_input_signs_nobody_in(nobody, ana, field, value):
    body = as_sent({"email": "ana@example.org", "password": "x", field: value})
    response = await nobody.post("/api/auth/sign-in", content=body, headers=JSON)
    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == [field]


async def test_a_password_of_128_emoji_works(nobody):
    password = "🦦🪶🌋🎻🧊🪁🦴🥁" * 16
    response = await nobody.post("/api/auth/sign-up", json={**ADA, "password": password})
    assert response.status_code == 201
    credentials = {"email": ADA["email"], "password": password}
    assert (await nobody.post("/api/auth/sign-in", json=credentials)).status_code == 200
    credentials["password"] = password[:-1] + "x"
    assert (await nobody.post("/api/auth/sign-in", json=credentials)).status_code == 401
