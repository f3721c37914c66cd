"""How fast something may go on."""

from collections.abc import Callable

import pytest

from dashboard.services.operation import token_bucket
from dashboard.services.operation.token_bucket import Bucket, Buckets


@pytest.fixture
def pass_time(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    moment = [0.0]
    monkeypatch.setattr(
        "dashboard.services.operation.token_bucket.time.monotonic", lambda: moment[0]
    )

    def pass_seconds(seconds: float) -> None:
        moment[0] += seconds

    return pass_seconds


def test_a_burst_passes_and_then_the_rate(pass_time: Callable[[float], None]) -> None:
    bucket = Bucket(rate=2, burst=3)
    assert [bucket.take() for _ in range(5)] == [0, 0, 0, 0.5, 0.5]
    pass_time(0.5)
    assert [bucket.take(), bucket.take()] == [0, 0.5]
    pass_time(100)
    assert [bucket.take() for _ in range(4)] == [0, 0, 0, 0.5]


def test_who_borrows_passes_later_and_later(pass_time: Callable[[float], None]) -> None:
    bucket = Bucket(rate=2, burst=2)
    assert [bucket.borrow() for _ in range(4)] == [0, 0, 0.5, 1]
    pass_time(1)
    assert bucket.borrow() == 0.5


def test_without_a_rate_everything_passes() -> None:
    bucket = Bucket(rate=0, burst=0)
    assert {bucket.take() for _ in range(100)} | {bucket.borrow() for _ in range(100)} == {0}


def test_everyone_has_a_bucket_of_their_own(pass_time: Callable[[float], None]) -> None:
    kept = Buckets(rate=1, burst=1)
    assert [kept.take("ana"), kept.take("ana"), kept.take("bob")] == [0, 1, 0]


def test_buckets_that_are_full_again_are_forgotten(
    pass_time: Callable[[float], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(token_bucket, "MOST_KEPT", 10)
    kept = Buckets(rate=1, burst=1)
    for number in range(10):
        kept.take(number)
    pass_time(1)
    kept.take("ana")
    assert list(kept._kept) == ["ana"]
