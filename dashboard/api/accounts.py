"""/api/auth: signing up and signing in."""

from typing import Annotated, Literal

from fastapi import APIRouter, Body
from pydantic import Field
from starlette.responses import Response
from typing_extensions import TypedDict

from dashboard.api.dependencies import From, Presented
from dashboard.api.json_response import Answer
from dashboard.api.openapi import SET_COOKIE, problems
from dashboard.api.routes import OpenRoute
from dashboard.api.sessions import SignedInOut, signed_in_out
from dashboard.errors import (
    InvalidEmailOrPassword,
    InvitationNeeded,
    LinkNotValid,
    MailNotSetUp,
    SetupCodeNeeded,
    SignUpClosed,
    TooBusy,
    TooManyRequests,
    UserAlreadyExists,
)
from dashboard.models.user import Forgotten, PasswordIdea, PasswordReset, SignIn, SignUp
from dashboard.services.accounts import (
    forgotten_passwords,
    login,
    password_strength,
    passwords,
    registration,
    sign_up_policy,
)
from dashboard.services.accounts.password_strength import Verdict
from dashboard.services.accounts.sessions import SignedIn
from dashboard.services.accounts.sign_up_policy import Rule
from dashboard.services.operation import rate_limits
from dashboard.services.operation.api_rate_limit import count_request
from dashboard.web.cookies import session_cookie

_SIGN_UP = {
    "name": "Ada Lovelace",
    "email": "ada@example.org",
    "password": "seven otters juggle figs",
    "timezone": "Europe/London",
}
_SIGN_IN = {"email": "ada@example.org", "password": "seven otters juggle figs", "remember": True}

_RESET = {"token": "what the link has behind its #", "password": "four herons mend a kettle"}
_IDEA = {"password": "seven otters", "name": "Ada Lovelace", "email": "ada@example.org"}

SignUpBody = Annotated[SignUp, Body(examples=[_SIGN_UP])]
SignInBody = Annotated[SignIn, Body(examples=[_SIGN_IN])]
ForgottenBody = Annotated[Forgotten, Body(examples=[{"email": "ada@example.org"}])]
PasswordResetBody = Annotated[PasswordReset, Body(examples=[_RESET])]
PasswordIdeaBody = Annotated[PasswordIdea, Body(examples=[_IDEA])]


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


router = APIRouter(prefix="/api/auth", tags=["Sessions"], route_class=OpenRoute)


@router.get(
    "/sign-up",
    summary="Who may create an account",
    response_model=SignUpRuleOut,
    responses=problems(TooManyRequests),
)
async def see_sign_up_rule(client: From) -> Answer:
    """Everyone, who has an invitation, who has the setup code that a server without an account prints, or none."""
    await count_request(f"rule:{rate_limits.place_of(client.ip_address)}")
    return Answer(SignUpRuleOut(sign_up=await sign_up_policy.current_rule()))


@router.post(
    "/sign-up",
    summary="Create an account",
    status_code=201,
    response_model=SignedInOut,
    responses={
        201: SET_COOKIE,
        **problems(
            *(SignUpClosed, InvitationNeeded, SetupCodeNeeded),
            *(UserAlreadyExists, TooManyRequests, TooBusy),
        ),
    },
)
async def sign_up(wish: SignUpBody, client: From, presented: Presented) -> Answer:
    """Create an account and sign in to it, in place of the session that the request came with."""
    return SignedInAnswer(await registration.sign_up(wish, client, presented), status_code=201)


@router.post(
    "/sign-in",
    summary="Sign in",
    response_model=SignedInOut,
    responses={200: SET_COOKIE, **problems(InvalidEmailOrPassword, TooManyRequests, TooBusy)},
)
async def sign_in(credentials: SignInBody, client: From, presented: Presented) -> Answer:
    """With `remember` the session outlives the browser. It takes the place of the one that the request came with."""
    return SignedInAnswer(await login.sign_in(credentials, client, presented))


@router.post(
    "/forgot-password",
    summary="Ask for a link to choose another password",
    status_code=202,
    response_model=AcceptedOut,
    responses=problems(MailNotSetUp, TooManyRequests),
)
async def forgot_password(forgotten: ForgottenBody, client: From) -> Answer:
    """Sends a mail if there is an account of this address. The answer is the same if there is none."""
    await forgotten_passwords.ask_for_link(forgotten, client)
    return Answer(AcceptedOut(status="accepted"), status_code=202)


@router.post(
    "/reset-password",
    summary="Choose another password by a link",
    status_code=204,
    responses=problems(LinkNotValid, TooManyRequests, TooBusy),
)
async def reset_password(reset: PasswordResetBody, client: From) -> Response:
    """Every session ends; sign in with the new password. The link is used up."""
    await passwords.reset_password(reset, client)
    return Response(status_code=204)


@router.post(
    "/password-strength",
    summary="How hard a password is to guess",
    response_model=VerdictOut,
    responses=problems(TooManyRequests, TooBusy),
)
async def judge_password(idea: PasswordIdeaBody, client: From) -> Answer:
    """The verdict that signing up, or changing a password, would come to. Nothing of it is kept."""
    place = rate_limits.place_of(client.ip_address)
    verdict = await password_strength.judge(
        idea.password, about=(idea.name, idea.email), asker=place
    )
    return Answer(verdict_out(verdict))


def verdict_out(verdict: Verdict) -> VerdictOut:
    return VerdictOut(score=verdict.score, is_strong=verdict.is_strong, advice=verdict.advice)
