import asyncio
import threading
from contextlib import ExitStack
from uuid import uuid4

import pytest

from dashboard import security
from dashboard.errors import RequestTimedOut, TooBusy
from dashboard.services.accounts import password_hashing
from dashboard.services.operation.bounded_queue import asker_goes
from tests.conftest import HASH_OF_PASSWORD, PASSWORD


async def test_the_right_password_matches_and_another_does_not() -> None:
    assert await password_hashing.matches(PASSWORD, HASH_OF_PASSWORD)
    assert not await password_hashing.matches(PASSWORD + "!", HASH_OF_PASSWORD)


async def test_without_a_hash_nothing_matches_after_the_same_work(monkeypatch) -> None:
    checked: list[str] = []
    matches = security.password_matches

    def counted(password: str, stored: str) -> bool:
        checked.append(stored)
        return matches(password, stored) or stored == password_hashing._DUMMY_HASH

    monkeypatch.setattr(security, "password_matches", counted)
    assert not await password_hashing.matches(PASSWORD, None)
    assert await password_hashing.matches(PASSWORD, HASH_OF_PASSWORD)
    assert checked == [password_hashing._DUMMY_HASH, HASH_OF_PASSWORD]


async def test_too_long_a_queue_sends_the_next_one_away_and_recovers(monkeypatch) -> None:
    go_on = threading.Event()
    monkeypatch.setattr(password_hashing._queue, "longest", 2)
    waiting = [
        asyncio.ensure_future(password_hashing._queue.run(lambda: go_on.wait(60))) for _ in range(2)
    ]
    await asyncio.sleep(0)
    with pytest.raises(TooBusy) as caught:
        await password_hashing.matches(PASSWORD, None)
    assert caught.value.retry_after > 0
    go_on.set()
    await asyncio.gather(*waiting)
    assert not await password_hashing.matches(PASSWORD, None)


def test_one_person_does_not_fill_the_queue() -> None:
    ana, bob = uuid4(), uuid4()
    with ExitStack() as turns:
        for _ in range(password_hashing.MOST_TURNS):
            turns.enter_context(password_hashing.turn_of(ana))
        with pytest.raises(TooBusy), password_hashing.turn_of(ana):
            pass
        with password_hashing.turn_of(bob):
            pass
    with password_hashing.turn_of(ana):
        pass


async def test_someone_who_gives_up_leaves_the_queue(monkeypatch) -> None:
    monkeypatch.setattr(password_hashing._queue, "longest", 1)
    go_on = threading.Event()
    impatient = asyncio.ensure_future(password_hashing._queue.run(lambda: go_on.wait(60)))
    await asyncio.sleep(0)
    impatient.cancel()
    with pytest.raises(asyncio.CancelledError):
        await impatient
    go_on.set()
    assert await password_hashing.matches(PASSWORD, HASH_OF_PASSWORD)


async def test_nothing_is_hashed_for_someone_who_has_gone(monkeypatch) -> None:
    go_on, gone, hashed = threading.Event(), asyncio.Event(), list[str]()
    monkeypatch.setattr(security, "hash_password", hashed.append)
    busy = [
        asyncio.ensure_future(password_hashing._queue.run(lambda: go_on.wait(60)))
        for _ in range(password_hashing._threads())
    ]
    await asyncio.sleep(0)
    told = asker_goes.set(gone.wait)
    asking = asyncio.ensure_future(password_hashing.make_hash(PASSWORD))
    asker_goes.reset(told)
    await asyncio.sleep(0)
    gone.set()
    with pytest.raises(RequestTimedOut):
        await asking
    go_on.set()
    await asyncio.gather(*busy)
    await password_hashing.matches(PASSWORD, None)
    assert hashed == []


async def test_hashing_leaves_the_event_loop_free() -> None:
    threads: set[str] = set()
    await password_hashing._queue.run(lambda: threads.add(threading.current_thread().name))
    assert [name.startswith("password") for name in threads] == [True]
