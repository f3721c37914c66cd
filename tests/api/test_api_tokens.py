"""API tokens over HTTP: made by a person, used by a program."""

from datetime import timedelta

import pytest
from pydantic import TypeAdapter

from dashboard.api.api_tokens import ApiTokensOut, NewApiTokenOut
from dashboard.models.api_token import TokenScope
from dashboard.services.accounts import password_hashing
from tests.api.conftest import UNKNOWN_ID, on_sqlite
from tests.conftest import PASSWORD

WISH = {"name": "Backup script", "scope": "write"}


async def test_a_token_is_shown_once_and_then_known_by_its_beginning(ana_client):
    response = await ana_client.post("/api/auth/tokens", json=WISH)
    assert response.status_code == 201
    made = response.json()
    TypeAdapter(NewApiTokenOut).validate_python(made)
    secret = made.pop("token")
    listed = await ana_client.get("/api/auth/tokens")
    TypeAdapter(ApiTokensOut).validate_python(listed.json())
    assert listed.json() == {"items": [made]}
    assert secret not in listed.text
    assert (made["name"], made["scope"], made["hint"]) == ("Backup script", "write", secret[:8])
    assert (made["expires_at"], made["last_used_at"]) == (None, None)


async def test_a_program_works_with_its_token_alone(ana_client, nobody):
    token = (await ana_client.post("/api/auth/tokens", json=WISH)).json()["token"]
    del nobody.headers["Origin"]
    for scheme in ("Bearer", "bearer", "BEARER"):
        nobody.headers["Authorization"] = f"{scheme} {token}"
        made = await nobody.post("/api/tasks", json={"title": "Milk"})
        assert made.status_code == 201
        assert "set-cookie" not in made.headers
    assert (await ana_client.get("/api/tasks")).json()["count"] == 3


async def test_a_token_sees_its_owners_tasks_and_nobody_elses(
    api_program, anas_milk, bob, make_task
):
    program = await api_program(TokenScope.READ)
    bobs = make_task(bob, "Beer")
    listed = (await program.get("/api/tasks")).json()["items"]
    assert [task["id"] for task in listed] == [str(anas_milk.id)]
    assert (await program.get(f"/api/tasks/{bobs.id}")).status_code == 403


async def test_a_revoked_token_is_worth_nothing(ana_client, api_program):
    program = await api_program()
    (token,) = (await ana_client.get("/api/auth/tokens")).json()["items"]
    assert (await ana_client.delete(f"/api/auth/tokens/{token['id']}")).status_code == 204
    assert (await program.get("/api/tasks")).status_code == 401
    again = await ana_client.delete(f"/api/auth/tokens/{token['id']}")
    assert (again.status_code, again.json()["code"]) == (404, "TOKEN_NOT_FOUND")


async def test_nobody_revokes_another_persons_token(ana_client, bob_client, api_program):
    program = await api_program()
    (token,) = (await ana_client.get("/api/auth/tokens")).json()["items"]
    assert (await bob_client.delete(f"/api/auth/tokens/{token['id']}")).status_code == 403
    assert (await bob_client.get("/api/auth/tokens")).json() == {"items": []}
    assert (await program.get("/api/tasks")).status_code == 200
    assert (await ana_client.delete(f"/api/auth/tokens/{UNKNOWN_ID}")).status_code == 404


async def test_a_token_expires(frozen_clock, ana_client, nobody):
    expires_at = f"{frozen_clock.now() + timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}"
    response = await ana_client.post("/api/auth/tokens", json={**WISH, "expires_at": expires_at})
    assert response.json()["expires_at"].startswith(expires_at[:-1])
    nobody.headers["Authorization"] = f"Bearer {response.json()['token']}"
    frozen_clock.advance(minutes=59)
    assert (await nobody.get("/api/tasks")).status_code == 200
    frozen_clock.advance(minutes=1)
    assert (await nobody.get("/api/tasks")).status_code == 401


async def test_the_list_says_when_a_token_was_last_used_to_the_minute(
    frozen_clock, ana_client, api_program
):
    program = await api_program()

    async def last_used():
        return (await ana_client.get("/api/auth/tokens")).json()["items"][0]["last_used_at"]

    assert await last_used() is None
    await program.get(f"/api/tasks/{UNKNOWN_ID}")
    first = await last_used()
    assert first == "2026-03-10T12:00:00.000000Z"
    frozen_clock.advance(seconds=59)
    await program.get("/api/tasks")
    assert await last_used() == first
    frozen_clock.advance(seconds=1)
    await program.post("/api/tasks", json={"title": "Milk"})
    assert await last_used() == "2026-03-10T12:01:00.000000Z"


