"""The OpenAPI document: what FastAPI derives from the routes, and what it cannot know."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import TypeAdapter

from dashboard.errors import DashboardError
from dashboard.web.cookies import cookie_name
from dashboard.web.problems import PROBLEM_TYPE, Problem, describe, headers_of

Responses = dict[int | str, dict[str, Any]]

BY_SESSION = {"security": [{"session": []}]}
"""Of an operation: it needs the session cookie."""
SIGNED_IN = {"security": [{"session": []}, {"token": []}]}
"""Of an operation: it needs the session cookie, or an API token."""

ETAG = {"headers": {"ETag": {"schema": {"type": "string"}, "example": '"3"'}}}
LOCATION = {
    "headers": {
        **ETAG["headers"],
        "Location": {"schema": {"type": "string"}, "example": "/api/tasks/0192f0c1-…"},
    }
}
SET_COOKIE = {
    "headers": {"Set-Cookie": {"schema": {"type": "string"}, "description": "The session."}}
}

_REFERENCE = "#/components/schemas/{model}"
_ABOUT = """\
Everything that the screen does, for programs. Bodies are JSON; every refusal is `application/problem+json`.
docs/api.md in the repository says it in sentences, with examples for curl.
"""


def problems(
    *errors: type[DashboardError], beside: Mapping[int | str, dict[str, Any]] | None = None
) -> Responses:
    """How the refusals of a route are documented: one response a status, one example a kind of error."""
    by_status: dict[int | str, list[DashboardError]] = defaultdict(list)
    for kind in errors:
        by_status[kind.status].append(kind())
    responses: Responses = {status: _refusals(kinds) for status, kinds in by_status.items()}
    for status, response in (beside or {}).items():
        responses[status] = _joined(responses.get(status), response)
    return responses


def openapi(api: FastAPI) -> dict[str, Any]:
    """The whole document; made once."""
    if api.openapi_schema is None:
        document = get_openapi(
            title=api.title, version=api.version, description=_ABOUT, routes=api.routes
        )
        components = document.setdefault("components", {})
        components.setdefault("schemas", {}).update(_problem_schemas())
        components["securitySchemes"] = {
            "session": {
                "type": "apiKey",
                "in": "cookie",
                "name": cookie_name(),
                "description": "Set by signing in; HttpOnly.",
            },
            "token": {
                "type": "http",
                "scheme": "bearer",
                "description": "An API token; writes need one of the scope `write`.",
            },
        }
        for methods in document["paths"].values():
            for operation in methods.values():
                operation["responses"] = dict(sorted(operation["responses"].items()))
        api.openapi_schema = document
    return api.openapi_schema


def _refusals(errors: Iterable[DashboardError]) -> dict[str, Any]:
    errors = list(errors)
    response: dict[str, Any] = {
        "description": HTTPStatus(errors[0].status).phrase,
        "content": {
            PROBLEM_TYPE: {
                "schema": {"$ref": _REFERENCE.format(model=Problem.__name__)},
                "examples": {
                    error.code: {"summary": str(error), "value": describe(error, "/api/tasks")}
                    for error in errors
                },
            }
        },
    }
    names = {name for error in errors for name in headers_of(error)}
    if names:
        response["headers"] = {name: {"schema": {"type": "string"}} for name in sorted(names)}
    return response


def _joined(ours: dict[str, Any] | None, given: dict[str, Any]) -> dict[str, Any]:
    """Two descriptions of one status as one: the examples of both."""
    if ours is None:
        return given
    examples = ours["content"][PROBLEM_TYPE]["examples"]
    examples.update(given["content"][PROBLEM_TYPE]["examples"])
    return ours


def _problem_schemas() -> dict[str, Any]:
    schema = TypeAdapter(Problem).json_schema(ref_template=_REFERENCE, mode="serialization")
    return {**schema.pop("$defs"), Problem.__name__: schema}
