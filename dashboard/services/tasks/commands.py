"""What people do with a task: make it, look at it, change it, move it to the trash and back."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from dashboard import clock
from dashboard.errors import (
    Conflict,
    FieldError,
    Forbidden,
    InvalidInput,
    NotInTrash,
    NotSignedIn,
    StaleVersion,
    TaskNotFound,
)
from dashboard.models.activity import Action
from dashboard.models.list import Role
from dashboard.models.repeat import Shift
from dashboard.models.session import Actor
from dashboard.models.task import (
    Move,
    Task,
    TaskChanges,
    TaskDraft,
    TaskReplacement,
)
from dashboard.services import idempotency
from dashboard.services.lists import access
from dashboard.services.tasks import occurrences, places, repository, series, subtasks
from dashboard.services.tasks.effects import TaskEffect, TaskEffects, settle
from dashboard.services.tasks.repository import Held

_WHEN = {"due_date", "due_time"}


def create_task(
    session: Session,
    actor: Actor,
    draft: TaskDraft,
    *,
    task_id: UUID | None = None,
    idempotency_key: str | None = None,
) -> TaskEffects:
    """Make a task. The same id or key once more answers with the task that it made the first time.

    `task_id` lets a browser name its task before the server knows it (UUIDv7). Raises Forbidden when the id is
    another person's task, TaskNotFound when the id is of a task in the trash.
    """
    if task_id is not None and task_id.version != 7:
        raise InvalidInput(FieldError("id", "The id of a new task is a UUID of version 7."))
    if idempotency_key is not None:
        idempotency.require_usable(idempotency_key)
    now = clock.now()
    task = Task(
        created_by=actor.id,
        idempotency_key=idempotency_key,
        created_at=now,
        updated_at=now,
        **draft.model_dump(exclude={"repeat", *places.PLACES}),
    )
    series.set_repeat(task, draft.repeat, clock.local_now(actor.timezone))
    others = places.put_new(session, actor, task, draft)
    if task_id is not None:
        task.id = task_id
    task.index()
    try:
        is_new = repository.put(session, task)
    except IntegrityError:
        # All that can be missing is the actor: their account was deleted meanwhile.
        raise NotSignedIn from None
    if not is_new:
        return TaskEffects(_made_before(session, actor, task))
    return settle(session, actor, TaskEffect(Action.CREATE, task), *others)


def get_task(session: Session, actor: Actor, task_id: UUID) -> Task:
    """One task that the actor sees. Raises TaskNotFound (also for one in the trash) and Forbidden."""
    return _kept(_seen(session, actor, repository.find(session, task_id)))


def open_task(
    session: Session, actor: Actor, task_id: UUID
) -> tuple[Task, Sequence[Task], Task | None]:
    """One task, its subtasks, and the task that it is a part of. Raises what `get_task` raises."""
    task = get_task(session, actor, task_id)
    parent = repository.find(session, task.parent_id) if task.parent_id else None
    return task, repository.find_subtasks(session, task.id), parent


def list_of_task(session: Session, actor: Actor, task_id: UUID) -> UUID | None:
    """The list in which a task lies, in the trash or not; None for a task that the actor does not see."""
    try:
        return _seen(session, actor, repository.find(session, task_id)).list_id
    except (TaskNotFound, Forbidden):
        return None


def update_task(
    session: Session,
    actor: Actor,
    task_id: UUID,
    changes: TaskChanges | TaskReplacement,
    *,
    version: int | None = None,
    based_on: int | None = None,
) -> TaskEffects:
    """Change the fields that are given. With `version`, only if the task still has it (else StaleVersion).

    `based_on` is the version that the editor had before them: it refuses nothing, but it lets another editor's
    screen tell a change made after theirs from one made beside it.
    """
    held = _held(session, actor, task_id)
    task = _kept(held.task)
    _require_version(task, version)
    completed_at = task.completed_at
    others = [*places.put(session, actor, task, changes)]
    task.apply(changes, at=clock.now())
    if "repeat" in changes.model_fields_set:
        if changes.repeat is None and "due_date" not in changes.model_fields_set:
            series.end_pause(task)
        series.set_repeat(task, changes.repeat, clock.local_now(actor.timezone))
    elif _WHEN & changes.model_fields_set:
        series.settle_due(task)
    subtasks.require_consistent(task)
    if completed_at and not task.is_completed:
        others += occurrences.take_next_away(session, task)
        others += subtasks.reopen(session, task, completed_at)
    changed = [_kept_as(session, Action.CHANGE, held), *others]
    if task.is_completed and not completed_at:
        changed += subtasks.complete(session, task)
        changed += occurrences.make_next(session, actor, task)
    return settle(session, actor, *changed, based_on=version or based_on)


def move_task(
    session: Session,
    actor: Actor,
    task_id: UUID,
    move: Move,
    *,
    position: str = "",
    version: int | None = None,
    based_on: int | None = None,
) -> TaskEffects:
    """Put a task elsewhere: beside another one, into a section, a list or another task, with its subtasks.

    `position` is where it was before, for what takes a move back. Raises InvalidInput where there is no such place.
    """
    held = _held(session, actor, task_id)
    task = _kept(held.task)
    _require_version(task, version)
    others = places.put(session, actor, task, move, position)
    task.touch(at=clock.now())
    return settle(
        session,
        actor,
        _kept_as(session, Action.CHANGE, held),
        *others,
        based_on=version or based_on,
    )


def skip_task(
    session: Session, actor: Actor, task_id: UUID, *, version: int | None = None
) -> TaskEffects:
    """Move a task that repeats on to its next date. Raises InvalidInput for one that has none."""
    return _change_series(session, actor, task_id, series.skip, version)


def pause_series(
    session: Session, actor: Actor, task_id: UUID, *, version: int | None = None
) -> TaskEffects:
    """Take the date of a task that repeats away until its series goes on; a paused one stays as it is."""
    return _change_series(session, actor, task_id, series.pause, version)


def resume_series(
    session: Session, actor: Actor, task_id: UUID, *, version: int | None = None
) -> TaskEffects:
    """Give a paused task its date back, or the first one ahead; one that is not paused stays as it is."""
    return _change_series(session, actor, task_id, series.resume, version)


def shift_series(
    session: Session, actor: Actor, task_id: UUID, wish: Shift, *, version: int | None = None
) -> TaskEffects:
    """Move a task that repeats, and all that come after it, to another day."""
    return _change_series(
        session, actor, task_id, lambda task, _now: series.shift(task, wish), version
    )


def _change_series(
    session: Session,
    actor: Actor,
    task_id: UUID,
    change: Callable[[Task, datetime], None],
    version: int | None,
) -> TaskEffects:
    held = _held(session, actor, task_id)
    task = _kept(held.task)
    _require_version(task, version)
    change(task, clock.local_now(actor.timezone))
    task.touch(at=clock.now())
    return settle(session, actor, _kept_as(session, Action.CHANGE, held))


def delete_task(
    session: Session,
    actor: Actor,
    task_id: UUID,
    *,
    version: int | None = None,
    keeps_series: bool = False,
) -> TaskEffects:
    """Move a task to the trash, where it stays for 30 days. With `keeps_series`, its series goes on without it."""
    held = _held(session, actor, task_id)
    task = _kept(held.task)
    _require_version(task, version)
    task.deleted_at = clock.now()
    task.touch(at=task.deleted_at)
    changed = [_kept_as(session, Action.DELETE, held)]
    if keeps_series and not task.is_completed:
        changed += occurrences.make_next(session, actor, task)
    changed += subtasks.delete(session, task)
    return settle(session, actor, *changed)


def restore_task(session: Session, actor: Actor, task_id: UUID) -> TaskEffects:
    """Take a task out of the trash; one that is not in it stays as it is."""
    held = _held(session, actor, task_id)
    deleted_at = held.task.deleted_at
    if deleted_at is None:
        return TaskEffects(held.task)
    held.task.deleted_at = None
    places.settle_restored(session, held.task)
    held.task.touch(at=clock.now())
    taken = () if held.task.is_completed else occurrences.take_next_away(session, held.task)
    restored = _kept_as(session, Action.RESTORE, held)
    back = subtasks.restore(session, held.task, deleted_at)
    return settle(session, actor, restored, *taken, *back)


def delete_forever(session: Session, actor: Actor, task_id: UUID) -> TaskEffects:
    """Remove a task from the trash for good. Raises NotInTrash for one that is not (or no longer) there."""
    task = _held(session, actor, task_id).task
    if task.deleted_at is None:
        raise NotInTrash
    parts = subtasks.erase(session, task)
    repository.remove(session, task_id)
    task.version += 1
    return settle(session, actor, TaskEffect(Action.ERASE, task), *parts)


def _seen(session: Session, actor: Actor, task: Task | None) -> Task:
    """A task, when there is one and the actor is a member of its list."""
    if task is None:
        raise TaskNotFound
    access.require_role(session, actor, task.list_id, Role.VIEWER)
    return task


def _held(session: Session, actor: Actor, task_id: UUID) -> Held:
    """A task to be changed, when there is one and the actor may change what is in its list now."""
    held = repository.hold(session, task_id)
    if held is None:
        raise TaskNotFound
    access.require_writable(session, actor, held.task.list_id)
    return held


def _kept_as(session: Session, action: Action, held: Held) -> TaskEffect:
    """Write what was done to a task, and say what that was."""
    return TaskEffect(action, held.task, repository.keep(session, held))


def _require_version(task: Task, version: int | None) -> None:
    if version is not None and task.version != version:
        raise StaleVersion


def _kept(task: Task) -> Task:
    """A task that is not in the trash."""
    if task.deleted_at is not None:
        raise TaskNotFound
    return task


def _made_before(session: Session, actor: Actor, task: Task) -> Task:
    """What the same create made when it came first. Raises Conflict when that is gone by now."""
    if (known := repository.find(session, task.id)) is not None:
        return _kept(_seen(session, actor, known))
    key = task.idempotency_key
    known = None if key is None else repository.find_by_key(session, actor.id, key)
    if known is None:
        raise Conflict
    return _seen(session, actor, known)
