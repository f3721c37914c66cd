"""`python -m benchmarks.start` prints the table and writes results.json beside it. Needs `bin/build`."""

import argparse
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import httpx

from benchmarks import servers
from benchmarks.people_with_tasks import make_people
from benchmarks.report import Results, report, summary

RESULTS = Path(__file__).with_name("results.json")
TASKS = 5000
PATIENCE = 900
"""Seconds for a fresh clone to install and build everything."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.start", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="of each start (5)")
    parser.add_argument("--clone", action="store_true", help="a fresh clone, too, once")
    options = parser.parse_args()
    results: Results = {
        "start with a new database, s": summary(_repeated(options.rounds, _with_nothing)),
        f"start with {TASKS:,} tasks, s": summary(_repeated(options.rounds, _with_tasks)),
    }
    if options.clone:
        results["start of a fresh clone, s"] = summary([_of_a_clone()])
    report(results, vars(options), RESULTS)


def _repeated(rounds: int, start: Callable[[Path], float]) -> list[float]:
    seconds = []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory(prefix="cairn-benchmark-") as folder:
            seconds.append(start(Path(folder)))
    return seconds


def _with_nothing(folder: Path) -> float:
    return _seconds_until_ready(servers.ROOT, folder)


def _with_tasks(folder: Path) -> float:
    make_people(folder, 1, TASKS)
    return _seconds_until_ready(servers.ROOT, folder)


def _of_a_clone() -> float:
    with tempfile.TemporaryDirectory(prefix="cairn-clone-") as folder:
        clone = Path(folder) / "cairn"
        subprocess.run(["git", "clone", "--quiet", servers.ROOT, clone], check=True)
        return _seconds_until_ready(clone, Path(folder) / "data")


def _seconds_until_ready(root: Path, data_dir: Path) -> float:
    port = servers.free_port()
    environment = {
        **os.environ,
        "DATA_DIR": str(data_dir),
        "PORT": str(port),
        "PUBLIC_URL": f"http://localhost:{port}",
    }
    began = time.monotonic()
    server = subprocess.Popen(
        ["bin/run"],
        cwd=root,
        env=environment,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        while not _is_ready(port):
            if server.poll() is not None or time.monotonic() - began > PATIENCE:
                raise SystemExit("Cairn did not start.")
            time.sleep(0.02)
        return time.monotonic() - began
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=20)


def _is_ready(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/readyz").status_code == httpx.codes.OK
    except httpx.TransportError:
        return False


if __name__ == "__main__":
    main()
