"""Links that somebody was given: to create an account, or to choose another password."""

import asyncio

import pytest

from dashboard.models.auth_event import AuthEventType
from dashboard.services.accounts import audit, links, users
from tests.api.conftest import on_sqlite
from tests.api.test_accounts import ADA
from tests.conftest import PASSWORD

OTHER = "four herons mend a kettle"


def secret_of(link: str) -> str:
    return link.partition("#")[2]


@pytest.fixture
def invitation(database, set_env) -> str:
    set_env(SIGN_UP="invitation")
    with database.transaction() as session:
        return secret_of(links.invitation_link(session))


@pytest.fixture
def reset(database, ana) -> str:
    with database.transaction() as session:
        return secret_of(links.reset_link(session, users.find(session, "ana@example.org")))


@pytest.mark.parametrize("given", [{}, {"invitation": None}, {"invitation": "nonsense"}])
async def test_without_an_invitation_nobody_signs_up(nobody, invitation, given):
    response = await nobody.post("/api/auth/sign-up", json={**ADA, **given})
    assert (response.status_code, response.json()["code"]) == (403, "INVITATION_NEEDED")


async def test_an_invitation_makes_one_account(nobody, invitation):
    wish = {**ADA, "invitation": invitation}
    assert (await nobody.post("/api/auth/sign-up", json=wish)).status_code == 201
    again = {**wish, "email": "another@example.org"}
    response = await nobody.post("/api/auth/sign-up", json=again)
    assert (response.status_code, response.json()["code"]) == (403, "INVITATION_NEEDED")


async def test_of_many_who_come_with_one_invitation_one_gets_in(nobody, invitation):
    wishes = [{**ADA, "email": f"{n}@example.org", "invitation": invitation} for n in range(5)]
    answers = await asyncio.gather(
        *(nobody.post("/api/auth/sign-up", json=wish) for wish in wishes)
    )
    assert sorted(answer.status_code for answer in answers) == [201] + [403] * 4


async def test_an_invitation_survives_a_refusal(nobody, invitation, ana):
    wish = {**ADA, "invitation": invitation}
    for change, status in (({"password": "password1"}, 422), ({"email": "ana@example.org"}, 409)):
        assert (await nobody.post("/api/auth/sign-up", json=wish | change)).status_code == status
    assert (await nobody.post("/api/auth/sign-up", json=wish)).status_code == 201


@on_sqlite
async def test_where_everyone_may_sign_up_an_invitation_does_not_matter(nobody):
    wish = {**ADA, "invitation": "nonsense"}
    assert (await nobody.post("/api/auth/sign-up", json=wish)).status_code == 201


async def test_a_link_gives_another_password_once(nobody, ana_client, reset, database, ana):
    body = {"token": reset, "password": OTHER}
    response = await nobody.post("/api/auth/reset-password", json=body)
    assert (response.status_code, response.content) == (204, b"")
    assert "set-cookie" not in response.headers
    assert (await ana_client.get("/api/auth/session")).status_code == 401
    for password, status in ((PASSWORD, 401), (OTHER, 200)):
        credentials = {"email": "ana@example.org", "password": password}
        assert (await nobody.post("/api/auth/sign-in", json=credentials)).status_code == status
    response = await nobody.post("/api/auth/reset-password", json={**body, "password": PASSWORD})
    assert (response.status_code, response.json()["code"]) == (410, "LINK_NOT_VALID")
    with database.transaction(writes=False) as session:
        told = [event.type for event in audit.recent(session, ana)]
    assert AuthEventType.PASSWORD_RESET in told


async def test_a_link_for_another_password_revokes_every_api_token(nobody, api_program, reset):
    program = await api_program()
    assert (await program.get("/api/tasks")).status_code == 200
    body = {"token": reset, "password": OTHER}
    assert (await nobody.post("/api/auth/reset-password", json=body)).status_code == 204
    assert (await program.get("/api/tasks")).status_code == 401


async def test_whoever_has_a_link_cannot_undo_a_change_of_the_password(nobody, ana_client, reset):
    change = {"current_password": PASSWORD, "new_password": OTHER}
    answer = await ana_client.post("/api/auth/password", json=change)
    assert answer.status_code < 300
    body = {"token": reset, "password": f"{OTHER} again"}
    assert (await nobody.post("/api/auth/reset-password", json=body)).status_code == 410


async def test_of_many_who_come_with_one_link_one_password_counts(nobody, reset):
    bodies = [{"token": reset, "password": f"{OTHER} {n}"} for n in range(3)]
    answers = await asyncio.gather(
        *(nobody.post("/api/auth/reset-password", json=body) for body in bodies)
    )
    assert sorted(answer.status_code for answer in answers) == [204, 410, 410]


async def test_a_weak_password_leaves_the_link_as_it_was(nobody, reset):
    body = {"token": reset, "password": "password1"}
    response = await nobody.post("/api/auth/reset-password", json=body)
    assert response.json()["errors"][0]["field"] == "password"
    body = {"token": reset, "password": OTHER}
    assert (await nobody.post("/api/auth/reset-password", json=body)).status_code == 204


async def test_an_old_link_is_worth_nothing(frozen_clock, nobody, reset):
    frozen_clock.advance(hours=1)
    body = {"token": reset, "password": OTHER}
    assert (await nobody.post("/api/auth/reset-password", json=body)).status_code == 410


async def test_the_link_of_a_disabled_user_is_worth_nothing(nobody, reset, database):
    with database.transaction() as session:
        users.disable(session, "ana@example.org")
    body = {"token": reset, "password": OTHER}
    assert (await nobody.post("/api/auth/reset-password", json=body)).status_code == 410


@on_sqlite
async def test_the_page_of_a_link_is_for_everyone(nobody, ana_client, reflex):
    for client in (nobody, ana_client):
        assert (await client.get("/reset-password")).status_code == 200
        assert reflex.scopes[-1]["path"] == "/reset-password/"
