"""A task that repeats is one occurrence of a series: what comes before and after it.

Each occurrence is a task of its own. The id of the next one follows from the series and its number, so that two
devices, a retry and a double click make one.
"""

from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid5

from uuid_utils.compat import uuid7

from dashboard.errors import FieldError, InvalidInput
from dashboard.models.repeat import Due, Repeat, RepeatInput, Shift
from dashboard.models.task import Task
from dashboard.services.tasks import recurrence

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
    paused = wish.paused and Due(wish.paused.due_date, wish.paused.due_time)
    due = paused or due_of(task) or _first_due(wish, now)
    repeat = recurrence.parse(wish.rule, due, anchor=wish.anchor, zone=str(now.tzinfo))
    task.repeat = replace(
        repeat,
        until=wish.until or repeat.until,
        count=wish.count or repeat.count,
        keep_missed=wish.keep_missed,
    )
    recurrence.check(task.repeat, due)
    _put_at(task, due, is_paused=paused is not None)
    if task.series_id is None:
        task.series_id, task.occurrence = uuid7(), 1


def settle_due(task: Task) -> None:
    """Bring a task that repeats in line with another due date. A date ends a pause.

    Raises InvalidInput where date, time or end do not go with the repeat.
    """
    if task.repeat is None:
        return
    if due := due_of(task):
        task.repeat = replace(task.repeat, paused=None)
        recurrence.check(task.repeat, due)
    elif task.repeat.paused is None:
        message = "A task that repeats needs a due date. Take the repeat away first, or pause it."
        raise InvalidInput(FieldError("due_date", message))


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
        created_at=at,
        updated_at=at,
        version=task.version,
    )
    _put_at(made, due, is_paused=_is_paused(task))
    return made


def skip(task: Task, now: datetime) -> None:
    """Move a task on to its next date, as if it had been done, but for the history. Raises InvalidInput at the last."""
    _require_open(task)
    found = _next_due(task, now)
    if found is None:
        raise InvalidInput(FieldError("repeat", _NOTHING_COMES))
    due, repeat = found
    is_paused = _is_paused(task)
    task.repeat = repeat
    _put_at(task, due, is_paused=is_paused)


def pause(task: Task, _now: datetime) -> None:
    """Take the date of a task away until its series goes on. Raises InvalidInput for one that does not repeat."""
    _require_open(task)
    if due := due_of(task):
        _put_at(task, due, is_paused=True)


def resume(task: Task, now: datetime) -> None:
    """Give a paused task the date that it had, or the first one ahead. Raises InvalidInput where none is."""
    repeat = _require_open(task)
    if repeat.paused is None:
        return
    due = recurrence.resumed(repeat, repeat.paused, now.replace(tzinfo=None))
    if due is None or (repeat.until is not None and due.day > repeat.until):
        raise InvalidInput(FieldError("repeat", _NOTHING_COMES))
    _put_at(task, due, is_paused=False)


def shift(task: Task, wish: Shift) -> None:
    """Move a task and all that come after it to another day. Raises InvalidInput where the rule does not say how."""
    repeat = _require_open(task)
    if (due := due_of(task)) is None:
        raise InvalidInput(FieldError("repeat", "This series is paused: let it go on first."))
    rule = recurrence.shifted(repeat.rule, wish.was or due.day, wish.due_date)
    due = Due(wish.due_date, due.at)
    task.repeat = replace(repeat, rule=recurrence.normalise(rule, due, anchor=repeat.anchor))
    recurrence.check(task.repeat, due)
    _put_at(task, due, is_paused=False)


def end_pause(task: Task) -> None:
    """Give a paused task the date that it had."""
    if task.repeat is not None and task.repeat.paused is not None:
        _put_at(task, task.repeat.paused, is_paused=False)


def leave(task: Task) -> None:
    """Make a task one of its own, while its series goes on without it."""
    end_pause(task)
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
    return recurrence.first(wish.rule, now.replace(tzinfo=None), today) or today


def _is_paused(task: Task) -> bool:
    return task.repeat is not None and task.repeat.paused is not None


def _put_at(task: Task, due: Due, *, is_paused: bool) -> None:
    """Have a task that repeats be due then, or once its series goes on."""
    if task.repeat is not None:
        task.repeat = replace(task.repeat, paused=due if is_paused else None)
    task.due_date, task.due_time = (None, None) if is_paused else (due.day, due.at)
    task.index()


def _require_open(task: Task) -> Repeat:
    """How an open task repeats. Raises InvalidInput for any other: what is done stays as it was."""
    if task.repeat is None:
        raise InvalidInput(FieldError("repeat", "This task does not repeat."))
    if task.is_completed:
        message = "This one is completed: its series goes on with the next one."
        raise InvalidInput(FieldError("repeat", message))
    return task.repeat


_NOTHING_COMES = "Nothing comes after this one: complete it, or delete it."


def _next_due(task: Task, done: datetime) -> tuple[Due, Repeat] | None:
    if task.repeat is None or (due := task.repeat.paused or due_of(task)) is None:
        return None
    return recurrence.next_due(task.repeat, due, done.replace(tzinfo=None))
