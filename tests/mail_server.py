"""A mail server of the test's own."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from threading import Condition
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword


class MailServer:
    """Keeps what it is sent."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.port = 0
        self._arrival = Condition()
        self.refuses = False

    async def handle_DATA(self, _server: SMTP, _session: Any, envelope: Envelope) -> str:  # noqa: N802
        if self.refuses:
            return f"550 {envelope.rcpt_tos} is not wanted here"
        assert isinstance(envelope.content, bytes)
        message = message_from_bytes(envelope.content, policy=default)
        with self._arrival:
            self.messages.append(message)
            self._arrival.notify_all()
        return "250 OK"

    def check(
        self, _server: Any, _session: Any, _envelope: Any, _way: str, given: Any
    ) -> AuthResult:
        is_right = given == LoginPassword(b"cairn", b"let me send")
        return AuthResult(success=is_right)

    def settings(self) -> dict[str, str]:
        """By which Cairn finds it."""
        return {
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(self.port),
            "SMTP_SECURITY": "none",
            "SMTP_USER": "cairn",
            "SMTP_PASSWORD": "let me send",
            "SMTP_FROM": "Cairn <cairn@example.org>",
        }

    def wait_for(self, count: int) -> EmailMessage:
        """The latest message, once there are so many."""
        with self._arrival:
            assert self._arrival.wait_for(lambda: len(self.messages) >= count, timeout=60)
        assert len(self.messages) == count
        return self.messages[-1]

    def text_to(self, address: str) -> str:
        """What the only message to an address says."""
        (text,) = [each.get_content() for each in self.messages if each["To"] == address]
        return text

    def secret_to(self, address: str, page: str = "/confirm-email") -> str:
        """What the link in it has behind its `#`."""
        return self.text_to(address).partition(f"{page}#")[2].split()[0]


@contextmanager
def running() -> Iterator[MailServer]:
    """A mail server on this machine, which wants a name and a password."""
    kept = MailServer()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        kept.port = probe.getsockname()[1]
    controller = Controller(
        kept,
        port=kept.port,
        hostname="127.0.0.1",
        # Else it asks the network for its name.
        server_hostname="localhost",
        authenticator=kept.check,
        auth_required=True,
        auth_require_tls=False,
    )
    controller.start()
    yield kept
    controller.stop()
