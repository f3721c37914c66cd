"""Who may create an account: everyone, who has an invitation, who can read the log of a new server, or none."""

import hmac
from typing import Literal

from sqlmodel import Session, col, select

from dashboard import security
from dashboard.config import get_settings, signing_secrets
from dashboard.database.transactions import get_database
from dashboard.errors import InvitationNeeded, LinkNotValid, SetupCodeNeeded, SignUpClosed
from dashboard.models.user import User
from dashboard.services.accounts import links, verifications
from dashboard.services.accounts.verifications import INVITATION, Follow
from dashboard.services.operation import rate_limits

Rule = Literal["open", "invitation", "setup_code", "closed"]


def rule(session: Session) -> Rule:
    """What the settings say. Where they say nothing, a server for more than this machine asks for a setup code first,
    so that it does not belong to the first stranger who finds it, and for invitations from then on.
    """
    settings = get_settings()
    if settings.sign_up is not None:
        return settings.sign_up
    if settings.is_local:
        return "open"
    return "invitation" if _has_accounts(session) else "setup_code"


async def current_rule() -> Rule:
    """`rule`, for a person who is about to sign up."""
    return await get_database().read(rule)


def require_permission(session: Session, shown: str) -> None:
    """Raises SignUpClosed, InvitationNeeded or SetupCodeNeeded unless what is shown allows an account."""
    _require(session, shown, verifications.look)


def use_permission(session: Session, shown: str) -> None:
    """The same, and an invitation is used up by it: of many who come with one at once, one may create an account."""
    if rule(session) == "setup_code":
        # Who comes second with the code finds the account of the first.
        rate_limits.wait_for_turn(session, "first account")
    _require(session, shown, verifications.redeem)


def _require(session: Session, shown: str, follow: Follow) -> None:
    needed = rule(session)
    if needed == "closed":
        raise SignUpClosed
    if needed == "open" or (needed == "setup_code" and _is_setup_code(shown)):
        return
    try:
        follow(session, INVITATION, shown)
    except LinkNotValid:
        raise SetupCodeNeeded if needed == "setup_code" else InvitationNeeded from None


def setup_code() -> str:
    """What lets somebody create the first account. It stays the same for as long as the secret does."""
    return security.setup_code(signing_secrets(get_settings())[0])


def setup_link() -> str:
    """Where somebody creates the first account without typing the code."""
    return f"{links.origin()}/sign-up#{setup_code()}"


def _is_setup_code(shown: str) -> bool:
    return hmac.compare_digest(_plain(shown), _plain(setup_code()))


def _plain(code: str) -> bytes:
    return "".join(filter(str.isalnum, code)).upper().encode()


def _has_accounts(session: Session) -> bool:
    return session.exec(select(col(User.id)).limit(1)).first() is not None
