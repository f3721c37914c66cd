"""The trash: emptied by its owner or by time, a batch at a time, so that other writes do not wait long."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists
from sqlmodel import Session, and_, col

from dashboard import clock, events
from dashboard.database.transactions import get_database
from dashboard.models.activity import Action
from dashboard.models.list import TaskList
from dashboard.models.session import Actor
from dashboard.models.task import DELETED, TRASH_KEEPS, Task
from dashboard.services import activity
from dashboard.services.activity import Entry
from dashboard.services.lists.access import audience_of, members_of, writable_by
from dashboard.services.operation import batches
from dashboard.services.operation.batches import delete_batch


async def empty_trash(actor: Actor, until: datetime) -> int:
    """Remove for good what is in the actor's trash and was there by then. Returns how many tasks.

    A transaction for each batch: what is restored meanwhile stays, and so does the rest if this is stopped half way.
    """
    removed: Counter[UUID] = Counter()
    try:
        while batch := await get_database().write(empty_batch, actor, until):
            removed += batch
    finally:
        # However it ends: what is gone by then is to go from every screen.
        if removed:
            await get_database().write(_announce, actor, list(removed))
    return removed.total()


def empty_batch(session: Session, actor: Actor, until: datetime) -> Counter[UUID]:
    """Remove a batch of what `empty_trash` is to remove. Returns how many of each list; none when none are left."""
    in_trash = and_(
        writable_by(actor.id), col(Task.state) == DELETED, col(Task.deleted_at) <= until
    )
    at_most = batches.AMONG_PEOPLE
    gone = delete_batch(session, Task, in_trash, col(Task.list_id), at_most=at_most, waits=True)
    removed = Counter(row.list_id for row in gone)
    if removed:
        entries = (
            Entry(Action.ERASE, list_id, before={"tasks": count})
            for list_id, count in removed.items()
        )
        activity.record(session, actor, *entries)
    return removed


def _announce(session: Session, actor: Actor, list_ids: Iterable[UUID]) -> None:
    for list_id in list_ids:
        audience = audience_of(session, actor, list_id)
        events.announce(session, events.TrashEmptied(audience, list_id, actor.id, actor.nonce))


def purge_lists(session: Session) -> int:
    """Remove a batch of lists that were deleted more than 30 days ago and have no task any more; how many."""
    is_empty = ~exists().where(col(Task.list_id) == col(TaskList.id))
    is_over = and_(col(TaskList.deleted_at) < clock.now() - TRASH_KEEPS, is_empty)
    return len(delete_batch(session, TaskList, is_over, col(TaskList.id)))


def purge_trash(session: Session) -> int:
    """Remove a batch of what anybody deleted more than 30 days ago. Returns how many; 0 when none are left."""
    is_over = col(Task.deleted_at) < clock.now() - TRASH_KEEPS
    gone = delete_batch(session, Task, is_over, col(Task.list_id))
    for list_id in {row.list_id for row in gone}:
        events.announce(session, events.TrashEmptied(members_of(session, list_id), list_id))
    return len(gone)
