"""Forgotten passwords: a link to another one, by mail."""

import asyncio
import logging

from sqlmodel import Session, col, select

from dashboard.db import get_database
from dashboard.errors import DashboardError, MailNotSetUp
from dashboard.models.session import Client
from dashboard.models.user import Forgotten, User, normal_email
from dashboard.services import limits, links, mail

SUBJECT = "Choose a new password for Cairn"
TEXT = """\
Hello {name},

someone, probably you, forgot the password of your account at {address}.
This link lets you choose a new one. It can be used once, within an hour:

{link}

If that was not you, do nothing: your password stays what it is.
"""

logger = logging.getLogger(__name__)
_sending: set[asyncio.Task[None]] = set()
"""Kept here, because the event loop itself would let go of them."""


async def ask_for_link(forgotten: Forgotten, client: Client) -> None:
    """Send a link to the owner of an address, if it has one. It returns before that, so that its time tells nothing.

    Raises MailNotSetUp, TooManyRequests.
    """
    if not mail.is_set_up():
        raise MailNotSetUp
    email = normal_email(forgotten.email)
    await get_database().write(_take, email, limits.place_of(client.ip_address))
    sending = asyncio.create_task(_send_link(email))
    _sending.add(sending)
    sending.add_done_callback(_sending.discard)


async def _send_link(email: str) -> None:
    try:
        found = await get_database().write(_link_for, email)
        if found is not None:
            user, link = found
            text = TEXT.format(name=user.name, address=link.partition("/reset")[0], link=link)
            await mail.send(user.email, SUBJECT, text)
    except (OSError, DashboardError) as error:
        # Whoever runs the server is to know; what a mail server says may name the person, so it stays out of the log.
        logger.error("A link to another password could not be sent: %s", type(error).__name__)  # noqa: TRY400


def _take(session: Session, email: str, place: str) -> None:
    limits.take(session, limits.SIGN_INS, place)
    limits.take(session, limits.RESETS, email)


def _link_for(session: Session, email: str) -> tuple[User, str] | None:
    is_theirs = (col(User.email) == email, col(User.disabled_at).is_(None))
    user = session.exec(select(User).where(*is_theirs)).first()
    return None if user is None else (user, links.reset_link(session, user))
