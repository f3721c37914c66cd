"""Limits are exact, whoever comes at once, and they end."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from dashboard.database.transactions import Database
from dashboard.errors import TooManyRequests
from dashboard.models.rate_limit import RateLimit
from dashboard.services.operation import rate_limits
from dashboard.services.operation.rate_limits import Limit, pause_after, place_of

THREE = Limit("test", 3, timedelta(minutes=1))


@pytest.fixture(autouse=True)
def _limited(set_env: Callable[..., None]) -> None:
    set_env(RATE_LIMIT_SCALE="1")


def taken(session: Session, limit: Limit = THREE, of: str = "ana") -> bool:
    try:
        rate_limits.take(session, limit, of)
    except TooManyRequests:
        return False
    return True


def test_so_many_are_let_through_and_then_none_until_the_window_is_over(
    frozen_clock, session: Session
) -> None:
    assert [taken(session) for _ in range(4)] == [True, True, True, False]
    frozen_clock.advance(seconds=59)
    with pytest.raises(TooManyRequests) as caught:
        rate_limits.take(session, THREE, "ana")
    assert caught.value.retry_after == 1
    frozen_clock.advance(seconds=1)
    assert [taken(session) for _ in range(4)] == [True, True, True, False]


def test_everyone_and_everything_is_counted_apart(session: Session) -> None:
    for _ in range(3):
        rate_limits.take(session, THREE, "ana")
    assert taken(session, of="bob")
    assert taken(session, Limit("other", 1, timedelta(minutes=1)))
    assert not taken(session)


def test_what_is_given_back_may_be_taken_again(session: Session) -> None:
    for _ in range(3):
        rate_limits.take(session, THREE, "ana")
    rate_limits.give_back(session, THREE, "ana")
    assert [taken(session) for _ in range(2)] == [True, False]
    for _ in range(9):
        rate_limits.give_back(session, THREE, "bob")
    assert [taken(session, of="bob") for _ in range(4)] == [True, True, True, False]


async def test_of_many_at_once_exactly_so_many_are_let_through(database: Database) -> None:
    found = await asyncio.gather(
        *(database.write(rate_limits.take, THREE, "ana") for _ in range(40)), return_exceptions=True
    )
    assert sum(answer is None for answer in found) == 3
    assert sum(isinstance(answer, TooManyRequests) for answer in found) == 37


async def test_of_many_guesses_at_once_exactly_so_many_are_let_through(database: Database) -> None:
    found = await asyncio.gather(
        *(database.write(rate_limits.take_guess, "ana") for _ in range(40)), return_exceptions=True
    )
    assert sum(answer is None for answer in found) == rate_limits.GUESSES_AT_ONCE


async def test_who_was_refused_is_not_counted(frozen_clock, database: Database) -> None:
    for _ in range(9):
        with pytest.MonkeyPatch.context():
            await asyncio.gather(
                database.write(rate_limits.take_guess, "ana"), return_exceptions=True
            )
    with database.transaction(writes=False) as session:
        assert session.exec(select(RateLimit)).one().count == rate_limits.GUESSES_AT_ONCE


def test_after_a_few_free_guesses_each_waits_twice_as_long_and_nobody_for_ever(
    frozen_clock, session: Session
) -> None:
    waits = []
    for _ in range(14):
        try:
            rate_limits.take_guess(session, "ana")
            waits.append(0)
        except TooManyRequests as refused:
            waits.append(refused.retry_after)
            frozen_clock.advance(seconds=refused.retry_after)
            rate_limits.take_guess(session, "ana")
    assert waits == [0, 0, 0, 0, 0, 5, 10, 20, 40, 80, 160, 300, 300, 300]


def test_guesses_are_forgotten_after_a_while_or_when_the_password_was_right(
    frozen_clock, session: Session
) -> None:
    for of in ("ana", "bob"):
        for _ in range(rate_limits.GUESSES_AT_ONCE):
            rate_limits.take_guess(session, of)
    rate_limits.forget_guesses(session, "ana")
    for _ in range(rate_limits.GUESSES_AT_ONCE):
        rate_limits.take_guess(session, "ana")
    frozen_clock.advance(minutes=15)
    for _ in range(rate_limits.GUESSES_AT_ONCE):
        rate_limits.take_guess(session, "bob")
    rate_limits.give_back_guess(session, "bob")
    rate_limits.take_guess(session, "bob")
    with pytest.raises(TooManyRequests):
        rate_limits.take_guess(session, "bob")


def test_the_longest_pause_is_forgotten_later_than_it_ends() -> None:
    assert max(map(pause_after, range(100))) == rate_limits.LONGEST_PAUSE
    assert rate_limits.LONGEST_PAUSE < rate_limits.GUESSES_FORGOTTEN_AFTER


@pytest.mark.parametrize(("scale", "allowed"), [("0.5", 2), ("2", 6), ("10", 30)])
def test_limits_can_be_scaled(set_env, session: Session, scale: str, allowed: int) -> None:
    set_env(RATE_LIMIT_SCALE=scale)
    assert sum(taken(session) for _ in range(40)) == allowed


def test_without_limits_nothing_is_counted(set_env, session: Session) -> None:
    set_env(RATE_LIMIT_SCALE="0")
    for _ in range(100):
        rate_limits.take(session, THREE, "ana")
        rate_limits.take_guess(session, "ana")
    rate_limits.give_back(session, THREE, "ana")
    rate_limits.give_back_guess(session, "ana")
    assert session.exec(select(RateLimit)).all() == []


def test_whose_it_is_cannot_be_read_in_the_table(session: Session) -> None:
    rate_limits.take(session, THREE, "a password in the wrong field")
    (row,) = session.exec(select(RateLimit)).all()
    assert "password" not in row.key
    assert len(row.key) <= 100


def test_old_counts_are_removed(frozen_clock, session: Session) -> None:
    rate_limits.take(session, THREE, "ana")
    frozen_clock.advance(hours=23)
    rate_limits.take(session, THREE, "bob")
    frozen_clock.advance(hours=1)
    assert [rate_limits.remove_old_counts(session), rate_limits.remove_old_counts(session)] == [
        1,
        0,
    ]
    assert len(session.exec(select(RateLimit)).all()) == 1


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("nonsense", ""),
    ],
)
def test_a_household_counts_as_one(address: str, place: str) -> None:
    assert place_of(address) == place
