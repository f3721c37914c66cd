"""How long events take, as Reflex itself measures them for OpenTelemetry: told to it, or read into our metrics."""

import importlib
import os
from typing import Any

from opentelemetry import trace

from dashboard.errors import ConfigurationError
from dashboard.metrics import Metrics
from dashboard.reflex_adapter import event_times

EXPORTERS = ("OTEL_TRACES_EXPORTER", "OTEL_METRICS_EXPORTER")


def time_events(metrics: Metrics) -> None:
    """From now on, count each event of a socket. Where OpenTelemetry measures already, this does nothing."""
    event_times.time_events(lambda handler, taken: metrics.events.labels(handler).observe(taken))


def trace_when_asked() -> None:
    """Where OpenTelemetry's own variables name an exporter, have Reflex tell it of requests, events and states.

    Raises ConfigurationError when the packages for that are not installed.
    """
    named = [name for name in EXPORTERS if os.environ.get(name, "none") not in ("", "none")]
    if not named:
        return
    try:
        reflex_otel = importlib.import_module("reflex_otel")
    except ImportError:
        raise ConfigurationError(
            f"{named[0]} is set, and what it needs is not installed: see OpenTelemetry in docs/deploy.md."
        ) from None
    # Reflex's span of a request learns its address after it has begun, FastAPI's as it begins.
    reflex_otel.ReflexInstrumentor().instrument(server_request_hook=_drop_query)
    _keep_queries_private()


def _keep_queries_private() -> None:
    """Addresses hold what people search for, which is private."""
    sdk = importlib.import_module("opentelemetry.sdk.trace")

    class WithoutQueries(sdk.SpanProcessor):
        def on_start(self, span: Any, parent_context: object = None) -> None:
            _drop_query(span)

    provider: Any = trace.get_tracer_provider()
    provider.add_span_processor(WithoutQueries())


def _drop_query(span: Any, _scope: object = None) -> None:
    for name, value in dict(span.attributes or {}).items():
        if name == "url.query":
            span.set_attribute(name, "")
        elif name in ("url.full", "http.url", "http.target"):
            span.set_attribute(name, str(value).partition("?")[0])
