"""Where a task lies: in which list, section and task, and where among its neighbours there.

A place is found with what it depends on locked (the section, the parent, the tasks beside it), so that of two people
who move tasks to one place at once the second finds what the first has made of it.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, Uuid, and_, asc, bindparam, desc, func, literal, select, tuple_, update
from sqlmodel import Session, col

from dashboard import clock
from dashboard.database.transactions import fetch
from dashboard.errors import (
    FieldError,
    Forbidden,
    InvalidInput,
    ListArchived,
    ListInTrash,
    ListNotFound,
)
from dashboard.models.activity import Action
from dashboard.models.list import TaskList, inbox_of
from dashboard.models.position import LONGEST, SEPARATOR, key_after, key_at, key_between, spread
from dashboard.models.section import Section
from dashboard.models.session import Actor
from dashboard.models.task import DELETED, Move, Task, TaskDraft
from dashboard.models.text import Input
from dashboard.services.lists import access
from dashboard.services.tasks import repository
from dashboard.services.tasks.effects import TaskEffect

PLACES = frozenset({"list_id", "section_id", "parent_id"})
"""The fields of a task that say where it lies."""

_TABLE: Any = Task.__table__  # pyright: ignore[reportAttributeAccessIssue] (of every table=True)
_SECTION = (
    select(col(Section.list_id), col(Section.position))
    .where(col(Section.id) == bindparam("section_id"), col(Section.deleted_at).is_(None))
    # Nobody deletes it meanwhile.
    .with_for_update(read=True)
)
_PUT_BELOW_PARENT = (
    update(_TABLE)
    .where(_TABLE.c.parent_id == bindparam("the_parent"))
    .values(place=bindparam("prefix") + _TABLE.c.position)
)


class Container(NamedTuple):
    """What tasks are put in order in."""

    list_id: UUID
    section_id: UUID | None = None
    parent_id: UUID | None = None
    section_position: str = ""
    parent_position: str = ""

    def has(self, task: Task) -> bool:
        """Whether a task lies in it, outside the trash."""
        return task.deleted_at is None and _lies_in(task) == self[:3]

    def put(self, task: Task, position: str) -> None:
        """Let a task lie in it."""
        task.list_id, task.section_id, task.parent_id = self[:3]
        task.put_at(position, self.section_position, self.parent_position)


SUBTASKS_DO_NOT_REPEAT = "A subtask cannot repeat: its parent can. Nothing was saved."


def put_new(session: Session, actor: Actor, task: Task, draft: TaskDraft) -> Sequence[TaskEffect]:
    """Put a new task where its draft says, last. Raises InvalidInput where there is no such place."""
    task.list_id = draft.list_id or _implied_list(session, draft) or inbox_of(actor.id)
    require_target(session, actor, task.list_id)
    if draft.section_id is None and draft.parent_id is None:
        task.put_at(key_at(task.created_at))
        return ()
    container = _container(
        session, task, Move.model_validate(_given(draft) | {"list_id": task.list_id})
    )
    position, others = _last(session, container, task)
    container.put(task, position)
    return others


def put(
    session: Session, actor: Actor, task: Task, move: Input, position: str = ""
) -> Sequence[TaskEffect]:
    """Put a task where it is wished, and say which others that changes. To be called before the task is kept.

    With a `position` it goes there, if nobody is there. Raises InvalidInput where there is no such place.
    """
    wish = Move.model_validate(_given(move))
    if wish.list_id != task.list_id and "list_id" in wish.model_fields_set:
        require_target(session, actor, wish.list_id)
    container = _container(session, task, wish)
    is_new_there = _lies_in(task) != container[:3]
    if not (is_new_there or wish.before or wish.after or position):
        return ()
    found, others = (
        _beside(session, container, task, wish)
        if wish.before or wish.after
        else _at(session, container, task, position)
    )
    earlier = task.list_id, task.section_id
    container.put(task, found)
    return (*others, *_take_subtasks_along(session, task, container, earlier))


def settle_restored(session: Session, task: Task) -> None:
    """Give a task that comes out of the trash its place: without a section or a parent that is not there any more."""
    if task.section_id is None and task.parent_id is None:
        return
    parent = None if task.parent_id is None else repository.find(session, task.parent_id)
    is_subtask = parent is not None and parent.deleted_at is None and parent.list_id == task.list_id
    section_id = parent.section_id if parent and is_subtask else task.section_id
    section = _section_in(session, task.list_id, section_id)
    container = Container(
        task.list_id,
        section_id if section else None,
        task.parent_id if is_subtask else None,
        section.position if section else "",
        parent.position if parent and is_subtask else "",
    )
    container.put(task, task.position)


def require_target(session: Session, actor: Actor, list_id: UUID) -> None:
    """Raises what keeps a task from going into a list."""
    try:
        access.require_writable(session, actor, list_id)
    except Forbidden as error:
        if session.get(TaskList, list_id) is None:
            raise ListNotFound from error
        raise
    except (ListArchived, ListInTrash):
        message = "This list is archived or in the trash. Bring it back first."
        raise InvalidInput(FieldError("list_id", message)) from None


def put_below(session: Session, task: Task) -> None:
    """Have the places of subtasks follow that of their parent."""
    parameters = {"the_parent": task.id, "prefix": task.place + SEPARATOR}
    fetch(session, _PUT_BELOW_PARENT, parameters)


def _implied_list(session: Session, draft: TaskDraft) -> UUID | None:
    """The list of the parent or of the section that a draft names."""
    if draft.parent_id is not None:
        parent = repository.find(session, draft.parent_id)
        return None if parent is None else parent.list_id
    if draft.section_id is not None:
        row = fetch(session, _SECTION, {"section_id": draft.section_id}).first()
        return None if row is None else row.list_id
    return None


def _given(wish: Input) -> dict[str, Any]:
    return {name: getattr(wish, name) for name in wish.model_fields_set & Move.model_fields.keys()}


def _container(session: Session, task: Task, wish: Move) -> Container:
    """Where a task is to lie. Raises InvalidInput where that is nowhere."""
    given = wish.model_fields_set
    list_id = wish.list_id if "list_id" in given else task.list_id
    is_elsewhere = list_id != task.list_id
    if "parent_id" in given:
        parent_id = wish.parent_id
    else:
        parent_id = None if "section_id" in given or is_elsewhere else task.parent_id
    if parent_id is not None:
        return _inside(session, task, parent_id, list_id)
    section_id = (
        wish.section_id if "section_id" in given else None if is_elsewhere else task.section_id
    )
    section = _section_in(session, list_id, section_id)
    if section_id is not None and section is None:
        message = "This section is gone, or lies in another list. Nothing was moved."
        raise InvalidInput(FieldError("section_id", message))
    return Container(list_id, section_id, None, section.position if section else "")


def _inside(session: Session, task: Task, parent_id: UUID, list_id: UUID) -> Container:
    """The inside of another task."""
    held = repository.hold(session, parent_id)
    parent = held.task if held else None
    if parent is None or parent.deleted_at is not None or parent.list_id != list_id:
        raise _no_parent("This task is gone, or lies in another list. Nothing was moved.")
    if parent.parent_id is not None or parent.id == task.id:
        raise _no_parent("A subtask cannot have subtasks. Nothing was moved.")
    if task.subtasks is not None:
        raise _no_parent("A task with subtasks cannot be a subtask. Move them out of it first.")
    if task.repeat is not None:
        raise InvalidInput(FieldError("repeat", SUBTASKS_DO_NOT_REPEAT))
    section = _section_in(session, list_id, parent.section_id)
    section_position = section.position if section else ""
    return Container(list_id, parent.section_id, parent_id, section_position, parent.position)


def _no_parent(message: str) -> InvalidInput:
    return InvalidInput(FieldError("parent_id", message))


def _section_in(session: Session, list_id: UUID, section_id: UUID | None) -> Row[Any] | None:
    """A section of a list that is not deleted."""
    if section_id is None:
        return None
    row = fetch(session, _SECTION, {"section_id": section_id}).first()
    return row if row is not None and row.list_id == list_id else None


def _beside(
    session: Session, container: Container, task: Task, wish: Move
) -> tuple[str, Sequence[TaskEffect]]:
    """A position right before or right after another task."""
    name = "before" if wish.before else "after"
    neighbour_id = wish.before or wish.after
    held = None if neighbour_id is None else repository.hold(session, neighbour_id)
    if held is None or not container.has(held.task) or held.task.id == task.id:
        message = f"The task to put it {name} is gone, or lies elsewhere. Nothing was moved."
        raise InvalidInput(FieldError(name, message))
    here = (held.task.position, held.task.id)
    if name == "before":
        beyond = _neighbour(session, container, task, here, is_before=True)
        low, high, following = (beyond.position if beyond else ""), here[0], here[1]
    else:
        beyond = _neighbour(session, container, task, here, is_before=False)
        if beyond is None:
            return _fitting(session, container, task, key_after(here[0], clock.now()))
        low, high, following = here[0], beyond.position, beyond.id
    position = key_between(low, high) if low < high else ""
    return _fitting(session, container, task, position, following)


def _at(
    session: Session, container: Container, task: Task, position: str
) -> tuple[str, Sequence[TaskEffect]]:
    """A position that a task had before, or else the last one."""
    if position and not _is_taken(session, container, task, position):
        return position, ()
    return _last(session, container, task)


def _last(session: Session, container: Container, task: Task) -> tuple[str, Sequence[TaskEffect]]:
    position = key_after(last_in(session, container, task), clock.now())
    return _fitting(session, container, task, position)


def last_in(session: Session, container: Container, task: Task | None = None) -> str:
    """The last position in a container, but for that of a task; empty where there is none."""
    return fetch(session, _of(container, task, func.max(_TABLE.c.position)), {}).scalar() or ""


def _fitting(
    session: Session,
    container: Container,
    task: Task,
    position: str,
    following: UUID | None = None,
) -> tuple[str, Sequence[TaskEffect]]:
    """The position, when there is one that is not too long; else one before `following`, once all are spread out."""
    if position and len(position) <= LONGEST:
        return position, ()
    siblings = _of(container, task, _TABLE.c.id).order_by(_TABLE.c.position, _TABLE.c.id)
    ids = fetch(session, siblings, {}).scalars().all()
    others: list[TaskEffect] = []
    place, keys = "", spread(len(ids) + 1)
    for held in _all_held(session, ids):
        if held.task.id == following:
            place = next(keys)
        container.put(held.task, next(keys))
        held.task.touch(held.task.updated_at)
        repository.keep(session, held)
        put_below(session, held.task)
        # Nobody has decided this, so it is no part of the record.
        others.append(TaskEffect(Action.CHANGE, held.task, {}))
    return place or next(keys), others


def _all_held(session: Session, ids: Sequence[UUID]) -> Iterator[repository.Held]:
    for task_id in ids:
        if (held := repository.hold(session, task_id)) is not None:
            yield held


def _neighbour(
    session: Session, container: Container, task: Task, here: tuple[str, UUID], *, is_before: bool
) -> Row[Any] | None:
    """The position and the id of the next task before this place, or behind it; None where there is none."""
    key = tuple_(_TABLE.c.position, _TABLE.c.id)
    place = tuple_(literal(here[0], _TABLE.c.position.type), literal(here[1], Uuid()))
    direction = desc if is_before else asc
    found = _of(container, task, _TABLE.c.position, _TABLE.c.id)
    beyond = found.where(key < place if is_before else key > place)
    in_order = beyond.order_by(direction(_TABLE.c.position), direction(_TABLE.c.id))
    return fetch(session, in_order.limit(1), {}).first()


def _is_taken(session: Session, container: Container, task: Task, position: str) -> bool:
    there = _of(container, task, _TABLE.c.id).where(_TABLE.c.position == position)
    return fetch(session, there.limit(1), {}).first() is not None


def _of(container: Container, task: Task | None, *columns: Any) -> Any:
    """The tasks of a container, but for this one."""
    table = _TABLE.c
    inside: Any = (
        table.parent_id == container.parent_id
        if container.parent_id is not None
        else and_(
            table.parent_id.is_(None),
            table.section_id.is_(None)
            if container.section_id is None
            else table.section_id == container.section_id,
        )
    )
    found = select(*columns).where(
        table.list_id == container.list_id, table.state < DELETED, inside
    )
    return found if task is None else found.where(table.id != task.id)


def _take_subtasks_along(
    session: Session, task: Task, container: Container, earlier: tuple[UUID, UUID | None]
) -> Sequence[TaskEffect]:
    """Have subtasks lie where their parent lies."""
    if task.subtasks is None:
        return ()
    if earlier == (task.list_id, task.section_id):
        put_below(session, task)
        return ()
    inside = Container(
        task.list_id, task.section_id, task.id, container.section_position, task.position
    )
    changed: list[TaskEffect] = []
    for held in repository.hold_subtasks(session, task.id):
        inside.put(held.task, held.task.position)
        held.task.touch(at=clock.now())
        before = repository.keep(session, held)
        changed.append(TaskEffect(Action.CHANGE, held.task, before))
    return changed


def _lies_in(task: Task) -> tuple[UUID, UUID | None, UUID | None]:
    return task.list_id, task.section_id, task.parent_id
