"""What every table keeps, on both databases, even from code that forgets its own rules."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError
from sqlmodel import Session, SQLModel, col, select

from dashboard.models.account import CREDENTIAL, Account
from dashboard.models.api_token import ApiToken
from dashboard.models.list import ListMember
from dashboard.models.session import Actor, UserSession
from dashboard.models.task import Priority, Task
from dashboard.models.user import User
from dashboard.models.verification import Verification
from tests.models.test_text import STORABLE, short

ANA: dict[str, Any] = {"name": "Ana", "email": "a@example.org"}


def put(session: Session, row: SQLModel) -> None:
    session.add(row)
    session.flush()


def test_moments_come_back_as_they_went_in_whatever_their_zone(session: Session) -> None:
    moment = datetime(
        2026, 3, 10, 23, 59, 59, 123_456, tzinfo=timezone(timedelta(hours=5, minutes=30))
    )
    user = User(name="Ana", email="a@example.org", disabled_at=moment)
    put(session, user)
    session.expire(user)
    assert user.disabled_at is not None
    assert user.disabled_at == moment
    assert user.disabled_at.tzinfo is UTC


def test_a_moment_without_a_zone_is_refused(session: Session) -> None:
    with pytest.raises(StatementError, match="timezone"):
        put(session, User(name="Ana", email="a@example.org", disabled_at=datetime(2026, 3, 10)))


@pytest.mark.parametrize("text", STORABLE, ids=short)
def test_text_is_stored_byte_for_byte(session: Session, ana: Actor, text: str) -> None:
    task = Task(list_id=ana.id, created_by=ana.id, title=text, description=text)
    put(session, task)
    session.expire(task)
    assert task.title.encode() == text.encode()
    assert task.description.encode() == text.encode()


def test_days_times_and_priorities_come_back_as_they_went_in(session: Session, ana: Actor) -> None:
    task = Task(
        list_id=ana.id,
        created_by=ana.id,
        title="Milk",
        priority=Priority.HIGH,
        due_date=date(9999, 12, 31),
        due_time=time(23, 59),
    )
    put(session, task)
    session.expire(task)
    assert (task.priority, task.due_date, task.due_time) == (
        Priority.HIGH,
        date(9999, 12, 31),
        time(23, 59),
    )
    assert task.priority is Priority.HIGH


def test_a_priority_is_compared_and_sorted_by_how_much_it_matters(
    session: Session, ana: Actor
) -> None:
    for priority in (Priority.MEDIUM, Priority.HIGH, Priority.LOW):
        put(session, Task(list_id=ana.id, created_by=ana.id, title=priority, priority=priority))
    by_rank = session.exec(select(Task.title).order_by(col(Task.priority))).all()
    assert by_rank == ["Low", "Medium", "High"]
    above = session.exec(select(Task.title).where(col(Task.priority) > Priority.MEDIUM)).all()
    assert above == ["High"]
    some = session.exec(
        select(Task.title).where(col(Task.priority).in_([Priority.LOW, Priority.HIGH]))
    ).all()
    assert sorted(some) == ["High", "Low"]


@pytest.mark.parametrize(
    ("column", "value"), [("title", "x" * 256), ("description", "x" * 10_001)], ids=short
)
def test_a_task_that_is_too_long_is_refused_by_the_database_itself(
    session: Session, ana: Actor, column: str, value: str
) -> None:
    with pytest.raises(DBAPIError):
        put(session, Task(**{"list_id": ana.id, "title": "Milk", column: value}))


@pytest.mark.parametrize(
    ("column", "value"),
    [("name", "x" * 101), ("email", "x" * 255), ("timezone", "x" * 65)],
    ids=short,
)
def test_a_user_that_is_too_long_is_refused_by_the_database_itself(
    session: Session, column: str, value: str
) -> None:
    with pytest.raises(DBAPIError):
        fields: dict[str, Any] = ANA | {column: value}
        put(session, User(**fields))


@pytest.mark.parametrize(
    ("column", "value"), [("name", "x" * 101), ("scope", "admin"), ("scope", "")], ids=short
)
def test_a_token_that_makes_no_sense_is_refused_by_the_database_itself(
    session: Session, ana: Actor, column: str, value: str
) -> None:
    fields: dict[str, Any] = {"name": "x", "token_hash": "x", "hint": "crn_x", "scope": "read"}
    fields |= {"user_id": ana.id, column: value}
    with pytest.raises(DBAPIError):
        put(session, ApiToken(**fields))


def rows_that_are_unique(ana: Actor) -> dict[str, Any]:
    later = datetime(2027, 1, 1, tzinfo=UTC)
    return {
        "address": lambda: User(name="Ana", email="twice@example.org"),
        "token": lambda: UserSession(
            user_id=ana.id, token_hash="x", expires_at=later, absolute_expires_at=later
        ),
        "way to sign in": lambda: Account(user_id=ana.id, provider_id=CREDENTIAL, account_id="x"),
        "API token": lambda: ApiToken(
            user_id=ana.id, name="x", token_hash="x", hint="crn_x", scope="read"
        ),
        "verification": lambda: Verification(identifier="x", value="x", expires_at=later),
        "key of a create": lambda: Task(
            list_id=ana.id, created_by=ana.id, title="Milk", idempotency_key="x"
        ),
    }


@pytest.mark.parametrize(
    "what", ["address", "token", "way to sign in", "API token", "verification", "key of a create"]
)
def test_there_are_no_two_of(session: Session, ana: Actor, what: str) -> None:
    make = rows_that_are_unique(ana)[what]
    put(session, make())
    with pytest.raises(IntegrityError):
        put(session, make())


def test_two_people_may_use_the_same_key(session: Session, ana: Actor, bob: Actor) -> None:
    for actor in (ana, bob):
        put(session, Task(list_id=actor.id, created_by=actor.id, title="Milk", idempotency_key="x"))


def test_nothing_belongs_to_nobody(session: Session, ana: Actor) -> None:
    stranger = User(name="Nobody", email="nobody@example.org")
    with pytest.raises(IntegrityError):
        put(session, Task(list_id=stranger.id, created_by=stranger.id, title="Milk"))


def test_with_a_user_goes_all_that_is_theirs_alone_and_nobody_else_sees_more(
    session: Session, ana: Actor, bob: Actor, anas_milk: Task, make_task
) -> None:
    for actor, name in ((ana, "a"), (bob, "b")):
        put(
            session,
            ApiToken(user_id=actor.id, name=name, token_hash=name, hint="crn_x", scope="read"),
        )
    session.delete(session.get(User, ana.id))
    session.flush()
    session.expire_all()
    assert session.exec(select(ListMember.user_id)).all() == [bob.id]
    # Their tasks and lists go before them, in batches; one in a list of others would stay.
    assert session.exec(select(Task.created_by)).all() == [None]
    assert session.exec(select(UserSession.user_id)).all() == [bob.id]
    assert session.exec(select(Account.user_id)).all() == [bob.id]
    assert session.exec(select(ApiToken.user_id)).all() == [bob.id]


def test_ids_grow_with_time(session: Session, ana: Actor) -> None:
    made = [Task(list_id=ana.id, created_by=ana.id, title=str(number)) for number in range(50)]
    assert [task.id for task in made] == sorted(task.id for task in made)
    assert {task.id.version for task in made} == {7}
    for task in reversed(made):
        put(session, task)
    assert session.exec(select(Task.title).order_by(col(Task.id))).all() == [
        str(number) for number in range(50)
    ]


def test_a_row_says_when_it_was_made(frozen_clock, ana_signed_in) -> None:
    assert ana_signed_in.user.created_at == frozen_clock.now()
    assert ana_signed_in.session.last_seen_at == frozen_clock.now()
    assert ana_signed_in.session.fresh_at == frozen_clock.now()
