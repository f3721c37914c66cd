"""`python -m benchmarks.queues` prints the table and writes benchmarks/queues/results.json."""

import argparse
import asyncio
import sqlite3
import tempfile
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

from psutil import Process

from benchmarks import servers
from benchmarks.people_with_tasks import make_people
from benchmarks.report import report

RESULTS = Path(__file__).with_name("results.json")
BODY = b'{"title":"Milk"}'
HELD_SECONDS = 3.0
"""How long another program keeps the file: less than a write waits for it."""
ANSWER_SECONDS = 60


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.queues", description=__doc__)
    parser.add_argument("--waiting", type=int, nargs="+", default=[500, 1_000, 2_000, 4_000])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="cairn-benchmark-") as folder:
        (person,) = make_people(Path(folder), 1, 50)
        port = servers.free_port()
        with servers.cairn(port, Path(folder)) as server:
            head = (
                f"POST /api/tasks HTTP/1.1\r\nHost: localhost:{port}\r\nOrigin: http://localhost:{port}\r\n"
                f"Cookie: {person.cookie}\r\nContent-Type: application/json\r\n"
                f"Content-Length: {len(BODY)}\r\nConnection: close\r\n\r\n"
            )
            asyncio.run(_load(server, port, head.encode() + BODY, Path(folder), 100))
            results = {
                f"{count:,} writes at once": asyncio.run(
                    _load(server, port, head.encode() + BODY, Path(folder), count)
                )
                for count in options.waiting
            }
    report(results, vars(options), RESULTS)


async def _load(
    server: Process, port: int, message: bytes, data_dir: Path, count: int
) -> dict[str, float]:
    """Send so many writes while the database is held; what the server's memory comes to, and what it answers."""
    before = _memory(server)
    with closing(sqlite3.connect(data_dir / "cairn.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        asking = [asyncio.create_task(_ask(port, message)) for _ in range(count)]
        most, held_until = before, time.perf_counter() + HELD_SECONDS
        while time.perf_counter() < held_until:
            await asyncio.sleep(0.05)
            most = max(most, _memory(server))
        other.execute("ROLLBACK")
        answers = await asyncio.gather(*asking)
    statuses = Counter(status for status, _ in answers)
    return {
        "saved": statuses[201],
        "refused": statuses[503],
        "refused, saying when to come back": sum(says_when for _, says_when in answers),
        "memory before, MB": before,
        "at most, MB": most,
        "after, MB": _memory(server),
    }


async def _ask(port: int, message: bytes) -> tuple[int, bool]:
    """The status of the answer, and whether it is a refusal that says when to come back."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    with closing(writer):
        writer.write(message)
        async with asyncio.timeout(ANSWER_SECONDS):
            answer = await reader.read()
    head = answer.partition(b"\r\n\r\n")[0].lower()
    return int(head.split()[1]), b"\r\nretry-after:" in head


def _memory(server: Process) -> float:
    family = (server, *server.children(recursive=True))
    return sum(each.memory_info().rss for each in family) / 2**20


if __name__ == "__main__":
    main()
