"""How refusals and failures look from outside: problem+json, a sentence, and never what was sent."""

import json
import logging

import pytest
from pydantic import TypeAdapter
from sqlalchemy import event
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from dashboard.services.tasks import commands
from dashboard.web.problems import Problem
from tests.api.conftest import UNKNOWN_ID, on_sqlite
from tests.api.test_accounts import ADA

SECRET = "hunter2-is-my-pässword"


async def test_a_problem_has_exactly_the_announced_fields(nobody):
    response = await nobody.get(f"/api/tasks/{UNKNOWN_ID}")
    assert response.headers["Content-Type"] == "application/problem+json"
    problem = response.json()
    TypeAdapter(Problem).validate_python(problem)
    assert problem == {
        "type": "/api/docs#NOT_SIGNED_IN",
        "title": "Not signed in",
        "status": 401,
        "code": "NOT_SIGNED_IN",
        "detail": "You are not signed in. Sign in and try again.",
        "instance": f"/api/tasks/{UNKNOWN_ID}",
        "errors": [],
    }


@on_sqlite
async def test_the_type_of_a_problem_is_explained_on_the_reference_page(nobody):
    page = (await nobody.get("/api/docs")).text
    problem = (await nobody.post("/api/auth/sign-up", json={})).json()
    assert f'id="{problem["type"].partition("#")[2]}"' in page


async def test_each_wrong_field_is_named_with_a_sentence(nobody):
    response = await nobody.post("/api/auth/sign-up", json={"name": " ", "email": "ada", "age": 7})
    assert response.status_code == 422
    assert response.json()["errors"] == [
        {"field": "name", "message": "Enter your name."},
        {"field": "email", "message": "This does not look like an email address."},
        {"field": "password", "message": "This is required."},
        {"field": "age", "message": "This field is not known."},
    ]


@on_sqlite
@pytest.mark.parametrize(
    "body",
    [
        {**ADA, "password": [SECRET]},
        {**ADA, "password": SECRET * 9},
        {**ADA, "password": {"a": SECRET}},
        {**ADA, "name": SECRET * 9},
        {**ADA, "email": SECRET},
        {**ADA, "timezone": SECRET},
        {**ADA, SECRET: 1},
        {"password": SECRET},
        [SECRET],
        SECRET,
        {**ADA, "password": f"{SECRET}\x00"},
    ],
)
async def test_no_refusal_repeats_what_was_sent(nobody, body):
    for path in ("sign-up", "sign-in"):
        response = await nobody.post(f"/api/auth/{path}", json=body)
        assert response.status_code == 422
        assert "hunter2" not in response.text


@on_sqlite
@pytest.mark.parametrize(
    "body",
    [
        b'{"title": "hunter2',
        b"hunter2",
        b"\xff\xfehunter2",
        b"[" * 200_000,
        b'{"title": ' + b"9" * 5000 + b"}",
    ],
)
async def test_what_is_not_json_is_a_422(ana_client, body):
    headers = {"Content-Type": "application/json"}
    response = await ana_client.post("/api/tasks", content=body, headers=headers)
    assert response.status_code == 422
    assert response.json()["errors"] == [{"field": "", "message": "The body is not valid JSON."}]
    assert "hunter2" not in response.text


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"1", b'"title"', b"{}"])
async def test_json_that_is_no_object_is_a_422(ana_client, body):
    headers = {"Content-Type": "application/json"}
    response = await ana_client.post("/api/tasks", content=body, headers=headers)
    assert response.status_code == 422


@on_sqlite
async def test_the_path_of_a_problem_is_quoted(ana_client):
    response = await ana_client.get("/api/<script>%22%0d%0a")
    assert response.json()["instance"] == "/api/%3Cscript%3E%22%0D%0A"


@on_sqlite
async def test_a_bug_is_a_500_that_says_nothing_and_a_log_that_says_all(
    ana_client, anas_milk, monkeypatch, caplog
):
    def broken(*_args: object, **_kwargs: object) -> None:
        raise ZeroDivisionError(SECRET)

    monkeypatch.setattr(commands, "update_task", broken)
    with caplog.at_level(logging.ERROR):
        response = await ana_client.patch(f"/api/tasks/{anas_milk.id}", json={"title": "Oat"})
    assert response.status_code == 500
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["code"] == "INTERNAL_ERROR"
    assert SECRET not in response.text
    (record,) = caplog.records
    assert record.getMessage() == "PATCH /api/tasks/{task_id} failed"
    assert record.exc_info
    assert isinstance(record.exc_info[1], ZeroDivisionError)


async def test_no_answer_comes_from_a_database_that_is_away(ana_client, nobody, database_is_away):
    requests = [
        (ana_client, "GET", "/api/tasks", None),
        (ana_client, "GET", f"/api/tasks/{UNKNOWN_ID}", None),
        (ana_client, "POST", "/api/tasks", {"title": "Milk"}),
        (ana_client, "POST", "/api/tasks", {"title": ""}),
        (ana_client, "GET", "/api/auth/session", None),
        (ana_client, "POST", "/api/auth/sign-out", None),
        (nobody, "POST", "/api/auth/sign-up", ADA),
        (nobody, "POST", "/api/auth/sign-in", {"email": "a@b.c", "password": "x"}),
    ]
    for client, method, url, body in requests:
        response = await client.request(method, url, json=body)
        assert (response.status_code, response.json()["code"]) == (503, "UNAVAILABLE")
        assert int(response.headers["Retry-After"]) > 0
        assert "set-cookie" not in response.headers


async def test_a_commit_that_fails_is_a_503_and_changes_nothing(ana_client, anas_milk, database):
    def fail(_session: Session) -> None:
        raise OperationalError("COMMIT", None, Exception("disk full"))

    event.listen(Session, "before_commit", fail)
    try:
        answers = [
            await ana_client.patch(f"/api/tasks/{anas_milk.id}", json={"title": "Oat"}),
            await ana_client.post("/api/tasks", json={"title": "Bread"}),
            await ana_client.post("/api/auth/sign-out"),
        ]
    finally:
        event.remove(Session, "before_commit", fail)
    assert [answer.status_code for answer in answers] == [503, 503, 503]
    assert "disk" not in "".join(answer.text for answer in answers)
    page = (await ana_client.get("/api/tasks")).json()
    assert [item["title"] for item in page["items"]] == ["Milk"]


@on_sqlite
async def test_a_503_carries_no_cookie_that_would_not_work(nobody, database):
    def fail(_session: Session) -> None:
        raise OperationalError("COMMIT", None, Exception("disk full"))

    event.listen(Session, "before_commit", fail)
    try:
        response = await nobody.post("/api/auth/sign-up", json=ADA)
    finally:
        event.remove(Session, "before_commit", fail)
    assert response.status_code == 503
    assert "set-cookie" not in response.headers
    assert json.loads(response.text)["status"] == 503
