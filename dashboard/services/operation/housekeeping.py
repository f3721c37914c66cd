"""What is thrown away every day, because its time is over: old trash, ended sessions, used-up secrets, old records."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

from sqlmodel import Session, col

from dashboard import clock
from dashboard.database.transactions import get_database
from dashboard.models.verification import Verification
from dashboard.services import activity
from dashboard.services.accounts import account_deletion, audit, sessions
from dashboard.services.lists import sections
from dashboard.services.operation import rate_limits
from dashboard.services.operation.batches import delete_batch
from dashboard.services.tasks import done_gestures, trash

SOON, DAILY = 60, 24 * 60 * 60
"""Seconds from the start to the first round, and from one round to the next."""
TURN = timedelta(hours=23)
"""How long a round is enough for every process: almost a day, so that the one that did it may do the next."""

logger = logging.getLogger(__name__)


async def keep_house(sleep: Callable[[float], Awaitable[object]] = asyncio.sleep) -> None:
    """Throw away what is over, soon after the start and then daily. Of several processes, one does it."""
    await sleep(SOON)
    # Whatever the turn: who was stopped before us may have been in the middle of it.
    await account_deletion.clear()
    while True:
        if await _is_our_turn():
            await _throw_all_away()
        await sleep(DAILY)


async def _is_our_turn() -> bool:
    try:
        return await get_database().write(rate_limits.claim, "housekeeping", TURN)
    except Exception:
        logger.exception("Housekeeping cannot begin")
        return False


async def _throw_all_away() -> None:
    for throw_away in (
        account_deletion.clear_batch,
        trash.purge_trash,
        trash.purge_lists,
        sections.purge_sections,
        sessions.remove_expired,
        remove_used_up_verifications,
        audit.remove_old_events,
        done_gestures.remove_old,
        activity.remove_old,
        rate_limits.remove_old_counts,
    ):
        try:
            await _to_the_end(throw_away)
        except Exception:
            # What could not be done today can be done tomorrow; the rest of it must not wait for that.
            logger.exception("Housekeeping failed at %s", throw_away.__name__)


def remove_used_up_verifications(session: Session) -> int:
    """Remove a batch of secrets that no longer open anything. Returns how many; 0 when none are left."""
    is_over = col(Verification.expires_at) <= clock.now()
    return len(delete_batch(session, Verification, is_over, col(Verification.id)))


async def _to_the_end(throw_away: Callable[[Session], int]) -> None:
    """A transaction for each batch, so that what people do comes in between."""
    removed = 0
    while batch := await get_database().write(throw_away):
        removed += batch
    if removed:
        logger.info("Housekeeping: %s removed %d", throw_away.__name__, removed)
