"""The session of a request: who it is, and its end."""

import base64
import json
from datetime import timedelta

import pytest
from pydantic import TypeAdapter
from sqlalchemy import update

from dashboard.api.json_response import moment
from dashboard.api.sessions import OwnSessionsOut
from dashboard.models.session import UserSession
from dashboard.models.user import User
from tests.api.conftest import UNKNOWN_ID
from tests.api.test_accounts import cookie_of
from tests.conftest import PASSWORD


def with_cookie(value: str) -> dict[str, str]:
    return {"Cookie": f"dashboard_session={value}"}


async def test_a_session_says_who_it_is(ana_client, ana, ana_signed_in):
    answer = (await ana_client.get("/api/auth/session")).json()
    assert answer["user"]["id"] == str(ana.id)
    assert answer["user"]["email"] == "ana@example.org"
    assert answer["session"]["id"] == str(ana.session_id)
    assert ana_signed_in.session.token_hash not in str(answer)


async def test_signing_out_clears_the_cookie_and_kills_the_session(ana_client):
    response = await ana_client.post("/api/auth/sign-out")
    assert (response.status_code, response.content) == (204, b"")
    cookie = cookie_of(response)
    assert (cookie["name"], cookie["value"], cookie["max-age"]) == ("dashboard_session", "", "0")
    # The client still sends the old cookie: a copy of it is worth nothing.
    assert (await ana_client.get("/api/auth/session")).status_code == 401
    assert (await ana_client.post("/api/auth/sign-out")).status_code == 401


async def test_signing_out_leaves_other_sessions_and_other_people_alone(
    new_client, ana_client, bob_client, make_person
):
    other = await new_client(make_person("Ana"))
    await ana_client.post("/api/auth/sign-out")
    for client in (other, bob_client):
        assert (await client.get("/api/auth/session")).status_code == 200


async def test_an_expired_session_is_a_401(frozen_clock, ana_client):
    frozen_clock.advance(hours=11, minutes=59)
    assert (await ana_client.get("/api/auth/session")).status_code == 200
    frozen_clock.advance(minutes=1)
    assert (await ana_client.get("/api/auth/session")).status_code == 401


async def test_a_disabled_users_session_is_a_401(ana_client, database, ana, frozen_clock):
    with database.transaction() as session:
        session.execute(update(User).values(disabled_at=frozen_clock.now()))
    assert (await ana_client.get("/api/auth/session")).status_code == 401


async def test_a_session_whose_row_has_another_token_is_a_401(ana_client, database):
    with database.transaction() as session:
        session.execute(update(UserSession).values(token_hash="0" * 64))
    assert (await ana_client.get("/api/auth/session")).status_code == 401


async def test_two_cookies_of_the_name_sign_out(nobody, ana_signed_in, bob_signed_in):
    ana, bob = (f"dashboard_session={who.token}" for who in (ana_signed_in, bob_signed_in))
    for cookies in (f"{ana}; {bob}", f"{ana}; {ana}", f"dashboard_session=; {ana}"):
        response = await nobody.get("/api/auth/session", headers={"Cookie": cookies})
        assert response.status_code == 401
    in_two_headers = [("Cookie", ana), ("Cookie", bob)]
    assert (await nobody.get("/api/auth/session", headers=in_two_headers)).status_code == 401
    among_others = {"Cookie": f"theme=dark; {ana}; not_dashboard_session=1"}
    assert (await nobody.get("/api/auth/session", headers=among_others)).status_code == 200


def _tampered(token: str) -> list[str]:
    header, payload, signature = token.split(".")

    def claims(**changes: object) -> str:
        padded = payload + "=" * (-len(payload) % 4)
        changed = json.loads(base64.urlsafe_b64decode(padded)) | changes
        return base64.urlsafe_b64encode(json.dumps(changed).encode()).decode().rstrip("=")

    unsigned = base64.urlsafe_b64encode(b'{"alg":"none","typ":"session+jwt"}').decode().rstrip("=")
    return [
        "",
        "nonsense",
        "a.b.c",
        f"{header}.{payload}.",
        f"{header}.{payload}.{signature}=",
        f"{header}.{payload}.{signature[::-1]}",
        f"{header}.{claims(exp=10**40)}.{signature}",
        f"{unsigned}.{payload}.",
        f"{unsigned}.{payload}.{signature}",
        "é.é.é",
        token + "a" * 2048,
    ]


async def test_whatever_is_wrong_with_a_cookie_the_answer_is_the_same(nobody, ana_signed_in):
    without = await nobody.get("/api/auth/session")
    assert without.status_code == 401
    for token in _tampered(ana_signed_in.token):
        headers = [(b"cookie", b"dashboard_session=" + token.encode())]
        response = await nobody.get("/api/auth/session", headers=headers)
        assert (response.status_code, response.text) == (401, without.text)


