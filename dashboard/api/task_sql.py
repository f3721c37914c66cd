"""A task as JSON, written by the database itself.

A list is what programs ask for most. Making rows into Python objects and those into JSON took as long as everything
else about it together, and the databases write JSON in a fifth of the time, with the interpreter's lock released.
What they write is what `task_out` says of a task; a test holds the two together.
"""

from typing import Any

from sqlalchemy import String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class _TaskJson(FunctionElement[str]):
    """Of the row of `task` that a statement is at."""

    inherit_cache = True
    type = String()


TASK_JSON = (_TaskJson(),)
"""The one column of a list of tasks as JSON."""


@compiles(_TaskJson, "sqlite")
def _in_sqlite(_element: _TaskJson, _compiler: SQLCompiler, **_: Any) -> str:
    def uuid(name: str) -> str:
        parts = ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))
        return " || '-' || ".join(f"substr({name}, {start}, {length})" for start, length in parts)

    def moment(name: str) -> str:
        return f"replace({name}, ' ', 'T') || 'Z'"

    return f"""json_object(
        'id', {uuid("task.id")},
        'title', task.title,
        'description', task.description,
        'priority', CASE task.priority WHEN 1 THEN 'Low' WHEN 2 THEN 'Medium' ELSE 'High' END,
        'is_completed', json(CASE WHEN task.completed_at IS NULL THEN 'false' ELSE 'true' END),
        'completed_at', {moment("task.completed_at")},
        'due_date', task.due_date,
        'due_time', substr(task.due_time, 1, 5),
        'created_at', {moment("task.created_at")},
        'updated_at', {moment("task.updated_at")},
        'version', task.version,
        'user_id', {uuid("task.created_by")},
        'created_by', {uuid("task.created_by")},
        'list_id', {uuid("task.list_id")}
    )"""


@compiles(_TaskJson, "postgresql")
def _in_postgresql(_element: _TaskJson, _compiler: SQLCompiler, **_: Any) -> str:
    def moment(name: str) -> str:
        return f"""to_char({name} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""

    return f"""json_build_object(
        'id', task.id,
        'title', task.title,
        'description', task.description,
        'priority', CASE task.priority WHEN 1 THEN 'Low' WHEN 2 THEN 'Medium' ELSE 'High' END,
        'is_completed', task.completed_at IS NOT NULL,
        'completed_at', {moment("task.completed_at")},
        'due_date', task.due_date,
        'due_time', to_char(task.due_time, 'HH24:MI'),
        'created_at', {moment("task.created_at")},
        'updated_at', {moment("task.updated_at")},
        'version', task.version,
        'user_id', task.created_by,
        'created_by', task.created_by,
        'list_id', task.list_id
    )::text"""
