"""`python -m benchmarks.events` prints the table and writes benchmarks/events/results.json."""

import argparse
import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from psutil import Process

from benchmarks import servers
from benchmarks.dashboards import Dashboard
from benchmarks.people_with_tasks import make_people
from benchmarks.report import report, summary
from benchmarks.tabs import Tab

RESULTS = Path(__file__).with_name("results.json")
TASKS = 50
NOTHING = "reflex___state____state.benchmarks___events___reference____nothing_state.nothing"

Ask = Callable[[], Awaitable[float]]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.events", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="of each measurement (5)")
    parser.add_argument("--seconds", type=float, default=5, help="of load in a round (5)")
    parser.add_argument("--clients", type=int, default=50, help="at once (50)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="cairn-benchmark-") as folder, ExitStack() as stack:
        people = make_people(Path(folder), options.clients, TASKS)
        ours, bare = servers.free_port(), servers.free_port()
        cairn = stack.enter_context(servers.cairn(ours, Path(folder)))
        reflex = stack.enter_context(servers.bare_reflex(bare))

        async def measure() -> list[dict[str, float]]:
            dashboards = [await Dashboard(ours, person).open() for person in people]
            counters = [await Counter(bare).open() for _ in people]
            rounds = []
            for _ in range(options.rounds):
                nothing = await _load(reflex, [tab.ask for tab in counters], options.seconds)
                idle = await _load(cairn, [tab.do_nothing for tab in dashboards], options.seconds)
                tick = await _load(cairn, [tab.tick for tab in dashboards], options.seconds)
                rounds.append(_figures(nothing, idle, tick))
            for tab in (*dashboards, *counters):
                await tab.close()
            return rounds

        rounds = asyncio.run(measure())
    results = {name: summary([each[name] for each in rounds]) for name in rounds[0]}
    report(results, vars(options), RESULTS)


class Counter:
    """A tab at the program whose events do nothing but count."""

    def __init__(self, port: int) -> None:
        self._tab = Tab(port, {"Origin": f"http://localhost:{port}"}, "/", self._hear)
        self._answered = asyncio.Event()

    async def open(self) -> "Counter":
        await self._tab.open()
        await self._answered.wait()
        return self

    async def ask(self) -> float:
        self._answered.clear()
        started = time.perf_counter()
        self._tab.send(NOTHING)
        await self._answered.wait()
        return (time.perf_counter() - started) * 1000

    async def close(self) -> None:
        await self._tab.close()

    def _hear(self, _frame: str) -> None:
        self._answered.set()


class Seen(NamedTuple):
    """What a load saw: answers a second, the server's CPU for each, and the milliseconds of each in order."""

    rate: float
    cpu_ms: float
    times: list[float]


async def _load(server: Process, asks: list[Ask], seconds: float) -> Seen:
    """Have each ask again as soon as it was answered."""
    times: list[float] = []
    cpu, started = servers.cpu_seconds(server), time.perf_counter()

    async def keep_asking(ask: Ask) -> None:
        while time.perf_counter() - started < seconds:
            times.append(await ask())

    await asyncio.gather(*(keep_asking(ask) for ask in asks))
    rate = len(times) / (time.perf_counter() - started)
    cpu_ms = (servers.cpu_seconds(server) - cpu) * 1000 / len(times)
    return Seen(rate, cpu_ms, sorted(times))


def _figures(nothing: Seen, idle: Seen, tick: Seen) -> dict[str, float]:
    return {
        "an event that does nothing, plain Reflex, per second": nothing.rate,
        "an event that does nothing, Cairn, per second": idle.rate,
        "tick with a write, Cairn, per second": tick.rate,
        "tick, Cairn / nothing, plain Reflex": tick.rate / nothing.rate,
        "tick, Cairn / nothing, Cairn": tick.rate / idle.rate,
        "nothing, plain Reflex, CPU ms each": nothing.cpu_ms,
        "nothing, Cairn, CPU ms each": idle.cpu_ms,
        "tick, Cairn, CPU ms each": tick.cpu_ms,
        "tick, Cairn / nothing, plain Reflex, by CPU": nothing.cpu_ms / tick.cpu_ms,
        "tick, p50 ms": tick.times[len(tick.times) // 2],
        "tick, p95 ms": tick.times[len(tick.times) * 95 // 100],
    }


if __name__ == "__main__":
    main()
