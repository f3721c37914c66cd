"""What routes ask for: who is calling, where from, and a transaction that starts by making sure."""

import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from typing import Annotated, Any, Concatenate, ParamSpec, TypeVar

from fastapi import Depends, Header, Request
from sqlmodel import Session

from dashboard.database.transactions import get_database
from dashboard.errors import DashboardError, FieldError, InvalidInput
from dashboard.models.session import Actor, Client
from dashboard.security import SessionClaims, TokenClaims
from dashboard.services.accounts import api_tokens, authentication
from dashboard.web.client_address import address_of
from dashboard.web.gate import CLAIMS

P = ParamSpec("P")
T = TypeVar("T")

_ENTITY_TAG = re.compile(r'(?P<weak>W/)?"(?P<tag>[\x21\x23-\x7e\x80-\xff]*)"')
_VERSION = re.compile(r"[1-9][0-9]{0,17}")
_NEVER_A_VERSION = 0
SAFE = ("GET", "HEAD")


class Caller:
    """Runs a service in one transaction, on a database thread, as the person of the request's cookie or token."""

    def __init__(self, request: Request, run: Callable[..., Awaitable[Any]]) -> None:
        self._request = request
        self._claims: SessionClaims | TokenClaims = request.scope[CLAIMS]
        self._writes = request.method not in SAFE
        self._run = run
        self._note_use: Callable[[Session], None] | None = None

    async def __call__(
        self,
        service: Callable[Concatenate[Session, Actor, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """What `service(session, actor, …)` returns. Raises NotSignedIn when the session or token has ended,
        TokenNotEnough when the token's scope is too small for a request of this method.
        """

        def as_actor(session: Session) -> T:
            actor = self._identify(session)
            self._request.state.is_identified = True
            return service(session, actor, *args, **kwargs)

        try:
            return await self._run(as_actor)
        finally:
            if self._note_use is not None:
                # What was asked for is done; that it cannot be noted now must not make it look undone.
                with suppress(DashboardError):
                    await get_database().write(self._note_use)

    def _identify(self, session: Session) -> Actor:
        if isinstance(self._claims, SessionClaims):
            holder = authentication.recognize(session, self._claims)
            if holder.is_use_due:
                self._note_use = partial(
                    authentication.note_seen, session_ids=[holder.actor.session_id]
                )
            return holder.actor
        bearer = api_tokens.authenticate(session, self._claims, writes=self._writes)
        if bearer.is_use_due:
            self._note_use = partial(api_tokens.note_use, token_id=bearer.token_id)
        return bearer.actor


async def _reader(request: Request) -> Caller:
    return Caller(request, get_database().read)


async def _writer(request: Request) -> Caller:
    return Caller(request, get_database().write)


def _themselves(_session: Session, actor: Actor) -> Actor:
    return actor


async def who(request: Request) -> Actor:
    """Who sent the request, for what takes more than one transaction. Raises as a Caller does."""
    return await Caller(request, get_database().read)(_themselves)


Read = Annotated[Caller, Depends(_reader)]
"""Calls a service that only looks."""

Write = Annotated[Caller, Depends(_writer)]
"""Calls a service that may change things; what it did is committed before the answer starts."""


Who = Annotated[Actor, Depends(who)]
"""Who sent the request; a service that takes its time makes sure again."""


async def _client(request: Request) -> Client:
    return Client(address_of(request.scope), request.headers.get("user-agent", ""))


From = Annotated[Client, Depends(_client)]
"""Where the request comes from."""


async def _presented(request: Request) -> SessionClaims | None:
    claims = request.scope.get(CLAIMS)
    return claims if isinstance(claims, SessionClaims) else None


Presented = Annotated[SessionClaims | None, Depends(_presented)]
"""What the browser's cookie claims, good or not, where signing in is not required."""


async def _version(
    if_match: Annotated[
        str | None,
        Header(
            alias="If-Match",
            description="Change it only if this is still its `ETag`.",
            examples=['"3"'],
        ),
    ] = None,
) -> int | None:
    if if_match is None or if_match.strip() == "*":
        return None
    tag = _ENTITY_TAG.fullmatch(if_match.strip())
    if tag is None:
        message = 'Send one ETag as it was received, like "3", or an asterisk.'
        raise InvalidInput(FieldError("If-Match", message))
    # RFC 9110: a weak tag never matches here, and neither does one that we never made.
    is_ours = not tag["weak"] and _VERSION.fullmatch(tag["tag"])
    return int(tag["tag"]) if is_ours else _NEVER_A_VERSION


IfMatch = Annotated[int | None, Depends(_version)]
"""The version that a change is meant for; None for whichever there is."""

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        description="1 to 255 printable ASCII characters. The same key once more makes nothing new.",
        examples=["0b7e2c1a-quick-add"],
    ),
]
"""What makes it safe to send a create twice."""
