"""The only source of time: tests replace `now` here and the whole program follows."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def local_now(zone: str) -> datetime:
    """The present moment on the wall clock of an IANA zone."""
    return now().astimezone(ZoneInfo(zone))


def today(zone: str) -> date:
    """The calendar day it is now in an IANA zone."""
    return local_now(zone).date()


def microseconds(moment: datetime) -> int:
    """Whole microseconds since 1970: exact, where a float would lose the last digits."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def rfc3339(moment: datetime) -> str:
    """A moment in UTC as the API writes it, always to the microsecond."""
    return moment.isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def from_microseconds(count: int) -> datetime:
    """The moment that `microseconds` gave this count."""
    return EPOCH + timedelta(microseconds=count)
