"""Bodies that are too large or too slow."""

import asyncio
import json
from collections.abc import Sequence

import httpx
import pytest
from starlette.types import Message

from dashboard.api.app import mount_api
from dashboard.errors import MOST_ERRORS_TOLD
from dashboard.web import bodies
from dashboard.web.bodies import LARGEST_BODY, LARGEST_OF_TASKS, MOST_FIELDS, MOST_VALUES
from dashboard.web.gate import BODIES_AT_ONCE, Gate
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


async def test_a_body_larger_than_256_kb_for_tasks_or_8_kb_elsewhere_is_a_413(
    ana_client, nobody, reflex
):
    for path, largest in (
        ("/api/tasks", LARGEST_OF_TASKS),
        ("/api/tasks/0", LARGEST_OF_TASKS),
        ("/api/tasksets", LARGEST_BODY),
        ("/api/auth/sign-up", LARGEST_BODY),
        ("/api/account", LARGEST_BODY),
    ):
        response = await ana_client.post(path, content=b" " * (largest + 1))
        assert (response.status_code, response.json()["code"]) == (413, "BODY_TOO_LARGE")
        assert response.headers["Connection"] == "close"
    page = await nobody.post("/sign-in", content=b" " * (LARGEST_BODY + 1))
    assert (page.status_code, page.headers["Content-Type"]) == (413, "text/plain; charset=utf-8")
    assert not reflex.scopes


async def test_a_body_of_256_kb_is_read(ana_client):
    body = json.dumps({"title": "Milk"}).encode().ljust(LARGEST_OF_TASKS)
    headers = {"Content-Type": "application/json"}
    response = await ana_client.post("/api/tasks", content=body, headers=headers)
    assert response.status_code == 201
    longest = {"title": "😀" * 255, "description": "😀" * 10_000}
    assert (await ana_client.post("/api/tasks", json=longest)).status_code == 201
    escaped = json.dumps(longest).encode()
    response = await ana_client.post("/api/tasks", content=escaped, headers=headers)
    assert (response.status_code, len(escaped) > 100_000) == (201, True)


async def test_of_many_errors_the_first_are_told(ana_client):
    for count, told in ((MOST_FIELDS - 1, MOST_ERRORS_TOLD), (MOST_FIELDS, 1), (24_500, 1)):
        body = {"title": "Milk", **{f"k{number}": 1 for number in range(count)}}
        response = await ana_client.post("/api/tasks", json=body)
        assert response.status_code == 422
        assert len(response.json()["errors"]) == told


@pytest.mark.parametrize(
    "body",
    [
        [1] * (MOST_VALUES + 1),
        {"title": [[1] * 100] * 30},
        {"title": {"a": {f"k{number}": 1 for number in range(MOST_FIELDS + 1)}}},
    ],
)
async def test_a_body_of_many_parts_is_refused_as_a_whole(ana_client, body):
    response = await ana_client.post("/api/tasks", json=body)
    (error,) = response.json()["errors"]
    assert (error["field"], error["message"].startswith("Send at most ")) == ("", True)


async def test_bodies_are_counted_by_size_for_the_place_before_they_are_read(
    api, reflex, set_env, monkeypatch
):
    set_env(RATE_LIMIT_SCALE="1", TRUSTED_PROXY_HOPS="1")
    monkeypatch.setattr("dashboard.services.operation.token_bucket.time.monotonic", lambda: 0.0)
    program = Gate(mount_api(reflex))

    async def send(size: int, place: str = "192.0.2.1", path: str = "/api/tasks") -> int:
        # Nothing of it arrives: whoever is let through is disconnected.
        gone: list[Message] = [{"type": "http.disconnect"}]
        headers = {"content_length": str(size), "x_forwarded_for": place}
        return (await exchange(program, gone, path=path, **headers))[0]

    large = BODIES_AT_ONCE // (1 + LARGEST_OF_TASKS // LARGEST_BODY)
    assert [await send(LARGEST_OF_TASKS) for _ in range(large + 1)] == [408] * large + [429]
    small = BODIES_AT_ONCE % (1 + LARGEST_OF_TASKS // LARGEST_BODY)
    assert [await send(0, path="/sign-in") for _ in range(small + 1)] == [408] * small + [429]
    assert await send(LARGEST_OF_TASKS, place="192.0.2.2") == 408


async def test_a_body_that_does_not_say_how_large_it_is_is_counted(ana_client):
    async def chunks():
        for _ in range(257):
            yield b" " * 1024

    response = await ana_client.post("/api/tasks", content=chunks())
    assert response.status_code == 413


async def test_nothing_is_read_of_a_body_that_says_it_is_too_large(program):
    status, _ = await exchange(program, [], content_length=str(LARGEST_OF_TASKS + 1))
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
