"""Whatever the OpenAPI document allows, and whatever it forbids: the answers are those that it announces."""

import os
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.openapi import from_dict
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from dashboard.api.app import create_api
from dashboard.api.openapi import openapi
from dashboard.services.accounts.sessions import SignedIn
from dashboard.web.cookies import cookie_name
from dashboard.web.gate import Gate
from tests.api.conftest import ORIGIN, on_sqlite

EXAMPLES = int(os.environ.get("CONTRACT_EXAMPLES", "25"))
"""For each route, well-formed and not; thousands are for a machine with ten minutes to spare."""

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
SCHEMA = from_dict(openapi(create_api()))
# The test signs in by itself; made-up cookies beside that would only sign out again.
SCHEMA.config.generation.update(with_security_parameters=False)
ROUTES = sorted(
    f"{method.upper()} {path}"
    for path, methods in SCHEMA.raw_schema["paths"].items()
    for method in methods
)


@pytest.fixture
def operation(program: Gate, request: pytest.FixtureRequest) -> APIOperation:
    """One route of the program that runs."""
    method, path = request.param.split()
    SCHEMA.app = program
    return SCHEMA[path][method]


@pytest.mark.slow
@on_sqlite
@pytest.mark.parametrize("operation", ROUTES, indirect=True)
def test_every_answer_is_one_that_the_document_announces(
    operation: APIOperation, make_person: Callable[..., SignedIn]
) -> None:
    ana = make_person()
    cases: Any = st.one_of([operation.as_strategy(mode) for mode in GenerationMode])

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        suppress_health_check=[
            HealthCheck.filter_too_much,
            HealthCheck.function_scoped_fixture,
            HealthCheck.large_base_example,
            HealthCheck.too_slow,
        ],
    )
    @given(
        case=cases,
        is_signed_in=st.sampled_from([True] * 9 + [False]),
    )
    def check(case: Case, is_signed_in: bool) -> None:
        nonlocal ana
        headers = {"Host": "localhost", "Origin": ORIGIN}
        if is_signed_in:
            headers["Cookie"] = f"{cookie_name()}={ana.token}"
        response = case.call(headers=headers)
        case.validate_response(response, checks=CHECKS)
        if is_signed_in and response.status_code in (204, 401):
            # What was asked for may have ended the session.
            ana = make_person()

    check()
