"""Messages to people's mail boxes, where a mail server is set."""

import asyncio
import logging
import smtplib
import ssl
from collections.abc import Callable, Sequence
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import NamedTuple

from sqlmodel import Session

from dashboard.config import Settings, get_settings
from dashboard.database.transactions import get_database
from dashboard.errors import DashboardError
from dashboard.models.user import mailbox

SECONDS = 20

logger = logging.getLogger(__name__)
_sending: set[asyncio.Task[None]] = set()
"""Kept here, because the event loop itself would let go of them."""


class Letter(NamedTuple):
    """What somebody is told."""

    to: str
    subject: str
    text: str


def is_set_up() -> bool:
    return bool(get_settings().smtp_host)


def send_soon(write: Callable[[Session], Sequence[Letter]]) -> None:
    """Write letters in a transaction of their own, and send them.

    It returns before that, so that its time tells nothing.
    """
    sending = asyncio.create_task(_send_all(write))
    _sending.add(sending)
    sending.add_done_callback(_sending.discard)


async def _send_all(write: Callable[[Session], Sequence[Letter]]) -> None:
    try:
        for letter in await get_database().write(write):
            await send(*letter)
    except (OSError, DashboardError) as error:
        # The operator should know; what a mail server says may name the person, so it stays out of the log.
        logger.error("A mail could not be sent: %s", type(error).__name__)  # noqa: TRY400


async def send(to: str, subject: str, text: str) -> None:
    """Hand a message to the mail server. Raises OSError (smtplib's errors are of that kind)."""
    settings = get_settings()
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = settings.smtp_from, mailbox(to), subject
    message["Date"], message["Message-ID"] = formatdate(), make_msgid(domain=settings.hostname)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    await asyncio.to_thread(_hand_over, settings, message)


def _hand_over(settings: Settings, message: EmailMessage) -> None:
    with _connected(settings) as server:
        if settings.smtp_user:
            server.login(settings.smtp_user, settings.smtp_password)
        server.send_message(message)


def _connected(settings: Settings) -> smtplib.SMTP:
    host, port = settings.smtp_host, settings.smtp_port
    # Our own name is given, because smtplib would ask the network for it, which may take long.
    us = settings.hostname
    if settings.smtp_security == "tls":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(host, port, us, timeout=SECONDS, context=context)
    server = smtplib.SMTP(host, port, us, timeout=SECONDS)
    if settings.smtp_security == "starttls":
        server.starttls(context=ssl.create_default_context())
    return server
