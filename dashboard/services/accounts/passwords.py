"""The password of an account: entered once more, changed, or replaced by a link.

Async, because a password is hashed between two transactions.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_
from sqlmodel import Session, col, select, update

from dashboard import clock
from dashboard.database.transactions import get_database
from dashboard.errors import LinkNotValid, TooBusy, WrongPassword
from dashboard.models.account import CREDENTIAL, Account
from dashboard.models.auth_event import AuthEventType
from dashboard.models.session import Actor, Client
from dashboard.models.user import PasswordChange, PasswordReset, User
from dashboard.services.accounts import (
    api_tokens,
    audit,
    password_hashing,
    password_strength,
    sessions,
    verifications,
)
from dashboard.services.accounts.sessions import SignedIn
from dashboard.services.accounts.verifications import RESET, Follow
from dashboard.services.operation import rate_limits


async def confirm(actor: Actor, password: str, client: Client) -> None:
    """Take the password once more, for what asks for it.

    Raises WrongPassword, NotSignedIn, TooManyRequests, TooBusy.
    """
    await require(actor, password, client)
    await get_database().write(sessions.freshen, actor)


async def change_password(actor: Actor, change: PasswordChange, client: Client) -> SignedIn:
    """Take another password from now on: all sessions end, and this device gets a new one.

    Raises WrongPassword, InvalidInput (a weak password), NotSignedIn, TooManyRequests, TooBusy.
    """
    old_hash = await require(actor, change.current_password, client)
    user, _row = await get_database().read(sessions.current, actor)
    await password_strength.require_strong(
        change.new_password,
        about=(user.name, user.email),
        asker=str(actor.id),
        field="new_password",
    )
    new_hash = await password_hashing.make_hash(change.new_password)
    return await get_database().write(_replace_password, actor, old_hash, new_hash, client)


async def reset_password(reset: PasswordReset, client: Client) -> None:
    """Set another password for the holder of a link; all sessions and API tokens end.

    Raises LinkNotValid, InvalidInput (a weak password), TooManyRequests, TooBusy.
    """
    place = rate_limits.place_of(client.ip_address)
    await get_database().write(rate_limits.take, rate_limits.SIGN_INS, place)
    user = await get_database().read(_whose_link, reset.token, verifications.look)
    await password_strength.require_strong(
        reset.password, about=(user.name, user.email), asker=place
    )
    new_hash = await password_hashing.make_hash(reset.password)
    await get_database().write(_reset_password, reset.token, new_hash, client)


def changed_at(session: Session, actor: Actor) -> datetime | None:
    """When the password became what it is; None for who signs in by other ways."""
    return session.exec(select(col(Account.updated_at)).where(_is_password_of(actor.id))).first()


async def require(actor: Actor, password: str, client: Client) -> str | None:
    """The hash that the password matches. A wrong one is noted.

    Raises WrongPassword, NotSignedIn, TooManyRequests, TooBusy.
    """
    with password_hashing.turn_of(actor.id):
        password_hash = await get_database().write(_take_guess, actor)
        try:
            is_right = await password_hashing.matches(password, password_hash)
        except TooBusy:
            await get_database().write(rate_limits.give_back_guess, str(actor.id))
            raise
    if not is_right:
        await get_database().write(_note_refusal, actor, client)
        raise WrongPassword
    await get_database().write(rate_limits.forget_guesses, str(actor.id))
    return password_hash


def hash_of(session: Session, user_id: UUID) -> str | None:
    """What is kept of a user's password; None for who signs in by other ways."""
    return session.exec(select(col(Account.password)).where(_is_password_of(user_id))).first()


def _note_refusal(session: Session, actor: Actor, client: Client) -> None:
    user, _row = sessions.current(session, actor)
    audit.record(session, user.id, AuthEventType.PASSWORD_REFUSED, client)


def _take_guess(session: Session, actor: Actor) -> str | None:
    rate_limits.take_guess(session, str(actor.id))
    sessions.current(session, actor)
    return hash_of(session, actor.id)


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
    # A person who knew the old one may have asked for another address, or have a link to undo this.
    verifications.forget_all(session, str(user.id))
    sessions.end_sessions_of(session, user.id)
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
    sessions.end_sessions_of(session, user.id)


def _is_password_of(user_id: UUID) -> ColumnElement[bool]:
    return and_(col(Account.user_id) == user_id, col(Account.provider_id) == CREDENTIAL)
