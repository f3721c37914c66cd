"""The address of an account over HTTP: asked for, confirmed by a link, and refused in a sentence."""

import asyncio

import pytest

from dashboard.services.operation import mail
from tests.api.conftest import on_sqlite
from tests.api.test_accounts import ADA

NEW = "ana.costa@example.org"


async def test_an_address_is_changed_by_the_link_that_was_sent_there(
    mail_server, ana_client, nobody, database
):
    response = await ana_client.post("/api/account/email", json={"email": NEW})
    assert (response.status_code, response.content) == (204, b"")
    await asyncio.gather(*mail._sending)
    before = (await ana_client.get("/api/auth/session")).json()["user"]
    assert (before["email"], before["email_verified"]) == ("ana@example.org", False)
    body = {"token": mail_server.secret_to(NEW)}
    response = await ana_client.post("/api/account/email/confirm", json=body)
    assert (response.status_code, response.content) == (204, b"")
    after = (await ana_client.get("/api/auth/session")).json()["user"]
    assert (after["email"], after["email_verified"]) == (NEW, True)
    response = await nobody.post("/api/account/email/confirm", json=body)
    assert (response.status_code, response.json()["code"]) == (410, "LINK_NOT_VALID")


async def test_a_link_works_signed_out_and_then_ends_every_session(mail_server, ana_client, nobody):
    await ana_client.post("/api/account/email", json={"email": NEW})
    await asyncio.gather(*mail._sending)
    body = {"token": mail_server.secret_to(NEW)}
    assert (await nobody.post("/api/account/email/confirm", json=body)).status_code == 204
    assert (await ana_client.get("/api/auth/session")).status_code == 401


async def test_a_taken_address_is_answered_as_a_free_one(mail_server, ana_client, bob):
    answers = [
        await ana_client.post("/api/account/email", json={"email": email})
        for email in (NEW, "bob@example.org")
    ]
    await asyncio.gather(*mail._sending)
    assert {(answer.status_code, answer.content) for answer in answers} == {(204, b"")}
    assert "bob@example.org" not in [message["To"] for message in mail_server.messages]


async def test_a_change_asks_for_the_password_when_it_was_long_ago(
    frozen_clock, mail_server, ana_client
):
    frozen_clock.advance(minutes=11)
    response = await ana_client.post("/api/account/email", json={"email": NEW})
    assert (response.status_code, response.json()["code"]) == (403, "PASSWORD_NEEDED")
    assert (await ana_client.post("/api/account/email/verify")).status_code == 204


@on_sqlite
@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"email": "no address"}, "email"),
        ({"email": "a@b\r\nBcc: c@d"}, "email"),
        ({"email": "ana@example.org"}, "email"),
        ({"email": NEW, "user_id": 1}, "user_id"),
        ({}, "email"),
    ],
)
async def test_what_is_no_other_address_is_a_422(mail_server, ana_client, body, field):
    response = await ana_client.post("/api/account/email", json=body)
    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == [field]
    assert mail_server.messages == []


@on_sqlite
async def test_without_mail_it_is_said_what_the_operator_can_do(ana_client):
    for path, body in (("", {"email": NEW}), ("/verify", {})):
        response = await ana_client.post(f"/api/account/email{path}", json=body)
        assert (response.status_code, response.json()["code"]) == (403, "MAIL_NEEDED")
        assert "users set-email OLD NEW" in response.json()["detail"]


@on_sqlite
async def test_who_signs_up_and_confirms_is_verified(mail_server, nobody):
    made = await nobody.post("/api/auth/sign-up", json=ADA)
    assert made.json()["user"]["email_verified"] is False
    await asyncio.gather(*mail._sending)
    body = {"token": mail_server.secret_to(ADA["email"])}
    assert (await nobody.post("/api/account/email/confirm", json=body)).status_code == 204
    credentials = {"email": ADA["email"], "password": ADA["password"]}
    again = await nobody.post("/api/auth/sign-in", json=credentials)
    assert again.json()["user"]["email_verified"] is True


@on_sqlite
async def test_the_page_of_a_link_is_for_everyone(nobody, ana_client, reflex):
    for client in (nobody, ana_client):
        assert (await client.get("/confirm-email")).status_code == 200
        assert reflex.scopes[-1]["path"] == "/confirm-email/"
