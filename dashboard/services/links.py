"""Addresses that a person opens to do one thing once. The secret is in the fragment, which no server is told."""

from sqlmodel import Session

from dashboard.config import get_settings
from dashboard.models.user import User
from dashboard.services import verifications
from dashboard.services.verifications import INVITATION, RESET


def reset_link(session: Session, user: User) -> str:
    """Where the user chooses another password, within an hour."""
    return f"{_origin()}/reset-password#{verifications.issue(session, RESET, str(user.id))}"


def invitation_link(session: Session) -> str:
    """Where someone creates an account, within a week, also where that needs an invitation."""
    return f"{_origin()}/sign-up#{verifications.issue(session, INVITATION)}"


def _origin() -> str:
    return get_settings().public_url
