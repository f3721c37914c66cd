"""What a person does to a task on the screen, as the browser tells it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, StringConstraints
from sqlmodel import Session

from dashboard.errors import TaskNotFound
from dashboard.models.position import DIGITS, LONGEST
from dashboard.models.quick_add import LineInWords
from dashboard.models.repeat import Shift
from dashboard.models.session import Actor
from dashboard.models.task import Move, TaskChanges, TaskDraft
from dashboard.models.task_query import TaskQuery
from dashboard.models.text import Id, IdText, Input
from dashboard.services.tasks import commands, done_gestures, task_list
from dashboard.services.tasks.duplicates import duplicate_task
from dashboard.services.tasks.effects import TaskEffect, TaskEffects
from dashboard.services.tasks.quick_add.add import add_line
from dashboard.services.tasks.task_list import FoundTasks

Command = Callable[[Session, Actor, "Gesture", Any], TaskEffects]


@dataclass(frozen=True)
class Gesture:
    """One gesture. Its nonce names the answer, and the same nonce twice is the same gesture.

    state/event_schemas.py holds a browser to these annotations; Reflex makes the object of what has passed.
    """

    load_id: Annotated[str, StringConstraints(max_length=64)]
    """The loading of the list that the tab had before it when it sent this."""
    nonce: Annotated[str, StringConstraints(min_length=8, max_length=64)]
    kind: Literal[
        "create",
        "change",
        "delete",
        "restore",
        "erase",
        "empty",
        "skip",
        "pause",
        "resume",
        "shift",
        "move",
        "duplicate",
    ]
    """`erase` is for one task in the trash, `empty` for all that was in it (its id: the task deleted last)."""
    id: IdText
    fields: dict[str, Any] = field(default_factory=dict)
    """`input_of` says what may be in it."""
    version: Annotated[int, Field(ge=1, le=2**31)] | None = None
    """The version of the task that the person had before them."""

    @property
    def task_id(self) -> UUID:
        return UUID(self.id)


class Deleting(Input):
    """Whether the next one of a series is made for a task that is deleted."""

    keep_series: bool = False


class MoveBack(Move):
    """A move, or what takes one back: then it says which position the task had."""

    position: Annotated[str, StringConstraints(max_length=LONGEST, pattern=f"^[{DIGITS}]*$")] = ""


class Emptying(Input):
    """How much of the trash the person saw when they emptied it."""

    until: Annotated[int, Field(ge=0, le=2**53)]
    """When the task deleted last was deleted, in microseconds since 1970."""


class Duplicating(Input):
    """Which task it is made like."""

    of: Id


class Nothing(Input):
    """The kind of the gesture says all."""


def input_of(gesture: Gesture) -> Any:
    """The fields of a gesture as the input of its command. Raises pydantic's ValidationError."""
    kind = _INPUTS.get(gesture.kind, Nothing)
    if kind is TaskDraft and "in_words" in gesture.fields:
        kind = LineInWords
    return kind.model_validate(gesture.fields)


def carry_out(
    session: Session, actor: Actor, gesture: Gesture, given: Any, query: TaskQuery, **counted: bool
) -> FoundTasks:
    """Do what the gesture says, once, and look at every task that it changed, its own first, in one transaction.

    All but `empty`, which takes many. `given` is the gesture's input, and `counted` is for `find_tasks`.
    """
    changed: Sequence[TaskEffect] = ()
    if done_gestures.claim(session, actor, gesture.nonce):
        changed = _do(session, actor._replace(nonce=gesture.nonce), gesture, given)
    ids = dict.fromkeys((gesture.task_id, *(effect.task.id for effect in changed)))
    return task_list.find_tasks(session, actor, query, ids, **counted)


def _do(session: Session, actor: Actor, gesture: Gesture, given: Any) -> Sequence[TaskEffect]:
    try:
        return _COMMANDS[gesture.kind](session, actor, gesture, given).changed
    except TaskNotFound:
        # Deleted elsewhere meanwhile, it is where it was to go.
        if gesture.kind in ("delete", "erase"):
            return ()
        raise


def _create(session: Session, actor: Actor, gesture: Gesture, given: TaskDraft) -> TaskEffects:
    if isinstance(given, LineInWords):
        return add_line(session, actor, given, task_id=gesture.task_id)
    return commands.create_task(session, actor, given, task_id=gesture.task_id)


def _change(session: Session, actor: Actor, gesture: Gesture, given: TaskChanges) -> TaskEffects:
    return commands.update_task(session, actor, gesture.task_id, given, based_on=gesture.version)


def _move(session: Session, actor: Actor, gesture: Gesture, given: MoveBack) -> TaskEffects:
    return commands.move_task(
        session,
        actor,
        gesture.task_id,
        given,
        position=given.position,
        based_on=gesture.version,
    )


def _duplicate(session: Session, actor: Actor, gesture: Gesture, given: Duplicating) -> TaskEffects:
    return duplicate_task(session, actor, given.of, copy_id=gesture.task_id)


def _delete(session: Session, actor: Actor, gesture: Gesture, given: Deleting) -> TaskEffects:
    task_id = gesture.task_id
    return commands.delete_task(session, actor, task_id, keeps_series=given.keep_series)


def _shift(session: Session, actor: Actor, gesture: Gesture, given: Shift) -> TaskEffects:
    return commands.shift_series(session, actor, gesture.task_id, given)


def _by_id(command: Callable[[Session, Actor, UUID], TaskEffects]) -> Command:
    return lambda session, actor, gesture, _: command(session, actor, gesture.task_id)


_INPUTS: Mapping[str, type[Input]] = {
    "create": TaskDraft,
    "change": TaskChanges,
    "delete": Deleting,
    "move": MoveBack,
    "duplicate": Duplicating,
    "empty": Emptying,
    "shift": Shift,
}
_COMMANDS: Mapping[str, Command] = {
    "create": _create,
    "change": _change,
    "delete": _delete,
    "move": _move,
    "duplicate": _duplicate,
    "restore": _by_id(commands.restore_task),
    "erase": _by_id(commands.delete_forever),
    "skip": _by_id(commands.skip_task),
    "pause": _by_id(commands.pause_series),
    "resume": _by_id(commands.resume_series),
    "shift": _shift,
}
