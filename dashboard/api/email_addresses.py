"""/api/account/email: the address that you sign in with, proved by a link that was sent there."""

from typing import Annotated

from fastapi import APIRouter, Body
from starlette.responses import Response

from dashboard.api.dependencies import From, Presented, Who
from dashboard.api.openapi import problems
from dashboard.api.routes import OpenRoute, SessionRoute
from dashboard.errors import LinkNotValid, MailNeeded, PasswordNeeded, TooManyRequests
from dashboard.models.user import EmailChange, EmailProof
from dashboard.services.accounts import email_addresses

EmailChangeBody = Annotated[EmailChange, Body(examples=[{"email": "ada.king@example.org"}])]
EmailProofBody = Annotated[EmailProof, Body(examples=[{"token": "what the link has behind its #"}])]

router = APIRouter(prefix="/api/account/email", tags=["Account"], route_class=SessionRoute)
open_router = APIRouter(prefix="/api/account/email", tags=["Account"], route_class=OpenRoute)


@router.post(
    "",
    summary="Ask for another address",
    status_code=204,
    responses=problems(MailNeeded, PasswordNeeded),
)
async def change_email(who: Who, change: EmailChangeBody, client: From) -> Response:
    """Sends a link to the new address and a notice to the present one; nothing changes until the link is used.

    The answer is the same if somebody has that address. Needs a password entered lately.
    """
    await email_addresses.ask_for_change(who, change, client)
    return Response(status_code=204)


@router.post(
    "/verify",
    summary="Ask for a link that proves your address",
    status_code=204,
    responses=problems(MailNeeded),
)
async def verify_email(who: Who) -> Response:
    """Sends it to your address, unless that is proved. Links of before are worth nothing."""
    await email_addresses.ask_for_proof(who)
    return Response(status_code=204)


@open_router.post(
    "/confirm",
    summary="Prove an address by a link",
    status_code=204,
    responses=problems(LinkNotValid, TooManyRequests),
)
async def confirm_email(proof: EmailProofBody, client: From, presented: Presented) -> Response:
    """You sign in with it from now on. If that is another address than before, your other sessions end."""
    await email_addresses.confirm(proof, client, presented)
    return Response(status_code=204)
