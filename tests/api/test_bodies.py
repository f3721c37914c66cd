"""Bodies that are too large or too slow."""

import asyncio
import json
from collections.abc import Sequence

import httpx
import pytest
from starlette.types import Message

from dashboard.api import bodies
from dashboard.api.bodies import LARGEST_BODY
from tests.api.conftest import on_sqlite

pytestmark = on_sqlite


async def exchange(program, messages: Sequence[Message | float], path="/api/tasks", **headers: str):
    """The status and body that a request gets whose messages arrive like this; a number is a pause in seconds."""
    sent: list[Message] = []
    waiting = iter(messages)

    async def receive() -> Message:
        message = next(waiting, None)
        if message is None:
            await asyncio.Event().wait()
        if isinstance(message, int | float):
            await asyncio.sleep(message)
            return await receive()
        assert message is not None
        return message

    async def send(message: Message) -> None:
        sent.append(message)

    pairs = {"host": "localhost", "origin": "http://localhost:3000", **headers}.items()
    scope = {
        "type": "http",
        "method": "POST",
        "path": path,
        "query_string": b"",
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in pairs],
    }
    await program(scope, receive, send)
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:]).decode()


def chunk(body: bytes, *, more: bool = True) -> Message:
    return {"type": "http.request", "body": body, "more_body": more}


async def test_a_body_larger_than_256_kb_is_a_413(ana_client, nobody, reflex):
    body = b" " * (LARGEST_BODY + 1)
    response = await ana_client.post("/api/tasks", content=body)
    assert (response.status_code, response.json()["code"]) == (413, "BODY_TOO_LARGE")
    assert response.headers["Connection"] == "close"
    page = await nobody.post("/sign-in", content=body)
    assert (page.status_code, page.headers["Content-Type"]) == (413, "text/plain; charset=utf-8")
    assert not reflex.scopes


async def test_a_body_of_256_kb_is_read(ana_client):
    body = json.dumps({"title": "Milk"}).encode().ljust(LARGEST_BODY)
    headers = {"Content-Type": "application/json"}
    response = await ana_client.post("/api/tasks", content=body, headers=headers)
    assert response.status_code == 201


async def test_a_body_that_does_not_say_how_large_it_is_is_counted(ana_client):
    async def chunks():
        for _ in range(257):
            yield b" " * 1024

    response = await ana_client.post("/api/tasks", content=chunks())
    assert response.status_code == 413


async def test_nothing_is_read_of_a_body_that_says_it_is_too_large(program):
    status, _ = await exchange(program, [], content_length=str(LARGEST_BODY + 1))
    assert status == 413


async def test_a_body_may_arrive_in_parts(nobody, reflex, program, ana_signed_in):
    status, body = await exchange(
        program,
        [chunk(b'{"ti'), 0.001, chunk(b'tle":'), chunk(b'"Milk"}', more=False)],
        content_type="application/json",
        cookie=f"dashboard_session={ana_signed_in.token}",
    )
    assert status == 201
    assert json.loads(body)["title"] == "Milk"


async def test_a_body_that_takes_too_long_is_a_408(program, monkeypatch):
    monkeypatch.setattr(bodies, "SLOWEST_BODY_SECONDS", 0.02)
    slow = [chunk(b"{")] + [0.005, chunk(b" ")] * 1000
    status, body = await exchange(program, slow)
    assert (status, json.loads(body)["code"]) == (408, "REQUEST_TIMED_OUT")
    status, body = await exchange(program, [], path="/sign-in")
    assert (status, body.count("\n")) == (408, 1)


async def test_a_body_that_was_cut_off_is_not_taken_for_a_whole(program, reflex):
    cut = [chunk(b'{"title":"Milk"}'), {"type": "http.disconnect"}]
    for path in ("/api/tasks", "/sign-in"):
        assert (await exchange(program, list(cut), path=path))[0] == 408
    assert not reflex.scopes


async def test_a_disconnect_after_the_body_is_told(program, reflex, nobody):
    heard: list[Message] = []

    async def listen(scope, receive, send) -> None:
        heard.extend([await receive(), await receive()])
        await send({"type": "http.response.start", "status": 204})
        await send({"type": "http.response.body"})

    reflex.answer = listen
    await exchange(program, [chunk(b"a", more=False), {"type": "http.disconnect"}], path="/sign-in")
    assert heard == [chunk(b"a", more=False), {"type": "http.disconnect"}]


@pytest.mark.parametrize("headers", [{}, {"Content-Length": "2"}, {"Transfer-Encoding": "chunked"}])
async def test_a_get_is_not_kept_waiting_for_a_body(ana_client, headers):
    request: httpx.Request = ana_client.build_request("GET", "/api/tasks", headers=headers)
    assert (await ana_client.send(request)).status_code == 200
