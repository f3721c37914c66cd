"""What a repeat would do, before a task has it."""

from dataclasses import dataclass, replace
from datetime import datetime, time
from zoneinfo import ZoneInfo

from sqlmodel import Session

from dashboard.models.repeat import Due, Repeat, RepeatPreview
from dashboard.models.repeat_words import in_words
from dashboard.models.session import Actor
from dashboard.services.tasks import recurrence


@dataclass(frozen=True, slots=True)
class Preview:
    """A repeat in normal form, how it reads, and when the task is due next, so many times."""

    repeat: Repeat
    words: str
    following: list[Due]


def preview(_session: Session, actor: Actor, asked: RepeatPreview) -> Preview:
    """When a task with this repeat is due after a completion, or after its due date. Raises InvalidInput."""
    zone = asked.timezone or actor.timezone
    due = Due(asked.due_date, asked.due_time)
    repeat = recurrence.parse(asked.rule, due, anchor=asked.anchor, zone=zone)
    repeat = replace(repeat, keep_missed=asked.keep_missed)
    recurrence.check(repeat, due)
    done = None
    if asked.completed_at is not None:
        done = asked.completed_at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    following = list_following(repeat, due, asked.n, done)
    return Preview(repeat, in_words(repeat, due.at), following)


def list_following(
    repeat: Repeat, due: Due, most: int, completed_at: datetime | None = None
) -> list[Due]:
    """The next due days of a task, each completed when it is due, the first one at `completed_at` if that is given."""
    found: list[Due] = []
    while len(found) < most:
        following = recurrence.next_due(repeat, due, completed_at or _on_time(due))
        if following is None:
            break
        (due, repeat), completed_at = following, None
        found.append(due)
    return found


def _on_time(due: Due) -> datetime:
    return due.wall if due.at else datetime.combine(due.day, time(12))
