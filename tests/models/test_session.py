from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from dashboard.models.session import UserSession

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


def session(
    idle_until: datetime, absolutely_until: datetime, *, remember: bool = False
) -> UserSession:
    return UserSession(
        user_id=uuid4(),
        token_hash="",
        expires_at=idle_until,
        absolute_expires_at=absolutely_until,
        remember=remember,
    )


@pytest.mark.parametrize(
    ("idle", "absolute", "is_alive"), [(1, 1, True), (0, 1, False), (1, 0, False), (-1, -1, False)]
)
def test_a_session_lives_until_the_first_of_its_two_ends(
    idle: int, absolute: int, is_alive: bool
) -> None:
    row = session(NOON + timedelta(seconds=idle), NOON + timedelta(seconds=absolute))
    assert row.is_alive(NOON) is is_alive


def test_being_remembered_is_thirty_idle_days_instead_of_half_a_day() -> None:
    assert session(NOON, NOON, remember=True).idle == timedelta(days=30)
    assert session(NOON, NOON).idle == timedelta(hours=12)
