"""Nobody learns whether an address has an account here: not from what the answer says, nor from how long it takes."""

import asyncio
import time
from collections.abc import Callable

import httpx
import pytest

from dashboard.database.transactions import Database
from dashboard.models.session import Actor
from dashboard.services.accounts import users
from dashboard.services.operation import mail
from tests.api.conftest import on_sqlite
from tests.conftest import PASSWORD
from tests.mail_server import MailServer

TURNS = 9


def disable(database: Database, email: str) -> None:
    with database.transaction() as session:
        users.disable(session, email)


async def attempt(client: httpx.AsyncClient, email: str, password: str) -> httpx.Response:
    return await client.post("/api/auth/sign-in", json={"email": email, "password": password})


async def test_every_failure_to_sign_in_looks_the_same(
    nobody: httpx.AsyncClient, ana: Actor, bob: Actor, database: Database
) -> None:
    disable(database, "bob@example.org")
    answers = [
        await attempt(nobody, "ana@example.org", "wrong"),
        await attempt(nobody, "nobody@example.org", "wrong"),
        await attempt(nobody, "bob@example.org", PASSWORD),
        await attempt(nobody, "no address", "wrong"),
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.text for answer in answers}) == 1
    assert len({tuple(answer.headers.multi_items()) for answer in answers}) == 1


@on_sqlite
async def test_asking_for_a_link_is_answered_alike_whosever_the_address_is(
    mail_server: MailServer,
    nobody: httpx.AsyncClient,
    ana_client: httpx.AsyncClient,
    bob: Actor,
    database: Database,
) -> None:
    disable(database, "bob@example.org")
    for client, path in (
        (nobody, "/api/auth/forgot-password"),
        (ana_client, "/api/account/email"),
    ):
        answers = [
            await client.post(path, json={"email": email})
            for email in ("nobody@example.org", "bob@example.org", "eve@example.org")
        ]
        assert {answer.is_success for answer in answers} == {True}
        assert len({(answer.status_code, answer.text) for answer in answers}) == 1
        assert len({tuple(answer.headers.multi_items()) for answer in answers}) == 1
    await asyncio.gather(*mail._sending)
    # What differs is who is written to: Bob, who has an account, gets no link to another's.
    assert "bob@example.org" not in {message["To"] for message in mail_server.messages}


@pytest.mark.slow
@pytest.mark.real_passwords
@on_sqlite
async def test_every_failure_to_sign_in_takes_the_same_time(
    nobody: httpx.AsyncClient, database: Database, set_env: Callable[..., None]
) -> None:
    """Within 15 % of processor time (other programs hardly change that), with limits on, as people meet them."""
    for email in ("ana@example.org", "dan@example.org"):
        wish = {"name": "A", "email": email, "password": PASSWORD}
        assert (await nobody.post("/api/auth/sign-up", json=wish)).status_code == 201
    disable(database, "dan@example.org")
    set_env(RATE_LIMIT_SCALE="1000")
    seconds: dict[str, list[float]] = {}
    # In turns, so that whatever else the machine does meets all of them.
    for _ in range(TURNS):
        for email in ("ana@example.org", "nobody@example.org", "dan@example.org"):
            begun = time.process_time()
            await attempt(nobody, email, "wrong")
            seconds.setdefault(email, []).append(time.process_time() - begun)
    least = [min(each) for each in seconds.values()]
    assert max(least) <= 1.15 * min(least), least
