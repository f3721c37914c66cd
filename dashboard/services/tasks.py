"""What people do with a task: make it, look at it, change it, move it to the trash and back."""

import re
from contextlib import nullcontext
from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, delete, select

from dashboard import clock
from dashboard.errors import (
    FieldError,
    Forbidden,
    InvalidInput,
    NotInTrash,
    NotSignedIn,
    StaleVersion,
    TaskNotFound,
)
from dashboard.models.session import Actor
from dashboard.models.task import (
    DELETED,
    IDEMPOTENCY_KEY_LENGTH,
    TRASH_KEEPS,
    Task,
    TaskChanges,
    TaskDraft,
    TaskReplacement,
)
from dashboard.services import facts
from dashboard.services.batches import delete_batch

_KEY = re.compile(rf"[\x20-\x7e]{{1,{IDEMPOTENCY_KEY_LENGTH}}}")


def create_task(
    session: Session,
    actor: Actor,
    draft: TaskDraft,
    *,
    task_id: UUID | None = None,
    idempotency_key: str | None = None,
) -> Task:
    """Make a task. The same id or key once more answers with the task that it made the first time.

    `task_id` lets a browser name its task before the server knows it (UUIDv7). Raises Forbidden when the id is
    another person's task, TaskNotFound when the id is of a task in the trash.
    """
    _require_usable(task_id, idempotency_key)
    if (known := _made_before(session, actor, task_id, idempotency_key)) is not None:
        return known
    now = clock.now()
    task = Task(
        user_id=actor.id,
        idempotency_key=idempotency_key,
        created_at=now,
        updated_at=now,
        **draft.model_dump(),
    )
    if task_id is not None:
        task.id = task_id
    task.index()
    has_name = task_id is not None or idempotency_key is not None
    try:
        # A create without a name cannot meet its double: nothing of it will have to be undone alone.
        with session.begin_nested() if has_name else nullcontext():
            session.add(task)
            session.flush()
    except IntegrityError:
        # The same create arrived twice at once, and the other one was first: answer with what it made.
        if (known := _made_before(session, actor, task_id, idempotency_key)) is None:
            # All that can be missing is the actor: their account was deleted meanwhile.
            raise NotSignedIn from None
        return known
    return _announced(session, actor, task)


def get_task(session: Session, actor: Actor, task_id: UUID) -> Task:
    """One task of the actor's. Raises TaskNotFound (also for one in the trash) and Forbidden."""
    return _visible(actor, session.get(Task, task_id))


def update_task(
    session: Session,
    actor: Actor,
    task_id: UUID,
    changes: TaskChanges | TaskReplacement,
    *,
    version: int | None = None,
    based_on: int | None = None,
) -> Task:
    """Change the fields that are given. With `version`, only if the task still has it (else StaleVersion).

    `based_on` is the version that the editor had before them: it refuses nothing, but it lets another editor's
    screen tell a change made after theirs from one made beside it.
    """
    task = _visible(actor, _locked(session, task_id))
    if version is not None and task.version != version:
        raise StaleVersion
    task.apply(changes, at=clock.now())
    return _announced(session, actor, task, based_on=version or based_on)


def delete_task(
    session: Session, actor: Actor, task_id: UUID, *, version: int | None = None
) -> Task:
    """Move a task to the trash, where it stays for 30 days."""
    task = _visible(actor, _locked(session, task_id))
    if version is not None and task.version != version:
        raise StaleVersion
    task.deleted_at = clock.now()
    task.touch(at=task.deleted_at)
    return _announced(session, actor, task)


def restore_task(session: Session, actor: Actor, task_id: UUID) -> Task:
    """Take a task out of the trash; one that is not in it stays as it is."""
    task = _owned(actor, _locked(session, task_id))
    if task.deleted_at is None:
        return task
    task.deleted_at = None
    task.touch(at=clock.now())
    return _announced(session, actor, task)


def delete_forever(session: Session, actor: Actor, task_id: UUID) -> None:
    """Remove a task from the trash for good. Raises NotInTrash for one that is not (or no longer) there."""
    task = _owned(actor, _locked(session, task_id))
    if task.deleted_at is None:
        raise NotInTrash
    session.delete(task)
    fact = facts.TaskChanged(actor.id, task.id, task.version + 1, session_id=actor.session_id)
    facts.announce(session, fact)


def empty_trash(session: Session, actor: Actor, *, until: datetime | None = None) -> int:
    """Remove what is in the actor's trash for good; with `until`, only what was there by then. Returns how many."""
    in_trash = [col(Task.user_id) == actor.id, col(Task.shelf) > DELETED]
    if until is not None:
        in_trash.append(col(Task.deleted_at) <= until)
    removed = session.exec(delete(Task).where(*in_trash)).rowcount
    if removed:
        facts.announce(session, facts.TrashEmptied(actor.id))
    return removed


def purge_trash(session: Session) -> int:
    """Remove a batch of what anybody deleted more than 30 days ago. Returns how many; 0 when none are left."""
    is_over = col(Task.deleted_at) < clock.now() - TRASH_KEEPS
    owners = delete_batch(session, Task, is_over, col(Task.user_id))
    for user_id in {row.user_id for row in owners}:
        facts.announce(session, facts.TrashEmptied(user_id))
    return len(owners)


def _locked(session: Session, task_id: UUID) -> Task | None:
    # PostgreSQL lets two people change one row at once, so the second waits and sees what the first has made of it;
    # SQLite has one writer anyway.
    query = select(Task).where(Task.id == task_id).with_for_update()
    return session.exec(query.execution_options(populate_existing=True)).first()


def _owned(actor: Actor, task: Task | None) -> Task:
    if task is None:
        raise TaskNotFound
    if task.user_id != actor.id:
        raise Forbidden
    return task


def _visible(actor: Actor, task: Task | None) -> Task:
    owned = _owned(actor, task)
    if owned.deleted_at is not None:
        raise TaskNotFound
    return owned


def _made_before(
    session: Session, actor: Actor, task_id: UUID | None, idempotency_key: str | None
) -> Task | None:
    if task_id is not None and (known := session.get(Task, task_id)) is not None:
        return _visible(actor, known)
    return None if idempotency_key is None else _by_key(session, actor, idempotency_key)


def _by_key(session: Session, actor: Actor, idempotency_key: str) -> Task | None:
    return session.exec(
        select(Task).where(Task.user_id == actor.id, Task.idempotency_key == idempotency_key)
    ).first()


def _require_usable(task_id: UUID | None, idempotency_key: str | None) -> None:
    if task_id is not None and task_id.version != 7:
        raise InvalidInput(FieldError("id", "The id of a new task is a UUID of version 7."))
    if idempotency_key is not None and not _KEY.fullmatch(idempotency_key):
        message = f"The key has 1 to {IDEMPOTENCY_KEY_LENGTH} printable ASCII characters."
        raise InvalidInput(FieldError("Idempotency-Key", message))


def _announced(session: Session, actor: Actor, task: Task, *, based_on: int | None = None) -> Task:
    fact = facts.TaskChanged(actor.id, task.id, task.version, based_on, actor.session_id)
    facts.announce(session, fact)
    return task
