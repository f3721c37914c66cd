"""Accounts: signing up, signing in, proving it again. Async, because a password is hashed between two transactions."""

from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from dashboard.config import get_settings
from dashboard.db import get_database
from dashboard.errors import (
    InvalidEmailOrPassword,
    InvalidInput,
    SignUpClosed,
    TooBusy,
    UserAlreadyExists,
    WrongPassword,
)
from dashboard.models.account import CREDENTIAL, Account
from dashboard.models.auth_event import AuthEventType
from dashboard.models.session import Actor, Client
from dashboard.models.user import SignIn, SignUp, User, normal_email
from dashboard.services import attempts, audit, limits, passwords, sessions
from dashboard.services.attempts import Attempt
from dashboard.services.sessions import SignedIn


async def sign_up(wish: SignUp, client: Client) -> SignedIn:
    """Create a user with a password and sign them in.

    Raises SignUpClosed, InvalidInput (a weak password), UserAlreadyExists, TooManyRequests, TooBusy.
    """
    if get_settings().sign_up == "closed":
        raise SignUpClosed
    place = limits.place_of(client.ip_address)
    await get_database().write(limits.take, limits.SIGN_UPS, place)
    try:
        password_hash = await passwords.make_hash(wish.password, about=(wish.name, wish.email))
    except (InvalidInput, TooBusy):
        await get_database().write(limits.give_back, limits.SIGN_UPS, place)
        raise
    return await get_database().write(_create, wish, password_hash, client)


async def create(wish: SignUp) -> User:
    """Create a user without signing them in. Raises InvalidInput (a weak password), UserAlreadyExists."""
    password_hash = await passwords.make_hash(wish.password, about=(wish.name, wish.email))
    return await get_database().write(_add, wish, password_hash)


async def sign_in(credentials: SignIn, client: Client) -> SignedIn:
    """Open a session for the right email and password.

    Raises InvalidEmailOrPassword, after the same work, whether the address is unknown, the account disabled or
    the password wrong; TooManyRequests; TooBusy.
    """
    user_id, password_hash, attempt = await get_database().write(_begin, credentials.email, client)
    if not await _is_right(credentials.password, password_hash, attempt) or user_id is None:
        raise InvalidEmailOrPassword
    return await get_database().write(_open, user_id, attempt, client, credentials.remember)


async def confirm(actor: Actor, password: str) -> None:
    """Take the password once more, for what asks for it.

    Raises WrongPassword, NotSignedIn, TooManyRequests, TooBusy.
    """
    await _require_password(actor, password)
    await get_database().write(sessions.freshen, actor)


async def _require_password(actor: Actor, password: str) -> None:
    password_hash = await get_database().write(_take_guess, actor)
    if not await passwords.matches(password, password_hash):
        raise WrongPassword
    await get_database().write(limits.forget_guesses, str(actor.id))


async def _is_right(password: str, password_hash: str | None, attempt: Attempt) -> bool:
    try:
        return await passwords.matches(password, password_hash)
    except TooBusy:
        await get_database().write(attempts.withdraw, attempt)
        raise


def _create(session: Session, wish: SignUp, password_hash: str, client: Client) -> SignedIn:
    user = _add(session, wish, password_hash)
    audit.record(session, user.id, AuthEventType.SIGN_UP, client)
    return sessions.open_session(session, user, client, remember=False)


def _add(session: Session, wish: SignUp, password_hash: str) -> User:
    user = User(name=wish.name, email=wish.email, timezone=wish.timezone)
    session.add(user)
    try:
        session.flush()
    except IntegrityError:
        # Only the database can tell of two that sign up at once which was first.
        raise UserAlreadyExists from None
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
    return user_id, password_hash, attempts.admit(session, normal_email(email), user_id, client)


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


def _take_guess(session: Session, actor: Actor) -> str | None:
    limits.take_guess(session, str(actor.id))
    return _password_of(session, actor)


def _password_of(session: Session, actor: Actor) -> str | None:
    return session.exec(
        select(col(Account.password)).where(
            col(Account.user_id) == actor.id, col(Account.provider_id) == CREDENTIAL
        )
    ).first()


def _open(
    session: Session, user_id: UUID, attempt: Attempt, client: Client, remember: bool
) -> SignedIn:
    user = session.get(User, user_id)
    if user is None or user.disabled_at is not None:
        raise InvalidEmailOrPassword
    attempts.succeed(session, attempt)
    return sessions.open_session(session, user, client, remember=remember)
