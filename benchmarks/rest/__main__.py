"""`python -m benchmarks.rest` prints the table and writes benchmarks/rest/results.json."""

import argparse
import base64
import json
import math
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import httpx
from psutil import Process

from benchmarks import servers
from benchmarks.report import Results, report, summary
from dashboard.database.migrations import migrate

RESULTS = Path(__file__).with_name("results.json")
PEERS = Path(__file__).with_name("peers.json")
"""Servers of the reader's own, that run already: a list of {name, port, path, headers}, of which each answers `path`
with a list of 50. `benchmarks/README.md` has an example."""
TASKS = 60
CONNECTIONS = 16
SIGN_INS = 20
PASSWORD = "seven otters juggle figs"  # noqa: S105 - of a database that lives for a minute

Json = dict[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.rest", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7, help="of each measurement (7)")
    parser.add_argument("--seconds", type=float, default=3, help="of load in a round (3)")
    options = parser.parse_args()
    on_sqlite = _on_sqlite(options.rounds, options.seconds)
    results = on_sqlite | _on_postgresql(options.rounds, options.seconds)
    report(results, vars(options), RESULTS)


def _on_sqlite(rounds: int, seconds: float) -> Results:
    with tempfile.TemporaryDirectory(prefix="cairn-benchmark-") as folder, ExitStack() as stack:
        data_dir = Path(folder)
        migrate(f"sqlite:///{data_dir / 'cairn.db'}")
        ours, raw, plain = (servers.free_port() for _ in range(3))
        processes = {
            ours: stack.enter_context(servers.cairn(ours, data_dir)),
            raw: stack.enter_context(servers.raw(raw, data_dir / "cairn.db")),
            plain: stack.enter_context(servers.plain(plain, data_dir / "plain.db")),
        }
        bench = Bench(ours, raw, processes, seconds)
        return _summaries([bench.on_sqlite(plain) | _disk(data_dir) for _ in range(rounds)])


def _on_postgresql(rounds: int, seconds: float) -> Results:
    with tempfile.TemporaryDirectory(prefix="cairn-benchmark-") as folder, ExitStack() as stack:
        url = stack.enter_context(servers.postgresql())
        migrate(url.replace("postgresql://", "postgresql+psycopg://"))
        ours, raw = servers.free_port(), servers.free_port()
        processes = {
            ours: stack.enter_context(servers.cairn(ours, Path(folder), database_url=url)),
            raw: stack.enter_context(servers.raw_postgresql(raw, url)),
        }
        bench = Bench(ours, raw, processes, seconds)
        return _summaries([bench.on_postgresql() for _ in range(rounds)])


def _summaries(rounds: list[dict[str, float]]) -> Results:
    return {name: summary([each[name] for each in rounds]) for name in rounds[0]}


class Bench:
    """Ada, whose list is read, and Cem, who makes tasks: in her list they would make that of the references slower."""

    def __init__(self, ours: int, raw: int, processes: dict[int, Process], seconds: float) -> None:
        self._ours, self._raw, self._seconds = ours, raw, seconds
        self._processes = processes
        origin = f"http://localhost:{ours}"
        with httpx.Client(base_url=origin, headers={"Origin": origin}, trust_env=False) as client:
            # Twenty sessions more would end anybody's own, so it is Bob who signs in so often.
            tokens = {}
            for name in ("Bob", "Cem", "Ada"):
                # With the cookie of the one before, it would end that session.
                client.cookies.clear()
                person = {"name": name, "email": f"{name}@example.org", "password": PASSWORD}
                client.post("/api/auth/sign-up", json=person).raise_for_status()
                tokens[name] = client.cookies["dashboard_session"]
            for number in range(TASKS):
                client.post("/api/tasks", json=_task(number)).raise_for_status()
            _require_the_same_work(client, raw, tokens["Ada"])
        self._headers, self._makers_headers = (
            {"Cookie": f"dashboard_session={tokens[name]}", "Origin": origin}
            for name in ("Ada", "Cem")
        )
        self._raw_headers, self._raw_makers_headers = (
            {"Cookie": f"session={_token_id(tokens[name])}"} for name in ("Ada", "Cem")
        )
        self._plain_headers: list[dict[str, str]] = []
        self._crowd: list[dict[str, str]] = []
        self._origin = origin

    def on_sqlite(self, plain_port: int) -> dict[str, float]:
        """One of each, one after the other, so that whatever else the machine does meets all of them."""
        if not self._plain_headers:
            self._plain_headers = [_plain_headers(plain_port, name) for name in ("ada", "cem")]
        plain_ada, plain_cem = self._plain_headers
        raw = self._load(_job("raw", self._raw, self._raw_headers, seconds=self._seconds))
        plain = self._load(_job("plain", plain_port, plain_ada, seconds=self._seconds))
        listed = self._load(_job("list", self._ours, self._headers, seconds=self._seconds))
        peers = self._peers(listed["list"]["per_second"])
        creating = {"seconds": self._seconds, "method": "POST", "body": _task(0)}
        plain_created = self._load(_job("plain", plain_port, plain_cem, **creating))
        created = self._load(_job("create", self._ours, self._makers_headers, **creating))
        health = self._load(
            _job("healthz", self._ours, {}, path="/healthz", connections=2, pause=0.005),
            _job(
                "sign-in",
                self._ours,
                # Without the cookie: signing in would end Ada's session.
                {"Origin": self._headers["Origin"]},
                path="/api/auth/sign-in",
                connections=SIGN_INS,
                requests=1,
                method="POST",
                body={"email": "bob@example.org", "password": PASSWORD},
            ),
        )
        return {
            "list of 50, raw Starlette + sqlite3, per second": raw["raw"]["per_second"],
            "list of 50, plain FastAPI + SQLModel, per second": plain["plain"]["per_second"],
            "list of 50, Cairn, per second": listed["list"]["per_second"],
            "list of 50, Cairn / raw": listed["list"]["per_second"] / raw["raw"]["per_second"],
            "list of 50, Cairn / plain": listed["list"]["per_second"]
            / plain["plain"]["per_second"],
            "list of 50, raw, CPU ms each": raw["raw"]["cpu_ms"],
            "list of 50, Cairn, CPU ms each": listed["list"]["cpu_ms"],
            "list of 50, Cairn / raw, by CPU": raw["raw"]["cpu_ms"] / listed["list"]["cpu_ms"],
            "create, plain, per second": plain_created["plain"]["per_second"],
            "create, plain, p99 ms": plain_created["plain"]["p99_ms"],
            "create, 16 connections, per second": created["create"]["per_second"],
            "create, 16 connections, p50 ms": created["create"]["p50_ms"],
            "create, 16 connections, p99 ms": created["create"]["p99_ms"],
            "/healthz during 20 sign-ins, p99 ms": health["healthz"]["p99_ms"],
            "/healthz during 20 sign-ins, max ms": health["healthz"]["max_ms"],
            **peers,
        }

    def _peers(self, ours: float) -> dict[str, float]:
        """How many lists of 50 a second each peer gives, and Cairn to one of theirs."""
        seen = {}
        for peer in json.loads(PEERS.read_text()):
            name = peer["name"]
            asked = {"path": peer["path"], "seconds": self._seconds}
            theirs = self._load(_job(name, peer["port"], peer["headers"], **asked))[name][
                "per_second"
            ]
            seen[f"list of 50, {name}, per second"] = theirs
            seen[f"list of 50, Cairn / {name}"] = ours / theirs
        return seen

    def on_postgresql(self) -> dict[str, float]:
        """The same against PostgreSQL, where the reference creates, too, and each connection may be somebody else's."""
        creating = {"seconds": self._seconds, "method": "POST", "body": _task(0)}
        raw = self._load(_job("list", self._raw, self._raw_headers, seconds=self._seconds))["list"]
        ours = self._load(_job("list", self._ours, self._headers, seconds=self._seconds))["list"]
        raw_maker, maker = self._raw_makers_headers, self._makers_headers
        raw_made = self._load(_job("create", self._raw, raw_maker, **creating))["create"]
        made = self._load(_job("create", self._ours, maker, **creating))["create"]
        crowd = self._crowd = self._crowd or [self._newcomer(n) for n in range(CONNECTIONS)]
        by_many = self._load(_job("create", self._ours, crowd, **creating))["create"]
        return {
            "PostgreSQL, list of 50, raw Starlette + psycopg, per second": raw["per_second"],
            "PostgreSQL, list of 50, Cairn, per second": ours["per_second"],
            "PostgreSQL, list of 50, Cairn / raw": ours["per_second"] / raw["per_second"],
            "PostgreSQL, create, raw, per second": raw_made["per_second"],
            "PostgreSQL, create, Cairn, per second": made["per_second"],
            "PostgreSQL, create, Cairn / raw": made["per_second"] / raw_made["per_second"],
            "PostgreSQL, create, Cairn, p99 ms": made["p99_ms"],
            f"PostgreSQL, create, Cairn, {CONNECTIONS} people, per second": by_many["per_second"],
            f"PostgreSQL, create, Cairn, {CONNECTIONS} people / raw": by_many["per_second"]
            / raw_made["per_second"],
            f"PostgreSQL, create, Cairn, {CONNECTIONS} people, p99 ms": by_many["p99_ms"],
        }

    def _newcomer(self, number: int) -> dict[str, str]:
        """The headers of somebody new."""
        person = {"name": "Newcomer", "email": f"new{number}@example.org", "password": PASSWORD}
        with httpx.Client(base_url=self._origin, trust_env=False) as client:
            origin = {"Origin": self._origin}
            client.post("/api/auth/sign-up", json=person, headers=origin).raise_for_status()
            return {"Cookie": f"dashboard_session={client.cookies['dashboard_session']}", **origin}

    def _load(self, *jobs: Json) -> dict[str, Json]:
        """Run jobs side by side in a process of their own; every answer has to be a good one."""
        server = self._processes.get(jobs[0]["port"])
        cpu = servers.cpu_seconds(server) if server else 0.0
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.rest.load"],
            cwd=servers.ROOT,
            input=json.dumps(jobs),
            capture_output=True,
            text=True,
            check=True,
            timeout=self._seconds + 120,
        )
        cpu = servers.cpu_seconds(server) - cpu if server else math.nan
        seen = {result["name"]: result for result in json.loads(done.stdout)}
        for name, result in seen.items():
            if set(result["statuses"]) - {"200", "201"}:
                raise SystemExit(f"{name} was answered with {result['statuses']}.")
            # Of all jobs of this load together, so only of use when there is one.
            result["cpu_ms"] = cpu * 1000 / result["requests"]
        return seen


