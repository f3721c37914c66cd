"""The audit trail: what happened to an account, for its owner to read."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from dashboard import clock
from dashboard.models.auth_event import AuthEvent, AuthEventType
from dashboard.models.session import IP_ADDRESS_LENGTH, USER_AGENT_LENGTH, Actor, Client
from dashboard.services.operation.batches import delete_batch
from dashboard.services.operation.rate_limits import place_of

KEPT = timedelta(days=90)
RECENT = 20
NOWHERE = Client()
"""Where the operator's commands come from."""
_PLACES = 200
_ARRIVALS = (AuthEventType.SIGN_UP, AuthEventType.SIGN_IN)


def record(
    session: Session, user_id: UUID, what: AuthEventType, client: Client = NOWHERE
) -> AuthEvent:
    """Note what happened to an account, in the transaction in which it happens."""
    event = AuthEvent(
        user_id=user_id,
        type=what,
        ip_address=client.ip_address[:IP_ADDRESS_LENGTH],
        user_agent=client.user_agent[:USER_AGENT_LENGTH],
    )
    session.add(event)
    return event


def recent(session: Session, actor: Actor, limit: int | None = RECENT) -> Sequence[AuthEvent]:
    """What happened to the actor's account of late (with None as the limit: all that is kept), newest first."""
    return session.exec(
        select(AuthEvent)
        .where(col(AuthEvent.user_id) == actor.id)
        .order_by(col(AuthEvent.created_at).desc(), col(AuthEvent.id).desc())
        .limit(limit)
    ).all()


def has_arrived_from(session: Session, user_id: UUID, address: str) -> bool:
    """Whether someone signed in to this account from there before."""
    places = session.exec(
        select(col(AuthEvent.ip_address))
        .where(
            col(AuthEvent.user_id) == user_id,
            col(AuthEvent.type).in_(_ARRIVALS),
            col(AuthEvent.created_at) > clock.now() - KEPT,
        )
        .distinct()
        .limit(_PLACES)
    ).all()
    return bool(address) and place_of(address) in map(place_of, places)


def remove_old_events(session: Session) -> int:
    """Remove a batch of lines that are older than KEPT. Returns how many; 0 when none are left."""
    is_old = col(AuthEvent.created_at) <= clock.now() - KEPT
    return len(delete_batch(session, AuthEvent, is_old, col(AuthEvent.id)))
