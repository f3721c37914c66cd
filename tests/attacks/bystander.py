"""Somebody else during an attack: loads tasks and signs in, over and over, from places of their own.

A process apart, so that what the attacker's own program does to its threads is not measured. Reads nothing until its
input ends, and then writes how many seconds each answer took, as JSON. Time in which this program or the worker was
ready to run and had no core does not count: on a busy machine that is what others take, not the attack.
"""

import json
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from pathlib import Path

import httpx

PAUSE = {"tasks": 0.05, "sign-in": 0.25}


def main(address: str, email: str, password: str, cookie: str, worker: str) -> None:
    """Measure until standard input ends."""
    client = httpx.Client(base_url=address, headers={"Origin": address}, timeout=60)
    places = (f"198.51.{n // 250 % 250}.{n % 250}" for n in count())

    def load_tasks() -> None:
        cookies = {"Cookie": f"dashboard_session={cookie}", "X-Forwarded-For": "198.18.0.1"}
        client.get("/api/tasks", headers=cookies).raise_for_status()

    def sign_in() -> None:
        person = {"email": email, "password": password}
        place = {"X-Forwarded-For": next(places)}
        client.post("/api/auth/sign-in", json=person, headers=place).raise_for_status()

    ended = threading.Event()
    took: dict[str, list[float]] = {"tasks": [], "sign-in": []}
    threads = [
        threading.Thread(target=repeat, args=(ask, worker, PAUSE[name], took[name], ended))
        for name, ask in (("tasks", load_tasks), ("sign-in", sign_in))
    ]
    for thread in threads:
        thread.start()
    sys.stdin.read()
    ended.set()
    for thread in threads:
        thread.join()
    sys.stdout.write(json.dumps(took))


def without_a_core(worker: str) -> float:
    """Seconds that the main thread of the worker and this thread have waited for a core; 0 where no kernel counts."""
    waited = 0.0
    for thread in (f"{worker}/task/{worker}", f"self/task/{threading.get_native_id()}"):
        with suppress(OSError):
            waited += int(Path(f"/proc/{thread}/schedstat").read_text().split()[1]) / 1e9
    return waited


def repeat(
    ask: Callable[[], None], worker: str, pause: float, took: list[float], ended: threading.Event
) -> None:
    """Ask until the end. One that is refused or breaks off counts as one that took for ever."""
    while not ended.is_set():
        begun = time.monotonic() - without_a_core(worker)
        try:
            ask()
        except httpx.HTTPError:
            took.append(float("inf"))
        else:
            took.append(time.monotonic() - without_a_core(worker) - begun)
        ended.wait(pause)


if __name__ == "__main__":
    main(*sys.argv[1:])
