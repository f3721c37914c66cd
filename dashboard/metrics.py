"""Counters and timings for monitoring. Without METRICS_TOKEN nothing is, and none of it is loaded.

Several workers share what they count through files in PROMETHEUS_MULTIPROC_DIR, which `serve` makes; then whichever
of them is asked answers for all.
"""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import lru_cache
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from dashboard.config import get_settings

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

SHARED_IN = "PROMETHEUS_MULTIPROC_DIR"
_NOT_MEASURED: AbstractContextManager[None] = nullcontext()
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Metrics:
    """What this process has counted."""

    def __init__(self) -> None:
        from prometheus_client import CollectorRegistry, Gauge, Histogram  # noqa: PLC0415 - see above

        def histogram(name: str, words: str, *labels: str) -> Histogram:
            return Histogram(name, words, labels, buckets=_SECONDS, registry=self._registry)

        def gauge(name: str, words: str, *labels: str) -> Gauge:
            return Gauge(name, words, labels, registry=self._registry, multiprocess_mode="livesum")

        self._registry = CollectorRegistry()
        self.requests = histogram(
            "cairn_request_seconds", "HTTP requests.", "method", "route", "status"
        )
        self.events = histogram("cairn_event_seconds", "Events of sockets.", "handler")
        self.sockets = gauge("cairn_sockets", "Open sockets.")
        self._calls = histogram(
            "cairn_call_seconds",
            "Calls of the database, of bcrypt and of zxcvbn, with the time that they waited in line.",
            "kind",
            "call",
        )
        self._in_line = gauge(
            "cairn_calls_in_line", "Calls that wait or are carried out now.", "kind"
        )

    @contextmanager
    def timed(self, kind: str, call: str) -> Iterator[None]:
        """Measure one call from now on, until it is done."""
        in_line = self._in_line.labels(kind)
        in_line.inc()
        start = perf_counter()
        try:
            yield
        finally:
            in_line.dec()
            self._calls.labels(kind, call).observe(perf_counter() - start)

    def text(self) -> bytes:
        """All of it, in the words of Prometheus."""
        from prometheus_client import generate_latest  # noqa: PLC0415 - see above

        return generate_latest(_shared() if SHARED_IN in os.environ else self._registry)


@lru_cache(maxsize=1)
def get_metrics() -> Metrics | None:
    """The metrics of this process; None when there is no METRICS_TOKEN."""
    return Metrics() if get_settings().metrics_token else None


def timed(kind: str, call: str) -> AbstractContextManager[None]:
    """Measure a call, if anything is measured."""
    metrics = get_metrics()
    return _NOT_MEASURED if metrics is None else metrics.timed(kind, call)


def _shared() -> "CollectorRegistry":
    from prometheus_client import CollectorRegistry, multiprocess  # noqa: PLC0415 - see above

    folder = Path(os.environ[SHARED_IN])
    for file in folder.glob("gauge_live*_*.db"):
        process = file.stem.rpartition("_")[2]
        if not Path(f"/proc/{process}").exists():
            # What a dead worker had open or waiting is not any more.
            multiprocess.mark_process_dead(int(process), str(folder))
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)
    return registry
