"""Which gestures were carried out: a browser sends again what it saw no answer to, from another tab and after days."""

from datetime import timedelta
from typing import Any
from uuid import uuid5

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from dashboard import clock
from dashboard.database.transactions import fetch
from dashboard.errors import NotSignedIn
from dashboard.models.done_gesture import DoneGesture
from dashboard.models.session import Actor
from dashboard.services.operation.batches import delete_batch

KEPT = timedelta(days=90)
"""A browser may keep a gesture for longer; sent after that, it may be carried out twice."""

_NOTE = {
    name: insert(DoneGesture).on_conflict_do_nothing().execution_options(preserve_rowcount=True)
    for name, insert in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}


def claim(session: Session, actor: Actor, nonce: str) -> bool:
    """Note that a gesture is carried out in this transaction. False when it was before, whichever tab sent it.

    Of two transactions at once, the second waits for what becomes of the first.
    """
    done = {"id": uuid5(actor.id, nonce), "user_id": actor.id, "done_at": clock.now()}
    statement = _NOTE[session.get_bind().dialect.name]
    try:
        noted: Any = fetch(session, statement, done)
    except IntegrityError:
        # All that can be missing is the actor: their account was deleted meanwhile.
        raise NotSignedIn from None
    return noted.rowcount == 1


def remove_old(session: Session) -> int:
    """Remove a batch of those that are older than KEPT. Returns how many; 0 when none are left."""
    is_old = col(DoneGesture.done_at) <= clock.now() - KEPT
    return len(delete_batch(session, DoneGesture, is_old, col(DoneGesture.id)))
