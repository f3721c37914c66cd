"""The least that can do the same work on PostgreSQL: Starlette and psycopg, by hand, with a few connections.

The list is that of `raw.py`. A create is one INSERT into a table of its own, of what a client sends: nobody checks it,
and nobody is told.
"""

import asyncio
import hashlib
import json
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID, uuid4

from psycopg import AsyncConnection
from psycopg.rows import TupleRow
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

CONNECTIONS = 16
_PRIORITIES = {1: "Low", 2: "Medium", 3: "High"}
_RANKS = {priority: rank for rank, priority in _PRIORITIES.items()}

Connection = AsyncConnection[TupleRow]
_idle: asyncio.Queue[Connection] = asyncio.Queue()


@asynccontextmanager
async def _connected(_app: Starlette) -> AsyncIterator[None]:
    for _ in range(CONNECTIONS):
        url = os.environ["REFERENCE_DATABASE"]
        _idle.put_nowait(await AsyncConnection.connect(url, autocommit=True))
    await _on_a_connection(_make_table)
    yield


async def _make_table(connection: Connection) -> None:
    await connection.execute(
        "CREATE TABLE IF NOT EXISTS raw_task (id uuid PRIMARY KEY, user_id uuid, title text, description text,"
        " priority int, due_date date, due_time time, created_at timestamptz DEFAULT now())"
    )
    await connection.execute(
        "CREATE INDEX IF NOT EXISTS raw_list ON raw_task (user_id, created_at)"
    )


async def _on_a_connection(work: Callable[[Connection], Awaitable[Any]]) -> Any:
    connection = await _idle.get()
    try:
        return await work(connection)
    finally:
        _idle.put_nowait(connection)


async def _user(connection: Connection, request: Request) -> UUID:
    now = datetime.now(UTC)
    cursor = await connection.execute(
        'SELECT "user".id FROM session JOIN "user" ON session.user_id = "user".id '
        "WHERE session.token_hash = %s AND session.expires_at > %s "
        'AND session.absolute_expires_at > %s AND "user".disabled_at IS NULL',
        (hashlib.sha256(request.cookies["session"].encode()).hexdigest(), now, now),
    )
    (user_id,) = await cursor.fetchone() or (None,)
    if user_id is None:
        raise PermissionError
    return user_id


async def list_tasks(request: Request) -> Response:
    async def work(connection: Connection) -> tuple[int, list[TupleRow]]:
        user_id = await _user(connection, request)
        counted = await connection.execute(
            "SELECT count(*) FROM task WHERE created_by = %s AND deleted_at IS NULL", (user_id,)
        )
        (count,) = await counted.fetchone() or (0,)
        rows = await connection.execute(
            "SELECT id, title, description, priority, completed_at, due_date, due_time, created_at, updated_at, "
            "version, created_by, list_id, section_id, parent_id, position, repeat, labels, subtasks "
            "FROM task WHERE created_by = %s AND deleted_at IS NULL "
            "ORDER BY created_at DESC, id DESC LIMIT 51",
            (user_id,),
        )
        return count, await rows.fetchall()

    count, rows = await _on_a_connection(work)
    page = {"items": [_task(*row) for row in rows[:50]], "count": count, "next_cursor": None}
    return Response(_json(page), media_type="application/json")


def _task(*columns: Any) -> dict[str, Any]:
    names = (
        *("id", "title", "description", "priority", "completed_at", "due_date", "due_time"),
        *("created_at", "updated_at", "version", "created_by", "list_id", "section_id"),
        *("parent_id", "position", "repeat", "labels", "subtasks"),
    )
    task = dict(zip(names, columns, strict=True))
    due_time = task["due_time"]
    completed, _, total = (task["subtasks"] or "0/0").partition("/")
    return {
        **task,
        "user_id": task["created_by"],
        "repeat": task["repeat"] or None,
        "labels": task["labels"].split(),
        "subtasks": {"completed": int(completed), "total": int(total)},
        "priority": _PRIORITIES[task["priority"]],
        "is_completed": task["completed_at"] is not None,
        "due_time": due_time and f"{due_time:%H:%M}",
    }


def _json(document: dict[str, Any]) -> str:
    return json.dumps(document, default=_plain)


def _plain(value: UUID | date | time) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return str(value)


async def create_task(request: Request) -> Response:
    task = json.loads(await request.body())

    async def work(connection: Connection) -> dict[str, Any]:
        user_id = await _user(connection, request)
        made = {**task, "id": uuid4(), "user_id": user_id, "priority": _RANKS[task["priority"]]}
        await connection.execute(
            "INSERT INTO raw_task (id, user_id, title, description, priority, due_date, due_time) VALUES "
            "(%(id)s, %(user_id)s, %(title)s, %(description)s, %(priority)s, %(due_date)s, %(due_time)s)",
            made,
        )
        return made

    made = await _on_a_connection(work)
    return Response(_json(made), status_code=201, media_type="application/json")


app = Starlette(
    routes=[
        Route("/api/tasks", list_tasks),
        Route("/api/tasks", create_task, methods=["POST"]),
    ],
    lifespan=_connected,
)