@pytest.mark.parametrize("scheme", ["Bearer", "Basic", "bearer"])
async def test_the_cookies_token_is_worth_nothing_as_authorization(nobody, ana_signed_in, scheme):
    headers = {"Authorization": f"{scheme} {ana_signed_in.token}"}
    assert (await nobody.get("/api/auth/session", headers=headers)).status_code == 401


async def test_the_cookie_of_https_is_worth_nothing_on_http(nobody, ana_signed_in):
    headers = {"Cookie": f"__Host-dashboard_session={ana_signed_in.token}"}
    assert (await nobody.get("/api/auth/session", headers=headers)).status_code == 401


async def test_an_api_call_shows_that_its_session_is_in_use(frozen_clock, ana_client):
    for minutes in (1, 10, 60):
        frozen_clock.advance(minutes=minutes)
        await ana_client.get("/api/tasks")
        (own,) = (await ana_client.get("/api/auth/sessions")).json()["items"]
        assert own["last_seen_at"] == moment(frozen_clock.now())


async def test_an_api_call_never_puts_a_session_off(frozen_clock, ana_client):
    before = (await ana_client.get("/api/auth/session")).json()
    frozen_clock.moment += timedelta(hours=6)
    response = await ana_client.get("/api/auth/session")
    assert response.json() == before
    assert "set-cookie" not in response.headers


IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
    " Version/18.0 Mobile/15E148 Safari/604.1"
)


@pytest.fixture
async def anas_phone(new_client, ana):
    """Another device of Ana's, signed in by HTTP."""
    phone = await new_client(headers={"Origin": "http://localhost:3000", "User-Agent": IPHONE})
    credentials = {"email": "ana@example.org", "password": PASSWORD, "remember": True}
    (await phone.post("/api/auth/sign-in", json=credentials)).raise_for_status()
    return phone


async def test_the_list_of_sessions_says_where_each_was_opened(ana_client, anas_phone, ana):
    response = await ana_client.get("/api/auth/sessions")
    TypeAdapter(OwnSessionsOut).validate_python(response.json())
    this, phone = response.json()["items"]
    assert (this["id"], this["is_current"], this["remember"]) == (str(ana.session_id), True, False)
    assert (phone["is_current"], phone["remember"]) == (False, True)
    assert (phone["browser"], phone["system"], phone["device"]) == ("Safari", "iPhone", "phone")
    assert phone["ip_address"] == "127.0.0.1"
    (phone_first, _) = (await anas_phone.get("/api/auth/sessions")).json()["items"]
    assert (phone_first["id"], phone_first["is_current"]) == (phone["id"], True)


async def test_one_session_is_ended_from_another(ana_client, anas_phone):
    _, phone = (await ana_client.get("/api/auth/sessions")).json()["items"]
    response = await ana_client.delete(f"/api/auth/sessions/{phone['id']}")
    assert (response.status_code, response.content) == (204, b"")
    assert (await anas_phone.get("/api/auth/session")).status_code == 401
    assert len((await ana_client.get("/api/auth/sessions")).json()["items"]) == 1


async def test_all_others_are_ended_at_once(ana_client, anas_phone, bob_client):
    assert (await ana_client.delete("/api/auth/sessions")).status_code == 204
    assert (await anas_phone.get("/api/auth/session")).status_code == 401
    for client in (ana_client, bob_client):
        assert (await client.get("/api/auth/session")).status_code == 200


async def test_a_session_of_someone_else_is_a_403_and_an_unknown_one_a_404(ana_client, bob):
    strange = await ana_client.delete(f"/api/auth/sessions/{bob.session_id}")
    assert (strange.status_code, strange.json()["code"]) == (403, "FORBIDDEN")
    unknown = await ana_client.delete(f"/api/auth/sessions/{UNKNOWN_ID}")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "SESSION_NOT_FOUND")


async def test_ending_others_needs_a_password_entered_lately(frozen_clock, ana_client, anas_phone):
    _, phone = (await ana_client.get("/api/auth/sessions")).json()["items"]
    frozen_clock.advance(minutes=11)
    for url in (f"/api/auth/sessions/{phone['id']}", "/api/auth/sessions"):
        response = await ana_client.delete(url)
        assert (response.status_code, response.json()["code"]) == (403, "PASSWORD_NEEDED")
    await ana_client.post("/api/auth/confirm", json={"password": PASSWORD})
    assert (await ana_client.delete("/api/auth/sessions")).status_code == 204
