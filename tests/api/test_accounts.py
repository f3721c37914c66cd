"""Signing up and signing in over HTTP."""

import asyncio
from collections.abc import Callable
from http.cookies import SimpleCookie

import httpx
import pytest
from pydantic import TypeAdapter
from sqlalchemy import func, select

from dashboard.api.sessions import SessionOut, SignedInOut, UserOut
from dashboard.database.transactions import Database
from dashboard.models.session import UserSession
from dashboard.models.user import User
from dashboard.services.accounts import password_hashing, password_strength
from tests.conftest import PASSWORD

ADA = {"name": "Ada", "email": "ada@example.org", "password": "seven otters juggle figs"}
CREDENTIALS = {"email": ADA["email"], "password": ADA["password"]}


def cookie_of(response: httpx.Response) -> dict[str, str | bool]:
    """The flags of the one cookie that a response sets, by lower-case name."""
    (header,) = response.headers.get_list("set-cookie")
    ((name, morsel),) = SimpleCookie(header).items()
    return {"name": name, "value": morsel.value} | {
        key: value for key, value in morsel.items() if value
    }


def count(database: Database, table: type) -> int:
    with database.transaction(writes=False) as session:
        return session.execute(select(func.count()).select_from(table)).scalar_one()


async def test_signing_up_answers_who_is_signed_in_and_sets_the_cookie(nobody):
    response = await nobody.post("/api/auth/sign-up", json={**ADA, "timezone": "Europe/London"})
    assert response.status_code == 201
    answer = response.json()
    TypeAdapter(SignedInOut).validate_python(answer)
    assert set(answer["user"]) == set(UserOut.__annotations__)
    assert set(answer["session"]) == set(SessionOut.__annotations__)
    assert (answer["user"]["name"], answer["user"]["email"], answer["user"]["timezone"]) == (
        "Ada",
        "ada@example.org",
        "Europe/London",
    )
    assert (await nobody.get("/api/auth/session")).json() == answer


async def test_signing_in_answers_the_same_user_with_a_session_of_its_own(nobody):
    signed_up = (await nobody.post("/api/auth/sign-up", json=ADA)).json()
    nobody.cookies.clear()
    response = await nobody.post(
        "/api/auth/sign-in", json={"email": " ADA@example.org ", "password": ADA["password"]}
    )
    assert response.status_code == 200
    assert response.json()["user"] == signed_up["user"]
    assert response.json()["session"]["id"] != signed_up["session"]["id"]
    assert (await nobody.get("/api/auth/session")).json() == response.json()


async def test_the_token_is_in_the_cookie_and_nowhere_else(nobody, database):
    response = await nobody.post("/api/auth/sign-up", json=ADA)
    token = str(cookie_of(response)["value"])
    with database.transaction(writes=False) as session:
        (row,) = session.execute(select(UserSession)).scalars()
    for secret in (token, row.token_hash, ADA["password"]):
        assert secret not in response.text
        assert secret not in (await nobody.get("/api/auth/session")).text


async def test_on_http_the_cookie_is_not_secure_and_ends_with_the_browser(nobody):
    cookie = cookie_of(await nobody.post("/api/auth/sign-up", json=ADA))
    value = cookie.pop("value")
    assert str(value).count(".") == 2
    assert cookie == {"name": "dashboard_session", "path": "/", "httponly": True, "samesite": "Lax"}


async def test_on_https_the_cookie_is_secure_and_bound_to_the_host(https, new_client):
    client = await new_client()
    response = await client.post("/api/auth/sign-up", json=ADA)
    cookie = cookie_of(response)
    del cookie["value"]
    assert cookie == {
        "name": "__Host-dashboard_session",
        "path": "/",
        "httponly": True,
        "samesite": "Lax",
        "secure": True,
    }
    assert (await client.get("/api/auth/session")).status_code == 200
    forwarded = {"X-Forwarded-Proto": "http"}
    response = await client.post("/api/auth/sign-in", json=CREDENTIALS, headers=forwarded)
    assert cookie_of(response)["name"] == "__Host-dashboard_session"


@pytest.mark.parametrize(("remember", "days"), [(True, 30), (False, None)])
async def test_the_cookie_outlives_the_browser_only_when_asked_to(
    frozen_clock, nobody, make_person, remember, days
):
    make_person("Ada", email=ADA["email"])
    response = await nobody.post(
        "/api/auth/sign-in", json={**CREDENTIALS, "password": PASSWORD, "remember": remember}
    )
    assert response.json()["session"]["remember"] is remember
    assert cookie_of(response).get("max-age") == (days and str(days * 24 * 3600))


