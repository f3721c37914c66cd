"""Addresses of people: proved, and changed, by a link that was sent there."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from dashboard.database.transactions import Database
from dashboard.errors import (
    InvalidInput,
    LinkNotValid,
    MailNeeded,
    NotSignedIn,
    PasswordNeeded,
    TooManyRequests,
)
from dashboard.models.auth_event import AuthEventType
from dashboard.models.session import Actor, Client
from dashboard.models.user import (
    EmailChange,
    EmailProof,
    PasswordChange,
    PasswordReset,
    SignUp,
    User,
)
from dashboard.services.accounts import (
    audit,
    authentication,
    email_addresses,
    links,
    passwords,
    registration,
    sessions,
    users,
)
from dashboard.services.accounts.sessions import SignedIn
from dashboard.services.operation import mail
from tests.conftest import PASSWORD
from tests.mail_server import MailServer

CLIENT = Client("192.0.2.7", "Browser")
NEW = "ana.costa@example.org"
OTHER = "four herons mend a kettle"


async def sent(wish: Awaitable[object]) -> None:
    """Do what sends mail, and wait until it is sent."""
    await wish
    await asyncio.gather(*mail._sending)


async def ask(actor: Actor, email: str = NEW) -> None:
    await sent(email_addresses.ask_for_change(actor, EmailChange(email=email), CLIENT))


async def confirm(secret: str, signed_in: SignedIn | None = None) -> None:
    claims = authentication.read_claims(signed_in.token) if signed_in else None
    await email_addresses.confirm(EmailProof(token=secret), CLIENT, claims)


def user_of(database: Database, actor: Actor) -> User:
    with database.transaction(writes=False) as session:
        user = session.get(User, actor.id)
        assert user is not None
        return user


async def test_an_address_changes_when_the_link_that_was_sent_there_is_used(
    mail_server: MailServer, database: Database, ana: Actor, ana_signed_in: SignedIn
) -> None:
    with database.transaction() as session:
        elsewhere = sessions.open_session(session, ana_signed_in.user, CLIENT, remember=True)
    await ask(ana, " ANA.Costa@example.org ")
    assert NEW in mail_server.text_to("ana@example.org")
    assert "#" not in mail_server.text_to("ana@example.org")
    assert "https://tasks.example.org/confirm-email#" in mail_server.text_to(NEW)
    assert user_of(database, ana).email == "ana@example.org"
    await confirm(mail_server.secret_to(NEW), ana_signed_in)
    user = user_of(database, ana)
    assert (user.email, user.email_verified) == (NEW, True)
    with database.transaction(writes=False) as session:
        assert audit.recent(session, ana)[0].type == AuthEventType.EMAIL_CHANGED
        both = [ana.session_id, elsewhere.session.id]
        assert set(authentication.living(session, both)) == {ana.session_id}
    with pytest.raises(LinkNotValid):
        await confirm(mail_server.secret_to(NEW))


async def test_that_another_address_was_asked_for_and_one_was_proved_is_in_the_audit_trail(
    mail_server: MailServer, database: Database, ana: Actor
) -> None:
    await sent(email_addresses.ask_for_proof(ana))
    await confirm(mail_server.secret_to("ana@example.org"))
    await ask(ana)
    told = await database.read(audit.recent, ana)
    assert {(event.type, event.ip_address) for event in told} == {
        (AuthEventType.EMAIL_CHANGE_ASKED, CLIENT.ip_address),
        (AuthEventType.EMAIL_VERIFIED, CLIENT.ip_address),
    }


async def test_whoever_uses_the_link_signed_out_or_as_another_ends_every_session(
    mail_server: MailServer, database: Database, ana: Actor, bob_signed_in: SignedIn
) -> None:
    await ask(ana)
    await confirm(mail_server.secret_to(NEW), bob_signed_in)
    both = [ana.session_id, bob_signed_in.session.id]
    with database.transaction(writes=False) as session:
        assert set(authentication.living(session, both)) == {bob_signed_in.session.id}


async def test_an_address_that_somebody_has_is_told_by_no_answer_and_gets_no_link(
    mail_server: MailServer, ana: Actor, bob: Actor
) -> None:
    await ask(ana, "bob@example.org")
    assert [message["To"] for message in mail_server.messages] == ["ana@example.org"]


async def test_an_address_that_somebody_took_meanwhile_makes_the_link_worthless(
    mail_server: MailServer, ana: Actor, database: Database, make_person: Callable[..., SignedIn]
) -> None:
    await ask(ana)
    make_person("Eve", email=NEW)
    with pytest.raises(LinkNotValid):
        await confirm(mail_server.secret_to(NEW))
    assert user_of(database, ana).email == "ana@example.org"


async def test_of_many_who_use_one_link_one_succeeds(mail_server: MailServer, ana: Actor) -> None:
    await ask(ana)
    secret = mail_server.secret_to(NEW)
    ends = await asyncio.gather(*(confirm(secret) for _ in range(3)), return_exceptions=True)
    assert sorted(type(end).__name__ for end in ends) == ["LinkNotValid"] * 2 + ["NoneType"]


async def test_only_the_latest_link_counts_and_for_a_day(
    frozen_clock, mail_server: MailServer, ana: Actor
) -> None:
    await ask(ana)
    await ask(ana, "second@example.org")
    with pytest.raises(LinkNotValid):
        await confirm(mail_server.secret_to(NEW))
    frozen_clock.advance(days=1)
    with pytest.raises(LinkNotValid):
        await confirm(mail_server.secret_to("second@example.org"))


async def test_another_password_makes_the_link_worthless(
    mail_server: MailServer, ana: Actor, bob: Actor, database: Database
) -> None:
    await ask(ana)
    change = PasswordChange(current_password=PASSWORD, new_password=OTHER)
    await passwords.change_password(ana, change, CLIENT)
    await ask(bob, "second@example.org")
    with database.transaction() as session:
        reset = links.reset_link(session, users.find(session, "bob@example.org"))
    wish = PasswordReset(token=reset.partition("#")[2], password=OTHER)
    await passwords.reset_password(wish, CLIENT)
    for address in (NEW, "second@example.org"):
        with pytest.raises(LinkNotValid):
            await confirm(mail_server.secret_to(address))


async def test_another_address_makes_links_to_another_password_worthless(
    mail_server: MailServer, ana: Actor, database: Database
) -> None:
    with database.transaction() as session:
        reset = links.reset_link(session, users.find(session, "ana@example.org"))
    await ask(ana)
    await confirm(mail_server.secret_to(NEW))
    with pytest.raises(LinkNotValid):
        wish = PasswordReset(token=reset.partition("#")[2], password=OTHER)
        await passwords.reset_password(wish, CLIENT)


async def test_a_change_needs_a_password_entered_lately(
    frozen_clock, mail_server: MailServer, ana: Actor
) -> None:
    frozen_clock.advance(minutes=11)
    with pytest.raises(PasswordNeeded):
        await ask(ana)
    await passwords.confirm(ana, PASSWORD, CLIENT)
    await ask(ana)
    assert len(mail_server.messages) == 2


async def test_the_address_that_it_is_already_is_refused(
    mail_server: MailServer, ana: Actor
) -> None:
    with pytest.raises(InvalidInput, match="your address already"):
        await ask(ana, "Ana@example.org")


async def test_a_disabled_user_confirms_nothing(
    mail_server: MailServer, ana: Actor, database: Database
) -> None:
    await ask(ana)
    await database.write(users.disable, "ana@example.org")
    with pytest.raises(LinkNotValid):
        await confirm(mail_server.secret_to(NEW))


async def test_a_person_asks_five_times_an_hour_and_so_is_an_address_asked(
    mail_server: MailServer,
    ana: Actor,
    bob: Actor,
    make_actor: Callable[..., Actor],
    set_env: Callable[..., None],
) -> None:
    set_env(RATE_LIMIT_SCALE="1")
    for number in range(5):
        await ask(ana, f"{number}@example.org")
    with pytest.raises(TooManyRequests):
        await ask(ana, "another@example.org")
    for _ in range(5):
        await ask(make_actor("Eve"))
    with pytest.raises(TooManyRequests):
        await ask(bob)


async def test_without_a_mail_server_it_is_said_who_can_help(
    database: Database, ana: Actor
) -> None:
    with pytest.raises(MailNeeded, match="python -m dashboard users set-email OLD NEW"):
        await ask(ana)
    with pytest.raises(MailNeeded):
        await email_addresses.ask_for_proof(ana)


async def test_whoever_signs_up_gets_a_link_that_proves_their_address(
    mail_server: MailServer, database: Database
) -> None:
    wish = SignUp(name="Ada", email="ada@example.org", password=OTHER)
    await sent(registration.sign_up(wish, CLIENT))
    text = mail_server.text_to("ada@example.org")
    assert "Ada" not in text
    with database.transaction(writes=False) as session:
        user = users.find(session, "ada@example.org")
        assert not user.email_verified
        alive = {line.id for line in users.list_sessions(session, "ada@example.org")}
    await confirm(mail_server.secret_to("ada@example.org"))
    with database.transaction(writes=False) as session:
        user = users.find(session, "ada@example.org")
        assert (user.email, user.email_verified) == ("ada@example.org", True)
        # Nothing has changed that anybody else could have had a part in.
        assert {line.id for line in users.list_sessions(session, "ada@example.org")} == alive


async def test_the_link_is_sent_again_until_the_address_is_proved(
    mail_server: MailServer, ana: Actor
) -> None:
    await sent(email_addresses.ask_for_proof(ana))
    await confirm(mail_server.secret_to("ana@example.org"))
    await sent(email_addresses.ask_for_proof(ana))
    assert len(mail_server.messages) == 1


async def test_nothing_is_sent_for_a_session_that_has_ended(
    mail_server: MailServer, ana: Actor, database: Database
) -> None:
    await database.write(sessions.end_session, ana)
    with pytest.raises(NotSignedIn):
        await ask(ana)
    with pytest.raises(NotSignedIn):
        await email_addresses.ask_for_proof(ana)
    assert mail_server.messages == []
