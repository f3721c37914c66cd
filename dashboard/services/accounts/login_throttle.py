"""Attempts to sign in: limited and noted before anyone looks at the password, so that many at once are, too.

services/operation/rate_limits.py says how many.
"""

from typing import NamedTuple
from uuid import UUID

from sqlmodel import Session, col, delete, update

from dashboard.models.auth_event import AuthEvent, AuthEventType
from dashboard.models.session import Client
from dashboard.services.accounts import audit
from dashboard.services.operation import rate_limits


class Attempt(NamedTuple):
    """An attempt that was let through."""

    place: str
    """Where it comes from, as far as that is counted."""
    guess: str
    """Where its guess is counted."""
    event_id: UUID | None
    """Its line in the audit trail, which says that it failed until it succeeds; none for an account that is none."""


def admit(session: Session, email: str, user_id: UUID | None, client: Client) -> Attempt:
    """Let someone try a password. Raises TooManyRequests.

    Guesses at one account are counted together, wherever they come from, except from where its owner has signed in
    before: there they are counted apart, so that guesses from elsewhere cannot lock the owner out.
    """
    place = rate_limits.place_of(client.ip_address)
    rate_limits.take(session, rate_limits.SIGN_INS, place)
    rate_limits.take(session, rate_limits.FAILURES, place)
    address = client.ip_address
    is_at_home = user_id is not None and audit.has_arrived_from(session, user_id, address)
    guess = f"{email}\n{place if is_at_home else ''}"
    rate_limits.take_guess(session, guess)
    if user_id is None:
        return Attempt(place, guess, None)
    event = audit.record(session, user_id, AuthEventType.SIGN_IN_FAILED, client)
    return Attempt(place, guess, event.id)


def succeed(session: Session, attempt: Attempt) -> None:
    """It was the right password."""
    rate_limits.give_back(session, rate_limits.FAILURES, attempt.place)
    rate_limits.forget_guesses(session, attempt.guess)
    is_its_line = col(AuthEvent.id) == attempt.event_id
    session.exec(update(AuthEvent).where(is_its_line).values(type=AuthEventType.SIGN_IN))


def withdraw(session: Session, attempt: Attempt) -> None:
    """The password was not checked, because the server was too busy."""
    rate_limits.give_back(session, rate_limits.FAILURES, attempt.place)
    rate_limits.give_back_guess(session, attempt.guess)
    session.exec(delete(AuthEvent).where(col(AuthEvent.id) == attempt.event_id))