async def test_making_a_token_needs_a_password_entered_lately(frozen_clock, ana_client):
    frozen_clock.advance(minutes=11)
    response = await ana_client.post("/api/auth/tokens", json=WISH)
    assert (response.status_code, response.json()["code"]) == (403, "PASSWORD_NEEDED")
    wrong = await ana_client.post("/api/auth/confirm", json={"password": "not the password"})
    assert (wrong.status_code, wrong.json()["code"]) == (403, "WRONG_PASSWORD")
    assert (await ana_client.post("/api/auth/tokens", json=WISH)).status_code == 403
    right = await ana_client.post("/api/auth/confirm", json={"password": PASSWORD})
    assert (right.status_code, right.content) == (204, b"")
    assert (await ana_client.post("/api/auth/tokens", json=WISH)).status_code == 201


async def test_entering_the_password_again_counts_for_this_session_alone(
    frozen_clock, ana_client, bob_client
):
    frozen_clock.advance(minutes=11)
    await ana_client.post("/api/auth/confirm", json={"password": PASSWORD})
    assert (await bob_client.post("/api/auth/tokens", json=WISH)).status_code == 403


@on_sqlite
async def test_when_too_many_enter_passwords_they_are_asked_to_come_back(ana_client, monkeypatch):
    monkeypatch.setattr(password_hashing._queue, "longest", 0)
    response = await ana_client.post("/api/auth/confirm", json={"password": PASSWORD})
    assert (response.status_code, response.json()["code"]) == (503, "TOO_BUSY")


@on_sqlite
async def test_there_is_a_most_of_tokens(ana_client, monkeypatch):
    monkeypatch.setattr("dashboard.services.accounts.api_tokens.MOST_PER_USER", 1)
    assert (await ana_client.post("/api/auth/tokens", json=WISH)).status_code == 201
    response = await ana_client.post("/api/auth/tokens", json=WISH)
    assert (response.status_code, response.json()["code"]) == (409, "TOO_MANY_TOKENS")


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"name": "\u200b"},
        {"name": "x" * 101},
        {"name": "a\x00b"},
        {"name": "a\nb"},
        {"name": None},
        {"scope": "admin"},
        {"scope": "WRITE"},
        {"scope": None},
        {"expires_at": "2027-03-10T12:00:00"},
        {"expires_at": "2027-02-30T12:00:00Z"},
        {"expires_at": "2027-03-10"},
        {"expires_at": "2020-03-10T12:00:00Z"},
        {"expires_at": "9999-12-31T23:59:59-12:00"},
        {"expires_at": 1e10},
        {"user_id": UNKNOWN_ID},
        {"token": "crn_" + "a" * 43},
    ],
    ids=str,
)
async def test_a_wish_that_makes_no_sense_is_a_422(ana_client, change):
    response = await ana_client.post("/api/auth/tokens", json=WISH | change)
    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == list(change)
    assert (await ana_client.get("/api/auth/tokens")).json() == {"items": []}


@pytest.mark.parametrize(
    "authorization",
    [
        "Bearer",
        "Bearer ",
        "Bearer crn_",
        "Bearer nonsense",
        "Bearer crn_" + "a" * 43,
        "Bearer crn_" + "a" * 4000,
    ],
    ids=lambda value: value[:24],
)
async def test_a_bad_token_is_a_401_even_beside_a_good_cookie(ana_client, authorization):
    headers = {"Authorization": authorization}
    response = await ana_client.get("/api/tasks", headers=headers)
    assert (response.status_code, response.json()["code"]) == (401, "NOT_SIGNED_IN")


async def test_two_tokens_are_none(api_program, ana_client, nobody):
    token = (await api_program()).headers["Authorization"]
    twice = [("Authorization", token), ("Authorization", token)]
    assert (await nobody.get("/api/tasks", headers=twice)).status_code == 401


async def test_the_password_of_a_proxy_in_front_does_not_matter(ana_client):
    headers = {"Authorization": "Basic YW5hOnNlY3JldA=="}
    assert (await ana_client.get("/api/tasks", headers=headers)).status_code == 200


async def test_a_token_opens_no_page(api_program, reflex):
    program = await api_program()
    response = await program.get("/dashboard")
    assert response.status_code in (302, 307)
    assert "/sign-in" in response.headers["Location"]


async def test_a_token_works_whoever_the_cookie_speaks_for(api_program, bob_client, anas_milk):
    token = (await api_program()).headers["Authorization"]
    response = await bob_client.get("/api/tasks", headers={"Authorization": token})
    assert [task["id"] for task in response.json()["items"]] == [str(anas_milk.id)]
