"""Make tasks of words, or only say what the words mean."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import ValidationError
from sqlmodel import Session

from dashboard import clock
from dashboard.errors import InvalidInput
from dashboard.models.list import ListDraft, Role
from dashboard.models.quick_add import AsOf, Customs, LineInWords, QuickAdd
from dashboard.models.repeat import RepeatInput, repeat_as_json
from dashboard.models.session import Actor
from dashboard.models.task import Priority, Task, TaskChanges, TaskDraft
from dashboard.models.text import Input
from dashboard.models.user import User
from dashboard.services.lists.commands import create_list, hold_lists
from dashboard.services.lists.queries import VisibleList, list_lists
from dashboard.services.tasks.commands import create_task, get_task, update_task
from dashboard.services.tasks.effects import TaskEffects
from dashboard.services.tasks.labels import list_labels
from dashboard.services.tasks.quick_add.parse import (
    EVERYTHING,
    NOT_OF_SUBTASKS,
    OF_A_REPEAT,
    Context,
    ParsedTask,
    parse_lines,
)
from dashboard.services.tasks.quick_add.pieces import Kind

UNDERSTOOD = OF_A_REPEAT | {Kind.DATE, Kind.TIME, Kind.PRIORITY, Kind.LIST, Kind.LABEL}
"""What a task can keep. Words of every other kind stay in its title until it can keep them too."""

AnInput = TypeVar("AnInput", bound=Input)

_WEEK_STARTS = {"monday": 0, "saturday": 5, "sunday": 6}


def preview(session: Session, actor: Actor, asked: QuickAdd) -> list[ParsedTask]:
    """What the words mean, all of it; nothing is made."""
    lists = _lists_of(session, actor)
    return parse_lines(
        asked.text, _context(session, actor, asked.as_of or AsOf(), lists), EVERYTHING
    )


def add_tasks(
    session: Session, actor: Actor, asked: QuickAdd, *, idempotency_key: str | None = None
) -> list[tuple[Task, ParsedTask]]:
    """Make a task of each line, and the lists that they name, all of them or none.

    Raises InvalidInput and Forbidden, as creating each would. The key of the first task is the key that is given, that
    of each further one has its number behind it.
    """
    parsed, by_name = _read(session, actor, asked.text, AsOf(), UNDERSTOOD)
    usual_list = asked.list_id or _usual_list(session, actor)
    usual_priority = _usual_priority(session, actor)
    made: list[Task] = []
    parent: Task | None = None
    for number, line in enumerate(parsed):
        key = f"{idempotency_key}/{number}" if idempotency_key and number else idempotency_key
        if parent is not None and line.depth:
            draft = _draft(line, parent.list_id, usual_priority, parent.id)
        else:
            list_id = _list_of(session, actor, line, by_name) or usual_list
            draft = _draft(line, list_id, usual_priority)
        made.append(create_task(session, actor, draft, idempotency_key=key).task)
        parent = parent if line.depth else made[-1]
    if any(line.depth for line in parsed):
        # By now, parents have subtasks.
        made = [get_task(session, actor, task.id) for task in made]
    tasks = [
        _completed(session, actor, task) if line.is_completed else task
        for task, line in zip(made, parsed, strict=True)
    ]
    return list(zip(tasks, parsed, strict=True))


@dataclass(frozen=True, slots=True)
class ReadLine:
    """What a line says, and the list that it names, where the person has it."""

    parsed: ParsedTask
    list_id: UUID | None


def read_line(
    session: Session,
    actor: Actor,
    text: str,
    as_text: Collection[str] = (),
    customs: Customs = Customs(),  # noqa: B008 (frozen)
) -> ReadLine | None:
    """What a line would make if it were added now; None for an empty one."""
    lists = _lists_of(session, actor)
    as_of = AsOf(**customs.model_dump())
    found = parse_lines(text, _context(session, actor, as_of, lists), UNDERSTOOD, as_text)
    if not found:
        return None
    name = found[0].list
    return ReadLine(found[0], None if name is None else _by_name(lists).get(name.casefold()))


def add_line(session: Session, actor: Actor, line: LineInWords, *, task_id: UUID) -> TaskEffects:
    """Make a task of a line, and the list that it names. Raises as `add_tasks` does."""
    typed_at = min(clock.from_microseconds(line.typed_at), clock.now())
    as_of = AsOf(now=typed_at, **line.customs.model_dump())
    kinds = UNDERSTOOD - NOT_OF_SUBTASKS if line.parent_id else UNDERSTOOD
    (parsed, *_), by_name = _read(session, actor, line.title, as_of, kinds, line.as_text)
    list_id = _list_of(session, actor, parsed, by_name) or line.list_id
    said = _draft(parsed, list_id, line.by_page.priority).model_dump(
        exclude_unset=True, by_alias=True
    )
    said["labels"] = (*parsed.labels, *line.by_page.labels)
    if parsed.due_date is None and parsed.repeat is None:
        said["due_date"] = line.by_page.due_date
    own = {"title", "list_id", "in_words", "as_text", "typed_at", "by_page", "customs"}
    given = line.model_dump(exclude_unset=True, by_alias=True, exclude=own)
    if list_id != line.list_id:
        # Its words name another list than the one whose section it was written in.
        given.pop("section_id", None)
    made = create_task(session, actor, _checked(TaskDraft, **said | given), task_id=task_id)
    if parsed.is_completed:
        _completed(session, actor, made.task)
    return made


def _completed(session: Session, actor: Actor, task: Task) -> Task:
    return update_task(session, actor, task.id, TaskChanges(is_completed=True)).task


def _read(
    session: Session,
    actor: Actor,
    text: str,
    as_of: AsOf,
    kinds: Collection[Kind],
    as_text: Collection[str] = (),
) -> tuple[list[ParsedTask], dict[str, UUID]]:
    """What the lines say, and the actor's lists by name."""
    lists = _lists_of(session, actor)
    parsed = parse_lines(text, _context(session, actor, as_of, lists), kinds, as_text)
    if any(task.is_new_list for task in parsed):
        # Another request may make the same list: the second waits, and finds it.
        hold_lists(session, actor)
        lists = _lists_of(session, actor)
    return parsed, _by_name(lists)


