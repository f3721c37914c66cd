"""The trash: emptied by its owner or by time, a batch at a time, so that nobody else's write waits long."""

from datetime import datetime

from sqlalchemy import exists
from sqlmodel import Session, and_, col

from dashboard import clock, events
from dashboard.database.transactions import get_database
from dashboard.models.list import TaskList
from dashboard.models.session import Actor
from dashboard.models.task import DELETED, TRASH_KEEPS, Task
from dashboard.services.lists.access import members_of, writable_by
from dashboard.services.operation import batches
from dashboard.services.operation.batches import delete_batch


async def empty_trash(actor: Actor, until: datetime) -> int:
    """Remove for good what is in the actor's trash and was there by then. Returns how many tasks.

    A transaction for each batch: what is restored meanwhile stays, and so does the rest if this is stopped half way.
    """
    removed = 0
    try:
        while batch := await get_database().write(empty_batch, actor, until):
            removed += batch
    finally:
        # However it ends: what is gone by then is to go from every screen.
        if removed:
            await get_database().write(events.announce, events.TrashEmptied(actor.id))
    return removed


def empty_batch(session: Session, actor: Actor, until: datetime) -> int:
    """Remove a batch of what `empty_trash` is to remove. Returns how many; 0 when none are left."""
    in_trash = and_(
        writable_by(actor.id), col(Task.state) == DELETED, col(Task.deleted_at) <= until
    )
    at_most = batches.AMONG_PEOPLE
    return len(delete_batch(session, Task, in_trash, col(Task.id), at_most=at_most, waits=True))


def purge_lists(session: Session) -> int:
    """Remove a batch of lists that were deleted more than 30 days ago and have no task any more; how many."""
    is_empty = ~exists().where(col(Task.list_id) == col(TaskList.id))
    is_over = and_(col(TaskList.deleted_at) < clock.now() - TRASH_KEEPS, is_empty)
    return len(delete_batch(session, TaskList, is_over, col(TaskList.id)))


def purge_trash(session: Session) -> int:
    """Remove a batch of what anybody deleted more than 30 days ago. Returns how many; 0 when none are left."""
    is_over = col(Task.deleted_at) < clock.now() - TRASH_KEEPS
    gone = delete_batch(session, Task, is_over, col(Task.list_id))
    for user_id in members_of(session, {row.list_id for row in gone}):
        events.announce(session, events.TrashEmptied(user_id))
    return len(gone)
