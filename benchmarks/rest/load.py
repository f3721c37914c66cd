"""The load: a process of its own, that keeps a number of connections busy for a while.

Reads a list of jobs as JSON from stdin, runs them side by side, writes what it saw as JSON to stdout. The `headers`
of a job are those of all its connections, or a list to go round. Each connection sends its next request when the last
one is answered (after `pause` seconds). A job ends after `seconds`, after `requests` on each connection, or, with
neither, when all others have ended.
"""

import asyncio
import json
import sys
import time
from collections import Counter
from typing import Any, NamedTuple

Json = dict[str, Any]


class Seen(NamedTuple):
    """What one connection saw."""

    milliseconds: list[float]
    statuses: Counter[int]


class Job:
    def __init__(self, job: Json) -> None:
        self.name: str = job["name"]
        self.port: int = job["port"]
        self.connections: int = job["connections"]
        self.requests: int | None = job.get("requests")
        self.seconds: float | None = job.get("seconds")
        self.pause: float = job.get("pause", 0)
        body = json.dumps(job["body"]).encode() if "body" in job else b""
        heads = job["headers"] if isinstance(job["headers"], list) else [job["headers"]]
        self.messages = [_message(job, head, body) for head in heads]

    @property
    def is_open_ended(self) -> bool:
        return self.requests is None and self.seconds is None


def _message(job: Json, headers: dict[str, str], body: bytes) -> bytes:
    headers = {"Host": f"localhost:{job['port']}", **headers}
    if body:
        headers |= {"Content-Type": "application/json", "Content-Length": str(len(body))}
    head = [f"{job.get('method', 'GET')} {job['path']} HTTP/1.1"]
    head += [f"{name}: {value}" for name, value in headers.items()]
    return ("\r\n".join(head) + "\r\n\r\n").encode() + body


async def run(jobs: list[Job]) -> list[Json]:
    """Run the jobs side by side, each for as long as it says."""
    over = asyncio.Event()
    running = [asyncio.create_task(_run_job(job, over)) for job in jobs]
    await asyncio.gather(
        *(task for job, task in zip(jobs, running, strict=True) if not job.is_open_ended)
    )
    over.set()
    return list(await asyncio.gather(*running))


async def _run_job(job: Job, over: asyncio.Event) -> Json:
    started = time.perf_counter()
    messages = [job.messages[number % len(job.messages)] for number in range(job.connections)]
    connections = await asyncio.gather(*(_connection(job, each, over) for each in messages))
    elapsed = time.perf_counter() - started
    times = sorted(ms for seen in connections for ms in seen.milliseconds)
    statuses = sum((seen.statuses for seen in connections), Counter[int]())
    return {
        "name": job.name,
        "requests": len(times),
        "per_second": len(times) / elapsed,
        "p50_ms": times[len(times) // 2],
        "p99_ms": times[min(len(times) - 1, len(times) * 99 // 100)],
        "max_ms": times[-1],
        "statuses": dict(statuses),
    }


async def _connection(job: Job, message: bytes, over: asyncio.Event) -> Seen:
    reader, writer = await asyncio.open_connection("127.0.0.1", job.port)
    seen = Seen([], Counter())
    deadline = time.perf_counter() + (job.seconds or float("inf"))
    while time.perf_counter() < deadline and len(seen.milliseconds) != job.requests:
        if job.is_open_ended and over.is_set():
            break
        started = time.perf_counter()
        writer.write(message)
        seen.statuses[await _status_of_answer(reader)] += 1
        seen.milliseconds.append((time.perf_counter() - started) * 1000)
        if job.pause:
            await asyncio.sleep(job.pause)
    writer.close()
    return seen


async def _status_of_answer(reader: asyncio.StreamReader) -> int:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = int(head.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
    await reader.readexactly(length)
    return int(head[9:12])


def main() -> None:
    jobs = [Job(job) for job in json.load(sys.stdin)]
    json.dump(asyncio.run(run(jobs)), sys.stdout)


if __name__ == "__main__":
    main()
