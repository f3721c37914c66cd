"""`python -m benchmarks.quick_add` prints the table and writes results.json beside it: milliseconds of the processor
for a line of tests/vectors/quick-add.json, and for 10,000 characters of nonsense.
"""

import argparse
import gc
import json
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.report import Results, report, summary
from dashboard.services.tasks.quick_add import Context, parse_line

RESULTS = Path(__file__).with_name("results.json")
VECTORS = Path(__file__).parents[2] / "tests/vectors/quick-add.json"
CONTEXT = Context(datetime(2026, 3, 11, 10, tzinfo=UTC))
NONSENSE = (
    "every ",
    '" ',
    "every mon, ",
    "jan 1 ",
    "1/2 ",
    "@a ",
    "the ",
    "in 1 ",
    "at on by ",
    "x",
)
LENGTH = 10_000


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quick_add", description=__doc__)
    parser.add_argument("--rounds", type=int, default=20, help="over all lines (20)")
    options = parser.parse_args()
    # As the server does once it has started: its own objects are not looked through again and again.
    gc.collect()
    gc.freeze()
    lines = [row["text"] for row in json.loads(VECTORS.read_text())["lines"]]
    times = sorted(_milliseconds(line) for _ in range(options.rounds) for line in lines)
    nonsense = [_milliseconds((piece * LENGTH)[:LENGTH]) for piece in NONSENSE for _ in range(5)]
    results: Results = {
        "a line, ms": summary(times),
        "a line, p99 of ms": summary([_p99(times)]),
        f"{LENGTH:,} characters of nonsense, ms": summary(nonsense),
    }
    report(results, vars(options), RESULTS)


def _milliseconds(line: str) -> float:
    start = time.thread_time()
    parse_line(line, CONTEXT)
    return (time.thread_time() - start) * 1000


def _p99(times: Sequence[float]) -> float:
    return times[int(len(times) * 0.99)]


if __name__ == "__main__":
    main()
