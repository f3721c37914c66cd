"""How often something may be done: sign in, guess a password, create an account.

Counted in the database, once for all processes, and exact: each count is changed under the lock of its row. What costs
no more than a request is counted elsewhere (services/operation/api_rate_limit.py).
"""

import hashlib
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv6Network, ip_address
from typing import NamedTuple

from sqlalchemy import bindparam, text
from sqlmodel import Session, SQLModel, col, delete, update

from dashboard import clock
from dashboard.config import get_settings
from dashboard.database.transactions import fetch
from dashboard.errors import TooManyRequests
from dashboard.models.rate_limit import RateLimit


class Limit(NamedTuple):
    """So many times in so long, for each of those whose times are counted."""

    name: str
    most: int
    window: timedelta


SIGN_INS = Limit("sign-in", 30, timedelta(minutes=1))
"""Per address: attempts to sign in."""
FAILURES = Limit("failure", 10, timedelta(minutes=1))
"""Per address: attempts that failed, and those that are not decided yet."""
SIGN_UPS = Limit("sign-up", 5, timedelta(hours=1))
"""Per address: new accounts, and attempts at one."""
RESETS = Limit("reset", 3, timedelta(hours=1))
"""Per mail address: messages that reset a password."""
EMAILS = Limit("email", 5, timedelta(hours=1))
"""Per person, and per mail address: messages that prove an address."""

GUESSES_AT_ONCE = 5
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(minutes=5)
GUESSES_FORGOTTEN_AFTER = timedelta(minutes=15)
ROWS_KEPT = timedelta(days=1)


def take(session: Session, limit: Limit, of: str) -> None:
    """Count one more. Raises TooManyRequests when the limit is used up, and then counts nothing."""
    if not (scale := get_settings().rate_limit_scale):
        return
    now, key = clock.now(), _key(limit.name, of)
    count, since = _locked(session, key, now)
    if now - since >= limit.window:
        count, since = 0, now
    if count >= limit.most * scale:
        raise TooManyRequests((since + limit.window - now).total_seconds())
    _write(session, key, count + 1, since)


def give_back(session: Session, limit: Limit, of: str) -> None:
    """Count one less: it turned out not to be of the kind that is limited."""
    if get_settings().rate_limit_scale:
        key = _key(limit.name, of)
        count, since = _locked(session, key, clock.now())
        _write(session, key, max(0, count - 1), since)


def take_guess(session: Session, at: str) -> None:
    """Count one more guess at a password. The first few are free, and each one after them has to wait twice as long.

    Raises TooManyRequests when it comes too early, and then counts nothing: a person who waits is never locked out.
    """
    if not (scale := get_settings().rate_limit_scale):
        return
    now, key = clock.now(), _key("guess", at)
    count, last = _locked(session, key, now)
    if now - last >= GUESSES_FORGOTTEN_AFTER:
        count = 0
    if (wait := (last + pause_after(count, scale) - now).total_seconds()) > 0:
        raise TooManyRequests(wait)
    _write(session, key, count + 1, now)


def give_back_guess(session: Session, at: str) -> None:
    """Take back a guess that was not checked."""
    if get_settings().rate_limit_scale:
        key = _key("guess", at)
        count, last = _locked(session, key, clock.now())
        _write(session, key, max(0, count - 1), last)


def forget_guesses(session: Session, at: str) -> None:
    """Reset the count after a correct password."""
    session.exec(delete(RateLimit).where(col(RateLimit.key) == _key("guess", at)))


def claim(session: Session, task: str, every: timedelta) -> bool:
    """Whether the caller is to do a task now: of all processes one is told yes, once in so long."""
    now, key = clock.now(), _key("claim", task)
    count, last = _locked(session, key, now)
    is_due = not count or now - last >= every
    # Written in any case: after a clock was set back, the time to wait begins now and not when it was done.
    _write(session, key, 1, now if is_due else last)
    return is_due


def wait_for_turn(session: Session, task: str) -> None:
    """Lock a task for this transaction; waits for other processes that hold it."""
    _locked(session, _key("turn", task), clock.now())


def pause_after(guesses: int, scale: float = 1) -> timedelta:
    """How long the next guess has to wait after so many."""
    beyond = guesses - GUESSES_AT_ONCE * scale
    if beyond < 0:
        return timedelta(0)
    return min(FIRST_PAUSE * 2 ** min(beyond, 10), LONGEST_PAUSE)


def place_of(address: str) -> str:
    """The part of an address that stays the same for a household: all of IPv4, the first half of IPv6."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return ""
    if isinstance(parsed, IPv4Address):
        return str(parsed)
    return str(parsed.ipv4_mapped or IPv6Network((int(parsed), 64), strict=False))


def remove_old_counts(session: Session) -> int:
    """Remove counts that are over. Returns how many; 0 when none are left."""
    is_old = col(RateLimit.window_start) <= clock.now() - ROWS_KEPT
    return session.exec(delete(RateLimit).where(is_old)).rowcount


_COLUMNS = SQLModel.metadata.tables["rate_limit"].c
# An update that changes nothing locks the row until the end of the transaction, and tells what is in it.
_LOCK = (
    text("""
    INSERT INTO rate_limit (key, count, window_start) VALUES (:key, 0, :now)
    ON CONFLICT (key) DO UPDATE SET count = rate_limit.count RETURNING count, window_start
    """)
    .bindparams(bindparam("now", type_=_COLUMNS.window_start.type))
    .columns(_COLUMNS.count, _COLUMNS.window_start)
)


def _locked(session: Session, key: str, now: datetime) -> tuple[int, datetime]:
    row = fetch(session, _LOCK, {"key": key, "now": now}).mappings().one()
    # After the clock was set back, the time that was counted before must not keep people waiting.
    return row["count"], min(row["window_start"], now)


def _write(session: Session, key: str, count: int, since: datetime) -> None:
    changed = update(RateLimit).where(col(RateLimit.key) == key)
    session.exec(changed.values(count=count, window_start=since))


def _key(name: str, of: str) -> str:
    # Hashed, because what people type into a field for an address may be their password.
    return f"{name}:{hashlib.sha256(of.encode()).hexdigest()}"
