"""What people do with a list: make it, change it, put it in their order, move it to the trash and back."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, inspect
from sqlmodel import Session, col, func, select, update
from sqlmodel.sql.expression import SelectOfScalar

from dashboard import clock, events
from dashboard.errors import FieldError, InboxStays, InvalidInput, ListNotFound, StaleVersion
from dashboard.models.activity import Action
from dashboard.models.list import (
    MOST_LISTS,
    ListChanges,
    ListDraft,
    ListMember,
    ListOrder,
    Role,
    TaskList,
    inbox_of,
)
from dashboard.models.session import Actor
from dashboard.models.task import COMPLETED, DELETED, OPEN, Task
from dashboard.services import activity, idempotency
from dashboard.services.activity import Entry
from dashboard.services.lists.access import members_of, require_role
from dashboard.services.lists.queries import VisibleList, find_list

_RECORDED = (*ListDraft.model_fields, "archived_at", "deleted_at")
"""What people decide of a list."""


class ListEffect(NamedTuple):
    """A list that was changed."""

    action: Action
    list: TaskList
    """As it is now."""
    before: Mapping[str, Any] | None = None
    """What its changed columns held; None for a list that was not there."""


class ListEffects(NamedTuple):
    """What a command answers: the list as the actor sees it, and what it changed.

    The tasks that go to the trash with a list, or come back with it, are not named one by one.
    """

    row: VisibleList
    changed: Sequence[ListEffect]


def create_list(
    session: Session, actor: Actor, draft: ListDraft, *, idempotency_key: str | None = None
) -> ListEffects:
    """Make a list of the actor's own, below their others. The same key once more answers with the list that it made.

    Raises InvalidInput when they have too many lists, ListNotFound when the list of the key is in the trash.
    """
    now = clock.now()
    made = TaskList(created_by=actor.id, created_at=now, updated_at=now, **draft.model_dump())
    if idempotency_key is not None:
        made.id = idempotency.id_of(actor, idempotency_key)
        # Of two at once, the second waits for the list of the first.
        hold_lists(session, actor)
        if session.get(TaskList, made.id) is not None:
            return ListEffects(find_list(session, actor, made.id), ())
    _require_room(session, actor)
    session.add(made)
    session.flush()
    place = _next_position(session, actor)
    session.add(ListMember(user_id=actor.id, list_id=made.id, role=Role.OWNER, position=place))
    session.flush()
    return _settled(session, actor, ListEffect(Action.CREATE, made))


def hold_lists(session: Session, actor: Actor) -> None:
    """Keep the actor's other requests from making lists until the end of this transaction."""
    session.get(TaskList, inbox_of(actor.id), with_for_update={"key_share": True})


def update_list(
    session: Session,
    actor: Actor,
    list_id: UUID,
    changes: ListChanges,
    *,
    version: int | None = None,
) -> ListEffects:
    """Change the fields that are given. With `version`, only if the list still has it (else StaleVersion)."""
    changed = _owned(session, actor, list_id)
    if changed.deleted_at is not None:
        raise ListNotFound
    _require_version(changed, version)
    given = changes.model_dump(exclude_unset=True)
    if changed.is_inbox and given.keys() & {"name", "color", "icon", "is_archived"}:
        raise InboxStays
    now = clock.now()
    is_archived = given.pop("is_archived", changed.archived_at is not None)
    changed.sqlmodel_update(given)
    changed.archived_at = (changed.archived_at or now) if is_archived else None
    changed.touch(now)
    return _settled(session, actor, _effect(Action.CHANGE, changed))


def delete_list(
    session: Session, actor: Actor, list_id: UUID, *, version: int | None = None
) -> ListEffects:
    """Move a list to the trash with its tasks, where they stay for 30 days."""
    gone = _owned(session, actor, list_id)
    if gone.is_inbox:
        raise InboxStays
    if gone.deleted_at is not None:
        raise ListNotFound
    _require_version(gone, version)
    gone.deleted_at = now = clock.now()
    gone.touch(now)
    is_kept = and_(col(Task.list_id) == list_id, col(Task.deleted_at).is_(None))
    effect = _effect(Action.DELETE, gone)
    _move_tasks(session, is_kept, deleted_at=now, state=DELETED, updated_at=now)
    return _settled(session, actor, effect)


