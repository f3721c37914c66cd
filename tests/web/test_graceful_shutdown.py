"""Who is told to stop finishes first."""

import asyncio
import logging
import signal
from collections.abc import Iterator

import pytest

from dashboard.web import graceful_shutdown
from dashboard.web.graceful_shutdown import before_the_end, stop_gracefully
from tests.conftest import until


@pytest.fixture
async def order(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What happens, in its order; the server itself stops at SIGTERM, as Granian has it."""
    happened: list[str] = []
    monkeypatch.setattr(graceful_shutdown, "_before_the_end", [])
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, happened.append, "stopped")
    return happened


@pytest.fixture(autouse=True)
def _signals() -> Iterator[None]:
    before = [(each, signal.getsignal(each)) for each in (signal.SIGTERM, signal.SIGINT)]
    yield
    for number, handler in before:
        signal.signal(number, handler)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_everything_is_finished_before_the_server_stops(
    order: list[str], number: signal.Signals
) -> None:
    async def finish() -> None:
        await asyncio.sleep(0.01)
        order.append("finished")

    before_the_end(finish)
    async with stop_gracefully():
        signal.raise_signal(number)
        await until(lambda: "stopped" in order)
    assert order == ["finished", "stopped"]


async def test_to_be_told_twice_changes_nothing(order: list[str]) -> None:
    async def finish() -> None:
        signal.raise_signal(signal.SIGTERM)
        await asyncio.sleep(0.01)
        order.append("finished")

    before_the_end(finish)
    async with stop_gracefully():
        signal.raise_signal(signal.SIGINT)
        await until(lambda: "stopped" in order)
        await asyncio.sleep(0.01)
    assert order == ["finished", "stopped"]


async def test_what_does_not_finish_holds_the_end_up_for_a_while_only(
    order: list[str], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(graceful_shutdown, "LONGEST_FAREWELL", 0.01)
    before_the_end(asyncio.Event().wait)
    with caplog.at_level(logging.WARNING):
        async with stop_gracefully():
            signal.raise_signal(signal.SIGTERM)
            await until(lambda: "stopped" in order)
    assert caplog.messages == ["Not everything was finished before the end."]


async def test_a_loop_without_signals_of_a_server_is_left_alone() -> None:
    async with stop_gracefully():
        assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL
