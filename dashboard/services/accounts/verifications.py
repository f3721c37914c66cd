"""Links that do one thing once: a secret in the link, its hash in the database, gone when it is used."""

from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

from sqlmodel import Session, col, delete, select

from dashboard import clock, security
from dashboard.errors import LinkNotValid
from dashboard.models.verification import Verification


class Purpose(NamedTuple):
    """What a link is for, and how long it can be used."""

    name: str
    lasts: timedelta


Follow = Callable[[Session, Purpose, str], str]
"""To look at what a link is about, or to use it up: `look` or `redeem`."""

RESET = Purpose("reset", timedelta(hours=1))
"""Another password for the user whose id it is about."""
EMAIL = Purpose("email", timedelta(days=1))
"""Proof that an address, which the link carries, is that of the user whose id it is about."""
INVITATION = Purpose("invitation", timedelta(days=7))
"""An account where sign-up is by invitation; not tied to a person."""


def issue(session: Session, purpose: Purpose, about: str = "", payload: str | None = None) -> str:
    """A secret for a link. An older one about the same person and for the same purpose is worth nothing any more."""
    if about:
        forget(session, purpose, about)
    secret = security.new_token_id()
    session.add(
        Verification(
            identifier=f"{purpose.name}:{about}",
            value=security.token_hash(secret),
            payload=payload,
            expires_at=clock.now() + purpose.lasts,
        )
    )
    return secret


def forget(session: Session, purpose: Purpose, about: str) -> None:
    """Make every link about this person and for this purpose worth nothing."""
    is_theirs = col(Verification.identifier) == f"{purpose.name}:{about}"
    session.exec(delete(Verification).where(is_theirs))


def forget_all(session: Session, about: str) -> None:
    """Make every link about this person worth nothing."""
    for purpose in (RESET, EMAIL):
        forget(session, purpose, about)


def payload(session: Session, purpose: Purpose, secret: str) -> str:
    """What a link carries. Raises LinkNotValid."""
    carried = session.exec(select(Verification.payload).where(*_is_good(purpose, secret))).first()
    if carried is None:
        raise LinkNotValid
    return carried


def look(session: Session, purpose: Purpose, secret: str) -> str:
    """What a secret is about, which stays as good as it was. Raises LinkNotValid."""
    identifier = session.exec(
        select(Verification.identifier).where(*_is_good(purpose, secret))
    ).first()
    return _about(purpose, identifier)


def redeem(session: Session, purpose: Purpose, secret: str) -> str:
    """What a secret is about, which is used up by this: of many at once, one succeeds. Raises LinkNotValid."""
    used = delete(Verification).where(*_is_good(purpose, secret))
    identifier = session.execute(used.returning(col(Verification.identifier))).scalar()
    return _about(purpose, identifier)


def _is_good(purpose: Purpose, secret: str) -> tuple:
    return (
        col(Verification.value) == security.token_hash(secret),
        col(Verification.identifier).startswith(f"{purpose.name}:", autoescape=True),
        col(Verification.expires_at) > clock.now(),
    )


def _about(purpose: Purpose, identifier: str | None) -> str:
    if identifier is None:
        raise LinkNotValid
    return identifier.removeprefix(f"{purpose.name}:")
