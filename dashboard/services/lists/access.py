"""Access is membership: one clause for all that reads, and one check for all that writes."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, Select, bindparam, select
from sqlmodel import Session, col

from dashboard.database.transactions import fetch
from dashboard.errors import Forbidden, ListArchived, ListInTrash, ReadOnly
from dashboard.models.list import ListMember, Role, TaskList, inbox_of
from dashboard.models.session import Actor
from dashboard.models.task import Task

_MEMBERSHIP = (
    select(col(ListMember.role), col(TaskList.archived_at), col(TaskList.deleted_at))
    .join(TaskList, col(TaskList.id) == col(ListMember.list_id))
    .where(
        col(ListMember.user_id) == bindparam("actor_id"),
        col(ListMember.list_id) == bindparam("list_id"),
    )
)


_MEMBERS = select(col(ListMember.user_id)).where(col(ListMember.list_id) == bindparam("list_id"))
_IN_USE = (
    select(col(ListMember.list_id))
    .join(TaskList, col(TaskList.id) == col(ListMember.list_id))
    .where(
        col(ListMember.user_id) == bindparam("actor_id"),
        col(TaskList.archived_at).is_(None),
        col(TaskList.deleted_at).is_(None),
    )
    .limit(bindparam("most", type_=BigInteger()))
)


class Membership(NamedTuple):
    """What a person may do in a list, and whether it is put away."""

    role: Role
    is_archived: bool = False
    is_deleted: bool = False


def visible_to(actor_id: Any, list_id: Any = Task.list_id) -> ColumnElement[bool]:
    """That a task lies in a list of which this person is a member. `actor_id` may be a parameter of a statement."""
    return list_id.in_(_lists_of(actor_id))


def in_use_by(actor_id: Any, list_id: Any = Task.list_id) -> ColumnElement[bool]:
    """The same, without the lists that are archived: what is put away is looked at in its own list alone."""
    is_used = col(TaskList.archived_at).is_(None)
    joined = _lists_of(actor_id).join(TaskList, col(TaskList.id) == col(ListMember.list_id))
    return list_id.in_(joined.where(is_used))


def _lists_of(actor_id: Any) -> Select[Any]:
    return select(col(ListMember.list_id)).where(col(ListMember.user_id) == actor_id)


def writable_by(actor_id: Any) -> ColumnElement[bool]:
    """That a task lies in a list in which this person may change tasks."""
    lists = _lists_of(actor_id).where(col(ListMember.role) != Role.VIEWER)
    return col(Task.list_id).in_(lists)


def open_to_changes_by(actor_id: Any) -> ColumnElement[bool]:
    """The same, and that the list is neither archived nor in the trash."""
    kept = col(TaskList.archived_at).is_(None), col(TaskList.deleted_at).is_(None)
    lists = _lists_of(actor_id).join(TaskList, col(TaskList.id) == col(ListMember.list_id))
    return col(Task.list_id).in_(lists.where(col(ListMember.role) != Role.VIEWER, *kept))


def members_of(session: Session, list_id: UUID) -> tuple[UUID, ...]:
    """Everyone who sees a list."""
    return tuple(fetch(session, _MEMBERS, {"list_id": list_id}).scalars())


def some_lists_in_use(session: Session, actor: Actor, most: int) -> Sequence[UUID]:
    """At most so many of the actor's lists that are neither archived nor in the trash."""
    return fetch(session, _IN_USE, {"actor_id": actor.id, "most": most}).scalars().all()


def audience_of(session: Session, actor: Actor, list_id: UUID) -> tuple[UUID, ...]:
    """Everyone who sees a list in which the actor has changed something."""
    # An Inbox has no other member, and most changes are in one.
    if list_id == inbox_of(actor.id):
        return (actor.id,)
    return members_of(session, list_id)


def membership_in(session: Session, actor: Actor, list_id: UUID) -> Membership:
    """What the actor may do in a list. Raises Forbidden when they are no member of it."""
    if list_id == inbox_of(actor.id):
        return Membership(Role.OWNER)
    parameters = {"actor_id": actor.id, "list_id": list_id}
    row = fetch(session, _MEMBERSHIP, parameters).one_or_none()
    if row is None:
        raise Forbidden
    return Membership(Role(row.role), row.archived_at is not None, row.deleted_at is not None)


def require_role(session: Session, actor: Actor, list_id: UUID, role: Role) -> Membership:
    """Raises Forbidden for a list that the actor does not see, ReadOnly for one in which they may do less than this."""
    membership = membership_in(session, actor, list_id)
    if not membership.role.includes(role):
        raise ReadOnly(
            "Only an owner of this list can do this. Nothing was changed."
            if role is Role.OWNER
            else None
        )
    return membership


def require_writable(session: Session, actor: Actor, list_id: UUID) -> None:
    """Raises what `require_role` raises for an editor, and ListArchived or ListInTrash for a list that is put away."""
    membership = require_role(session, actor, list_id, Role.EDITOR)
    if membership.is_deleted:
        raise ListInTrash
    if membership.is_archived:
        raise ListArchived