def restore_list(session: Session, actor: Actor, list_id: UUID) -> ListEffects:
    """Take a list out of the trash, with the tasks that went there with it; one that is not there stays as it is."""
    back = _owned(session, actor, list_id)
    if back.deleted_at is None:
        return ListEffects(find_list(session, actor, list_id), ())
    _require_room(session, actor)
    went_along = and_(col(Task.list_id) == list_id, col(Task.deleted_at) == back.deleted_at)
    back.deleted_at, now = None, clock.now()
    back.touch(now)
    effect = _effect(Action.RESTORE, back)
    for is_completed, state in ((False, OPEN), (True, COMPLETED)):
        of_state = col(Task.completed_at).is_not(None) == is_completed
        _move_tasks(
            session, and_(went_along, of_state), deleted_at=None, state=state, updated_at=now
        )
    return _settled(session, actor, effect)


def order_lists(session: Session, actor: Actor, order: ListOrder) -> None:
    """Put the actor's lists in this order; their Inbox stays the first. Raises InvalidInput, and changes nothing."""
    wanted = [list_id for list_id in order.list_ids if list_id != inbox_of(actor.id)]
    mine = session.exec(_my_lists(actor).order_by(col(ListMember.position))).all()
    if len(set(wanted)) != len(wanted):
        raise InvalidInput(FieldError("list_ids", "Name each list once. Nothing was changed."))
    if set(wanted) != set(mine):
        message = "Name all of your lists, and no others. Nothing was changed."
        raise InvalidInput(FieldError("list_ids", message))
    for place, list_id in enumerate(wanted, start=1):
        is_mine = and_(col(ListMember.user_id) == actor.id, col(ListMember.list_id) == list_id)
        session.exec(update(ListMember).where(is_mine).values(position=place))
    inbox = inbox_of(actor.id)
    # An order is each person's own, and so is their Inbox.
    activity.record(
        session, actor, Entry(Action.ORDER, inbox, None, {"lists": mine}, {"lists": wanted})
    )
    events.announce(session, events.ListsChanged((actor.id,), None, actor.id, actor.nonce))


def _owned(session: Session, actor: Actor, list_id: UUID) -> TaskList:
    """A list that the actor owns, in the trash or not, locked for this transaction."""
    # What refers to it may be written meanwhile: the activity of tasks in it.
    found = session.get(TaskList, list_id, with_for_update={"key_share": True})
    if found is None:
        raise ListNotFound
    require_role(session, actor, list_id, Role.OWNER)
    return found


def _require_version(found: TaskList, version: int | None) -> None:
    if version is not None and found.version != version:
        raise StaleVersion(
            "This list was changed in the meantime. Nothing was saved; load it again."
        )


def _require_room(session: Session, actor: Actor) -> None:
    if len(session.exec(_my_lists(actor)).all()) >= MOST_LISTS:
        message = f"You have {MOST_LISTS} lists, and at most so many. Delete one first."
        raise InvalidInput(FieldError("", message))


def _my_lists(actor: Actor) -> SelectOfScalar[UUID]:
    """The ids of the actor's lists beside their Inbox, without those in the trash."""
    return (
        select(ListMember.list_id)
        .join(TaskList, col(TaskList.id) == col(ListMember.list_id))
        .where(
            col(ListMember.user_id) == actor.id,
            col(ListMember.list_id) != inbox_of(actor.id),
            col(TaskList.deleted_at).is_(None),
        )
    )


def _next_position(session: Session, actor: Actor) -> int:
    mine = col(ListMember.user_id) == actor.id
    return session.exec(select(func.max(ListMember.position)).where(mine)).one() + 1


def _move_tasks(session: Session, condition: ColumnElement[bool], **values: object) -> None:
    changed = update(Task).where(condition).values(version=col(Task.version) + 1, **values)
    session.execute(changed, execution_options={"synchronize_session": False})


def _effect(action: Action, changed: TaskList) -> ListEffect:
    """What the changed fields of a list held; asked before the changes are written."""
    history = {name: inspect(changed).attrs[name].history for name in _RECORDED}
    before = {name: each.deleted[0] for name, each in history.items() if each.deleted}
    return ListEffect(action, changed, before)


def _settled(session: Session, actor: Actor, effect: ListEffect) -> ListEffects:
    """Record and announce what was done to a list, here and nowhere else."""
    session.flush()
    action, changed, before = effect
    now = {name: getattr(changed, name) for name in (_RECORDED if before is None else before)}
    if now:
        activity.record(session, actor, Entry(action, changed.id, None, before, now))
    audience = members_of(session, changed.id)
    event = events.ListsChanged(audience, changed.id, actor.id, actor.nonce)
    events.announce(session, event)
    # In the trash there is nothing open, and only an owner can have put it there.
    is_gone = changed.deleted_at is not None
    row = VisibleList(changed, Role.OWNER, 0) if is_gone else find_list(session, actor, changed.id)
    return ListEffects(row, (effect,))
