"""Access is membership: one clause for all that reads, and one check for all that writes."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, select
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from dashboard.db import fetch
from dashboard.errors import Forbidden, ReadOnly
from dashboard.models.list import ListMember, Role, inbox_of
from dashboard.models.session import Actor
from dashboard.models.task import Task

_ROLE = select(col(ListMember.role)).where(
    col(ListMember.user_id) == bindparam("actor_id"),
    col(ListMember.list_id) == bindparam("list_id"),
)


def visible_to(actor_id: Any, list_id: Any = Task.list_id) -> ColumnElement[bool]:
    """That a task lies in a list of which this person is a member. `actor_id` may be a parameter of a statement."""
    lists = select(col(ListMember.list_id)).where(col(ListMember.user_id) == actor_id)
    return list_id.in_(lists)


def writable_by(actor_id: Any) -> ColumnElement[bool]:
    """That a task lies in a list in which this person may change tasks."""
    lists = select(col(ListMember.list_id)).where(
        col(ListMember.user_id) == actor_id, col(ListMember.role) != Role.VIEWER
    )
    return col(Task.list_id).in_(lists)


def members_of(session: Session, list_ids: Collection[UUID]) -> Sequence[UUID]:
    """Everyone who sees one of these lists."""
    of_lists = col(ListMember.list_id).in_(list_ids)
    return session.exec(select_rows(ListMember.user_id).where(of_lists).distinct()).all()


def role_in(session: Session, actor: Actor, list_id: UUID) -> Role | None:
    """What the actor may do in a list; None when they are no member of it."""
    if list_id == inbox_of(actor.id):
        return Role.OWNER
    parameters = {"actor_id": actor.id, "list_id": list_id}
    role = fetch(session, _ROLE, parameters).scalar_one_or_none()
    return None if role is None else Role(role)


def require_role(session: Session, actor: Actor, list_id: UUID, role: Role) -> None:
    """Raises Forbidden for a list that the actor does not see, ReadOnly for one in which they may do less than this."""
    held = role_in(session, actor, list_id)
    if held is None:
        raise Forbidden
    if not held.includes(role):
        raise ReadOnly
