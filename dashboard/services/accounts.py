"""Accounts: signing up, signing in, proving it again. Async, because a password is hashed between two transactions."""

from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from dashboard.config import get_settings
from dashboard.db import get_database
from dashboard.errors import (
    InvalidEmailOrPassword,
    SignUpClosed,
    UserAlreadyExists,
    WrongPassword,
)
from dashboard.models.account import CREDENTIAL, Account
from dashboard.models.session import Actor, Client
from dashboard.models.user import SignIn, SignUp, User, normal_email
from dashboard.services import passwords, sessions
from dashboard.services.sessions import SignedIn


async def sign_up(wish: SignUp, client: Client) -> SignedIn:
    """Create a user with a password and sign them in.

    Raises SignUpClosed, InvalidInput (a weak password), UserAlreadyExists, TooBusy.
    """
    if get_settings().sign_up == "closed":
        raise SignUpClosed
    password_hash = await passwords.make_hash(wish.password, about=(wish.name, wish.email))
    return await get_database().write(_create, wish, password_hash, client)


async def sign_in(credentials: SignIn, client: Client) -> SignedIn:
    """Open a session for the right email and password.

    Raises InvalidEmailOrPassword, after the same work, whether the address is unknown, the account disabled or
    the password wrong; TooBusy.
    """
    user_id, password_hash = await get_database().read(_credential, credentials.email)
    if not await passwords.matches(credentials.password, password_hash) or user_id is None:
        raise InvalidEmailOrPassword
    return await get_database().write(_open, user_id, client, credentials.remember)


async def confirm(actor: Actor, password: str) -> None:
    """Take the password once more, for what asks for it. Raises WrongPassword, NotSignedIn, TooBusy."""
    await _require_password(actor, password)
    await get_database().write(sessions.freshen, actor)


async def _require_password(actor: Actor, password: str) -> None:
    password_hash = await get_database().read(_password_of, actor)
    if not await passwords.matches(password, password_hash):
        raise WrongPassword


def _create(session: Session, wish: SignUp, password_hash: str, client: Client) -> SignedIn:
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
    return sessions.open_session(session, user, client, remember=False)


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


def _password_of(session: Session, actor: Actor) -> str | None:
    return session.exec(
        select(col(Account.password)).where(
            col(Account.user_id) == actor.id, col(Account.provider_id) == CREDENTIAL
        )
    ).first()


def _open(session: Session, user_id: UUID, client: Client, remember: bool) -> SignedIn:
    user = session.get(User, user_id)
    if user is None or user.disabled_at is not None:
        raise InvalidEmailOrPassword
    return sessions.open_session(session, user, client, remember=remember)
