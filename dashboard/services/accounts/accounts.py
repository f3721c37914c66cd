"""Accounts: signing up, signing in, and the end of one. Async, because a password is hashed between transactions."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from dashboard.config import get_settings
from dashboard.database.transactions import get_database
from dashboard.errors import (
    InvalidEmailOrPassword,
    InvalidInput,
    SignUpClosed,
    TooBusy,
    TooManyRequests,
    UserAlreadyExists,
)
from dashboard.models.account import CREDENTIAL, Account
from dashboard.models.auth_event import AuthEventType
from dashboard.models.session import Actor, Client
from dashboard.models.user import SignIn, SignUp, User, normal_email
from dashboard.security import SessionClaims
from dashboard.services.accounts import (
    account_deletion,
    audit,
    email_addresses,
    login_throttle,
    password_hashing,
    password_strength,
    passwords,
    sessions,
    sign_up_policy,
    verifications,
)
from dashboard.services.accounts.login_throttle import Attempt
from dashboard.services.accounts.sessions import SignedIn
from dashboard.services.lists.inboxes import create_inbox
from dashboard.services.operation import rate_limits

OPERATOR = "the operator"


class Proof(NamedTuple):
    """That somebody knew a password, by the hash that it matched."""

    user_id: UUID
    password_hash: str | None
    attempt: Attempt


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


async def sign_in(
    credentials: SignIn, client: Client, replaced: SessionClaims | None = None
) -> SignedIn:
    """Open a session for the right email and password, in place of the one that the browser had.

    Raises InvalidEmailOrPassword, after the same work, whether the address is unknown, the account disabled or
    the password wrong; TooManyRequests; TooBusy.
    """
    user_id, password_hash, attempt = await get_database().write(_begin, credentials.email, client)
    if not await _is_right(credentials.password, password_hash, attempt) or user_id is None:
        raise InvalidEmailOrPassword
    proof = Proof(user_id, password_hash, attempt)
    return await get_database().write(_open, proof, client, credentials.remember, replaced)


async def delete_account(actor: Actor, password: str, client: Client) -> None:
    """Close this account for good, and start to delete all of its data.

    Raises WrongPassword, NotSignedIn, TooManyRequests, TooBusy.
    """
    await passwords.require(actor, password, client)
    await get_database().write(_remove, actor)
    account_deletion.clear_soon()


async def _is_right(password: str, password_hash: str | None, attempt: Attempt) -> bool:
    try:
        return await password_hashing.matches(password, password_hash)
    except TooBusy:
        await get_database().write(login_throttle.withdraw, attempt)
        raise


def _remove(session: Session, actor: Actor) -> None:
    sessions.end_sessions_of(session, actor.id)
    # They know their person by a word alone, and one of them may hold an address.
    verifications.forget_all(session, str(actor.id))
    account_deletion.depart(session, actor.id)


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


def _begin(session: Session, email: str, client: Client) -> tuple[UUID | None, str | None, Attempt]:
    user_id, password_hash = _credential(session, email)
    return (
        user_id,
        password_hash,
        login_throttle.admit(session, normal_email(email), user_id, client),
    )


def _credential(session: Session, email: str) -> tuple[UUID | None, str | None]:
    row = session.exec(
        select(col(User.id), col(Account.password))
        .join(Account, col(Account.user_id) == col(User.id))
        .where(
            col(User.email) == normal_email(email),
            col(User.disabled_at).is_(None),
            col(Account.provider_id) == CREDENTIAL,
        )
    ).first()
    return (row[0], row[1]) if row else (None, None)


def _open(
    session: Session, proof: Proof, client: Client, remember: bool, replaced: SessionClaims | None
) -> SignedIn:
    user = session.get(User, proof.user_id)
    if user is None or user.disabled_at is not None:
        raise InvalidEmailOrPassword
    # A password that was changed while it was checked has ended all sessions, and opens no other.
    if passwords.hash_of(session, user.id) != proof.password_hash:
        raise InvalidEmailOrPassword
    login_throttle.succeed(session, proof.attempt)
    sessions.end_presented(session, replaced)
    return sessions.open_session(session, user, client, remember=remember)
