"""Lists as a person sees them: in their own order, with their role and how many tasks are open."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Select, Uuid, bindparam, func, literal_column, select
from sqlmodel import Session, col

from dashboard.database.transactions import fetch
from dashboard.errors import ListNotFound
from dashboard.models.list import ListMember, Role, TaskList, inbox_of
from dashboard.models.section import Section
from dashboard.models.session import Actor
from dashboard.models.task import OPEN, Task
from dashboard.services.lists import access

_IS_KEPT = col(TaskList.deleted_at).is_(None)


_NAMES = (
    select(col(TaskList.id), col(TaskList.name))
    .join(ListMember, col(ListMember.list_id) == col(TaskList.id))
    .where(
        col(ListMember.user_id) == bindparam("actor_id", type_=Uuid()),
        col(TaskList.archived_at).is_(None),
        _IS_KEPT,
    )
)


_SECTION_NAMES = select(col(Section.id), col(Section.name)).where(
    access.in_use_by(bindparam("actor_id", type_=Uuid()), col(Section.list_id)),
    col(Section.deleted_at).is_(None),
)


class VisibleList(NamedTuple):
    """A list, what this person may do in it, and how many tasks are open in it."""

    list: TaskList
    role: Role
    open_count: int


_COUNT_OPEN = (
    select(col(Task.list_id), func.count().label("open_count"))
    .where(
        access.visible_to(bindparam("actor_id", type_=Uuid())),
        col(Task.list_id) != bindparam("inbox_id", type_=Uuid()),
        col(Task.state) == literal_column(str(OPEN)),
    )
    .group_by(col(Task.list_id))
)


def list_lists(
    session: Session, actor: Actor, *, with_trash: bool = False
) -> Sequence[VisibleList]:
    """Every list that the actor sees: the Inbox first, then in the actor's own order."""
    order = (
        col(TaskList.id) != inbox_of(actor.id),
        col(ListMember.position),
        col(TaskList.id),
    )
    found = _lists_of(actor).order_by(*order)
    rows = session.execute(found if with_trash else found.where(_IS_KEPT)).all()
    return [VisibleList(found, Role(role), count) for found, role, count in rows]


def names_of(session: Session, actor: Actor) -> tuple[dict[str, list[UUID]], dict[str, list[UUID]]]:
    """The ids of the actor's lists in use and of their sections, by name in small letters: several can have one."""
    lists: dict[str, list[UUID]] = {}
    sections: dict[str, list[UUID]] = {}
    for statement, found in ((_NAMES, lists), (_SECTION_NAMES, sections)):
        for row in fetch(session, statement, {"actor_id": actor.id}):
            found.setdefault(row.name.casefold(), []).append(row.id)
    return lists, sections


def count_open(session: Session, actor: Actor) -> dict[UUID, int]:
    """How many tasks are open in each list that the actor sees beside their Inbox; a list without any is left out."""
    parameters = {"actor_id": actor.id, "inbox_id": inbox_of(actor.id)}
    rows = fetch(session, _COUNT_OPEN, parameters)
    return {row.list_id: row.open_count for row in rows}


def find_list(session: Session, actor: Actor, list_id: UUID) -> VisibleList:
    """One list. Raises ListNotFound (also for one in the trash) and Forbidden."""
    is_it = col(TaskList.id) == list_id
    row = session.execute(_lists_of(actor).where(is_it, _IS_KEPT)).one_or_none()
    if row is not None:
        return VisibleList(row[0], Role(row[1]), row[2])
    if session.get(TaskList, list_id) is None:
        raise ListNotFound
    access.require_role(session, actor, list_id, Role.VIEWER)
    raise ListNotFound


def _lists_of(actor: Actor) -> Select[TaskList, str, int]:
    open_count = (
        select(func.count())
        .select_from(Task)
        .where(col(Task.list_id) == col(TaskList.id), col(Task.state) == OPEN)
        .scalar_subquery()
    )
    return (
        select(TaskList, col(ListMember.role), open_count)
        .join(ListMember, col(ListMember.list_id) == col(TaskList.id))
        .where(col(ListMember.user_id) == actor.id)
    )
