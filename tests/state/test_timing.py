"""What Reflex measures gets to where it is asked for."""

import sys
from types import SimpleNamespace
from typing import Any

import pytest
from opentelemetry import trace
from reflex_base import otel

from dashboard.errors import ConfigurationError
from dashboard.metrics import Metrics
from dashboard.state.timing import time_events, trace_when_asked


@pytest.fixture(autouse=True)
def _off_again(monkeypatch: pytest.MonkeyPatch):
    for name in ("OTEL_TRACES_EXPORTER", "OTEL_METRICS_EXPORTER"):
        monkeypatch.delenv(name, raising=False)
    yield
    otel.disable()


class Span:
    def __init__(self, **attributes: str) -> None:
        self.attributes = attributes

    def set_attribute(self, name: str, value: str) -> None:
        self.attributes[name] = value


def test_the_time_of_an_event_is_counted_for_its_handler() -> None:
    metrics = Metrics()
    time_events(metrics)
    assert otel.enabled
    otel._event_duration.record(0.02, {otel.ATTR_EVENT_NAME: "a.long.name.of.perform"})
    assert b'cairn_event_seconds_count{handler="perform"} 1.0' in metrics.text()
    otel.record_connection(1)
    otel.record_message_size(100, "receive")


@pytest.mark.parametrize("value", [None, "", "none"])
def test_nothing_is_traced_unless_an_exporter_is_named(
    monkeypatch: pytest.MonkeyPatch, value: str | None
) -> None:
    if value is not None:
        monkeypatch.setenv("OTEL_TRACES_EXPORTER", value)
    trace_when_asked()
    assert not otel.enabled


def test_an_exporter_without_the_packages_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_TRACES_EXPORTER", "otlp")
    monkeypatch.setitem(sys.modules, "reflex_otel", None)
    with pytest.raises(
        ConfigurationError, match=r"^OTEL_TRACES_EXPORTER is set, and what it needs"
    ):
        trace_when_asked()


def test_what_people_search_for_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[Any] = []
    provider = SimpleNamespace(add_span_processor=kept.append)
    hooks: list[Any] = []
    instrumentor = SimpleNamespace(
        instrument=lambda **options: hooks.append(options["server_request_hook"])
    )
    others = SimpleNamespace(ReflexInstrumentor=lambda: instrumentor, SpanProcessor=object)
    monkeypatch.setenv("OTEL_METRICS_EXPORTER", "otlp")
    for name in ("reflex_otel", "opentelemetry.sdk.trace"):
        monkeypatch.setitem(sys.modules, name, others)
    monkeypatch.setattr(trace, "get_tracer_provider", lambda: provider)
    trace_when_asked()
    for tell in (kept[0].on_start, lambda span: hooks[0](span, {})):
        span = Span(**{"url.query": "q=lamp", "http.target": "/api/tasks?q=lamp", "a": "?b"})
        tell(span)
        assert span.attributes == {"url.query": "", "http.target": "/api/tasks", "a": "?b"}
