"""`python -m benchmarks.people` prints the table and writes benchmarks/people/results.json.

People who are all there at once on one worker, some of whom do something each second; then 200 sign-ins at once; then
a restart of the server, after which all come back.
"""

import argparse
import asyncio
import itertools
import random
import tempfile
import time
from collections import Counter
from pathlib import Path

import httpx
from psutil import Process

from benchmarks import servers
from benchmarks.dashboards import Dashboard
from benchmarks.people_with_tasks import Person, make_people
from benchmarks.report import Results, report

RESULTS = Path(__file__).with_name("results.json")
TASKS = 50
ACTING = 0.01
"""The part of all people that does something each second."""
COMING_AT_ONCE = 50
SIGN_INS = 200
SAMPLE_SECONDS = 5
RETRY_SECONDS = (1, 5)
"""How long a tab waits before it tries again, at random between these: as Reflex's client does."""
NEWCOMER = {
    "name": "Nell",
    "email": "nell@example.org",
    "password": "seven otters juggle figs",
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.people", description=__doc__)
    parser.add_argument("--people", type=int, default=1000, help="who are there (1000)")
    parser.add_argument("--minutes", type=float, default=10, help="of life (10)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="cairn-benchmark-") as folder:
        people = make_people(Path(folder), options.people, TASKS)
        results = asyncio.run(_days(Path(folder), people, options.minutes))
    report(results, vars(options), RESULTS)


async def _days(data_dir: Path, people: list[Person], minutes: float) -> Results:
    port = servers.free_port()
    crowd = [Dashboard(port, person) for person in people]
    with servers.cairn(port, data_dir) as server:
        empty = _megabytes(server)
        coming = asyncio.Semaphore(COMING_AT_ONCE)
        await asyncio.gather(*(_come(dashboard, coming) for dashboard in crowd))
        life, memory = await _live(crowd, minutes * 60, server)
        storm, statuses = await _storm(crowd, port)
    with servers.cairn(port, data_dir):
        back = await _come_back(crowd)
    foreign = sum(len(dashboard.foreign) for dashboard in crowd)
    return {
        "tick while they are all there, ms": _spread(life.times),
        "tick during 200 sign-ins, ms": _spread(storm.times),
        "back after a restart, seconds since it answers": _spread(back),
        "memory with nobody there, MiB": _one(empty),
        "memory after a fifth of the time, MiB": _one(memory[len(memory) // 5]),
        "memory at the end, MiB": _one(memory[-1]),
        "memory at most, MiB": _one(max(memory)),
        "ticks": _one(len(life.times)),
        "ticks that failed": _one(life.failed + storm.failed),
        "rows of other people seen": _one(foreign),
        "sign-ins that were let in": _one(statuses[200]),
        "sign-ins asked to come back later": _one(statuses[503]),
        "sign-ins answered with anything else": _one(
            sum(statuses.values()) - statuses[200] - statuses[503]
        ),
    }


async def _come(dashboard: Dashboard, coming: asyncio.Semaphore) -> None:
    async with coming:
        await dashboard.open()


class Ticks:
    """What ticks took, in milliseconds, and how many failed."""

    def __init__(self) -> None:
        self.times: list[float] = []
        self.failed = 0

    async def make(self, dashboard: Dashboard) -> None:
        try:
            self.times.append(await dashboard.tick())
        except (RuntimeError, TimeoutError, OSError):
            self.failed += 1


async def _live(
    crowd: list[Dashboard], seconds: float, server: Process
) -> tuple[Ticks, list[float]]:
    """Each second, some people do something, spread over the second; the memory of the server every few seconds."""
    ticks, memory = Ticks(), [_megabytes(server)]
    started = time.perf_counter()
    async with asyncio.TaskGroup() as gestures:
        for second in itertools.count():
            if second >= seconds:
                break
            for dashboard in random.sample(crowd, max(1, int(len(crowd) * ACTING))):
                gestures.create_task(_later(random.random(), ticks, dashboard))
            if second % SAMPLE_SECONDS == 0:
                memory.append(_megabytes(server))
            await asyncio.sleep(max(0, started + second + 1 - time.perf_counter()))
    return ticks, memory


async def _later(seconds: float, ticks: Ticks, dashboard: Dashboard) -> None:
    await asyncio.sleep(seconds)
    await ticks.make(dashboard)


async def _storm(crowd: list[Dashboard], port: int) -> tuple[Ticks, Counter[int]]:
    """Ticks of others from the first of many sign-ins to the answer to the last, and how these were answered."""
    origin = f"http://localhost:{port}"
    limits = httpx.Limits(max_connections=SIGN_INS)
    async with httpx.AsyncClient(
        base_url=origin, headers={"Origin": origin}, trust_env=False, timeout=120, limits=limits
    ) as client:
        (await client.post("/api/auth/sign-up", json=NEWCOMER)).raise_for_status()
        client.cookies.clear()
        wanted = {name: NEWCOMER[name] for name in ("email", "password")}
        asked = [
            asyncio.create_task(client.post("/api/auth/sign-in", json=wanted))
            for _ in range(SIGN_INS)
        ]
        ticks = Ticks()
        while not all(answer.done() for answer in asked):
            await ticks.make(random.choice(crowd))
            await asyncio.sleep(0.05)
        answers = [answer.result() for answer in asked]
    for answer in answers:
        if answer.status_code == 503 and "retry-after" not in answer.headers:
            raise SystemExit("A sign-in was put off and not told until when.")
    return ticks, Counter(answer.status_code for answer in answers)


async def _come_back(crowd: list[Dashboard]) -> list[float]:
    """Everyone connects again, as their browsers do. Seconds until each has their list, sorted."""
    started = time.perf_counter()

    async def come_back(dashboard: Dashboard) -> float:
        await asyncio.sleep(random.uniform(0, RETRY_SECONDS[0]))
        while True:
            try:
                await dashboard.open()
            except (OSError, TimeoutError, asyncio.IncompleteReadError):
                await asyncio.sleep(random.uniform(*RETRY_SECONDS))
            else:
                return time.perf_counter() - started

    return await asyncio.gather(*(come_back(dashboard) for dashboard in crowd))


def _megabytes(server: Process) -> float:
    """Of the whole tree of processes, what is theirs alone and their part of what they share."""
    tree = [server, *server.children(recursive=True)]
    return sum(process.memory_full_info().pss for process in tree) / 2**20


def _spread(values: list[float]) -> dict[str, float]:
    ordered = sorted(values)
    at = [ordered[len(ordered) * part // 100] for part in (50, 95)]
    return {"p50": at[0], "p95": at[1], "max": ordered[-1]}


def _one(value: float) -> dict[str, float]:
    return {"max": float(value)}


if __name__ == "__main__":
    main()
