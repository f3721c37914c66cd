"""What people do with a list: make it, change it, put it in their order, move it to the trash and back."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, and_
from sqlmodel import Session, col, func, select, update
from sqlmodel.sql.expression import SelectOfScalar

from dashboard import clock, events
from dashboard.errors import FieldError, InboxStays, InvalidInput, ListNotFound, StaleVersion
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
from dashboard.services.lists.access import members_of, require_role
from dashboard.services.lists.queries import ListRow, find_list


def create_list(session: Session, actor: Actor, draft: ListDraft) -> ListRow:
    """Make a list of the actor's own, below their others. Raises InvalidInput when they have too many."""
    _require_room(session, actor)
    now = clock.now()
    made = TaskList(created_by=actor.id, created_at=now, updated_at=now, **draft.model_dump())
    session.add(made)
    session.flush()
    place = _next_position(session, actor)
    session.add(ListMember(user_id=actor.id, list_id=made.id, role=Role.OWNER, position=place))
    session.flush()
    return _announced(session, actor, made)


def hold_lists(session: Session, actor: Actor) -> None:
    """Keep the actor's other requests from making lists until the end of this transaction."""
    session.get(TaskList, inbox_of(actor.id), with_for_update=True)


def update_list(
    session: Session,
    actor: Actor,
    list_id: UUID,
    changes: ListChanges,
    *,
    version: int | None = None,
) -> ListRow:
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
    return _announced(session, actor, changed)


def delete_list(
    session: Session, actor: Actor, list_id: UUID, *, version: int | None = None
) -> None:
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
    _move_tasks(session, is_kept, deleted_at=now, state=DELETED, updated_at=now)
    _announce(session, list_id)


def restore_list(session: Session, actor: Actor, list_id: UUID) -> ListRow:
    """Take a list out of the trash, with the tasks that went there with it; one that is not there stays as it is."""
    back = _owned(session, actor, list_id)
    if back.deleted_at is not None:
        _require_room(session, actor)
        went_along = and_(col(Task.list_id) == list_id, col(Task.deleted_at) == back.deleted_at)
        back.deleted_at, now = None, clock.now()
        back.touch(now)
        for is_completed, state in ((False, OPEN), (True, COMPLETED)):
            of_state = col(Task.completed_at).is_not(None) == is_completed
            _move_tasks(
                session, and_(went_along, of_state), deleted_at=None, state=state, updated_at=now
            )
    return _announced(session, actor, back)


def order_lists(session: Session, actor: Actor, order: ListOrder) -> None:
    """Put the actor's lists in this order; their Inbox stays the first. Raises InvalidInput, and changes nothing."""
    wanted = [list_id for list_id in order.list_ids if list_id != inbox_of(actor.id)]
    mine = set(session.exec(_my_lists(actor)).all())
    if len(set(wanted)) != len(wanted):
        raise InvalidInput(FieldError("list_ids", "Name each list once. Nothing was changed."))
    if set(wanted) != mine:
        message = "Name all of your lists, and no others. Nothing was changed."
        raise InvalidInput(FieldError("list_ids", message))
    for place, list_id in enumerate(wanted, start=1):
        is_mine = and_(col(ListMember.user_id) == actor.id, col(ListMember.list_id) == list_id)
        session.exec(update(ListMember).where(is_mine).values(position=place))
    events.announce(session, events.ListsChanged(actor.id))


def _owned(session: Session, actor: Actor, list_id: UUID) -> TaskList:
    """A list that the actor owns, in the trash or not, and that nobody else changes meanwhile."""
    found = session.get(TaskList, list_id, with_for_update=True)
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


def _announced(session: Session, actor: Actor, changed: TaskList) -> ListRow:
    session.flush()
    _announce(session, changed.id)
    return find_list(session, actor, changed.id)


def _announce(session: Session, list_id: UUID) -> None:
    members: Sequence[UUID] = members_of(session, [list_id])
    for user_id in members:
        events.announce(session, events.ListsChanged(user_id))
