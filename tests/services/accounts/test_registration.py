import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, func, select

from dashboard import security
from dashboard.database.transactions import Database
from dashboard.errors import (
    InvalidInput,
    SignUpClosed,
    TooBusy,
    UserAlreadyExists,
)
from dashboard.models.account import Account
from dashboard.models.session import Client, UserSession
from dashboard.models.user import SignUp, User
from dashboard.services.accounts import authentication, registration
from dashboard.services.accounts.sessions import SignedIn
from tests.conftest import PASSWORD


def wish(**changes: Any) -> SignUp:
    ana = {
        "name": "Ana",
        "email": "ana@example.org",
        "password": PASSWORD,
        "timezone": "Europe/Berlin",
    }
    return SignUp(**(ana | changes))


def count(session: Session, table: Any) -> int:
    return session.exec(select(func.count()).select_from(table)).one()


async def test_signing_up_makes_a_user_who_is_signed_in(database: Database, frozen_clock) -> None:
    client = Client("192.0.2.7", "Browser")
    user, session_row, token = await registration.sign_up(wish(), client)
    assert (user.name, user.email, user.timezone) == ("Ana", "ana@example.org", "Europe/Berlin")
    assert not user.email_verified
    assert (session_row.ip_address, session_row.user_agent) == client
    assert session_row.expires_at == frozen_clock.now() + timedelta(hours=12)
    claims = authentication.read_claims(token)
    assert claims is not None
    assert (await database.read(authentication.authenticate, claims)).id == user.id


async def test_the_password_is_kept_as_a_hash_alone(database: Database) -> None:
    await registration.sign_up(wish(), Client())
    account = await database.read(lambda session: session.exec(select(Account)).one())
    assert account.provider_id == "credential"
    assert account.password is not None
    assert PASSWORD not in str(account.model_dump())
    assert security.password_matches(PASSWORD, account.password)


@pytest.mark.parametrize("email", ["ana@example.org", "  ANA@Example.org "])
async def test_an_address_has_one_account_however_it_is_written(
    database: Database, email: str
) -> None:
    await registration.sign_up(wish(), Client())
    with pytest.raises(UserAlreadyExists):
        await registration.sign_up(wish(email=email, name="Impostor"), Client())
    assert await database.read(lambda session: session.exec(select(User.name)).all()) == ["Ana"]


async def test_fifty_who_sign_up_at_once_with_one_address_make_one_user(database: Database) -> None:
    attempts = (registration.sign_up(wish(name=f"Ana {number}"), Client()) for number in range(50))
    answers = await asyncio.gather(*attempts, return_exceptions=True)
    assert [type(answer) for answer in answers].count(SignedIn) == 1
    assert {type(answer) for answer in answers} <= {SignedIn, UserAlreadyExists, TooBusy}
    counts = await database.read(
        lambda session: [count(session, table) for table in (User, Account, UserSession)]
    )
    assert counts == [1, 1, 1]


async def test_when_sign_up_is_closed_nobody_new_comes_in(database: Database, set_env) -> None:
    set_env(SIGN_UP="closed")
    with pytest.raises(SignUpClosed):
        await registration.sign_up(wish(), Client())
    assert await database.read(count, User) == 0


async def test_a_password_that_is_easy_to_guess_makes_no_user(database: Database) -> None:
    for password in ("password", "example.org", "ana@example.org"):
        with pytest.raises(InvalidInput, match="too easy to guess"):
            await registration.sign_up(wish(password=password), Client())
    assert await database.read(count, User) == 0
