"""The row of the next occurrence of a series: made when one is done, taken away when that is undone.

Both happen in the transaction that changes the one before, which is held: of two that complete it at once, the second
waits and finds it completed.
"""

from collections.abc import Sequence

from sqlmodel import Session

from dashboard import clock
from dashboard.models.activity import Action
from dashboard.models.session import Actor
from dashboard.models.task import Task
from dashboard.services.tasks import repository, series, subtasks
from dashboard.services.tasks.effects import TaskEffect


def make_next(session: Session, actor: Actor, task: Task) -> Sequence[TaskEffect]:
    """Make what comes after an occurrence that is done, unless it is there or the series has ended."""
    following = series.following(task, clock.local_now(actor.timezone), clock.now())
    if following is None:
        return ()
    parts = subtasks.open_again(session, task, following)
    if not repository.put(session, following):
        return ()
    for part in parts:
        repository.put(session, part)
    return [TaskEffect(Action.CREATE, each) for each in (following, *parts)]


def take_next_away(session: Session, task: Task) -> Sequence[TaskEffect]:
    """Take away what came after an occurrence that is open again. To be called before the task is kept.

    What somebody has changed meanwhile stays, and the series goes on from there: the task is one of its own then.
    """
    next_id = series.next_id(task)
    held = None if next_id is None else repository.hold(session, next_id)
    if held is None:
        return ()
    if not series.is_untouched(held.task):
        series.leave(task)
        return ()
    parts = subtasks.erase(session, held.task)
    repository.remove(session, held.task.id)
    held.task.version += 1
    return (TaskEffect(Action.ERASE, held.task), *parts)
