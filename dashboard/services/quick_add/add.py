"""Make tasks of words, or only say what the words mean."""

from zoneinfo import ZoneInfo

from pydantic import ValidationError
from sqlmodel import Session

from dashboard import clock
from dashboard.errors import InvalidInput
from dashboard.models.quick_add import AsOf, QuickAdd
from dashboard.models.session import Actor
from dashboard.models.task import Priority, Task, TaskChanges, TaskDraft
from dashboard.services.quick_add.parse import EVERYTHING, Context, ParsedTask, parse_lines
from dashboard.services.quick_add.pieces import Kind
from dashboard.services.tasks import create_task, update_task

UNDERSTOOD = frozenset({Kind.DATE, Kind.TIME, Kind.PRIORITY})
"""What a task can keep. Words of every other kind stay in its title until it can keep them too."""

_WEEK_STARTS = {"monday": 0, "saturday": 5, "sunday": 6}


def preview(_session: Session, actor: Actor, asked: QuickAdd) -> list[ParsedTask]:
    """What the words mean, all of it; nothing is made."""
    return parse_lines(asked.text, _context(actor, asked.as_of or AsOf()), EVERYTHING)


def add_tasks(
    session: Session, actor: Actor, asked: QuickAdd, *, idempotency_key: str | None = None
) -> list[tuple[Task, ParsedTask]]:
    """Make a task of each line, all of them or none. Raises InvalidInput, as creating each would.

    The key of the first task is the key that is given, that of each further one has its number behind it.
    """
    parsed = parse_lines(asked.text, _context(actor, AsOf()), UNDERSTOOD)
    drafts = [_draft(task) for task in parsed]
    keys = [
        idempotency_key and (f"{idempotency_key}/{n}" if n else idempotency_key)
        for n in range(len(drafts))
    ]
    made = [
        create_task(session, actor, draft, idempotency_key=key)
        for draft, key in zip(drafts, keys, strict=True)
    ]
    done = TaskChanges(is_completed=True)
    tasks = [
        update_task(session, actor, task.id, done) if line.is_completed else task
        for task, line in zip(made, parsed, strict=True)
    ]
    return list(zip(tasks, parsed, strict=True))


def _draft(parsed: ParsedTask) -> TaskDraft:
    try:
        return TaskDraft(
            title=parsed.title,
            priority=parsed.priority or Priority.MEDIUM,
            due_date=parsed.due_date,
            due_time=parsed.due_time,
        )
    except ValidationError as error:
        raise InvalidInput.from_pydantic(error.errors()) from None


def _context(actor: Actor, as_of: AsOf) -> Context:
    zone = ZoneInfo(as_of.timezone or actor.timezone)
    return Context(
        (as_of.now or clock.now()).astimezone(zone),
        week_start=_WEEK_STARTS[as_of.week_start],
        date_order=as_of.date_order,
        people=as_of.people,
    )
