"""Accounts: from signing up to the end of one. Async, because a password is hashed between two transactions."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, delete, select, update

from dashboard import clock
from dashboard.config import get_settings
from dashboard.db import get_database
from dashboard.errors import (
    InvalidEmailOrPassword,
    InvalidInput,
    InvitationNeeded,
    LinkNotValid,
    SignUpClosed,
    TooBusy,
    UserAlreadyExists,
    WrongPassword,
)
from dashboard.models.account import CREDENTIAL, Account
from dashboard.models.auth_event import AuthEventType
from dashboard.models.session import Actor, Client
from dashboard.models.user import (
    PasswordChange,
    PasswordReset,
    SignIn,
    SignUp,
    User,
    normal_email,
)
from dashboard.security import SessionClaims
from dashboard.services import (
    api_tokens,
    attempts,
    audit,
    email_addresses,
    limits,
    passwords,
    sessions,
    verifications,
)
from dashboard.services.attempts import Attempt
from dashboard.services.sessions import SignedIn
from dashboard.services.verifications import INVITATION, RESET, Purpose


class Proof(NamedTuple):
    """That somebody knew a password, by the hash that it matched."""

    user_id: UUID
    password_hash: str | None
    attempt: Attempt


Follow = Callable[[Session, Purpose, str], str]
"""To look at what a link is about, or to use it up."""


async def sign_up(wish: SignUp, client: Client, replaced: SessionClaims | None = None) -> SignedIn:
    """Create a user with a password and sign them in, in place of the session that the browser had.

    Raises SignUpClosed, InvitationNeeded, InvalidInput (a weak password), UserAlreadyExists, TooManyRequests, TooBusy.
    """
    if get_settings().sign_up == "closed":
        raise SignUpClosed
    place = limits.place_of(client.ip_address)
    await get_database().write(limits.take, limits.SIGN_UPS, place)
    await get_database().read(_require_invitation, wish, verifications.look)
    try:
        password_hash = await passwords.make_hash(wish.password, about=(wish.name, wish.email))
    except (InvalidInput, TooBusy):
        await get_database().write(limits.give_back, limits.SIGN_UPS, place)
        raise
    signed_in = await get_database().write(_create, wish, password_hash, client, replaced)
    email_addresses.send_proof(signed_in.user)
    return signed_in


async def create(wish: SignUp) -> User:
    """Create a user without signing them in. Raises InvalidInput (a weak password), UserAlreadyExists."""
    password_hash = await passwords.make_hash(wish.password, about=(wish.name, wish.email))
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


async def confirm(actor: Actor, password: str, client: Client) -> None:
    """Take the password once more, for what asks for it.

    Raises WrongPassword, NotSignedIn, TooManyRequests, TooBusy.
    """
    await _require_password(actor, password, client)
    await get_database().write(sessions.freshen, actor)


async def change_password(actor: Actor, change: PasswordChange, client: Client) -> SignedIn:
    """Take another password from now on: all sessions end, and this device gets a new one.

    Raises WrongPassword, InvalidInput (a weak password), NotSignedIn, TooManyRequests, TooBusy.
    """
    old_hash = await _require_password(actor, change.current_password, client)
    user, _row = await get_database().read(sessions.current, actor)
    new_hash = await passwords.make_hash(
        change.new_password, about=(user.name, user.email), field="new_password"
    )
    return await get_database().write(_replace_password, actor, old_hash, new_hash, client)


def password_changed_at(session: Session, actor: Actor) -> datetime | None:
    """When the password became what it is; None for who signs in by other ways."""
    return session.exec(select(col(Account.updated_at)).where(_is_password_of(actor.id))).first()


async def reset_password(reset: PasswordReset, client: Client) -> None:
    """Take another password from whoever has a link for it; all sessions and API tokens end.

    Raises LinkNotValid, InvalidInput (a weak password), TooManyRequests, TooBusy.
    """
    await get_database().write(limits.take, limits.SIGN_INS, limits.place_of(client.ip_address))
    user = await get_database().read(_whose_link, reset.token, verifications.look)
    new_hash = await passwords.make_hash(reset.password, about=(user.name, user.email))
    await get_database().write(_reset_password, reset.token, new_hash, client)


async def delete_account(actor: Actor, password: str, client: Client) -> None:
    """Remove a user and everything of theirs, at once and for good.

    Raises WrongPassword, NotSignedIn, TooManyRequests, TooBusy.
    """
    await _require_password(actor, password, client)
    await get_database().write(_remove, actor)


async def _require_password(actor: Actor, password: str, client: Client) -> str | None:
    """The hash that the password matches. A wrong one is noted."""
    with passwords.turn_of(actor.id):
        password_hash = await get_database().write(_take_guess, actor)
        try:
            is_right = await passwords.matches(password, password_hash)
        except TooBusy:
            await get_database().write(limits.give_back_guess, str(actor.id))
            raise
    if not is_right:
        await get_database().write(_note_refusal, actor, client)
        raise WrongPassword
    await get_database().write(limits.forget_guesses, str(actor.id))
    return password_hash


async def _is_right(password: str, password_hash: str | None, attempt: Attempt) -> bool:
    try:
        return await passwords.matches(password, password_hash)
    except TooBusy:
        await get_database().write(attempts.withdraw, attempt)
        raise


def _note_refusal(session: Session, actor: Actor, client: Client) -> None:
    user, _row = sessions.current(session, actor)
    audit.record(session, user.id, AuthEventType.PASSWORD_REFUSED, client)


def _replace_password(
    session: Session, actor: Actor, old_hash: str | None, new_hash: str, client: Client
) -> SignedIn:
    user, row = sessions.current(session, actor)
    now = clock.now()
    # By the hash that was matched: of two changes at once the second must not be made with a password of before.
    changed = session.execute(
        update(Account)
        .where(_is_password_of(actor.id), col(Account.password) == old_hash)
        .values(password=new_hash, updated_at=now)
        .returning(col(Account.id))
    ).all()
    if not changed:
        raise WrongPassword
    audit.record(session, actor.id, AuthEventType.PASSWORD_CHANGED, client)
    # Whoever knew the old one may have asked for another address, or have a link to undo this.
    verifications.forget_all(session, str(user.id))
    sessions.end_all(session, user.id)
    return sessions.open_session(session, user, client, remember=row.remember)


def _whose_link(session: Session, secret: str, follow: Follow) -> User:
    user = session.get(User, UUID(follow(session, RESET, secret)))
    if user is None or user.disabled_at is not None:
        raise LinkNotValid
    return user


def _reset_password(session: Session, secret: str, new_hash: str, client: Client) -> None:
    user = _whose_link(session, secret, verifications.redeem)
    changed = update(Account).where(_is_password_of(user.id))
    session.exec(changed.values(password=new_hash, updated_at=clock.now()))
    audit.record(session, user.id, AuthEventType.PASSWORD_RESET, client)
    verifications.forget_all(session, str(user.id))
    # Somebody else may have had the account until now, and a program of theirs.
    api_tokens.revoke_all(session, user.id)
    sessions.end_all(session, user.id)


def _require_invitation(session: Session, wish: SignUp, follow: Follow) -> None:
    if get_settings().sign_up != "invitation":
        return
    try:
        follow(session, INVITATION, wish.invitation or "")
    except LinkNotValid:
        raise InvitationNeeded from None


def _remove(session: Session, actor: Actor) -> None:
    sessions.end_all(session, actor.id)
    # They know their person by a word alone, and one of them may hold an address.
    verifications.forget_all(session, str(actor.id))
    session.exec(delete(User).where(col(User.id) == actor.id))


def _create(
    session: Session,
    wish: SignUp,
    password_hash: str,
    client: Client,
    replaced: SessionClaims | None,
) -> SignedIn:
    _require_invitation(session, wish, verifications.redeem)
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
    sessions.current(session, actor)
    return _hash_of(session, actor.id)


def _hash_of(session: Session, user_id: UUID) -> str | None:
    return session.exec(select(col(Account.password)).where(_is_password_of(user_id))).first()


def _is_password_of(user_id: UUID) -> ColumnElement[bool]:
    return and_(col(Account.user_id) == user_id, col(Account.provider_id) == CREDENTIAL)


def _open(
    session: Session, proof: Proof, client: Client, remember: bool, replaced: SessionClaims | None
) -> SignedIn:
    user = session.get(User, proof.user_id)
    if user is None or user.disabled_at is not None:
        raise InvalidEmailOrPassword
    # A password that was changed while it was checked has ended all sessions, and opens no other.
    if _hash_of(session, user.id) != proof.password_hash:
        raise InvalidEmailOrPassword
    attempts.succeed(session, proof.attempt)
    sessions.end_presented(session, replaced)
    return sessions.open_session(session, user, client, remember=remember)
