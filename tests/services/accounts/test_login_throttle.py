"""Guessing is slow, and keeps nobody out of their own account."""

import asyncio
from collections.abc import Callable

import pytest

from dashboard.database.transactions import Database
from dashboard.errors import (
    InvalidEmailOrPassword,
    InvalidInput,
    TooBusy,
    TooManyRequests,
    UserAlreadyExists,
    WrongPassword,
)
from dashboard.models.session import Actor, Client
from dashboard.models.user import SignIn, SignUp
from dashboard.services.accounts import audit, login, password_hashing, passwords, registration
from dashboard.services.operation import rate_limits
from tests.conftest import PASSWORD

HOME = Client("192.0.2.1", "Firefox")
ELSEWHERE = Client("198.51.100.7", "curl")
ADA = SignUp(name="Ada", email="ada@example.org", password="seven otters juggle figs")


@pytest.fixture(autouse=True)
def _limited(set_env: Callable[..., None]) -> None:
    set_env(RATE_LIMIT_SCALE="1")


async def attempt(
    email: str = "ana@example.org", password: str = PASSWORD, client: Client = HOME
) -> str:
    try:
        await login.sign_in(SignIn(email=email, password=password), client)
    except (InvalidEmailOrPassword, TooManyRequests) as refused:
        return type(refused).__name__
    return "in"


WRONG, LATER = InvalidEmailOrPassword.__name__, TooManyRequests.__name__


def trail(database: Database, actor: Actor) -> list[tuple[str, str]]:
    with database.transaction(writes=False) as session:
        return [(event.type, event.ip_address) for event in audit.recent(session, actor)]


async def test_after_five_wrong_guesses_the_sixth_has_to_wait(frozen_clock, ana: Actor) -> None:
    found = [await attempt(password="wrong") for _ in range(6)]
    assert found == [WRONG] * 5 + [LATER]
    assert await attempt() == LATER
    frozen_clock.advance(seconds=5)
    assert await attempt() == "in"
    assert await attempt(password="wrong") == WRONG


async def test_an_unknown_address_is_limited_just_as_a_known_one(frozen_clock, ana: Actor) -> None:
    unknown = [await attempt("nobody@example.org", "wrong", HOME) for _ in range(7)]
    known = [await attempt(password="wrong", client=ELSEWHERE) for _ in range(7)]
    assert unknown == known == [WRONG] * 5 + [LATER] * 2


async def test_however_the_address_is_written_its_guesses_are_counted_together(
    frozen_clock, ana: Actor
) -> None:
    spellings = ["ana@example.org", " ANA@example.org", "Ana@Example.org "] * 2
    assert [await attempt(each, "wrong") for each in spellings] == [WRONG] * 5 + [LATER]


async def test_an_address_fails_ten_times_a_minute_whoever_it_tries(frozen_clock, ana) -> None:
    found = [await attempt(f"user{number}@example.org", "wrong") for number in range(12)]
    assert found == [WRONG] * 10 + [LATER] * 2
    assert await attempt(client=ELSEWHERE) == "in"
    frozen_clock.advance(minutes=1)
    assert await attempt() == "in"


async def test_who_knows_the_password_is_limited_by_attempts_alone(frozen_clock, ana) -> None:
    found = [await attempt() for _ in range(32)]
    assert found == ["in"] * 30 + [LATER] * 2


async def test_nobody_can_be_kept_out_by_guessing_from_elsewhere(
    frozen_clock, ana: Actor, database: Database
) -> None:
    """Many attempts from many addresses, and one from where the owner has been before."""
    assert await attempt(client=HOME) == "in"
    crowd = [Client(f"203.0.113.{number}", "bot") for number in range(50)]
    found = [
        await attempt(password=f"guess {turn}", client=client)
        for turn in range(3)
        for client in crowd
    ]
    assert found.count(WRONG) == rate_limits.GUESSES_AT_ONCE
    assert found.count(LATER) == 150 - rate_limits.GUESSES_AT_ONCE
    assert await attempt(client=HOME) == "in"
    assert trail(database, ana)[0] == ("sign_in", HOME.ip_address)


async def test_the_owner_who_mistypes_during_that_has_five_tries_too(
    frozen_clock, ana: Actor
) -> None:
    await attempt(client=HOME)
    for _ in range(9):
        await attempt(password="guess", client=ELSEWHERE)
    found = [await attempt(password="mistyped", client=HOME) for _ in range(6)]
    assert found == [WRONG] * 5 + [LATER]


async def test_many_guesses_at_once_are_no_more_than_one_after_the_other(
    frozen_clock, ana: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(password_hashing._queue, "longest", 50)
    crowd = [Client(f"203.0.113.{number}", "bot") for number in range(50)]
    found = await asyncio.gather(*(attempt(password="guess", client=each) for each in crowd))
    assert found.count(WRONG) == rate_limits.GUESSES_AT_ONCE


async def test_an_attempt_that_nobody_had_time_for_does_not_count(
    frozen_clock, ana: Actor, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as busy:
        busy.setattr(password_hashing._queue, "longest", 0)
        for _ in range(12):
            with pytest.raises(TooBusy):
                await attempt()
    assert trail(database, ana) == []
    assert await attempt() == "in"


async def test_what_happened_is_in_the_trail(ana: Actor, database: Database) -> None:
    await attempt(password="wrong", client=ELSEWHERE)
    await attempt(client=HOME)
    assert trail(database, ana) == [
        ("sign_in", HOME.ip_address),
        ("sign_in_failed", ELSEWHERE.ip_address),
    ]


async def test_an_address_creates_five_accounts_an_hour(frozen_clock, database: Database) -> None:
    async def create(number: int) -> str:
        wish = ADA.model_copy(update={"email": f"ada{number}@example.org"})
        try:
            await registration.sign_up(wish, HOME)
        except (TooManyRequests, UserAlreadyExists) as refused:
            return type(refused).__name__
        return "in"

    # To learn of an address that it is taken costs as much as to take it.
    assert [await create(number) for number in (1, 2, 2, 3, 4, 5)] == [
        "in",
        "in",
        "UserAlreadyExists",
        "in",
        "in",
        LATER,
    ]
    frozen_clock.advance(hours=1)
    assert await create(5) == "in"


async def test_a_password_that_is_refused_costs_no_account(database: Database) -> None:
    weak = ADA.model_copy(update={"password": "password1"})
    for _ in range(9):
        with pytest.raises(InvalidInput):
            await registration.sign_up(weak, HOME)
    await registration.sign_up(ADA, HOME)


async def test_the_password_of_an_open_session_is_not_guessed_any_faster(
    frozen_clock, ana: Actor
) -> None:
    found = []
    for _ in range(7):
        with pytest.raises((WrongPassword, TooManyRequests)) as caught:
            await passwords.confirm(ana, "wrong", HOME)
        found.append(caught.type)
    assert found == [WrongPassword] * 5 + [TooManyRequests] * 2
    frozen_clock.advance(minutes=5)
    await passwords.confirm(ana, PASSWORD, HOME)
