from datetime import UTC, date, datetime, timedelta

import pytest

from dashboard import clock


def test_now_is_the_present_in_utc() -> None:
    assert clock.now().tzinfo is UTC
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("UTC", date(2026, 3, 10)),
        ("Asia/Tokyo", date(2026, 3, 11)),
        ("America/Los_Angeles", date(2026, 3, 10)),
    ],
)
def test_today_is_the_day_on_the_persons_wall(frozen_clock, zone: str, day: date) -> None:
    frozen_clock.set(datetime(2026, 3, 10, 16, tzinfo=UTC))
    assert clock.today(zone) == day


def test_the_wall_clock_jumps_when_summer_time_begins(frozen_clock) -> None:
    frozen_clock.set(datetime(2026, 3, 29, 0, 59, 59, tzinfo=UTC))
    assert f"{clock.local_now('Europe/Berlin'):%H:%M:%S}" == "01:59:59"
    frozen_clock.advance(seconds=1)
    assert f"{clock.local_now('Europe/Berlin'):%H:%M:%S}" == "03:00:00"


def test_microseconds_lose_nothing(frozen_clock) -> None:
    moment = datetime(2026, 3, 10, 12, 34, 56, 789_123, tzinfo=UTC)
    assert clock.from_microseconds(clock.microseconds(moment)) == moment
    assert clock.microseconds(datetime(1970, 1, 1, tzinfo=UTC)) == 0
