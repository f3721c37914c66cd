"""Signing up. Async, because a password is hashed between transactions."""

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from dashboard.config import get_settings
from dashboard.database.transactions import get_database
from dashboard.errors import (
    InvalidInput,
    SignUpClosed,
    TooBusy,
    TooManyRequests,
    UserAlreadyExists,
)
from dashboard.models.account import CREDENTIAL, Account
from dashboard.models.auth_event import AuthEventType
from dashboard.models.session import Client
from dashboard.models.user import SignUp, User
from dashboard.security import SessionClaims
from dashboard.services.accounts import (
    audit,
    email_addresses,
    password_hashing,
    password_strength,
    sessions,
    sign_up_policy,
)
from dashboard.services.accounts.sessions import SignedIn
from dashboard.services.lists.inboxes import create_inbox
from dashboard.services.operation import rate_limits

OPERATOR = "the operator"


async def sign_up(wish: SignUp, client: Client, replaced: SessionClaims | None = None) -> SignedIn:
    """Create a user with a password and sign them in, in place of the session that the browser had.

    Raises SignUpClosed, InvitationNeeded, SetupCodeNeeded, InvalidInput (a weak password), UserAlreadyExists,
    TooManyRequests, TooBusy.
    """
    if get_settings().sign_up == "closed":
        raise SignUpClosed
    place = rate_limits.place_of(client.ip_address)
    await get_database().write(rate_limits.take, rate_limits.SIGN_UPS, place)
    # Before the work of a hash; it is asked again where the account is made.
    await get_database().read(sign_up_policy.require_permission, wish.invitation or "")
    try:
        await password_strength.require_strong(
            wish.password, about=(wish.name, wish.email), asker=place
        )
        password_hash = await password_hashing.make_hash(wish.password)
    except (InvalidInput, TooBusy, TooManyRequests):
        await get_database().write(rate_limits.give_back, rate_limits.SIGN_UPS, place)
        raise
    signed_in = await get_database().write(_create, wish, password_hash, client, replaced)
    email_addresses.send_proof(signed_in.user)
    return signed_in


async def create(wish: SignUp) -> User:
    """Create a user without signing them in. Raises InvalidInput (a weak password), UserAlreadyExists."""
    await password_strength.require_strong(
        wish.password, about=(wish.name, wish.email), asker=OPERATOR
    )
    password_hash = await password_hashing.make_hash(wish.password)
    return await get_database().write(_create_by_operator, wish, password_hash)


def _create(
    session: Session,
    wish: SignUp,
    password_hash: str,
    client: Client,
    replaced: SessionClaims | None,
) -> SignedIn:
    sign_up_policy.use_permission(session, wish.invitation or "")
    user = _add(session, wish, password_hash)
    audit.record(session, user.id, AuthEventType.SIGN_UP, client)
    sessions.end_presented(session, replaced)
    return sessions.open_session(session, user, client, remember=False)


def _create_by_operator(session: Session, wish: SignUp, password_hash: str) -> User:
    user = _add(session, wish, password_hash)
    audit.record(session, user.id, AuthEventType.USER_CREATED)
    return user


def _add(session: Session, wish: SignUp, password_hash: str) -> User:
    user = User(name=wish.name, email=wish.email, timezone=wish.timezone)
    session.add(user)
    try:
        session.flush()
    except IntegrityError:
        # Only the database can tell of two that sign up at once which was first.
        raise UserAlreadyExists from None
    create_inbox(session, user)
    session.add(
        Account(
            user_id=user.id,
            provider_id=CREDENTIAL,
            account_id=str(user.id),
            password=password_hash,
        )
    )
    return user
