"""Forgotten passwords: a link to another one, by mail."""

from collections.abc import Sequence
from functools import partial

from sqlmodel import Session, col, select

from dashboard.database.transactions import get_database
from dashboard.errors import MailNotSetUp
from dashboard.models.auth_event import AuthEventType
from dashboard.models.session import Client
from dashboard.models.user import Forgotten, User, normal_email
from dashboard.services.accounts import audit, links
from dashboard.services.operation import mail, rate_limits
from dashboard.services.operation.mail import Letter

SUBJECT = "Choose a new password for Cairn"
# Without a name: the person who signed up with this address may have made it up, to have its owner read it.
TEXT = """\
Hello,

someone, probably you, forgot the password of your account at {address}.
This link lets you choose a new one. It can be used once, within an hour:

{link}

If that was not you, do nothing: your password stays what it is.
"""


async def ask_for_link(forgotten: Forgotten, client: Client) -> None:
    """Send a link to the owner of an address, if it has one. It returns before that, so that its time tells nothing.

    Raises MailNotSetUp, TooManyRequests.
    """
    if not mail.is_set_up():
        raise MailNotSetUp
    email = normal_email(forgotten.email)
    await get_database().write(_take, email, rate_limits.place_of(client.ip_address))
    mail.send_soon(partial(_letters, email=email, client=client))


def _take(session: Session, email: str, place: str) -> None:
    rate_limits.take(session, rate_limits.SIGN_INS, place)
    rate_limits.take(session, rate_limits.RESETS, email)


def _letters(session: Session, email: str, client: Client) -> Sequence[Letter]:
    is_theirs = (col(User.email) == email, col(User.disabled_at).is_(None))
    user = session.exec(select(User).where(*is_theirs)).first()
    if user is None:
        return []
    link = links.reset_link(session, user)
    audit.record(session, user.id, AuthEventType.RESET_LINK_SENT, client)
    text = TEXT.format(address=links.origin(), link=link)
    return [Letter(user.email, SUBJECT, text)]
