"""Addresses of people: proved, and changed, by a link that was sent there."""

from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from dashboard import clock, events
from dashboard.database.transactions import get_database
from dashboard.errors import (
    FieldError,
    InvalidInput,
    LinkNotValid,
    MailNeeded,
    NotSignedIn,
    UserAlreadyExists,
)
from dashboard.models.auth_event import AuthEventType
from dashboard.models.session import Actor, Client
from dashboard.models.user import EmailChange, EmailProof, User, normal_email
from dashboard.security import SessionClaims
from dashboard.services.accounts import audit, authentication, links, sessions, verifications
from dashboard.services.accounts.verifications import EMAIL
from dashboard.services.operation import mail, rate_limits
from dashboard.services.operation.mail import Letter

# Without a name: it may be made up to have strangers read it.
PROOF_SUBJECT = "Confirm your address for Cairn"
PROOF = """\
Hello,

someone, probably you, gave this address for an account at {address}.
This link says that it is yours. It can be used once, within a day:

{link}

If that was not you, do nothing.
"""
NOTICE_SUBJECT = "Your address for Cairn is about to change"
NOTICE = """\
Hello,

someone, probably you, asked to sign in to your account at {address}
with {email} from now on, in place of this address.
It changes once the link that was sent there is used.

If that was not you, choose another password, and the link is worth nothing:

{address}/reset-password
"""


def send_proof(user: User) -> None:
    """Send a link to the address that a user has, if mail is sent at all."""
    if mail.is_set_up():
        mail.send_soon(partial(_proof_letters, user_id=user.id))


async def ask_for_proof(actor: Actor) -> None:
    """Send the link to the actor's address once more, unless it is proved.

    Raises MailNeeded, NotSignedIn, TooManyRequests.
    """
    if not mail.is_set_up():
        raise MailNeeded
    send_proof(await get_database().write(_take_own, actor))


async def ask_for_change(actor: Actor, change: EmailChange, client: Client) -> None:
    """Send a link to another address, and a notice to the present one; nothing changes until the link is used.

    Whether somebody has that address already is told by nothing but the mail.
    Raises MailNeeded, PasswordNeeded, InvalidInput (the address that it is), NotSignedIn, TooManyRequests.
    """
    if not mail.is_set_up():
        raise MailNeeded
    await get_database().write(_take, actor, change.email, client)
    mail.send_soon(partial(_change_letters, user_id=actor.id, email=change.email))


async def confirm(proof: EmailProof, client: Client, presented: SessionClaims | None) -> None:
    """Take the address that a link was sent to, and as proved. When it is another one, other sessions end.

    Raises LinkNotValid, TooManyRequests.
    """
    await get_database().write(
        rate_limits.take, rate_limits.SIGN_INS, rate_limits.place_of(client.ip_address)
    )
    await get_database().write(_confirm, proof.token, client, presented)


def change(session: Session, user: User, email: str, client: Client, keep: UUID | None) -> None:
    """Give a user another address: links of before are worth nothing, and sessions end, but for the one to keep.

    Raises UserAlreadyExists.
    """
    user.email, user.updated_at = email, clock.now()
    try:
        session.flush()
    except IntegrityError:
        raise UserAlreadyExists from None
    verifications.forget_all(session, str(user.id))
    audit.record(session, user.id, AuthEventType.EMAIL_CHANGED, client)
    sessions.end_sessions_of(session, user.id, but=keep)
    events.announce(session, events.ProfileChanged(user.id))


def _take_own(session: Session, actor: Actor) -> User:
    user, _row = sessions.current(session, actor)
    _count(session, user, user.email)
    return user


def _take(session: Session, actor: Actor, email: str, client: Client) -> None:
    sessions.require_fresh(session, actor)
    user, _row = sessions.current(session, actor)
    if email == user.email:
        raise InvalidInput(FieldError("email", "This is your address already."))
    _count(session, user, email)
    audit.record(session, user.id, AuthEventType.EMAIL_CHANGE_ASKED, client)


def _count(session: Session, user: User, email: str) -> None:
    rate_limits.take(session, rate_limits.EMAILS, str(user.id))
    rate_limits.take(session, rate_limits.EMAILS, email)


def _proof_letters(session: Session, user_id: UUID) -> Sequence[Letter]:
    user = session.get(User, user_id)
    if user is None or user.email_verified:
        return []
    return [_proof(session, user, user.email)]


def _change_letters(session: Session, user_id: UUID, email: str) -> Sequence[Letter]:
    user = session.get(User, user_id)
    if user is None:
        return []
    text = NOTICE.format(address=links.origin(), email=email)
    notice = Letter(user.email, NOTICE_SUBJECT, text)
    is_taken = session.exec(select(User.id).where(col(User.email) == email)).first() is not None
    # The notice first: without it there is no link.
    return [notice] if is_taken else [notice, _proof(session, user, email)]


def _proof(session: Session, user: User, email: str) -> Letter:
    link = links.email_link(session, user, email)
    text = PROOF.format(address=links.origin(), link=link)
    return Letter(email, PROOF_SUBJECT, text)


def _confirm(
    session: Session, secret: str, client: Client, presented: SessionClaims | None
) -> None:
    email = normal_email(verifications.payload(session, EMAIL, secret))
    user = session.get(User, UUID(verifications.redeem(session, EMAIL, secret)))
    if user is None or user.disabled_at is not None:
        raise LinkNotValid
    user.email_verified, user.updated_at = True, clock.now()
    if email == user.email:
        audit.record(session, user.id, AuthEventType.EMAIL_VERIFIED, client)
        events.announce(session, events.ProfileChanged(user.id))
        return
    try:
        change(session, user, email, client, keep=_own_session(session, user, presented))
    except UserAlreadyExists:
        # The address was taken meanwhile, which the caller must not learn.
        raise LinkNotValid from None


def _own_session(session: Session, user: User, presented: SessionClaims | None) -> UUID | None:
    """The session that a browser came with, if it is this user's and alive."""
    with suppress(NotSignedIn):
        actor = authentication.authenticate(session, presented) if presented else None
        return actor.session_id if actor and actor.id == user.id else None
    return None
