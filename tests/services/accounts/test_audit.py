"""The audit trail is the account's own, and says what happened and from where."""

from collections.abc import Awaitable, Callable

import pytest
from sqlmodel import Session, select

from dashboard.database.transactions import Database
from dashboard.errors import WrongPassword
from dashboard.models.auth_event import AuthEvent, AuthEventType
from dashboard.models.session import NO_SESSION, Actor, Client
from dashboard.models.user import PasswordChange, SignUp
from dashboard.services.accounts import (
    account_deletion,
    audit,
    passwords,
    registration,
    sessions,
)

HOME = Client("192.0.2.1", "Firefox")
CHANGE = PasswordChange(current_password="wrong horse", new_password="four herons mend a kettle")


def test_it_is_read_newest_first_and_by_its_owner_alone(
    frozen_clock, session: Session, ana: Actor, bob: Actor
) -> None:
    for what in (AuthEventType.SIGN_UP, AuthEventType.PASSWORD_CHANGED):
        frozen_clock.advance(minutes=1)
        audit.record(session, ana.id, what, HOME)
    audit.record(session, bob.id, AuthEventType.SIGN_IN)
    session.flush()
    found = audit.recent(session, ana)
    assert [(event.type, event.ip_address, event.user_agent) for event in found] == [
        ("password_changed", "192.0.2.1", "Firefox"),
        ("sign_up", "192.0.2.1", "Firefox"),
    ]
    assert [event.type for event in audit.recent(session, ana, limit=1)] == ["password_changed"]


async def test_signing_up_and_out_are_in_it(database: Database) -> None:
    wish = SignUp(name="Ada", email="ada@example.org", password="seven otters juggle figs")
    signed_in = await registration.sign_up(wish, HOME)
    actor = Actor(signed_in.user.id, signed_in.session.id, signed_in.user.timezone)
    await database.write(sessions.end_session, actor)
    events = await database.read(audit.recent, actor)
    assert [(event.type, event.ip_address) for event in events] == [
        ("sign_out", "192.0.2.1"),
        ("sign_up", "192.0.2.1"),
    ]


@pytest.mark.parametrize(
    "sensitive",
    [
        lambda actor: passwords.confirm(actor, "wrong horse", HOME),
        lambda actor: account_deletion.delete_account(actor, "wrong horse", HOME),
        lambda actor: passwords.change_password(actor, CHANGE, HOME),
    ],
    ids=["confirm", "delete", "change"],
)
async def test_a_wrong_password_of_who_is_signed_in_is_in_it_whatever_it_was_for(
    database: Database, ana: Actor, sensitive: Callable[[Actor], Awaitable[object]]
) -> None:
    with pytest.raises(WrongPassword):
        await sensitive(ana)
    (event,) = await database.read(audit.recent, ana)
    assert (event.type, event.ip_address) == ("password_refused", "192.0.2.1")


async def test_that_the_operator_made_an_account_is_in_it(database: Database) -> None:
    wish = SignUp(name="Ada", email="ada@example.org", password="seven otters juggle figs")
    user = await registration.create(wish)
    (event,) = await database.read(audit.recent, Actor(user.id, NO_SESSION, "UTC"))
    assert event.type == "user_created"


def test_a_place_is_known_once_someone_arrived_from_it(
    frozen_clock, session: Session, ana: Actor, bob: Actor
) -> None:
    def is_known(address: str, actor: Actor = ana) -> bool:
        session.flush()
        return audit.has_arrived_from(session, actor.id, address)

    audit.record(session, ana.id, AuthEventType.SIGN_IN_FAILED, HOME)
    assert not is_known("192.0.2.1")
    audit.record(session, ana.id, AuthEventType.SIGN_IN, HOME)
    audit.record(session, ana.id, AuthEventType.SIGN_UP, Client("2001:db8:1:2:3::4"))
    audit.record(session, ana.id, AuthEventType.SIGN_IN, Client(""))
    assert is_known("192.0.2.1")
    assert is_known("2001:db8:1:2:ffff::")
    assert not is_known("2001:db8:1:3:3::4")
    assert not is_known("192.0.2.2")
    assert not is_known("")
    assert not is_known("192.0.2.1", bob)
    frozen_clock.advance(days=90)
    assert not is_known("192.0.2.1")


def test_a_client_may_say_of_itself_what_it_likes(session: Session, ana: Actor) -> None:
    audit.record(session, ana.id, AuthEventType.SIGN_IN, Client("x" * 99, "y" * 999))
    session.flush()
    (event,) = audit.recent(session, ana)
    assert (len(event.ip_address), len(event.user_agent)) == (45, 512)


def test_it_is_kept_for_ninety_days(frozen_clock, session: Session, ana: Actor) -> None:
    audit.record(session, ana.id, AuthEventType.SIGN_IN)
    frozen_clock.advance(days=89)
    audit.record(session, ana.id, AuthEventType.SIGN_OUT)
    frozen_clock.advance(days=1)
    session.flush()
    assert [audit.remove_old_events(session), audit.remove_old_events(session)] == [1, 0]
    assert session.exec(select(AuthEvent.type)).all() == ["sign_out"]
