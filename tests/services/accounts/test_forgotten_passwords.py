"""Forgotten passwords."""

import asyncio
from collections.abc import Callable

import pytest

from dashboard.database.transactions import Database
from dashboard.errors import MailNotSetUp, TooManyRequests
from dashboard.models.auth_event import AuthEventType
from dashboard.models.session import Actor, Client
from dashboard.models.user import Forgotten
from dashboard.services.accounts import (
    audit,
    email_addresses,
    forgotten_passwords,
    users,
    verifications,
)
from dashboard.services.accounts.sessions import SignedIn
from dashboard.services.accounts.verifications import RESET
from dashboard.services.operation import mail
from tests.mail_server import MailServer

CLIENT = Client("192.0.2.7", "Browser")


async def ask(email: str) -> None:
    """Ask for a link, and wait until what follows is done."""
    await forgotten_passwords.ask_for_link(Forgotten(email=email), CLIENT)
    await asyncio.gather(*mail._sending)


async def test_the_owner_of_an_address_gets_a_link(
    mail_server: MailServer, database: Database, ana: Actor
) -> None:
    await ask(" ANA@example.org ")
    (message,) = mail_server.messages
    assert message["To"] == "ana@example.org"
    assert message["From"] == "Cairn <cairn@example.org>"
    text = message.get_content()
    address = "https://tasks.example.org/reset-password#"
    assert address in text
    assert "https://tasks.example.org." in text
    secret = text.partition(address)[2].split()[0]
    assert await database.read(verifications.look, RESET, secret) == str(ana.id)


async def test_no_mail_says_what_somebody_called_themselves(
    mail_server: MailServer, make_person: Callable[..., SignedIn]
) -> None:
    name = "your account is locked, unlock it at evil.example"
    person = make_person(name, email="victim@example.org")
    await ask("victim@example.org")
    email_addresses.send_proof(person.user)
    await asyncio.gather(*mail._sending)
    assert len(mail_server.messages) == 2
    assert "evil" not in "".join(message.as_string() for message in mail_server.messages)


async def test_that_a_link_was_sent_is_in_the_audit_trail(
    mail_server: MailServer, database: Database, ana: Actor
) -> None:
    await ask("ana@example.org")
    (event,) = await database.read(audit.recent, ana)
    assert (event.type, event.ip_address) == (AuthEventType.RESET_LINK_SENT, CLIENT.ip_address)


async def test_an_address_that_nobody_has_gets_nothing(mail_server: MailServer, ana: Actor) -> None:
    for email in ("nobody@example.org", "no address", "", "a@b\r\nBcc: ana@example.org"):
        await ask(email)
    assert mail_server.messages == []


async def test_a_disabled_user_gets_nothing(
    mail_server: MailServer, ana: Actor, database: Database
) -> None:
    await database.write(users.disable, "ana@example.org")
    await ask("ana@example.org")
    assert mail_server.messages == []


async def test_an_address_is_asked_for_three_times_an_hour(
    mail_server: MailServer, frozen_clock, ana: Actor, set_env: Callable[..., None]
) -> None:
    set_env(RATE_LIMIT_SCALE="1")
    for email in ("ana@example.org", "nobody@example.org"):
        for _ in range(3):
            await ask(email)
        with pytest.raises(TooManyRequests):
            await ask(email)
    assert len(mail_server.messages) == 3
    frozen_clock.advance(hours=1)
    await ask("ana@example.org")
    assert len(mail_server.messages) == 4


async def test_without_a_mail_server_it_is_said_who_can_help(ana: Actor) -> None:
    with pytest.raises(MailNotSetUp, match="Ask the person who runs it"):
        await ask("ana@example.org")


async def test_a_mail_server_that_refuses_is_only_told_to_the_log(
    mail_server: MailServer, ana: Actor, caplog
) -> None:
    mail_server.refuses = True
    await ask("ana@example.org")
    assert mail_server.messages == []
    assert "could not be sent" in caplog.text
    assert "ana@example.org" not in caplog.text


async def test_a_link_is_not_sent_in_the_clear_unless_the_operator_says_so(
    mail_server: MailServer, ana: Actor, set_env: Callable[..., None], caplog
) -> None:
    set_env(SMTP_SECURITY="starttls")
    await ask("ana@example.org")
    assert mail_server.messages == []
    assert "could not be sent" in caplog.text
