"""What members do with the sections of a list: add, rename, order, fold, delete and bring back."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, select, update
from sqlmodel import Session, col

from dashboard import clock, events
from dashboard.errors import FieldError, InvalidInput, SectionNotFound, StaleVersion
from dashboard.models.activity import Action, Activity
from dashboard.models.columns import first_id_at
from dashboard.models.list import Role, TaskList
from dashboard.models.position import LONGEST, key_after, key_between, spread
from dashboard.models.section import (
    MOST_SECTIONS,
    FoldedSection,
    Section,
    SectionChanges,
    SectionDraft,
)
from dashboard.models.session import Actor
from dashboard.models.task import DELETED, TRASH_KEEPS, Task, place_of
from dashboard.services import activity, idempotency
from dashboard.services.activity import Entry
from dashboard.services.lists import access, queries
from dashboard.services.operation.batches import delete_batch
from dashboard.services.tasks import places, repository
from dashboard.services.tasks.effects import TaskEffect, settle

_TASK: Any = Task.__table__  # pyright: ignore[reportAttributeAccessIssue] (of every table=True)
_A_STEP = timedelta(minutes=10)
"""Longer than a transaction lasts."""
_POSITION, _ID = col(Section.position), col(Section.id)


class SectionRow(NamedTuple):
    """A section, and whether this person has folded it."""

    section: Section
    is_folded: bool


def list_sections(session: Session, actor: Actor, list_id: UUID) -> Sequence[SectionRow]:
    """The sections of a list that the actor sees, in their order. Raises ListNotFound and Forbidden."""
    queries.find_list(session, actor, list_id)
    return _rows(session, actor, col(Section.list_id).in_([list_id]))


def list_all_sections(session: Session, actor: Actor) -> Sequence[SectionRow]:
    """The sections of every list that the actor sees, list by list, in their order."""
    return _rows(session, actor, access.visible_to(actor.id, col(Section.list_id)))


def get_section(session: Session, actor: Actor, section_id: UUID) -> SectionRow:
    """One section. Raises SectionNotFound and Forbidden."""
    found = session.get(Section, section_id)
    if found is None:
        raise SectionNotFound
    access.require_role(session, actor, found.list_id, Role.VIEWER)
    rows = _rows(session, actor, _ID.in_([section_id]))
    if not rows:
        raise SectionNotFound
    return rows[0]


def create_section(
    session: Session,
    actor: Actor,
    list_id: UUID,
    draft: SectionDraft,
    *,
    idempotency_key: str | None = None,
) -> SectionRow:
    """Make a section. The same key once more answers with the one that it made, SectionNotFound once that is deleted.

    Raises InvalidInput when the list has as many as it may have.
    """
    places.require_target(session, actor, list_id)
    now = clock.now()
    made = Section(list_id=list_id, name=draft.name, position="", created_at=now, updated_at=now)
    if idempotency_key is not None:
        made.id = idempotency.id_of(actor, idempotency_key, within=list_id)
        # Of two at once, the second waits for the section of the first.
        session.get(TaskList, list_id, with_for_update={"key_share": True})
        if session.get(Section, made.id) is not None:
            return get_section(session, actor, made.id)
    others = _in_order(session, list_id)
    _require_room(others)
    made.position = _position(session, others, draft.before, draft.after)
    session.add(made)
    _settle(session, actor, Action.CREATE, made, after=_record(made))
    return SectionRow(made, is_folded=False)


def update_section(
    session: Session,
    actor: Actor,
    section_id: UUID,
    changes: SectionChanges,
    *,
    version: int | None = None,
) -> SectionRow:
    """Change what is given. To fold one, being able to read its list is enough."""
    given = changes.model_fields_set
    found = _held(session, actor, section_id, Role.EDITOR if given - {"is_folded"} else Role.VIEWER)
    if version is not None and found.version != version:
        message = "This section was changed in the meantime. Nothing was saved; load it again."
        raise StaleVersion(message)
    before = _record(found)
    if "name" in given:
        found.name = changes.name
    if changes.before is not None or changes.after is not None:
        others = [each for each in _in_order(session, found.list_id) if each.id != section_id]
        found.position = _position(session, others, changes.before, changes.after)
        _put_tasks(session, found)
    if "is_folded" in given:
        _fold(session, actor, section_id, is_folded=changes.is_folded)
    if (after := _record(found)) != before:
        found.touch(clock.now())
        _settle(session, actor, Action.CHANGE, found, before, after)
    else:
        # How it is folded is this person's own.
        _tell(session, actor, found.list_id, (actor.id,))
    return get_section(session, actor, section_id)


def delete_section(
    session: Session, actor: Actor, section_id: UUID, *, with_tasks: bool = False
) -> None:
    """Delete a section. Its tasks move above all sections, behind those that lie there; or they go to the trash."""
    gone = _held(session, actor, section_id, Role.EDITOR)
    changed = [*(_to_the_trash if with_tasks else _above_all)(session, gone)]
    if changed:
        settle(session, actor, *changed)
    gone.deleted_at, gone.deleted_in = clock.now(), activity.step_of(session)
    gone.touch(gone.deleted_at)
    _settle(session, actor, Action.DELETE, gone, before=_record(gone))


def restore_section(session: Session, actor: Actor, section_id: UUID) -> SectionRow:
    """Bring a section back, and into it the tasks that lay in it, as far as nobody has moved them on since.

    One that is not deleted stays as it is. Raises InvalidInput when its list has as many as it may have.
    """
    back = _held(session, actor, section_id, Role.EDITOR, is_deleted=None)
    if back.deleted_at is None:
        return get_section(session, actor, section_id)
    _require_room(_in_order(session, back.list_id))
    changed = [*_tasks_back(session, back)]
    if changed:
        settle(session, actor, *changed)
    back.deleted_at = back.deleted_in = None
    back.touch(clock.now())
    _settle(session, actor, Action.RESTORE, back, after=_record(back))
    return get_section(session, actor, section_id)


def purge_sections(session: Session) -> int:
    """Remove a batch of sections that were deleted more than 30 days ago. Returns how many; 0 when none are left."""
    is_over = col(Section.deleted_at) < clock.now() - TRASH_KEEPS
    return len(delete_batch(session, Section, is_over, _ID))


def _rows(session: Session, actor: Actor, condition: ColumnElement[bool]) -> Sequence[SectionRow]:
    is_folded = exists().where(
        col(FoldedSection.section_id) == _ID, col(FoldedSection.user_id) == actor.id
    )
    found = (
        select(Section, is_folded)
        .where(condition, col(Section.deleted_at).is_(None))
        .order_by(col(Section.list_id), _POSITION, _ID)
    )
    return [SectionRow(section, folded) for section, folded in session.execute(found)]


def _held(
    session: Session,
    actor: Actor,
    section_id: UUID,
    role: Role,
    *,
    is_deleted: bool | None = False,
) -> Section:
    """A section that nobody else changes meanwhile, in a list in which the actor may do this."""
    found = session.get(Section, section_id, with_for_update={"key_share": True})
    if found is None:
        raise SectionNotFound
    if role is Role.VIEWER:
        access.require_role(session, actor, found.list_id, role)
    else:
        access.require_writable(session, actor, found.list_id)
    if is_deleted is not None and is_deleted != (found.deleted_at is not None):
        raise SectionNotFound
    return found


def _in_order(session: Session, list_id: UUID) -> Sequence[Section]:
    found = select(Section).where(
        col(Section.list_id) == list_id, col(Section.deleted_at).is_(None)
    )
    return session.execute(found.order_by(_POSITION, _ID)).scalars().all()


def _require_room(others: Sequence[Section]) -> None:
    if len(others) >= MOST_SECTIONS:
        message = f"This list has {MOST_SECTIONS} sections, and at most so many. Delete one first."
        raise InvalidInput(FieldError("", message))


def _position(
    session: Session,
    others: Sequence[Section],
    before: UUID | None,
    after: UUID | None,
) -> str:
    """A key right before or behind another section, or behind all."""
    keys = [each.position for each in others]
    if before is None and after is None:
        position, index = key_after(keys[-1] if keys else "", clock.now()), len(keys)
    else:
        index = _index_of(others, before, after)
        low, high = ["", *keys][index], [*keys, ""][index]
        position = key_between(low, high) if low < high else ""
        if index == len(keys):
            position = key_after(low, clock.now())
    if position and len(position) <= LONGEST:
        return position
    found = [*spread(len(keys) + 1)]
    for each, key in zip(others, [*found[:index], *found[index + 1 :]], strict=True):
        each.position = key
        _put_tasks(session, each)
    return found[index]


def _index_of(others: Sequence[Section], before: UUID | None, after: UUID | None) -> int:
    ids: list[UUID | None] = [each.id for each in others]
    neighbour = before or after
    if neighbour not in ids:
        name = "before" if before else "after"
        message = f"The section to put it {name} is gone, or in another list. Nothing was moved."
        raise InvalidInput(FieldError(name, message))
    return ids.index(neighbour) + (before is None)


def _put_tasks(session: Session, section: Section) -> None:
    """Have the places of the tasks of a section follow it."""
    session.flush()
    in_it = _TASK.c.section_id == section.id
    prefix = place_of("", section.position)
    alone = update(_TASK).where(in_it, _TASK.c.parent_id.is_(None))
    session.execute(alone.values(place=prefix + _TASK.c.position))
    parents = _TASK.alias()
    of_parent = select(parents.c.place).where(parents.c.id == _TASK.c.parent_id).scalar_subquery()
    inside = update(_TASK).where(in_it, _TASK.c.parent_id.is_not(None))
    session.execute(inside.values(place=of_parent + place_of(_TASK.c.position)))


def _fold(session: Session, actor: Actor, section_id: UUID, *, is_folded: bool) -> None:
    theirs = session.get(FoldedSection, (actor.id, section_id))
    if is_folded and theirs is None:
        session.add(FoldedSection(user_id=actor.id, section_id=section_id))
    elif theirs is not None and not is_folded:
        session.execute(
            delete(FoldedSection).where(
                col(FoldedSection.user_id) == actor.id, col(FoldedSection.section_id) == section_id
            )
        )


def _to_the_trash(session: Session, section: Section) -> Iterator[TaskEffect]:
    at = clock.now()
    for held in _tasks_in(session, section):
        held.task.deleted_at = at
        held.task.touch(at)
        yield TaskEffect(Action.DELETE, held.task, repository.keep(session, held))


def _above_all(session: Session, section: Section) -> Iterator[TaskEffect]:
    at, container = clock.now(), places.Container(section.list_id)
    position = places.last_in(session, container)
    for held in _tasks_in(session, section):
        task = held.task
        if task.parent_id is None:
            # One after the other, in the order that they had.
            at += timedelta(microseconds=1)
            position = key_after(position, at)
            container.put(task, position)
        else:
            task.section_id = None
        task.touch(at)
        before = repository.keep(session, held)
        places.put_below(session, task)
        yield TaskEffect(Action.CHANGE, task, before)


def _tasks_back(session: Session, section: Section) -> Iterator[TaskEffect]:
    at, lay_in = clock.now(), str(section.id)
    for task_id, before in _what_became_of_tasks(session, section):
        held = repository.hold(session, task_id)
        if held is None or held.task.list_id != section.list_id:
            continue
        task = held.task
        if "deleted_at" in before and task.deleted_at and task.section_id == section.id:
            task.deleted_at, action = None, Action.RESTORE
        elif before.get("section_id") == lay_in and not task.deleted_at and not task.section_id:
            task.section_id, action = section.id, Action.CHANGE
        else:
            continue
        if task.parent_id is None:
            task.put_at(before.get("position", task.position), section.position)
        task.touch(at)
        kept = repository.keep(session, held)
        places.put_below(session, task)
        yield TaskEffect(action, task, kept)


def _what_became_of_tasks(
    session: Session, section: Section
) -> Iterator[tuple[UUID, dict[str, Any]]]:
    """Each task that lay in a section when it was deleted, and what was changed of it then."""
    begun: datetime = section.deleted_at or clock.now()
    found = select(col(Activity.task_id), col(Activity.before)).where(
        col(Activity.list_id) == section.list_id,
        # A moment before: an id is made when the row is written.
        col(Activity.id) >= first_id_at(begun - _A_STEP),
        col(Activity.batch) == section.deleted_in,
        col(Activity.task_id).is_not(None),
    )
    rows = session.execute(found.order_by(col(Activity.id))).all()
    for task_id, before in rows:
        yield task_id, json.loads(before or "{}")


def _tasks_in(session: Session, section: Section) -> Iterator[repository.Held]:
    """The tasks of a section outside the trash, in their order: parents before their subtasks."""
    ids = session.execute(
        select(_TASK.c.id)
        .where(_TASK.c.section_id == section.id, _TASK.c.state < DELETED)
        .order_by(_TASK.c.place, _TASK.c.id)
    )
    for task_id in ids.scalars().all():
        held = repository.hold(session, task_id)
        if held is not None and held.task.section_id == section.id and not held.task.deleted_at:
            yield held


def _record(section: Section) -> dict[str, Any]:
    return {
        "section_id": section.id,
        "section_name": section.name,
        "section_position": section.position,
    }


def _settle(
    session: Session,
    actor: Actor,
    action: Action,
    section: Section,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Record and announce what was done to a section."""
    session.flush()
    activity.record(session, actor, Entry(action, section.list_id, None, before, after))
    audience = access.audience_of(session, actor, section.list_id)
    _tell(session, actor, section.list_id, audience)


def _tell(session: Session, actor: Actor, list_id: UUID, audience: tuple[UUID, ...]) -> None:
    session.flush()
    event = events.ListsChanged(audience, list_id, actor.id, actor.nonce)
    events.announce(session, event)
