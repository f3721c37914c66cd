"""A task that repeats is one occurrence of a series: what comes before and after it.

Each occurrence is a task of its own. The id of the next one follows from the series and its number, so that two
devices, a retry and a double click make one.
"""

from datetime import datetime
from uuid import UUID, uuid5

from uuid_utils.compat import uuid7

from dashboard.errors import FieldError, InvalidInput
from dashboard.models.repeat import Repeat, RepeatInput
from dashboard.models.task import Task
from dashboard.services.tasks import repeat as repeats
from dashboard.services.tasks.repeat import Due

_CARRIED_ON = (
    *("list_id", "section_id", "position", "place"),
    *("created_by", "title", "description", "priority", "labels", "series_id"),
)


def set_repeat(task: Task, wish: RepeatInput | None, now: datetime) -> None:
    """Have a task repeat as wished, or no more. One without a due date gets the first day of the rule.

    `now` is aware, in the zone of the person. Raises InvalidInput for a rule that cannot be kept.
    """
    if wish is None:
        task.repeat = None
        return
    due = due_of(task) or _first_due(wish, now)
    task.due_date = due.day
    repeat = repeats.parse(wish.rule, due, anchor=wish.anchor, zone=str(now.tzinfo))
    task.repeat = Repeat(
        repeat.rule, repeat.anchor, wish.until or repeat.until, wish.count or repeat.count
    )
    require_consistent(task)
    task.index()
    if task.series_id is None:
        task.series_id, task.occurrence = uuid7(), 1


def require_consistent(task: Task) -> None:
    """Raise InvalidInput for a task that repeats and whose due date, time or end do not go with that."""
    if task.repeat is None:
        return
    due = due_of(task)
    if due is None:
        message = "A task that repeats needs a due date. Take the repeat away first."
        raise InvalidInput(FieldError("due_date", message))
    repeats.check(task.repeat, due)


def following(task: Task, done: datetime, at: datetime) -> Task | None:
    """The next occurrence after a task that is done at a moment; None where the series ends.

    `done` is aware, in the zone of the person. The version goes on from that of the task, so that it is newer than any
    that the same occurrence had before it was taken away.
    """
    found = _next_due(task, done)
    if found is None or task.series_id is None or task.occurrence is None:
        return None
    due, repeat = found
    carried_on = {name: getattr(task, name) for name in _CARRIED_ON}
    made = Task(
        **carried_on,
        id=id_of(task.series_id, task.occurrence + 1),
        occurrence=task.occurrence + 1,
        repeat=repeat,
        due_date=due.day,
        due_time=due.at,
        created_at=at,
        updated_at=at,
        version=task.version,
    )
    made.index()
    return made


def skip(task: Task, now: datetime) -> None:
    """Move a task on to its next date, as if it had been done, but for the history. Raises InvalidInput at the last."""
    found = _next_due(task, now)
    if found is None:
        message = "Nothing comes after this one: complete it, or delete it."
        raise InvalidInput(FieldError("repeat", message))
    due, task.repeat = found
    task.due_date, task.due_time = due.day, due.at
    task.index()


def leave(task: Task) -> None:
    """Make a task one of its own, while its series goes on without it."""
    task.repeat = task.series_id = task.occurrence = None


def next_id(task: Task) -> UUID | None:
    """The id that the occurrence after this one has, if there is one."""
    if task.series_id is None or task.occurrence is None:
        return None
    return id_of(task.series_id, task.occurrence + 1)


def id_of(series_id: UUID, occurrence: int) -> UUID:
    """The id of an occurrence, the same wherever it is made."""
    return uuid5(series_id, str(occurrence))


def is_untouched(task: Task) -> bool:
    """Whether an occurrence is as it was made."""
    return task.updated_at == task.created_at


def due_of(task: Task) -> Due | None:
    """When a task is due, if it is."""
    return None if task.due_date is None else Due(task.due_date, task.due_time)


def _first_due(wish: RepeatInput, now: datetime) -> Due:
    today = Due(now.date())
    return repeats.first(wish.rule, now.replace(tzinfo=None), today) or today


def _next_due(task: Task, done: datetime) -> tuple[Due, Repeat] | None:
    due = due_of(task)
    if task.repeat is None or due is None:
        return None
    return repeats.next_due(task.repeat, due, done.replace(tzinfo=None))
