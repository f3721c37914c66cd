"""Errors as HTTP says them: problem+json (RFC 9457) for the API, a page for people, a plain sentence for the rest."""

from collections.abc import Iterable
from urllib.parse import quote

from fastapi.exceptions import RequestValidationError
from pydantic_core import to_json
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Scope
from typing_extensions import TypedDict

from dashboard.errors import (
    DashboardError,
    InvalidInput,
    MethodNotAllowed,
    NotFound,
    TooManyRequests,
    Unavailable,
)
from dashboard.web.error_page import CONTENT_SECURITY_POLICY, error_page, wants_page

PROBLEM_TYPE = "application/problem+json"
HEALTH = ("/healthz", "/readyz")
METRICS = "/metrics"
WATCHED = (*HEALTH, METRICS)
"""Paths for monitoring, which asks the server by its address and not by its name."""


class FieldProblem(TypedDict):
    """What is wrong with one field; the field is empty when it is the whole."""

    field: str
    message: str


class Problem(TypedDict):
    """Why a request was refused (RFC 9457). `code` is for programs, `detail` for people."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    instance: str
    errors: list[FieldProblem]


class ProblemResponse(Response):
    media_type = PROBLEM_TYPE

    def __init__(self, error: DashboardError, instance: str) -> None:
        super().__init__(to_json(describe(error, instance)), error.status, headers_of(error))


def describe(error: DashboardError, instance: str) -> Problem:
    """The problem document of an error."""
    fields = error.errors if isinstance(error, InvalidInput) else ()
    return Problem(
        type=f"/api/docs#{error.code}",
        title=error.code.replace("_", " ").capitalize(),
        status=error.status,
        code=error.code,
        detail=str(error),
        instance=quote(instance),
        errors=[FieldProblem(field=field, message=message) for field, message in fields],
    )


def headers_of(error: DashboardError) -> dict[str, str]:
    """What the status of an error demands beside it."""
    if isinstance(error, TooManyRequests | Unavailable):
        return {"Retry-After": str(error.retry_after)}
    match error.status:
        case 401:
            return {"WWW-Authenticate": 'Session realm="Cairn", Bearer realm="Cairn"'}
        case 408 | 413:
            # The rest of the body is on its way; the client must not take it for the next request.
            return {"Connection": "close"}
    return {}


def is_api(path: str) -> bool:
    """Whether a program asks, which reads problem+json."""
    return path == "/api" or path.startswith("/api/") or path in WATCHED


def refusal(scope: Scope, error: DashboardError) -> Response:
    """The answer to a request that goes no further."""
    if is_api(scope["path"]):
        return ProblemResponse(error, scope["path"])
    if wants_page(scope):
        policy = {"Content-Security-Policy": CONTENT_SECURITY_POLICY}
        return HTMLResponse(error_page(error), error.status, headers_of(error) | policy)
    return PlainTextResponse(f"{error}\n", error.status, headers_of(error))


async def answer_error(request: Request, error: DashboardError) -> Response:
    """How the API answers an error of the family."""
    return ProblemResponse(error, request.scope["path"])


async def answer_invalid_input(request: Request, error: RequestValidationError) -> Response:
    """How it answers what FastAPI itself found wrong with the input."""
    return ProblemResponse(InvalidInput.from_pydantic(error.errors()), request.scope["path"])


async def answer_no_route(request: Request, error: HTTPException) -> Response:
    """How it answers when no route is meant: the address does not exist, or takes other methods."""
    path = request.scope["path"]
    if error.status_code != 405:
        return ProblemResponse(NotFound(), path)
    response = ProblemResponse(MethodNotAllowed(), path)
    response.headers["Allow"] = ", ".join(_methods(request.app.routes, path))
    return response


def _methods(routes: Iterable[Route], path: str) -> list[str]:
    methods = {m for route in routes if route.path_regex.match(path) for m in route.methods or ()}
    return sorted(methods | {"HEAD"} if "GET" in methods else methods)
