"""The least that can do the same work: Starlette and sqlite3, by hand, on the event loop.

It looks the session's row up by the cookie, counts the tasks, reads a page of them and writes the JSON that Cairn
writes. It has no layers, no validation, no threads, no security headers and no signatures: it is what Cairn's time is
a multiple of, not how anything should be built.
"""

import hashlib
import json
import os
import sqlite3
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

_PRIORITIES = {1: "Low", 2: "Medium", 3: "High"}

_connection = sqlite3.connect(os.environ["REFERENCE_DATABASE"], check_same_thread=False)
_connection.execute("PRAGMA query_only=ON")


async def list_tasks(request: Request) -> Response:
    token_hash = hashlib.sha256(request.cookies["session"].encode()).hexdigest()
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    user = _connection.execute(
        'SELECT "user".id FROM session JOIN "user" ON session.user_id = "user".id '
        "WHERE session.token_hash = ? AND session.expires_at > ? "
        'AND session.absolute_expires_at > ? AND "user".disabled_at IS NULL',
        (token_hash, now, now),
    ).fetchone()
    if user is None:
        return Response(status_code=401)
    (count,) = _connection.execute(
        "SELECT count(*) FROM task WHERE created_by = ? AND deleted_at IS NULL", user
    ).fetchone()
    rows = _connection.execute(
        "SELECT id, title, description, priority, completed_at, due_date, due_time, created_at, "
        "updated_at, version, created_by, list_id, section_id, parent_id, position, repeat, labels, subtasks "
        "FROM task WHERE created_by = ? AND deleted_at IS NULL "
        "ORDER BY created_at DESC, id DESC LIMIT 51",
        user,
    ).fetchall()
    page = {"items": [_task(*row) for row in rows[:50]], "count": count, "next_cursor": None}
    return Response(json.dumps(page), media_type="application/json")


def _task(
    task_id: str,
    title: str,
    description: str,
    priority: int,
    completed_at: str | None,
    due_date: str | None,
    due_time: str | None,
    created_at: str,
    updated_at: str,
    version: int,
    created_by: str,
    list_id: str,
    section_id: str | None,
    parent_id: str | None,
    position: str,
    repeat: str | None,
    labels: str,
    subtasks: str | None,
) -> dict[str, Any]:
    return {
        "id": str(UUID(task_id)),
        "title": title,
        "description": description,
        "priority": _PRIORITIES[priority],
        "is_completed": completed_at is not None,
        "completed_at": completed_at and f"{completed_at.replace(' ', 'T')}Z",
        "due_date": due_date,
        "due_time": due_time and due_time[:5],
        "created_at": f"{created_at.replace(' ', 'T')}Z",
        "updated_at": f"{updated_at.replace(' ', 'T')}Z",
        "version": version,
        "user_id": str(UUID(created_by)),
        "created_by": str(UUID(created_by)),
        "list_id": str(UUID(list_id)),
        "section_id": section_id and str(UUID(section_id)),
        "parent_id": parent_id and str(UUID(parent_id)),
        "position": position,
        "repeat": repeat or None,
        "labels": labels.split(),
        "subtasks": _counts(subtasks),
    }


def _counts(subtasks: str | None) -> dict[str, int]:
    completed, _, total = (subtasks or "0/0").partition("/")
    return {"completed": int(completed), "total": int(total)}


app = Starlette(routes=[Route("/api/tasks", list_tasks)])
