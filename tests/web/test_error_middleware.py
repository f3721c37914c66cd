"""Whatever breaks, people get a page and programs a problem, and neither learns more than that it broke."""

from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from dashboard.web.error_middleware import ErrorMiddleware
from dashboard.web.gate import Gate
from tests.api.conftest import ORIGIN, on_sqlite

pytestmark = on_sqlite

A_PERSON = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
SECRET = "the secret of the traceback"


@pytest.fixture
async def visitor(program: Gate) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(ErrorMiddleware(program))
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
        yield client


async def breaks(_scope: Scope, _receive: Receive, _send: Send) -> None:
    raise RuntimeError(SECRET)


async def breaks_in_the_middle(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    raise RuntimeError(SECRET)


async def test_a_person_gets_a_page_that_says_what_happened_and_what_to_do(visitor, reflex):
    reflex.answer = breaks
    response = await visitor.get("/nowhere", headers=A_PERSON)
    assert response.status_code == 500
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert response.headers["Cache-Control"] == "no-store"
    assert "style-src 'sha256-" in response.headers["Content-Security-Policy"]
    for words in ("<h1>Something went wrong</h1>", "Nothing was changed", "kept", "Try again"):
        assert words in response.text
    assert SECRET not in response.text


async def test_a_program_gets_a_sentence(visitor, reflex):
    reflex.answer = breaks
    response = await visitor.get("/nowhere")
    assert response.status_code == 500
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert SECRET not in response.text


async def test_the_api_answers_with_a_problem_even_then(visitor, api):
    api.router.add_route("/api/broken", breaks_at_once)
    response = await visitor.get("/api/broken")
    assert response.status_code == 500
    assert response.headers["Content-Type"] == "application/problem+json"


async def breaks_at_once(_request):
    raise RuntimeError(SECRET)


async def test_an_answer_that_only_says_that_it_failed_becomes_a_page(visitor, reflex):
    reflex.answer = PlainTextResponse("Internal Server Error", 500)
    assert "Something went wrong" in (await visitor.get("/nowhere", headers=A_PERSON)).text
    reflex.answer = PlainTextResponse("Service Unavailable", 503)
    response = await visitor.get("/nowhere", headers=A_PERSON)
    assert "Out of reach for a moment" in response.text
    assert response.headers["Retry-After"]


async def test_an_answer_that_broke_off_is_not_ended(visitor, reflex):
    reflex.answer = breaks_in_the_middle
    with pytest.raises(RuntimeError):
        await visitor.get("/nowhere", headers=A_PERSON)


async def test_a_refused_person_gets_a_page_too(visitor):
    response = await visitor.get("/", headers=A_PERSON | {"Host": "evil.example"})
    assert response.status_code == 421
    assert "This page cannot be shown" in response.text
    assert "evil.example" not in response.text


async def test_what_works_is_passed_on_as_it_is(visitor):
    response = await visitor.get("/nowhere", headers=A_PERSON)
    assert (response.status_code, response.text) == (200, "a page")


async def test_a_failure_is_in_the_log(visitor, reflex, caplog):
    reflex.answer = breaks
    await visitor.get("/nowhere")
    assert SECRET in caplog.text
