"""Which passwords are too easy to guess, and what it may cost to say so."""

import random
import string
import time

import pytest

from dashboard.errors import InvalidInput, TooBusy, TooManyRequests
from dashboard.services.accounts import password_hashing, password_strength
from tests.conftest import HASH_OF_PASSWORD, PASSWORD

ABOUT_ANA = ("Zbigniewa Brzezinski", "zbigniewa.brzezinski@example.org")
SIGNS = "4@8({[<369|!107$5+%2"
"""Each may stand for several letters."""


@pytest.mark.parametrize(
    "password",
    [
        PASSWORD,
        "tr0ub4dor&3 plus more",
        "пароль из нескольких слов",
        "🐙🦑🦀🐚🪸🐠🐡🦈🐬🐳🦭🐧",
        SIGNS,
    ],
)
async def test_a_password_that_is_hard_to_guess_is_strong(password: str) -> None:
    assert (await password_strength.judge(password, about=ABOUT_ANA, asker="")).is_strong


@pytest.mark.parametrize(
    "password",
    [
        "password",
        "12345678",
        "qwertyuiop",
        "aaaaaaaaaaaa",
        "letmein123",
        "zbigniewabrzezinski",
        "Brzezinski1",
        ABOUT_ANA[1],
        "p4$$w0rd!",
    ],
)
async def test_a_password_that_is_easy_to_guess_is_refused_with_advice(password: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        await password_strength.require_strong(password, about=ABOUT_ANA, asker="")
    (error,) = caught.value.errors
    assert error.field == "password"
    assert error.message.startswith("This password is too easy to guess. ")
    assert error.message.endswith(".")
    assert not error.message.endswith("..")
    assert password == "password" or password not in error.message


def test_what_a_program_makes_up_is_strong_however_little_of_it_is_judged() -> None:
    chance = random.Random(12)
    for _ in range(50):
        made_up = "".join(chance.choices(string.ascii_letters + string.digits + SIGNS, k=16))
        assert password_strength._verdict(made_up, ()).is_strong, made_up


@pytest.mark.parametrize("password", [SIGNS * 6, "1!|" * 40, "1" * 128, "4a" * 64, "x" + SIGNS * 6])
def test_no_password_is_dear_to_judge(password: str) -> None:
    begun = time.process_time()
    password_strength._verdict(password[:128], ABOUT_ANA)
    # Without a bound, the first takes minutes.
    assert time.process_time() - begun < 1
    assert 10 <= len(password_strength._affordable(password)) <= password_strength.JUDGED_LENGTH


async def test_one_place_has_so_many_judged_a_second(set_env, monkeypatch) -> None:
    set_env(RATE_LIMIT_SCALE="1")
    monkeypatch.setattr("dashboard.services.operation.token_bucket.time.monotonic", lambda: 0.0)
    for _ in range(password_strength.AT_ONCE):
        await password_strength.judge(PASSWORD, about=(), asker="192.0.2.1")
    with pytest.raises(TooManyRequests):
        await password_strength.judge(PASSWORD, about=(), asker="192.0.2.1")
    await password_strength.require_strong(PASSWORD, about=(), asker="192.0.2.1")
    await password_strength.judge(PASSWORD, about=(), asker="192.0.2.2")


async def test_a_long_line_of_judging_keeps_nobody_from_signing_in(monkeypatch) -> None:
    monkeypatch.setattr(password_strength._queue, "longest", 0)
    with pytest.raises(TooBusy):
        await password_strength.judge(PASSWORD, about=(), asker="")
    assert await password_hashing.matches(PASSWORD, HASH_OF_PASSWORD)
