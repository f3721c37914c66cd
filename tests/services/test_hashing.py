import asyncio
import threading
from contextlib import ExitStack
from typing import Any
from uuid import uuid4

import pytest

from dashboard import security
from dashboard.errors import InvalidInput, TooBusy
from dashboard.services import hashing
from tests.conftest import HASH_OF_PASSWORD, PASSWORD

ABOUT_ANA = ("Zbigniewa Brzezinski", "zbigniewa.brzezinski@example.org")


@pytest.mark.parametrize(
    "password",
    [PASSWORD, "tr0ub4dor&3 plus more", "пароль из нескольких слов", "🐙🦑🦀🐚🪸🐠🐡🦈🐬🐳🦭🐧"],
)
async def test_a_password_that_is_hard_to_guess_is_hashed(password: str) -> None:
    assert security.password_matches(password, await hashing.make_hash(password))


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
    ],
)
async def test_a_password_that_is_easy_to_guess_is_refused_with_advice(password: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        await hashing.make_hash(password, about=ABOUT_ANA)
    (error,) = caught.value.errors
    assert error.field == "password"
    assert error.message.startswith("This password is too easy to guess. ")
    assert error.message.endswith(".")
    assert not error.message.endswith("..")
    assert password == "password" or password not in error.message


async def test_no_more_of_a_password_is_judged_than_can_be_judged_quickly(monkeypatch) -> None:
    judged: list[int] = []
    judge = hashing.zxcvbn

    def watched(password: str, **options: Any) -> Any:
        judged.append(len(password))
        return judge(password, **options)

    monkeypatch.setattr(hashing, "zxcvbn", watched)
    await hashing.make_hash("".join(chr(33 + (place * 7) % 90) for place in range(128)))
    assert judged == [72]


async def test_the_right_password_matches_and_another_does_not() -> None:
    assert await hashing.matches(PASSWORD, HASH_OF_PASSWORD)
    assert not await hashing.matches(PASSWORD + "!", HASH_OF_PASSWORD)


async def test_without_a_hash_nothing_matches_after_the_same_work(monkeypatch) -> None:
    checked: list[str] = []
    matches = security.password_matches

    def counted(password: str, stored: str) -> bool:
        checked.append(stored)
        return matches(password, stored) or stored == hashing._DUMMY_HASH

    monkeypatch.setattr(security, "password_matches", counted)
    assert not await hashing.matches(PASSWORD, None)
    assert await hashing.matches(PASSWORD, HASH_OF_PASSWORD)
    assert checked == [hashing._DUMMY_HASH, HASH_OF_PASSWORD]


async def test_too_long_a_queue_sends_the_next_one_away_and_recovers(monkeypatch) -> None:
    go_on = threading.Event()
    monkeypatch.setattr(hashing, "LONGEST_QUEUE", 2)
    waiting = [asyncio.ensure_future(hashing._on_a_thread(lambda: go_on.wait(5))) for _ in range(2)]
    await asyncio.sleep(0)
    with pytest.raises(TooBusy) as caught:
        await hashing.matches(PASSWORD, None)
    assert caught.value.retry_after > 0
    go_on.set()
    await asyncio.gather(*waiting)
    assert not await hashing.matches(PASSWORD, None)


def test_one_person_does_not_fill_the_queue() -> None:
    ana, bob = uuid4(), uuid4()
    with ExitStack() as turns:
        for _ in range(hashing.MOST_TURNS):
            turns.enter_context(hashing.turn_of(ana))
        with pytest.raises(TooBusy), hashing.turn_of(ana):
            pass
        with hashing.turn_of(bob):
            pass
    with hashing.turn_of(ana):
        pass


async def test_someone_who_gives_up_leaves_the_queue(monkeypatch) -> None:
    monkeypatch.setattr(hashing, "LONGEST_QUEUE", 1)
    go_on = threading.Event()
    impatient = asyncio.ensure_future(hashing._on_a_thread(lambda: go_on.wait(5)))
    await asyncio.sleep(0)
    impatient.cancel()
    with pytest.raises(asyncio.CancelledError):
        await impatient
    go_on.set()
    assert await hashing.matches(PASSWORD, HASH_OF_PASSWORD)


async def test_hashing_leaves_the_event_loop_free() -> None:
    threads: set[str] = set()
    await hashing._on_a_thread(lambda: threads.add(threading.current_thread().name))
    assert [name.startswith("password") for name in threads] == [True]
