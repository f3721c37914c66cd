"""Who may create an account on a server that was told nothing about it, or something."""

import asyncio

import pytest
from sqlmodel import Session, func, select

from dashboard.database.transactions import Database
from dashboard.errors import DashboardError, InvitationNeeded, SetupCodeNeeded
from dashboard.models.session import Client
from dashboard.models.user import User
from dashboard.services.accounts import links, registration, sign_up_policy
from dashboard.services.accounts.sessions import SignedIn
from tests.services.accounts.test_registration import wish


@pytest.fixture
def on_the_internet(database: Database, set_env) -> Database:
    set_env(PUBLIC_URL="https://tasks.example.org")
    return database


def people(session: Session) -> int:
    return session.exec(select(func.count()).select_from(User)).one()


async def sign_up(shown: str | None = None, email: str = "ana@example.org") -> SignedIn:
    return await registration.sign_up(wish(invitation=shown, email=email), Client())


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_on_this_machine_alone_everyone_may(database: Database) -> None:
    assert await sign_up_policy.current_rule() == "open"
    await sign_up()
    await sign_up(email="bob@example.org")
    assert await sign_up_policy.current_rule() == "open"


@pytest.mark.parametrize("shown", [None, "", "AAAA-AAAA-AAAA-AAAA", "Ünïcöde", "----"])
async def test_a_stranger_does_not_get_the_first_account(
    on_the_internet: Database, shown: str | None
) -> None:
    assert await sign_up_policy.current_rule() == "setup_code"
    with pytest.raises(SetupCodeNeeded):
        await sign_up(shown)
    assert await on_the_internet.read(people) == 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("typed", [str, str.lower, lambda code: code.replace("-", "  ")])
async def test_the_setup_code_makes_the_first_account_however_it_is_typed(
    on_the_internet: Database, typed
) -> None:
    assert (await sign_up(typed(sign_up_policy.setup_code()))).user.email == "ana@example.org"


async def test_after_the_first_account_the_code_is_worth_nothing_and_an_invitation_counts(
    on_the_internet: Database,
) -> None:
    await sign_up(sign_up_policy.setup_code())
    assert await sign_up_policy.current_rule() == "invitation"
    with pytest.raises(InvitationNeeded):
        await sign_up(sign_up_policy.setup_code(), "eve@example.org")
    link = await on_the_internet.write(links.invitation_link)
    await sign_up(link.partition("#")[2], "bob@example.org")
    assert await on_the_internet.read(people) == 2


async def test_of_many_who_come_with_the_code_at_once_one_gets_the_first_account(
    on_the_internet: Database,
) -> None:
    code = sign_up_policy.setup_code()
    attempts = (sign_up(code, f"{number}@example.org") for number in range(10))
    answers = await asyncio.gather(*attempts, return_exceptions=True)
    assert [type(answer) for answer in answers].count(SignedIn) == 1
    assert all(isinstance(answer, SignedIn | DashboardError) for answer in answers)
    assert await on_the_internet.read(people) == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_an_account_that_the_operator_made_is_the_first(on_the_internet: Database) -> None:
    await registration.create(wish())
    assert await sign_up_policy.current_rule() == "invitation"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("told", ["open", "invitation", "closed"])
async def test_what_the_settings_say_counts(on_the_internet: Database, set_env, told: str) -> None:
    set_env(SIGN_UP=told)
    assert await sign_up_policy.current_rule() == told


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_the_code_stays_the_same_and_is_not_that_of_another_server(
    on_the_internet: Database, set_env
) -> None:
    code = sign_up_policy.setup_code()
    assert sign_up_policy.setup_code() == code
    set_env(AUTH_SECRET="kV8q0Jt4mZ1uXw7cR5yB2nL9sD3fH6gA")
    assert sign_up_policy.setup_code() != code
