"""Deleting an account: it is closed at once, and its data goes a batch at a time, so that other writes go on.

A row of `user` keeps its place meanwhile. It tells nothing of the person, does not let anyone sign in, and goes last:
until then it says what is still to be done, also after a crash in the middle.
"""

import asyncio
import logging

from sqlmodel import Session, col, delete, select, update

from dashboard import clock
from dashboard.database.transactions import get_database
from dashboard.models.account import Account
from dashboard.models.activity import Activity
from dashboard.models.auth_event import AuthEvent
from dashboard.models.done_gesture import DoneGesture
from dashboard.models.list import ListMember, TaskList
from dashboard.models.session import Actor, Client
from dashboard.models.task import Task
from dashboard.models.user import CUSTOMS, User
from dashboard.services import activity
from dashboard.services.accounts import api_tokens, passwords, sessions, verifications
from dashboard.services.lists import members
from dashboard.services.operation import batches
from dashboard.services.operation.batches import delete_batch

# Not a valid address, so no account can have it.
_CLOSED = "departed:"

logger = logging.getLogger(__name__)
_clearing: set[asyncio.Task[None]] = set()
"""Kept here, because the event loop itself would let go of them."""


async def delete_account(actor: Actor, password: str, client: Client) -> None:
    """Close this account for good, and start to delete all of its data.

    Raises WrongPassword, NotSignedIn, TooManyRequests, TooBusy.
    """
    await passwords.require(actor, password, client)
    await get_database().write(close, actor)
    clear_soon()


def close(session: Session, actor: Actor) -> None:
    """Disable this account and erase who it was. `clear_batch` removes the rest."""
    user_id = actor.id
    sessions.end_sessions_of(session, user_id)
    # They know their person by a word alone, and one of them may hold an address.
    verifications.forget_all(session, str(user_id))
    api_tokens.revoke_all(session, user_id)
    members.leave_shared_lists(session, user_id)
    session.exec(delete(Account).where(col(Account.user_id) == user_id))
    now = clock.now()
    session.exec(
        update(User)
        .where(col(User.id) == user_id)
        .values(
            name="-",
            email=f"{_CLOSED}{user_id}",
            email_verified=False,
            timezone="UTC",
            disabled_at=now,
            updated_at=now,
            **dict.fromkeys(CUSTOMS),
        )
    )


def clear_soon() -> None:
    """Begin to remove what is left, without waiting for it. Should we be stopped, housekeeping goes on with it."""
    clearing = asyncio.create_task(clear())
    _clearing.add(clearing)
    clearing.add_done_callback(_clearing.discard)


async def clear() -> None:
    """Remove all that is left of those who are gone, in a transaction for each batch."""
    try:
        while await get_database().write(clear_batch):
            pass
    except Exception:
        # The account is closed either way; housekeeping tries again.
        logger.exception("Not everything of a deleted account is gone yet")


def clear_batch(session: Session) -> int:
    """Remove a batch of what is left of those who are gone. Returns how many rows; 0 when nothing is left."""
    is_gone, at_most = col(User.email).startswith(_CLOSED), batches.AMONG_PEOPLE
    gone = select(col(User.id)).where(is_gone)
    # All others were left to those who see them, too.
    private = select(col(ListMember.list_id)).where(col(ListMember.user_id).in_(gone))
    for table, is_theirs in (
        (Activity, col(Activity.list_id).in_(private)),
        (Task, col(Task.list_id).in_(private)),
        (AuthEvent, col(AuthEvent.user_id).in_(gone)),
        (DoneGesture, col(DoneGesture.user_id).in_(gone)),
        (TaskList, col(TaskList.id).in_(private)),
    ):
        if cleared := delete_batch(session, table, is_theirs, col(table.id), at_most=at_most):
            return len(cleared)
    if unsigned := activity.forget_actors(session, gone, at_most):
        return unsigned
    return len(delete_batch(session, User, is_gone, col(User.id), at_most=at_most))
