"""Removing many rows a batch at a time, so that no write waits long for the locks of the removal."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row
from sqlmodel import Session, col, delete, select

from dashboard.models.activity import Activity
from dashboard.models.columns import Stored
from dashboard.models.done_gesture import DoneGesture

BATCH = 500
AMONG_PEOPLE = 100
"""Fewer, where people are at work: on SQLite, others wait 20 ms for so many tasks, and at worst 0.2 s."""


def delete_batch(
    session: Session,
    table: type[Stored] | type[DoneGesture] | type[Activity],
    condition: ColumnElement[bool],
    *columns: Any,
    at_most: int | None = None,
    waits: bool = False,
) -> Sequence[Row[Any]]:
    """Delete at most so many rows (BATCH) and return the given columns of them.

    Rows that someone else is changing are left for another time: two processes share the work instead of waiting.
    With `waits`, it waits for what becomes of them: who is told that nothing is left may rely on it.
    """
    chosen = select(col(table.id)).where(condition).limit(at_most or BATCH)
    ids = session.exec(chosen.with_for_update(skip_locked=not waits)).all()
    gone = delete(table).where(col(table.id).in_(ids)).returning(*columns)
    return session.execute(gone).all()
