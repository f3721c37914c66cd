"""How every route begins and ends: what is refused before it runs, and what a bug in it looks like from outside."""

import json
import logging
from collections.abc import Callable
from typing import Any

from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from dashboard.api.dependencies import SAFE, who
from dashboard.api.direct import Handler, direct
from dashboard.api.openapi import BY_SESSION, SIGNED_IN, problems
from dashboard.config import get_settings
from dashboard.errors import (
    BodyTooLarge,
    DashboardError,
    FieldError,
    ForeignOrigin,
    InvalidInput,
    MisdirectedRequest,
    NoRoom,
    NotFound,
    NotSignedIn,
    Overloaded,
    RequestTimedOut,
    TokenNotEnough,
    TooManyRequests,
    Unavailable,
    UnsupportedMediaType,
)
from dashboard.security import MonitorClaims, SessionClaims, TokenClaims
from dashboard.services.accounts import api_tokens, authentication
from dashboard.services.operation import rate_limits
from dashboard.services.operation.api_rate_limit import count_request
from dashboard.web.bodies import require_few_parts
from dashboard.web.client_address import address_of
from dashboard.web.gate import CLAIMS

logger = logging.getLogger(__name__)

Problems = tuple[type[DashboardError], ...]

_OF_EVERY_ROUTE: Problems = (
    *(MisdirectedRequest, InvalidInput, DashboardError, Unavailable),
    Overloaded,
)
_OF_WRITES: Problems = (
    *(ForeignOrigin, RequestTimedOut, BodyTooLarge, UnsupportedMediaType),
    *(NoRoom, TooManyRequests),
)


class OpenRoute(APIRoute):
    """A route for everyone. Writes have to come from our own pages, or from a program that says so."""

    takes_tokens = False
    own_problems: Problems = ()
    problems_of_own_writes: Problems = ()

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        errors = (*_OF_EVERY_ROUTE, *self.own_problems)
        if not set(SAFE).issuperset(options["methods"]):
            errors += (*_OF_WRITES, *self.problems_of_own_writes)
        options["responses"] = problems(*errors, beside=options["responses"])
        options["operation_id"] = endpoint.__name__
        super().__init__(path, endpoint, **options)

    def get_route_handler(self) -> Handler:
        handle = direct(self, super().get_route_handler())
        takes_query = bool(self.dependant.query_params)

        async def checked(request: Request) -> Response:
            request = _JsonRequest(request.scope, request.receive)
            if request.method not in SAFE:
                # No browser sends a token by itself: a client that has one means what it sends.
                if not (self.takes_tokens and _has_token(request)):
                    _check_origin(request)
                await _check_body(request)
            _check_query(request, takes_query=takes_query)
            return await handle(request)

        return _without_surprises(checked)


class MonitorRoute(OpenRoute):
    """A route for monitoring, which answers 404 where there is no METRICS_TOKEN."""

    own_problems = (NotFound, NotSignedIn)

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()

        async def watched(request: Request) -> Response:
            if not get_settings().metrics_token:
                raise NotFound
            if not isinstance(request.scope.get(CLAIMS), MonitorClaims):
                raise NotSignedIn
            return await handle(request)

        return watched


class SignedInRoute(OpenRoute):
    """A route for who is signed in, and for their programs: others learn nothing from it, not even what is wrong with
    their input.
    """

    takes_tokens = True
    own_problems = (NotSignedIn, TooManyRequests)
    problems_of_own_writes = (TokenNotEnough,)
    security = SIGNED_IN

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, endpoint, **options | {"openapi_extra": self.security})

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()

        async def signed_in(request: Request) -> Response:
            claims: SessionClaims | TokenClaims | None = request.scope.get(CLAIMS)
            if claims is None:
                raise NotSignedIn
            await count_request(_counted_as(request, claims))
            try:
                return await answered(request)
            except NotSignedIn:
                if isinstance(claims, SessionClaims):
                    authentication.remember_end(claims.session_id)
                raise

        async def answered(request: Request) -> Response:
            try:
                return await handle(request)
            except (ForeignOrigin, UnsupportedMediaType, InvalidInput, RequestValidationError):
                # Refused before the service could ask the row of the session or token, which comes first.
                if not getattr(request.state, "is_identified", False):
                    await who(request)
                raise

        return signed_in


class SessionRoute(SignedInRoute):
    """A route for who is signed in themselves: a token may not manage its account, nor make more of its kind."""

    takes_tokens = False
    own_problems = (NotSignedIn, TokenNotEnough, TooManyRequests)
    security = BY_SESSION

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()

        async def by_session(request: Request) -> Response:
            if _has_token(request):
                await who(request)
                raise TokenNotEnough
            return await handle(request)

        return by_session


def _counted_as(request: Request, claims: SessionClaims | TokenClaims) -> str:
    # Whose a new token is, and whether a session has ended, only the row says, and the limit is there to spare the
    # database. So the first request counts as it claims to.
    if isinstance(claims, SessionClaims):
        owner = None if authentication.is_remembered_as_ended(claims.session_id) else claims.user_id
    else:
        owner = api_tokens.remembered_owner(claims)
    return str(owner) if owner else f"token:{rate_limits.place_of(address_of(request.scope))}"


def _has_token(request: Request) -> bool:
    return isinstance(request.scope.get(CLAIMS), TokenClaims)


def _without_surprises(handle: Handler) -> Handler:
    """What is not of the family is a bug: it goes to the log whole, and to the client as a mere 500."""

    async def quiet(request: Request) -> Response:
        try:
            return await handle(request)
        except (DashboardError, RequestValidationError):
            raise
        except Exception as error:
            logger.exception("%s %s failed", request.method, request.scope["route"].path)
            raise DashboardError from error

    return quiet


def _check_origin(request: Request) -> None:
    """A write was started by one of our own pages, or by a program that names our origin."""
    origins = request.headers.getlist("origin")
    if origins:
        ours = origins == [get_settings().public_url]
    else:
        ours = request.headers.get("sec-fetch-site") in ("same-origin", "none")
    if not ours:
        raise ForeignOrigin


class _JsonRequest(Request):
    """A request whose JSON names each field once: of a name that comes twice, only the sender knows which was meant."""

    async def json(self) -> Any:
        """The body, parsed once. Raises InvalidInput."""
        if not hasattr(self, "_parsed"):
            try:
                self._parsed = json.loads(await self.body(), object_pairs_hook=_named_once)
            except (ValueError, RecursionError):
                raise InvalidInput(FieldError("", "The body is not valid JSON.")) from None
        return self._parsed


def _named_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise InvalidInput(FieldError("", "A field was given more than once in the JSON."))
    return fields


async def _check_body(request: Request) -> None:
    """Only JSON, which no other site's form can send, and of few parts; nothing at all needs no type."""
    if not await request.body():
        return
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise UnsupportedMediaType
    require_few_parts(await request.json())


def _check_query(request: Request, *, takes_query: bool) -> None:
    names = [name for name, _value in request.query_params.multi_items()]
    if names and not takes_query:
        raise InvalidInput(FieldError("", "This address takes no query parameters."))
    if len(names) != len(set(names)):
        raise InvalidInput(FieldError("", "A query parameter was given more than once."))