async def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(nobody, ana):
    answers = [
        await nobody.post("/api/auth/sign-in", json={"email": email, "password": "wrong horse"})
        for email in ("ana@example.org", "nobody@example.org", "no address at all", "")
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert {answer.json()["code"] for answer in answers} == {"INVALID_EMAIL_OR_PASSWORD"}
    assert len({answer.text for answer in answers}) == 1
    assert not any("set-cookie" in answer.headers for answer in answers)


async def test_an_address_signs_up_once(nobody, ana, database):
    response = await nobody.post("/api/auth/sign-up", json={**ADA, "email": "ANA@example.org"})
    assert (response.status_code, response.json()["code"]) == (409, "USER_ALREADY_EXISTS")
    assert "set-cookie" not in response.headers
    assert count(database, User) == 1


async def test_however_its_address_is_written_a_mailbox_has_one_account(nobody, database):
    forms = ("ju\u0308rgen@BÜCHER.example", "jürgen@xn--bcher-kva.example")
    first = await nobody.post("/api/auth/sign-up", json={**ADA, "email": forms[0]})
    assert first.json()["user"]["email"] == "jürgen@bücher.example"
    second = await nobody.post("/api/auth/sign-up", json={**ADA, "email": forms[1]})
    assert (second.status_code, second.json()["code"]) == (409, "USER_ALREADY_EXISTS")
    for email in forms:
        credentials = {"email": email, "password": ADA["password"]}
        assert (await nobody.post("/api/auth/sign-in", json=credentials)).status_code == 200


async def test_of_50_sign_ups_at_once_with_one_address_one_succeeds(nobody, database, monkeypatch):
    for queue in (password_hashing._queue, password_strength._queue):
        monkeypatch.setattr(queue, "longest", 50)
    answers = await asyncio.gather(*(nobody.post("/api/auth/sign-up", json=ADA) for _ in range(50)))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 49
    assert count(database, User) == 1


async def test_an_easy_password_is_refused_with_advice(nobody, database):
    response = await nobody.post("/api/auth/sign-up", json={**ADA, "password": "password1"})
    assert response.status_code == 422
    (error,) = response.json()["errors"]
    assert error["field"] == "password"
    assert "easy to guess" in error["message"]
    assert count(database, User) == 0


async def test_signing_up_can_be_closed(nobody, set_env):
    set_env(SIGN_UP="closed")
    response = await nobody.post("/api/auth/sign-up", json=ADA)
    assert (response.status_code, response.json()["code"]) == (403, "SIGN_UP_CLOSED")


async def test_too_many_at_once_are_asked_to_come_back(nobody, monkeypatch):
    monkeypatch.setattr(password_hashing._queue, "longest", 0)
    for path, body in (("sign-up", ADA), ("sign-in", CREDENTIALS)):
        response = await nobody.post(f"/api/auth/{path}", json=body)
        assert (response.status_code, response.json()["code"]) == (503, "TOO_BUSY")
        assert int(response.headers["Retry-After"]) > 0


async def test_the_session_knows_where_it_was_opened(
    nobody, database, set_env: Callable[..., None]
):
    set_env(TRUSTED_PROXY_HOPS="1")
    await nobody.post(
        "/api/auth/sign-up",
        json=ADA,
        headers={"User-Agent": "A" * 600, "X-Forwarded-For": "203.0.113.9, 198.51.100.7"},
    )
    with database.transaction(writes=False) as session:
        row = session.execute(select(UserSession)).scalar_one()
    assert row.ip_address == "198.51.100.7"
    assert row.user_agent == "A" * 512


@pytest.mark.parametrize("path", ["sign-in", "sign-up"])
async def test_signing_in_again_ends_the_session_that_the_browser_had(
    ana_client, ana_signed_in, bob_client, new_client, path
):
    """Whoever planted a session in a browser (fixation) is left with a dead one."""
    body = {"email": "ana@example.org", "password": PASSWORD} if path == "sign-in" else ADA
    response = await ana_client.post(f"/api/auth/{path}", json=body)
    assert response.is_success
    old = await new_client(ana_signed_in)
    assert (await old.get("/api/auth/session")).status_code == 401
    assert (await bob_client.get("/api/auth/session")).status_code == 200


async def test_a_failed_sign_in_leaves_the_session_alone(ana_client):
    wrong = {"email": "ana@example.org", "password": "wrong"}
    assert (await ana_client.post("/api/auth/sign-in", json=wrong)).status_code == 401
    assert (await ana_client.get("/api/auth/session")).status_code == 200
