"""Who is in a list, and what becomes of it when somebody goes."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, delete, func, select, update

from dashboard import events
from dashboard.models.list import ListMember, Role
from dashboard.services.lists.access import members_of


def leave_shared_lists(session: Session, user_id: UUID) -> None:
    """Take a person out of every list that others see as well; each of these keeps an owner."""
    for list_id in _shared_lists(session, user_id):
        end_membership(session, list_id, user_id)


def end_membership(session: Session, list_id: UUID, user_id: UUID) -> None:
    """Take a person out of a list that others see as well, and tell them and the others."""
    audience = members_of(session, list_id)
    session.exec(delete(ListMember).where(_is_member(list_id, user_id)))
    _require_owner(session, list_id)
    events.announce(session, events.ListsChanged(audience, list_id))


def _shared_lists(session: Session, user_id: UUID) -> Sequence[UUID]:
    theirs = select(ListMember.list_id).where(col(ListMember.user_id) == user_id)
    shared = (
        select(ListMember.list_id)
        .where(col(ListMember.list_id).in_(theirs))
        .group_by(col(ListMember.list_id))
        .having(func.count() > 1)
    )
    return session.exec(shared).all()


def _require_owner(session: Session, list_id: UUID) -> None:
    """A list without an owner passes to its oldest editor; with viewers alone, the oldest of them."""
    in_list = col(ListMember.list_id) == list_id
    members = session.exec(select(ListMember).where(in_list)).all()
    if any(member.role == Role.OWNER for member in members):
        return
    heir = min(members, key=lambda each: (each.role == Role.VIEWER, each.created_at, each.user_id))
    is_heir = _is_member(list_id, heir.user_id)
    session.exec(update(ListMember).where(is_heir).values(role=Role.OWNER))


def _is_member(list_id: UUID, user_id: UUID) -> ColumnElement[bool]:
    return (col(ListMember.list_id) == list_id) & (col(ListMember.user_id) == user_id)
