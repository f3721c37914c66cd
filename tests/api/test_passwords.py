"""The password of who is signed in: changed, and judged before it is."""

import asyncio

import pytest
from pydantic import TypeAdapter

from dashboard.api.accounts import VerdictOut
from dashboard.services.accounts import password_hashing, password_strength
from tests.api.conftest import on_sqlite
from tests.api.test_accounts import ADA, cookie_of
from tests.conftest import PASSWORD

OTHER = "four herons mend a kettle"
CHANGE = {"current_password": PASSWORD, "new_password": OTHER}


async def test_a_new_password_ends_every_session_and_begins_one_here(
    ana_client, new_client, ana_signed_in, bob_client, api_program
):
    elsewhere = await new_client()
    credentials = {"email": "ana@example.org", "password": PASSWORD, "remember": True}
    await elsewhere.post("/api/auth/sign-in", json=credentials)
    program = await api_program()
    before = (await ana_client.get("/api/auth/session")).json()["session"]
    response = await ana_client.post("/api/auth/password", json=CHANGE)
    assert (response.status_code, response.content) == (204, b"")
    cookie = cookie_of(response)
    assert cookie["httponly"]
    assert cookie["value"] != ana_signed_in.token
    # The clients still send their old cookies.
    for client in (ana_client, elsewhere):
        assert (await client.get("/api/auth/session")).status_code == 401
    here = await new_client(headers={"Cookie": f"{cookie['name']}={cookie['value']}"})
    session = (await here.get("/api/auth/session")).json()["session"]
    assert session["id"] != before["id"]
    assert session["remember"] == before["remember"]
    assert (await bob_client.get("/api/auth/session")).status_code == 200
    assert (await program.get("/api/tasks")).status_code == 200


async def test_from_then_on_only_the_new_password_signs_in(ana_client, nobody):
    await ana_client.post("/api/auth/password", json=CHANGE)
    for password, status in ((PASSWORD, 401), (OTHER, 200)):
        credentials = {"email": "ana@example.org", "password": password}
        assert (await nobody.post("/api/auth/sign-in", json=credentials)).status_code == status


async def test_a_remembered_device_stays_remembered(new_client, nobody, ana):
    credentials = {"email": "ana@example.org", "password": PASSWORD, "remember": True}
    await nobody.post("/api/auth/sign-in", json=credentials)
    cookie = cookie_of(await nobody.post("/api/auth/password", json=CHANGE))
    assert int(cookie["max-age"]) > 29 * 24 * 3600


async def test_without_the_old_password_nothing_changes(ana_client):
    response = await ana_client.post(
        "/api/auth/password", json={**CHANGE, "current_password": "wrong horse"}
    )
    assert (response.status_code, response.json()["code"]) == (403, "WRONG_PASSWORD")
    assert "set-cookie" not in response.headers
    assert (await ana_client.get("/api/auth/session")).status_code == 200


@pytest.mark.parametrize(
    "password", ["password1", "short", "x" * 129, "ana@example.org", "a\x00" * 6]
)
async def test_a_bad_new_password_is_a_422_that_names_the_field(ana_client, password):
    response = await ana_client.post(
        "/api/auth/password", json={**CHANGE, "new_password": password}
    )
    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == ["new_password"]
    assert (await ana_client.get("/api/auth/session")).status_code == 200


async def test_of_two_changes_at_once_one_counts(ana_client, nobody):
    answers = await asyncio.gather(
        *(
            ana_client.post("/api/auth/password", json={**CHANGE, "new_password": f"{OTHER} {n}"})
            for n in range(2)
        )
    )
    first, second = sorted(answer.status_code for answer in answers)
    assert first == 204
    assert second in (401, 403)


@pytest.mark.parametrize(
    ("idea", "is_strong"),
    [
        ({"password": ADA["password"]}, True),
        ({"password": "password1"}, False),
        ({"password": ""}, False),
        ({"password": "Wolfeschlegel77"}, True),
        ({"password": "Wolfeschlegel77", "name": "Hubert Wolfeschlegel"}, False),
        ({"password": "ada@example.org", "email": "ada@example.org"}, False),
    ],
)
async def test_a_password_is_judged_as_signing_up_would(nobody, idea, is_strong):
    response = await nobody.post("/api/auth/password-strength", json=idea)
    assert response.status_code == 200
    verdict = response.json()
    TypeAdapter(VerdictOut).validate_python(verdict)
    assert verdict["is_strong"] is is_strong
    assert (verdict["score"] >= password_strength.MINIMUM_SCORE) is is_strong
    assert bool(verdict["advice"]) is not is_strong


@on_sqlite
async def test_the_verdict_is_that_of_signing_up(nobody):
    for password in ("password1", "letmein123", ADA["password"], "Tr0ub4dor&3"):
        idea = {"password": password, "name": ADA["name"], "email": ADA["email"]}
        verdict = (await nobody.post("/api/auth/password-strength", json=idea)).json()
        signed_up = await nobody.post("/api/auth/sign-up", json={**ADA, "password": password})
        assert (signed_up.status_code == 422) is not verdict["is_strong"], password
        if not verdict["is_strong"]:
            assert signed_up.json()["errors"][0]["message"] == verdict["advice"]


@on_sqlite
async def test_when_too_many_ask_they_are_asked_to_come_back(ana_client, monkeypatch):
    for queue in (password_hashing._queue, password_strength._queue):
        monkeypatch.setattr(queue, "longest", 0)
    for path, body in (("password", CHANGE), ("password-strength", {"password": "x"})):
        response = await ana_client.post(f"/api/auth/{path}", json=body)
        assert (response.status_code, response.json()["code"]) == (503, "TOO_BUSY")
