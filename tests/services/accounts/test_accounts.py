import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, delete, func, select

from dashboard import clock, security
from dashboard.database.transactions import Database
from dashboard.errors import (
    InvalidEmailOrPassword,
    InvalidInput,
    SignUpClosed,
    TooBusy,
    UserAlreadyExists,
)
from dashboard.models.account import Account
from dashboard.models.session import Client, UserSession
from dashboard.models.user import SignIn, SignUp, User
from dashboard.services.accounts import accounts, authentication, password_hashing
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


def credentials(
    email: str = "ana@example.org", password: str = PASSWORD, *, remember: bool = False
) -> SignIn:
    return SignIn(email=email, password=password, remember=remember)


def count(session: Session, table: Any) -> int:
    return session.exec(select(func.count()).select_from(table)).one()


# Signing up


async def test_signing_up_makes_a_user_who_is_signed_in(database: Database, frozen_clock) -> None:
    client = Client("192.0.2.7", "Browser")
    user, session_row, token = await accounts.sign_up(wish(), client)
    assert (user.name, user.email, user.timezone) == ("Ana", "ana@example.org", "Europe/Berlin")
    assert not user.email_verified
    assert (session_row.ip_address, session_row.user_agent) == client
    assert session_row.expires_at == frozen_clock.now() + timedelta(hours=12)
    claims = authentication.read_claims(token)
    assert claims is not None
    assert (await database.read(authentication.authenticate, claims)).id == user.id


async def test_the_password_is_kept_as_a_hash_alone(database: Database) -> None:
    await accounts.sign_up(wish(), Client())
    account = await database.read(lambda session: session.exec(select(Account)).one())
    assert account.provider_id == "credential"
    assert account.password is not None
    assert PASSWORD not in str(account.model_dump())
    assert security.password_matches(PASSWORD, account.password)


@pytest.mark.parametrize("email", ["ana@example.org", "  ANA@Example.org "])
async def test_an_address_has_one_account_however_it_is_written(
    database: Database, email: str
) -> None:
    await accounts.sign_up(wish(), Client())
    with pytest.raises(UserAlreadyExists):
        await accounts.sign_up(wish(email=email, name="Impostor"), Client())
    assert await database.read(lambda session: session.exec(select(User.name)).all()) == ["Ana"]


async def test_fifty_who_sign_up_at_once_with_one_address_make_one_user(database: Database) -> None:
    attempts = (accounts.sign_up(wish(name=f"Ana {number}"), Client()) for number in range(50))
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
        await accounts.sign_up(wish(), Client())
    assert await database.read(count, User) == 0


async def test_when_sign_up_is_closed_those_who_are_here_still_sign_in(
    ana_signed_in: SignedIn, set_env
) -> None:
    set_env(SIGN_UP="closed")
    assert (await accounts.sign_in(credentials(), Client())).user.id == ana_signed_in.user.id


async def test_a_password_that_is_easy_to_guess_makes_no_user(database: Database) -> None:
    for password in ("password", "example.org", "ana@example.org"):
        with pytest.raises(InvalidInput, match="too easy to guess"):
            await accounts.sign_up(wish(password=password), Client())
    assert await database.read(count, User) == 0


# Signing in


async def test_the_right_password_opens_a_new_session(ana_signed_in: SignedIn) -> None:
    for email in ("ana@example.org", " Ana@Example.ORG "):
        opened = await accounts.sign_in(credentials(email), Client())
        assert opened.user.id == ana_signed_in.user.id
        assert opened.session.id != ana_signed_in.session.id


async def test_being_remembered_is_asked_for(ana_signed_in: SignedIn, frozen_clock) -> None:
    for remember, idle in ((True, timedelta(days=30)), (False, timedelta(hours=12))):
        opened = await accounts.sign_in(credentials(remember=remember), Client())
        assert opened.session.remember is remember
        assert opened.session.expires_at == frozen_clock.now() + idle


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("ana@example.org", "wrong"),
        ("ana@example.org", ""),
        ("ana@example.org", PASSWORD.upper()),
        ("nobody@example.org", PASSWORD),
        ("", PASSWORD),
        ("not an address", PASSWORD),
        ("ana%", PASSWORD),
        ("%", PASSWORD),
    ],
)
async def test_anything_else_is_refused_in_the_same_words(
    ana_signed_in: SignedIn, email: str, password: str
) -> None:
    with pytest.raises(InvalidEmailOrPassword):
        await accounts.sign_in(credentials(email, password), Client())


async def test_a_disabled_account_is_refused_like_a_wrong_password(
    database: Database, ana_signed_in: SignedIn
) -> None:
    await database.write(
        lambda session: setattr(
            session.get(User, ana_signed_in.user.id), "disabled_at", clock.now()
        )
    )
    with pytest.raises(InvalidEmailOrPassword):
        await accounts.sign_in(credentials(), Client())


@pytest.mark.parametrize("stored", [None, "", "not a hash", "$2b$12$short"])
async def test_an_account_without_a_good_hash_is_refused_and_no_error(
    database: Database, ana_signed_in: SignedIn, stored: str | None
) -> None:
    def spoil(session: Session) -> None:
        session.exec(select(Account)).one().password = stored

    await database.write(spoil)
    with pytest.raises(InvalidEmailOrPassword):
        await accounts.sign_in(credentials(), Client())


async def test_an_account_of_another_provider_has_no_password_here(
    database: Database, ana_signed_in: SignedIn
) -> None:
    def move(session: Session) -> None:
        session.exec(select(Account)).one().provider_id = "oidc"

    await database.write(move)
    with pytest.raises(InvalidEmailOrPassword):
        await accounts.sign_in(credentials(), Client())


@pytest.mark.parametrize("what", ["disabled", "deleted"])
async def test_whoever_is_disabled_or_deleted_while_the_password_is_checked_does_not_get_in(
    database: Database, ana_signed_in: SignedIn, monkeypatch, what: str
) -> None:
    async def meanwhile(*_: object) -> bool:
        def end(session: Session) -> None:
            if what == "deleted":
                session.exec(delete(User).where(col(User.id) == ana_signed_in.user.id))
            else:
                setattr(session.get(User, ana_signed_in.user.id), "disabled_at", clock.now())  # noqa: B010

        await database.write(end)
        return True

    monkeypatch.setattr(password_hashing, "matches", meanwhile)
    with pytest.raises(InvalidEmailOrPassword):
        await accounts.sign_in(credentials(), Client())


async def test_a_password_that_is_changed_while_it_is_checked_opens_nothing(
    database: Database, ana_signed_in: SignedIn, monkeypatch
) -> None:
    async def meanwhile(*_: object) -> bool:
        def change(session: Session) -> None:
            session.exec(select(Account)).one().password = "another"

        await database.write(change)
        return True

    monkeypatch.setattr(password_hashing, "matches", meanwhile)
    with pytest.raises(InvalidEmailOrPassword):
        await accounts.sign_in(credentials(), Client())


@pytest.mark.parametrize("email", ["ana@example.org", "nobody@example.org"])
async def test_a_failed_signing_in_costs_one_hash_whoever_it_is(
    ana_signed_in: SignedIn, monkeypatch, email: str
) -> None:
    costs: list[str] = []
    matches = security.password_matches
    monkeypatch.setattr(
        security,
        "password_matches",
        lambda password, stored: costs.append(stored[:7]) or matches(password, stored),
    )
    with pytest.raises(InvalidEmailOrPassword):
        await accounts.sign_in(credentials(email, "wrong"), Client())
    assert costs == ["$2b$04$"]
