"""The record of what happens to tasks and lists, written by every command in its own transaction."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import insert
from sqlmodel import Session, col, select, update
from sqlmodel.sql.expression import SelectOfScalar
from uuid_utils.compat import uuid7

from dashboard import clock
from dashboard.database.transactions import fetch
from dashboard.models.activity import Action, Activity
from dashboard.models.columns import first_id_at
from dashboard.models.session import Actor
from dashboard.services.operation.batches import delete_batch

KEPT = timedelta(days=400)
"""A year, and time to look back on it."""

_TABLE: Any = Activity.__table__  # pyright: ignore[reportAttributeAccessIssue] (of every table=True)
_PUT = insert(_TABLE)

Fields = Mapping[str, Any]


class Entry(NamedTuple):
    """What happened in one list."""

    action: Action
    list_id: UUID
    task_id: UUID | None = None
    before: Fields | None = None
    """What the changed fields held; None: there was nothing."""
    after: Fields | None = None


def record(session: Session, actor: Actor, *entries: Entry) -> None:
    """Write down what the actor does in this transaction."""
    step, now = step_of(session), clock.now()
    rows = [
        {
            "id": uuid7(),
            "at": now,
            "batch": step,
            "actor_id": actor.id,
            "list_id": entry.list_id,
            "task_id": entry.task_id,
            "action": entry.action.value,
            "before": _json(entry.before),
            "after": _json(entry.after),
        }
        for entry in entries
    ]
    fetch(session, _PUT, rows[0] if len(rows) == 1 else rows)


def remove_old(session: Session) -> int:
    """Remove a batch of what happened longer ago than KEPT. Returns how many; 0 when none is left."""
    # An id grows with time, so the oldest rows are the first of the key.
    is_old = col(Activity.id) < first_id_at(clock.now() - KEPT)
    return len(delete_batch(session, Activity, is_old, col(Activity.id)))


def forget_actors(session: Session, user_ids: SelectOfScalar[UUID], at_most: int) -> int:
    """Take the names of users off a batch of what they did in lists that others see. Returns how many."""
    is_theirs = col(Activity.actor_id).in_(user_ids)
    some = select(col(Activity.id)).where(is_theirs).limit(at_most).with_for_update()
    ids = session.exec(some).all()
    session.exec(update(Activity).where(col(Activity.id).in_(ids)).values(actor_id=None))
    return len(ids)


def step_of(session: Session) -> UUID:
    """Names what this transaction does, all of it: what is done together is taken back together."""
    return session.info.setdefault("step", uuid7())


def _json(fields: Fields | None) -> str | None:
    return None if fields is None else to_json(fields).decode()
