"""A memory of a process is right about what it holds, and never grows beyond its bound."""

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from dashboard.services.operation import memory
from dashboard.services.operation.memory import Memory


@pytest.fixture
def short_memory(monkeypatch: pytest.MonkeyPatch) -> Memory[int, str]:
    """It holds three keys."""
    monkeypatch.setattr(memory, "MOST_KEPT", 3)
    return Memory()


def test_what_was_never_seen_is_unknown(short_memory: Memory[int, str]) -> None:
    assert short_memory.recall(1) is None


def test_the_latest_of_a_key_is_recalled(short_memory: Memory[int, str]) -> None:
    short_memory.remember(1, "one")
    short_memory.remember(1, "another one")
    assert short_memory.recall(1) == "another one"


def test_what_is_forgotten_is_unknown_and_may_be_forgotten_twice(
    short_memory: Memory[int, str],
) -> None:
    short_memory.remember(1, "one")
    for _ in range(2):
        short_memory.forget(1)
    assert short_memory.recall(1) is None


def test_only_what_has_been_there_longest_makes_room(short_memory: Memory[int, str]) -> None:
    for key in range(4):
        short_memory.remember(key, str(key))
    assert [short_memory.recall(key) for key in range(4)] == [None, "1", "2", "3"]


def test_what_is_known_already_takes_nobodys_place(short_memory: Memory[int, str]) -> None:
    for key in (0, 1, 2, 2, 2):
        short_memory.remember(key, str(key))
    assert [short_memory.recall(key) for key in range(3)] == ["0", "1", "2"]


def test_threads_that_remember_at_once_do_not_break_it(short_memory: Memory[int, str]) -> None:
    interval = sys.getswitchinterval()

    def crowd(first: int) -> None:
        for key in range(first, first + 5000):
            short_memory.remember(key, "")

    # They take turns as often as they can.
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as threads:
            list(threads.map(crowd, range(0, 20_000, 5000)))
    finally:
        sys.setswitchinterval(interval)
    assert sum(short_memory.recall(key) is not None for key in range(20_000)) == 3