def _by_name(lists: Sequence[VisibleList]) -> dict[str, UUID]:
    return {row.list.name.casefold(): row.list.id for row in reversed(lists)}


def _list_of(
    session: Session, actor: Actor, line: ParsedTask, by_name: dict[str, UUID]
) -> UUID | None:
    """The list that a line names, made if there is none."""
    if line.list is None:
        return None
    name = line.list.casefold()
    if name not in by_name:
        draft = _checked(ListDraft, name=line.list)
        by_name[name] = create_list(session, actor, draft).row.list.id
    return by_name[name]


def _usual_list(session: Session, actor: Actor) -> UUID | None:
    """The list that the actor has chosen for new tasks, where they may still add to it."""
    chosen = _person(session, actor).default_list_id
    rows = _lists_of(session, actor) if chosen else ()
    kept = (row for row in rows if row.list.id == chosen and row.list.archived_at is None)
    return next((row.list.id for row in kept if row.role.includes(Role.EDITOR)), None)


def _usual_priority(session: Session, actor: Actor) -> Priority | None:
    chosen = _person(session, actor).default_priority
    return Priority(chosen) if chosen else None


def _draft(
    parsed: ParsedTask,
    list_id: UUID | None,
    usual_priority: Priority | None,
    parent_id: UUID | None = None,
) -> TaskDraft:
    # `p4` says that it has none, which is not the same as to say nothing.
    is_said = any(span.kind is Kind.PRIORITY for span in parsed.spans)
    usual = None if is_said else usual_priority
    return _checked(
        TaskDraft,
        title=parsed.title,
        priority=parsed.priority or usual or Priority.MEDIUM,
        due_date=parsed.due_date,
        due_time=parsed.due_time,
        list_id=list_id,
        parent_id=parent_id,
        labels=parsed.labels,
        repeat=parsed.repeat and RepeatInput.model_validate(repeat_as_json(parsed.repeat)),
    )


def _checked(kind: type[AnInput], **fields: object) -> AnInput:
    try:
        return kind.model_validate(fields)
    except ValidationError as error:
        raise InvalidInput.from_pydantic(error.errors()) from None


def _lists_of(session: Session, actor: Actor) -> Sequence[VisibleList]:
    """The lists that words can name, those that are in use first."""
    rows = list_lists(session, actor)
    return sorted(rows, key=lambda row: row.list.archived_at is not None)


def _person(session: Session, actor: Actor) -> User:
    return session.get_one(User, actor.id)


def _context(session: Session, actor: Actor, as_of: AsOf, lists: Sequence[VisibleList]) -> Context:
    zone = ZoneInfo(as_of.timezone or actor.timezone)
    person = _person(session, actor)
    date_order = as_of.date_order or person.date_order
    return Context(
        (as_of.now or clock.now()).astimezone(zone),
        week_start=_WEEK_STARTS[as_of.week_start or person.week_start or "monday"],
        date_order="mdy" if date_order == "mdy" else "dmy",
        people=[person.name] if as_of.people is None else as_of.people,
        lists=[row.list.name for row in lists],
        labels=[row.name for row in list_labels(session, actor)],
    )
