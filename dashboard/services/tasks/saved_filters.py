"""What people do with the queries that they save: list them with their counts, make, change, order, remove them."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from sqlmodel import Session, col, select

from dashboard import clock, events
from dashboard.errors import FieldError, FilterNotFound, Forbidden, InvalidInput
from dashboard.models.saved_filter import MOST_FILTERS, FilterChanges, FilterDraft, SavedFilter
from dashboard.models.session import Actor
from dashboard.models.task_query import TaskQuery
from dashboard.models.user import User
from dashboard.services import idempotency
from dashboard.services.tasks.query.parse import parsed
from dashboard.services.tasks.task_list import list_tasks


class CountedFilter(NamedTuple):
    """A saved filter, and how many tasks it finds now."""

    filter: SavedFilter
    found: int | None
    """None for one that cannot be answered any more, as when its list has another name now."""
    problem: str = ""
    """Why it cannot be answered."""


def list_filters(session: Session, actor: Actor) -> Sequence[CountedFilter]:
    """The actor's filters, in their order."""
    return [_counted(session, actor, each) for each in _filters_of(session, actor)]


def create_filter(
    session: Session, actor: Actor, draft: FilterDraft, *, idempotency_key: str | None = None
) -> CountedFilter:
    """Save a query, behind the others. The same key once more answers with the filter that it made.

    Raises InvalidInput for a query that cannot be understood, and for one too many.
    """
    others = _held(session, actor)
    made = SavedFilter(user_id=actor.id, **draft.model_dump())
    if idempotency_key is not None:
        made.id = idempotency.id_of(actor, idempotency_key)
        if (known := session.get(SavedFilter, made.id)) is not None:
            return _counted(session, actor, known)
    if len(others) >= MOST_FILTERS:
        message = f"You have {MOST_FILTERS} filters, and at most so many. Delete one first."
        raise InvalidInput(FieldError("", message))
    parsed(draft.query, "query")
    made.place = len(others) + 1
    session.add(made)
    return _settled(session, actor, made)


def update_filter(
    session: Session, actor: Actor, filter_id: UUID, changes: FilterChanges
) -> CountedFilter:
    """Change what is given. Raises FilterNotFound, Forbidden, and what `create_filter` raises for a query."""
    others = _held(session, actor)
    changed = _own(session, actor, filter_id)
    given = changes.model_dump(exclude_unset=True)
    if "query" in given:
        parsed(given["query"], "query")
    if place := given.pop("place", None):
        others.remove(changed)
        others.insert(place - 1, changed)
        _number(others)
    changed.sqlmodel_update(given)
    changed.updated_at = clock.now()
    return _settled(session, actor, changed)


def delete_filter(session: Session, actor: Actor, filter_id: UUID) -> None:
    """Remove a saved query; its tasks stay. Raises FilterNotFound and Forbidden."""
    others = _held(session, actor)
    gone = _own(session, actor, filter_id)
    others.remove(gone)
    session.delete(gone)
    _number(others)
    events.announce(session, events.SidebarChanged(actor.id))


def _filters_of(session: Session, actor: Actor) -> list[SavedFilter]:
    is_theirs = col(SavedFilter.user_id) == actor.id
    order = col(SavedFilter.place), col(SavedFilter.id)
    return list(session.exec(select(SavedFilter).where(is_theirs).order_by(*order)).all())


def _held(session: Session, actor: Actor) -> list[SavedFilter]:
    """The actor's filters, which no other request of theirs changes until the end of this transaction."""
    session.get(User, actor.id, with_for_update={"key_share": True})
    return _filters_of(session, actor)


def _own(session: Session, actor: Actor, filter_id: UUID) -> SavedFilter:
    found = session.get(SavedFilter, filter_id)
    if found is None:
        raise FilterNotFound
    if found.user_id != actor.id:
        raise Forbidden
    return found


def _number(filters: Sequence[SavedFilter]) -> None:
    for place, each in enumerate(filters, start=1):
        each.place = place


def _counted(session: Session, actor: Actor, saved: SavedFilter) -> CountedFilter:
    query = TaskQuery(filter=saved.query, limit=1)
    # One filter that cannot be answered any more keeps nobody from the others.
    try:
        return CountedFilter(saved, list_tasks(session, actor, query).count)
    except InvalidInput as error:
        return CountedFilter(saved, None, str(error))


def _settled(session: Session, actor: Actor, saved: SavedFilter) -> CountedFilter:
    session.flush()
    events.announce(session, events.SidebarChanged(actor.id))
    return _counted(session, actor, saved)
