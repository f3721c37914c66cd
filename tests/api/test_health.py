"""What watches over the server gets to hear."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text

from dashboard import __version__, version
from tests.api.conftest import on_sqlite


@pytest.fixture
async def redis_port() -> AsyncIterator[int]:
    """A port where someone answers as Redis does to what the check asks."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(1000):
            writer.write(b"+PONG\r\n" if b"PING" in data else b"+OK\r\n" * data.count(b"*"))
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def test_a_server_that_can_work_is_ready(nobody):
    response = await nobody.get("/readyz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


@on_sqlite
async def test_whoever_watches_over_it_sees_which_cairn_it_is(nobody, monkeypatch, tmp_path):
    (tmp_path / "COMMIT").write_text("0123456789\n")
    monkeypatch.setattr(version, "COMMIT", tmp_path / "COMMIT")
    version.commit.cache_clear()
    try:
        said = (await nobody.get("/healthz")).json()
    finally:
        version.commit.cache_clear()
    assert said == {"status": "ok", "version": __version__, "commit": "0123456789"}


async def test_without_its_database_it_is_alive_and_not_ready(nobody, database_is_away):
    assert (await nobody.get("/healthz")).status_code == 200
    response = await nobody.get("/readyz")
    assert (response.status_code, response.json()["code"]) == (503, "UNAVAILABLE")
    assert int(response.headers["Retry-After"]) > 0


@on_sqlite
async def test_with_another_schema_it_is_not_ready(nobody, database):
    with database.transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = 'older'"))
    response = await nobody.get("/readyz")
    assert response.status_code == 503
    assert "migrated" in response.json()["detail"]


@on_sqlite
async def test_with_redis_it_is_ready(nobody, set_env, redis_port):
    set_env(REDIS_URL=f"redis://127.0.0.1:{redis_port}")
    assert (await nobody.get("/readyz")).status_code == 200


@on_sqlite
async def test_without_its_redis_it_is_alive_and_not_ready(nobody, set_env, unused_tcp_port):
    set_env(REDIS_URL=f"redis://127.0.0.1:{unused_tcp_port}")
    assert (await nobody.get("/healthz")).status_code == 200
    response = await nobody.get("/readyz")
    assert response.status_code == 503
    assert "Redis" in response.json()["detail"]


async def test_a_process_that_is_not_fit_says_so_to_everyone_and_is_alive(ana_client, is_unready):
    assert (await ana_client.get("/healthz")).status_code == 200
    for url in ("/readyz", "/api/tasks", "/api/nowhere"):
        response = await ana_client.get(url)
        assert (response.status_code, response.json()["code"]) == (503, "UNAVAILABLE")
        assert int(response.headers["Retry-After"]) > 0


async def test_a_process_that_is_not_fit_hands_out_pages_and_asks_nobody_who_sees_them(
    ana_client, is_unready, database_is_away
):
    assert (await ana_client.get("/dashboard")).status_code == 200
