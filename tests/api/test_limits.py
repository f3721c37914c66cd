"""What HTTP says when something was done too often."""

from collections.abc import Callable

import pytest

from dashboard.models.session import Client, UserSession
from dashboard.services.accounts import api_tokens, sessions
from tests.api.conftest import on_sqlite
from tests.api.test_accounts import ADA
from tests.conftest import PASSWORD

pytestmark = on_sqlite


@pytest.fixture(autouse=True)
def _limited(set_env: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> None:
    set_env(RATE_LIMIT_SCALE="1")
    monkeypatch.setattr("dashboard.services.operation.token_bucket.time.monotonic", lambda: 0.0)


def said(response) -> tuple[int, str, int]:
    return (
        response.status_code,
        response.json()["code"],
        int(response.headers.get("Retry-After", 0)),
    )


async def test_too_many_requests_are_a_429_that_says_when_to_come_back(
    ana_client, bob_client, nobody
):
    statuses = [(await ana_client.get("/api/tasks")).status_code for _ in range(301)]
    assert statuses == [200] * 300 + [429]
    for method, url in (("GET", "/api/auth/session"), ("POST", "/api/tasks")):
        response = await ana_client.request(method, url)
        assert said(response) == (429, "TOO_MANY_REQUESTS", 1)
        assert response.json()["detail"].endswith("try again in 1 second.")
    assert (await bob_client.get("/api/tasks")).status_code == 200
    assert (await nobody.get("/healthz")).status_code == 200
    assert (await nobody.get("/api/tasks")).status_code == 401


async def test_a_person_and_all_their_tokens_are_counted_together(
    ana_client, bob_client, api_program, nobody
):
    programs = [await api_program(), await api_program()]
    for program in programs:
        # Whose it is, is not known before its first use.
        assert (await program.get("/api/tasks")).status_code == 200
    for turn in range(300):
        assert (await [ana_client, *programs][turn % 3].get("/api/tasks")).status_code == 200
    for client in (ana_client, *programs):
        assert (await client.get("/api/tasks")).status_code == 429
    assert (await bob_client.get("/api/tasks")).status_code == 200


async def test_tokens_that_are_none_are_counted_by_where_they_come_from_and_harm_nobody_else(
    ana_client, api_program, nobody, database, ana
):
    revoked = await api_program()
    assert (await revoked.get("/api/tasks")).status_code == 200
    with database.transaction() as session:
        (token,) = api_tokens.list_tokens(session, ana)
        api_tokens.revoke_token(session, ana, token.id)
    # The first one was counted before it was known, and the second when it was hers still.
    statuses = [(await revoked.get("/api/tasks")).status_code for _ in range(301)]
    assert statuses == [401] * 300 + [429]
    made_up = {"Authorization": f"Bearer crn_{'x' * 43}"}
    assert (await nobody.get("/api/tasks", headers=made_up)).status_code == 429
    assert (await ana_client.get("/api/tasks")).status_code == 200


async def test_the_cookie_of_an_ended_session_harms_nobody_else(
    ana_client, ana_signed_in, database, nobody
):
    with database.transaction() as session:
        again = sessions.open_session(session, ana_signed_in.user, Client(), remember=False)
    cookie = {"Cookie": f"dashboard_session={again.token}"}
    with database.transaction() as session:
        session.delete(session.get(UserSession, again.session.id))
    # The first one was counted before that was known.
    statuses = [(await nobody.get("/api/tasks", headers=cookie)).status_code for _ in range(302)]
    assert statuses == [401] * 301 + [429]
    assert (await nobody.post("/api/tasks", headers=cookie)).status_code == 429
    assert (await ana_client.get("/api/tasks")).status_code == 200


async def test_guessing_is_a_429_that_says_when_to_come_back(frozen_clock, nobody, ana):
    wrong = {"email": "ana@example.org", "password": "wrong"}
    found = [said(await nobody.post("/api/auth/sign-in", json=wrong)) for _ in range(6)]
    assert found == [(401, "INVALID_EMAIL_OR_PASSWORD", 0)] * 5 + [(429, "TOO_MANY_REQUESTS", 5)]
    frozen_clock.advance(seconds=5)
    right = {"email": "ana@example.org", "password": PASSWORD}
    assert (await nobody.post("/api/auth/sign-in", json=right)).status_code == 200


async def test_who_is_told_to_wait_learns_nothing_of_the_account(frozen_clock, nobody, ana):
    async def answers(email: str) -> list[tuple[int, str]]:
        body = {"email": email, "password": "wrong"}
        found = [await nobody.post("/api/auth/sign-in", json=body) for _ in range(6)]
        return [(answer.status_code, answer.text) for answer in found]

    known = await answers("ana@example.org")
    frozen_clock.advance(minutes=1)
    assert known == await answers("nobody@example.org")


async def test_creating_accounts_is_a_429_that_says_when_to_come_back(frozen_clock, nobody):
    for number in range(5):
        wish = {**ADA, "email": f"ada{number}@example.org"}
        assert (await nobody.post("/api/auth/sign-up", json=wish)).status_code == 201
    response = await nobody.post("/api/auth/sign-up", json={**ADA, "email": "ada5@example.org"})
    assert said(response) == (429, "TOO_MANY_REQUESTS", 3600)
    assert "60 minutes" in response.json()["detail"]


async def test_behind_a_proxy_everyone_is_counted_apart(frozen_clock, nobody, set_env, ana):
    set_env(TRUSTED_PROXY_HOPS="1")

    async def fail(email: str, *forwarded: str) -> int:
        body = {"email": email, "password": "wrong"}
        headers = {"X-Forwarded-For": ", ".join(forwarded)}
        return (await nobody.post("/api/auth/sign-in", json=body, headers=headers)).status_code

    found = [await fail(f"user{n}@example.org", f"10.0.0.{n}", "192.0.2.1") for n in range(11)]
    assert found == [401] * 10 + [429]
    assert await fail("user@example.org", "192.0.2.2") == 401
