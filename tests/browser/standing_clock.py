"""Cairn on a day that does not end, for pictures: a server started from here is always at the same moment."""

from datetime import UTC, datetime

from dashboard import clock

MOMENT = datetime(2026, 3, 10, 9, 41, tzinfo=UTC)

clock.now = lambda: MOMENT

from tests.browser.program import app  # noqa: E402 (after the clock was stopped)

__all__ = ["app"]
