"""Cairn at the moment that a file says, and from then on, for a test of what time does: `now` beside the database."""

import time
from datetime import datetime, timedelta

from dashboard import clock
from dashboard.config import get_settings


def told() -> datetime:
    file = get_settings().data_dir / "now"
    since = time.time() - file.stat().st_mtime
    return datetime.fromisoformat(file.read_text()) + timedelta(seconds=since)


clock.now = told

from tests.browser.program import app  # noqa: E402 (after the clock was replaced)

__all__ = ["app"]
