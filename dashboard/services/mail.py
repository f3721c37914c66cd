"""Messages to people's mail boxes, where a mail server is set."""

import asyncio
import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

from dashboard.config import Settings, get_settings

SECONDS = 20


def is_set_up() -> bool:
    return bool(get_settings().smtp_host)


async def send(to: str, subject: str, text: str) -> None:
    """Hand a message to the mail server. Raises OSError (smtplib's errors are of that kind)."""
    settings = get_settings()
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = settings.smtp_from, to, subject
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
