"""Signing in. Async, because a password is checked between transactions."""

from typing import NamedTuple
from uuid import UUID

from sqlmodel import Session, col, select

from dashboard.database.transactions import get_database
from dashboard.errors import (
    InvalidEmailOrPassword,
    TooBusy,
)
from dashboard.models.account import CREDENTIAL, Account
from dashboard.models.session import Client
from dashboard.models.user import SignIn, User, normal_email
from dashboard.security import SessionClaims
from dashboard.services.accounts import (
    login_throttle,
    password_hashing,
    passwords,
    sessions,
)
from dashboard.services.accounts.login_throttle import Attempt
from dashboard.services.accounts.sessions import SignedIn


class Proof(NamedTuple):
    """That somebody knew a password, by the hash that it matched."""

    user_id: UUID
    password_hash: str | None
    attempt: Attempt


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


async def _is_right(password: str, password_hash: str | None, attempt: Attempt) -> bool:
    try:
        return await password_hashing.matches(password, password_hash)
    except TooBusy:
        await get_database().write(login_throttle.withdraw, attempt)
        raise


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
