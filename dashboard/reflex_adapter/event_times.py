"""How long events take, as Reflex measures them for OpenTelemetry."""

from collections.abc import Callable
from typing import Any

from opentelemetry.metrics import Histogram, NoOpHistogram, NoOpMeter, NoOpMeterProvider
from opentelemetry.trace import NoOpTracerProvider
from reflex_base import otel

Record = Callable[[str, float], object]
"""Called with the name of a handler, and how many seconds it took."""


def time_events(record: Record) -> None:
    """Call `record` after each event. Where OpenTelemetry measures already, this does nothing."""
    otel.enable(tracer_provider=NoOpTracerProvider(), meter_provider=_Meters(record))


class _Meters(NoOpMeterProvider):
    def __init__(self, record: Record) -> None:
        self._record = record

    def get_meter(self, *_: Any, **__: Any) -> "_Meter":
        return _Meter(self._record)


class _Meter(NoOpMeter):
    def __init__(self, record: Record) -> None:
        super().__init__(otel.INSTRUMENTATION_NAME)
        self._record = record

    def create_histogram(self, name: str, *args: Any, **kwargs: Any) -> Histogram:
        if name == otel.METRIC_EVENT_DURATION:
            return _EventTimes(self._record)
        return super().create_histogram(name, *args, **kwargs)


class _EventTimes(NoOpHistogram):
    def __init__(self, record: Record) -> None:
        super().__init__(otel.METRIC_EVENT_DURATION)
        self._record = record

    def record(self, amount: float, attributes: Any = None, *_: Any, **__: Any) -> None:
        self._record(attributes[otel.ATTR_EVENT_NAME].rpartition(".")[2], amount)
