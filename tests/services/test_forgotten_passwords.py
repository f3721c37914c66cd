"""Forgotten passwords, against a mail server of the test's own."""

import asyncio
import socket
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.message import Message
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword

from dashboard.db import Database
from dashboard.errors import MailNotSetUp, TooManyRequests
from dashboard.models.session import Actor, Client
from dashboard.models.user import Forgotten
from dashboard.services import forgotten_passwords, users, verifications
from dashboard.services.verifications import RESET

CLIENT = Client("192.0.2.7", "Browser")


class MailServer:
    """Keeps what it is sent."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.refuses = False

    async def handle_DATA(self, _server: SMTP, _session: Any, envelope: Envelope) -> str:  # noqa: N802
        if self.refuses:
            return f"550 {envelope.rcpt_tos} is not wanted here"
        assert isinstance(envelope.content, bytes)
        self.messages.append(message_from_bytes(envelope.content, policy=default))
        return "250 OK"

    def check(
        self, _server: Any, _session: Any, _envelope: Any, _way: str, given: Any
    ) -> AuthResult:
        is_right = given == LoginPassword(b"cairn", b"let me send")
        return AuthResult(success=is_right)


@pytest.fixture
def mail_server(set_env: Callable[..., None]) -> Iterator[MailServer]:
    """A mail server on this machine, which wants a name and a password."""
    kept = MailServer()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(
        kept,
        port=port,
        hostname="127.0.0.1",
        # Else it asks the network for its name.
        server_hostname="localhost",
        authenticator=kept.check,
        auth_required=True,
        auth_require_tls=False,
    )
    controller.start()
    set_env(
        SMTP_HOST="127.0.0.1",
        SMTP_PORT=str(port),
        SMTP_SECURITY="none",
        SMTP_USER="cairn",
        SMTP_PASSWORD="let me send",
        SMTP_FROM="Cairn <cairn@example.org>",
        PUBLIC_URL="https://tasks.example.org",
    )
    yield kept
    controller.stop()


async def ask(email: str) -> None:
    """Ask for a link, and wait until what follows is done."""
    await forgotten_passwords.ask_for_link(Forgotten(email=email), CLIENT)
    await asyncio.gather(*forgotten_passwords._sending)


async def test_the_owner_of_an_address_gets_a_link(
    mail_server: MailServer, database: Database, ana: Actor
) -> None:
    await ask(" ANA@example.org ")
    (message,) = mail_server.messages
    assert message["To"] == "ana@example.org"
    assert message["From"] == "Cairn <cairn@example.org>"
    text = message.get_content()  # pyright: ignore[reportAttributeAccessIssue]
    address = "https://tasks.example.org/reset-password#"
    assert address in text
    assert "https://tasks.example.org." in text
    secret = text.partition(address)[2].split()[0]
    assert await database.read(verifications.look, RESET, secret) == str(ana.id)


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
