"""What is counted, and who may see it."""

import asyncio
import logging
import threading
from collections.abc import AsyncIterator, Callable

import httpx
import pytest

from dashboard.database.transactions import Database
from dashboard.metrics import get_metrics
from dashboard.models.session import Actor
from dashboard.web.gate import Gate
from dashboard.web.request_log import RequestLog
from tests.api.conftest import ORIGIN, UNKNOWN_ID, Reflex, on_sqlite

TOKEN = "wQ8zN4tG7kV2xB5mJ9hC"
pytestmark = on_sqlite


@pytest.fixture
def measured(set_env: Callable[..., None]) -> None:
    """To be asked for before any client."""
    set_env(METRICS_TOKEN=TOKEN)


@pytest.fixture
def hops(request: pytest.FixtureRequest, set_env: Callable[..., None]) -> None:
    """How many proxies of ours stand in front; to be asked for before any client."""
    set_env(TRUSTED_PROXY_HOPS=request.param)


@pytest.fixture
async def anyone(program: Gate) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the whole program, the journal included."""
    transport = httpx.ASGITransport(RequestLog(program))
    async with httpx.AsyncClient(
        transport=transport, base_url=ORIGIN, headers={"Origin": ORIGIN}
    ) as client:
        yield client


async def lines(client: httpx.AsyncClient) -> dict[str, float]:
    answer = await client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    found = [line.rpartition(" ") for line in answer.text.splitlines() if line[0] != "#"]
    return {name: float(value) for name, _, value in found}


async def test_without_a_token_in_the_settings_there_are_no_metrics(
    anyone: httpx.AsyncClient,
) -> None:
    for headers in ({}, {"Authorization": "Bearer "}, {"Authorization": f"Bearer {TOKEN}"}):
        answer = await anyone.get("/metrics", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND")
    assert get_metrics() is None


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer "},
        {"Authorization": f"Bearer {TOKEN[:-1]}"},
        {"Authorization": f"Bearer {TOKEN}x"},
        {"Authorization": f"Basic {TOKEN}"},
        {"Cookie": f"dashboard_session={TOKEN}"},
    ],
    ids=["nothing", "empty", "too short", "too long", "another way", "a cookie"],
)
async def test_who_does_not_show_the_token_sees_none(
    measured: None, anyone: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    answer = await anyone.get("/metrics", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "NOT_SIGNED_IN")


async def test_nobody_who_is_signed_in_sees_them_for_that(
    measured: None, ana_client: httpx.AsyncClient, api_program
) -> None:
    assert (await ana_client.get("/metrics")).status_code == 401
    assert (await (await api_program()).get("/metrics")).status_code == 401


async def test_the_token_of_metrics_opens_nothing_else(
    measured: None, anyone: httpx.AsyncClient
) -> None:
    for path in ("/api/tasks", "/api/account/export", "/api/auth/sessions"):
        answer = await anyone.get(path, headers={"Authorization": f"Bearer {TOKEN}"})
        assert answer.status_code == 401


async def test_they_are_asked_for_at_any_address_as_health_is(
    measured: None, anyone: httpx.AsyncClient
) -> None:
    headers = {"Host": "10.0.0.7:3000", "Authorization": f"Bearer {TOKEN}"}
    assert (await anyone.get("/metrics", headers=headers)).status_code == 200


async def test_requests_are_counted_by_route_and_status_and_never_by_address(
    measured: None, anyone: httpx.AsyncClient, reflex: Reflex
) -> None:
    for path in (f"/api/tasks/{UNKNOWN_ID}", "/api/nowhere", "/a-secret-page", "/assets/x.js"):
        await anyone.get(path)
    await anyone.request("BREW", "/healthz")
    found = await lines(anyone)
    counted = {
        name.removeprefix("cairn_request_seconds_count"): value
        for name, value in found.items()
        if name.startswith("cairn_request_seconds_count")
    }
    assert counted == {
        '{method="GET",route="/api/tasks/{task_id}",status="401"}': 1,
        '{method="GET",route="no route",status="404"}': 1,
        '{method="GET",route="a page",status="200"}': 1,
        '{method="GET",route="a file",status="200"}': 1,
        '{method="other",route="/healthz",status="405"}': 1,
    }
    assert UNKNOWN_ID not in str(found)
    assert "secret" not in str(found)


async def test_calls_of_the_database_and_of_bcrypt_are_timed_by_name(
    measured: None, anyone: httpx.AsyncClient, database: Database, ana: Actor
) -> None:
    wrong = {"email": "ana@example.org", "password": "not the right one"}
    assert (await anyone.post("/api/auth/sign-in", json=wrong)).status_code == 401
    found = await lines(anyone)
    assert found['cairn_call_seconds_count{call="matches",kind="password"}'] == 1
    assert sum(v for k, v in found.items() if "_count" in k and 'kind="write"' in k) >= 1
    assert {v for k, v in found.items() if k.startswith("cairn_calls_in_line")} == {0}


async def test_who_waits_in_line_is_counted(
    measured: None, anyone: httpx.AsyncClient, database: Database
) -> None:
    is_over = threading.Event()
    asked = [
        asyncio.ensure_future(database.read(lambda _session: is_over.wait(60))) for _ in range(3)
    ]
    await asyncio.sleep(0)
    assert (await lines(anyone))['cairn_calls_in_line{kind="read"}'] == 3
    is_over.set()
    await asyncio.gather(*asked)
    assert (await lines(anyone))['cairn_calls_in_line{kind="read"}'] == 0


# The journal


async def test_each_answer_has_an_id_of_its_own(anyone: httpx.AsyncClient) -> None:
    answers = [await anyone.get(path) for path in ("/healthz", "/api/nowhere", "/sign-in")]
    ids = {answer.headers["x-request-id"] for answer in answers}
    assert len(ids) == 3
    assert {len(each) for each in ids} == {16}


@pytest.mark.parametrize(
    ("hops", "given", "is_taken"),
    [
        ("1", "7f3a-from-the-proxy", True),
        ("0", "7f3a-from-anybody", False),
        ("1", "short", False),
        ("1", "with a space in it", False),
        ("1", "x" * 65, False),
    ],
    indirect=["hops"],
)
async def test_a_proxy_of_ours_may_give_the_id(
    hops: None, anyone: httpx.AsyncClient, given: str, is_taken: bool
) -> None:
    answer = await anyone.get("/healthz", headers={"X-Request-ID": given})
    assert (answer.headers["x-request-id"] == given) is is_taken


async def test_a_line_for_each_request_is_written_when_somebody_wants_it(
    anyone: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    await anyone.get("/api/tasks?q=my-secret-lamp")
    assert caplog.messages == []
    with caplog.at_level(logging.INFO, logger="dashboard.web.request_log"):
        await anyone.get("/api/tasks?q=my-secret-lamp")
        await anyone.get("/my-secret-lamp")
    said = [record.getMessage().rpartition(" in ")[0] for record in caplog.records]
    assert said == ["GET /api/tasks 401", "GET a page 200"]


async def test_a_request_that_breaks_is_counted_and_still_breaks(
    measured: None, reflex: Reflex, program: Gate
) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError

    reflex.answer = broken
    transport = httpx.ASGITransport(RequestLog(program), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
        assert (await client.get("/sign-in")).status_code == 500
        counted = await lines(client)
    assert counted['cairn_request_seconds_count{method="GET",route="a page",status="500"}'] == 1
