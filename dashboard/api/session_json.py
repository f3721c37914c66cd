"""Who is signed in, as JSON. Neither the token nor its hash has a field here."""

from collections.abc import Sequence
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Body
from pydantic import Field
from typing_extensions import TypedDict

from dashboard.api.json_response import Answer, Moment, moment
from dashboard.models.session import UserSession
from dashboard.models.user import (
    Forgotten,
    PasswordAgain,
    PasswordChange,
    PasswordIdea,
    PasswordReset,
    SignIn,
    SignUp,
    User,
)
from dashboard.services.accounts.devices import Kind, describe
from dashboard.services.accounts.password_strength import Verdict
from dashboard.services.accounts.sessions import OwnSession, SignedIn
from dashboard.services.accounts.sign_up_policy import Rule
from dashboard.web.cookies import session_cookie

_SIGN_UP = {
    "name": "Ada Lovelace",
    "email": "ada@example.org",
    "password": "seven otters juggle figs",
    "timezone": "Europe/London",
}
_SIGN_IN = {"email": "ada@example.org", "password": "seven otters juggle figs", "remember": True}

SignUpBody = Annotated[SignUp, Body(examples=[_SIGN_UP])]
SignInBody = Annotated[SignIn, Body(examples=[_SIGN_IN])]
_CHANGE = {
    "current_password": "seven otters juggle figs",
    "new_password": "four herons mend a kettle",
}
_RESET = {"token": "what the link has behind its #", "password": "four herons mend a kettle"}
_IDEA = {"password": "seven otters", "name": "Ada Lovelace", "email": "ada@example.org"}

PasswordChangeBody = Annotated[PasswordChange, Body(examples=[_CHANGE])]
ForgottenBody = Annotated[Forgotten, Body(examples=[{"email": "ada@example.org"}])]
PasswordResetBody = Annotated[PasswordReset, Body(examples=[_RESET])]
PasswordIdeaBody = Annotated[PasswordIdea, Body(examples=[_IDEA])]
PasswordBody = Annotated[PasswordAgain, Body(examples=[{"password": "seven otters juggle figs"}])]
SET_COOKIE = {
    "headers": {"Set-Cookie": {"schema": {"type": "string"}, "description": "The session."}}
}


class UserOut(TypedDict):
    """A person with an account."""

    id: UUID
    name: str
    email: str
    email_verified: bool
    timezone: str
    image: str | None
    created_at: Moment
    updated_at: Moment


class SessionOut(TypedDict):
    """A signed-in browser or program."""

    id: UUID
    created_at: Moment
    expires_at: Moment
    remember: bool


class OwnSessionOut(SessionOut):
    """One of your sessions, and what is known of the device that it was opened on."""

    is_current: Annotated[bool, Field(description="Whether it is the one that asks.")]
    last_seen_at: Annotated[
        Moment, Field(description="To about a minute: a page is open, or a request came.")
    ]
    browser: str
    system: str
    device: Kind
    ip_address: str


class OwnSessionsOut(TypedDict):
    """Your sessions."""

    items: list[OwnSessionOut]


class SignedInOut(TypedDict):
    """Who is signed in, and by which session."""

    user: UserOut
    session: SessionOut


class AcceptedOut(TypedDict):
    """It will be done."""

    status: Literal["accepted"]


class SignUpRuleOut(TypedDict):
    """Who may create an account."""

    sign_up: Rule


class VerdictOut(TypedDict):
    """How hard a password is to guess."""

    score: Annotated[int, Field(ge=0, le=4, description="Of zxcvbn; 3 is enough.")]
    is_strong: bool
    advice: Annotated[str, Field(description="Why it is too easy; empty when it is not.")]


class SignedInAnswer(Answer):
    """Who has just signed in; the cookie that proves it from now on."""

    def __init__(self, signed_in: SignedIn, status_code: int = 200) -> None:
        cookie = session_cookie(signed_in.token, signed_in.session)
        content = signed_in_out(signed_in.user, signed_in.session)
        super().__init__(content, status_code, {"Set-Cookie": cookie})


def signed_in_out(user: User, session: UserSession) -> SignedInOut:
    return SignedInOut(
        user=user_out(user),
        session=_session_out(session),
    )


def user_out(user: User) -> UserOut:
    return UserOut(
        id=user.id,
        name=user.name,
        email=user.email,
        email_verified=user.email_verified,
        timezone=user.timezone,
        image=user.image,
        created_at=moment(user.created_at),
        updated_at=moment(user.updated_at),
    )


def own_sessions_out(sessions: Sequence[OwnSession]) -> OwnSessionsOut:
    return OwnSessionsOut(items=[own_session_out(*each) for each in sessions])


def own_session_out(row: UserSession, is_current: bool) -> OwnSessionOut:
    browser, system, kind = describe(row.user_agent)
    return OwnSessionOut(
        **_session_out(row),
        is_current=is_current,
        last_seen_at=moment(row.last_seen_at),
        browser=browser,
        system=system,
        device=kind,
        ip_address=row.ip_address,
    )


def _session_out(session: UserSession) -> SessionOut:
    return SessionOut(
        id=session.id,
        created_at=moment(session.created_at),
        expires_at=moment(session.expires_at),
        remember=session.remember,
    )


def verdict_out(verdict: Verdict) -> VerdictOut:
    return VerdictOut(score=verdict.score, is_strong=verdict.is_strong, advice=verdict.advice)