def _disk(folder: Path) -> dict[str, float]:
    """What one commit costs on this disk, by hand: no write can be answered sooner and be safe."""
    times = []
    with closing(sqlite3.connect(folder / "disk.db", isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("CREATE TABLE IF NOT EXISTS line (text)")
        for _ in range(200):
            started = time.perf_counter()
            connection.execute("INSERT INTO line VALUES (?)", ("x" * 300,))
            times.append((time.perf_counter() - started) * 1000)
    times.sort()
    return {"one commit by hand, p50 ms": times[100], "one commit by hand, p99 ms": times[198]}


def _job(name: str, port: int, headers: dict[str, str] | list[dict[str, str]], **more: Any) -> Json:
    job = {"name": name, "port": port, "headers": headers, "path": "/api/tasks"}
    return {**job, "connections": CONNECTIONS, **more}


def _task(number: int) -> Json:
    return {
        "title": f"Task number {number} of a benchmark",
        "description": "A line or two that says a little more about it.",
        "priority": ("Low", "Medium", "High")[number % 3],
        "due_date": f"2026-03-{number % 28 + 1:02}",
        "due_time": "14:30" if number % 2 else None,
    }


def _require_the_same_work(client: httpx.Client, raw: int, token: str) -> None:
    ours = client.get("/api/tasks").json()
    theirs = httpx.get(
        f"http://localhost:{raw}/api/tasks", cookies={"session": _token_id(token)}, trust_env=False
    ).json()
    if (ours["items"], ours["count"]) != (theirs["items"], theirs["count"]):
        raise SystemExit("The reference does not do the same work.")


def _plain_headers(port: int, name: str) -> dict[str, str]:
    """Somebody new at the tutorials' program, with as many tasks as Ada has."""
    answer = httpx.post(f"http://localhost:{port}/token", params={"name": name}, trust_env=False)
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


def _token_id(token: str) -> str:
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["jti"]


if __name__ == "__main__":
    main()
