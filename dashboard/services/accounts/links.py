"""Addresses that a person opens to do one thing once. The secret is in the fragment, which no server is told."""

from sqlmodel import Session

from dashboard.config import get_settings
from dashboard.models.user import User
from dashboard.services.accounts import verifications
from dashboard.services.accounts.verifications import EMAIL, INVITATION, RESET


def reset_link(session: Session, user: User) -> str:
    """Where the user chooses another password, within an hour."""
    return f"{origin()}/reset-password#{verifications.issue(session, RESET, str(user.id))}"


def email_link(session: Session, user: User, email: str) -> str:
    """Where the user proves within a day that an address is theirs, and signs in with it from then on."""
    return f"{origin()}/confirm-email#{verifications.issue(session, EMAIL, str(user.id), email)}"


def invitation_link(session: Session) -> str:
    """Where someone creates an account, within a week, also where that needs an invitation."""
    return f"{origin()}/sign-up#{verifications.issue(session, INVITATION)}"


def origin() -> str:
    return get_settings().public_url
