"""How many requests a person may send."""

import asyncio
from collections.abc import Callable
from uuid import uuid4

import pytest

from dashboard.errors import TooManyRequests
from dashboard.services.operation import api_rate_limit
from dashboard.services.operation.api_rate_limit import PER_MINUTE, count_request
from tests.conftest import RedisServer


@pytest.fixture(autouse=True)
def _limited(set_env: Callable[..., None]) -> None:
    set_env(RATE_LIMIT_SCALE="1")


@pytest.fixture
def minute(frozen_clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Time stands still, for both ways of counting."""
    monkeypatch.setattr("dashboard.services.operation.token_bucket.time.monotonic", lambda: 0.0)


async def let_through(who: str, times: int) -> int:
    found = await asyncio.gather(
        *(count_request(who) for _ in range(times)), return_exceptions=True
    )
    assert all(answer is None or isinstance(answer, TooManyRequests) for answer in found)
    return sum(answer is None for answer in found)


@pytest.mark.usefixtures("minute")
async def test_a_person_sends_three_hundred_a_minute_and_no_more() -> None:
    assert await let_through("ana", 400) == PER_MINUTE
    assert await let_through("bob", 1) == 1
    with pytest.raises(TooManyRequests) as caught:
        await count_request("ana")
    assert caught.value.retry_after == 1


@pytest.mark.usefixtures("minute")
async def test_the_limit_can_be_scaled_and_switched_off(set_env) -> None:
    set_env(RATE_LIMIT_SCALE="0.01")
    assert await let_through("ana", 10) == 3
    set_env(RATE_LIMIT_SCALE="0")
    assert await let_through("ana", 1000) == 1000


async def test_with_redis_several_processes_count_together(
    redis_server: RedisServer, set_env, frozen_clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_env(REDIS_URL=redis_server.url)
    who = str(uuid4())
    monkeypatch.setattr(api_rate_limit, "ANSWER", 5)
    assert await let_through(who, 200) == 200
    # Another process has connections and a memory of its own.
    api_rate_limit._counter.cache_clear()
    assert await let_through(who, 200) == PER_MINUTE - 200
    with pytest.raises(TooManyRequests) as caught:
        await count_request(who)
    assert caught.value.retry_after == 60
    frozen_clock.advance(minutes=1)
    assert await let_through(who, 1) == 1


@pytest.mark.usefixtures("minute")
async def test_while_redis_is_away_each_process_counts_alone(
    redis_server: RedisServer, set_env
) -> None:
    set_env(REDIS_URL=redis_server.url)
    redis_server.stop()
    assert await let_through("ana", 400) == PER_MINUTE
