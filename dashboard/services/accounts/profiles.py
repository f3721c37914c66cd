"""Who someone is here, and everything of theirs."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlmodel import Session

from dashboard import clock, events
from dashboard.models.api_token import ApiToken
from dashboard.models.auth_event import AuthEvent, AuthEventType
from dashboard.models.profile import ProfileChanges
from dashboard.models.session import Actor, Client
from dashboard.models.user import User
from dashboard.services.accounts import api_tokens, audit, sessions
from dashboard.services.accounts.sessions import OwnSession
from dashboard.services.lists.access import require_writable
from dashboard.services.lists.queries import find_list
from dashboard.services.tasks.labels import VisibleLabel, list_labels
from dashboard.services.tasks.saved_filters import CountedFilter, list_filters


class Everything(NamedTuple):
    """All that is kept of a person, but for secrets and hashes, and for tasks: those may be many."""

    user: User
    sessions: Sequence[OwnSession]
    tokens: Sequence[ApiToken]
    labels: Sequence[VisibleLabel]
    filters: Sequence[CountedFilter]
    activity: Sequence[AuthEvent]
    """The audit trail, newest first."""


def change_profile(session: Session, actor: Actor, changes: ProfileChanges) -> User:
    """Take over the fields that were given. Raises what adding to the list would that new tasks are to lie in."""
    user, _row = sessions.current(session, actor)
    if changes.default_list_id is not None:
        find_list(session, actor, changes.default_list_id)
        require_writable(session, actor, changes.default_list_id)
    user.sqlmodel_update(changes.model_dump(include=changes.model_fields_set))
    user.updated_at = clock.now()
    events.announce(session, events.ProfileChanged(actor.id))
    return user


def export(session: Session, actor: Actor) -> Everything:
    """Everything of the actor's but their tasks, for them to take along. Raises PasswordNeeded."""
    sessions.require_fresh(session, actor)
    return Everything(
        user=sessions.current(session, actor)[0],
        sessions=sessions.list_sessions(session, actor),
        tokens=api_tokens.list_tokens(session, actor),
        labels=list_labels(session, actor),
        filters=list_filters(session, actor),
        activity=audit.recent(session, actor, limit=None),
    )


def note_export(session: Session, actor: Actor, client: Client) -> None:
    """Put an export into the audit trail."""
    audit.record(session, actor.id, AuthEventType.EXPORTED, client)
