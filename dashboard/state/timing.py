"""How long events take, as Reflex itself measures them: its measurements for OpenTelemetry, read into our metrics."""

from typing import Any

from opentelemetry.metrics import Histogram, NoOpHistogram, NoOpMeter, NoOpMeterProvider
from opentelemetry.trace import NoOpTracerProvider
from reflex_base import otel

from dashboard.metrics import Metrics


def time_events(metrics: Metrics) -> None:
    """From now on, count each event of a socket. Where OpenTelemetry measures already, this does nothing."""
    otel.enable(tracer_provider=NoOpTracerProvider(), meter_provider=_OurMeters(metrics))


class _OurMeters(NoOpMeterProvider):
    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def get_meter(self, *_: Any, **__: Any) -> "_OurMeter":
        return _OurMeter(self._metrics)


class _OurMeter(NoOpMeter):
    def __init__(self, metrics: Metrics) -> None:
        super().__init__(otel.INSTRUMENTATION_NAME)
        self._metrics = metrics

    def create_histogram(self, name: str, *args: Any, **kwargs: Any) -> Histogram:
        if name == otel.METRIC_EVENT_DURATION:
            return _EventTimes(self._metrics)
        return super().create_histogram(name, *args, **kwargs)


class _EventTimes(NoOpHistogram):
    def __init__(self, metrics: Metrics) -> None:
        super().__init__(otel.METRIC_EVENT_DURATION)
        self._metrics = metrics

    def record(self, amount: float, attributes: Any = None, *_: Any, **__: Any) -> None:
        handler = attributes[otel.ATTR_EVENT_NAME].rpartition(".")[2]
        self._metrics.events.labels(handler).observe(amount)
