"""Cairn at whatever moment a file says, for a test of what time does: `now` beside the database."""

from datetime import datetime

from dashboard import clock
from dashboard.config import get_settings


def told() -> datetime:
    return datetime.fromisoformat((get_settings().data_dir / "now").read_text())


clock.now = told

from dashboard.dashboard import app  # noqa: E402 (after the clock was replaced)

__all__ = ["app"]
