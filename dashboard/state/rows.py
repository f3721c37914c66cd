"""What the screen gets of a task: a row, and the changes to it."""

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from typing import Any

import reflex as rx

TaskRow = dict[str, Any]
"""A line of the list, as `row_of` of models/task_fields.py makes it."""


@dataclass(frozen=True)
class Change:
    """One change to the list since it was loaded, numbered so that the browser notices a missing one.

    With a nonce it answers a gesture; `error` says why that was refused, in a sentence.
    """

    seq: int
    id: str
    row: TaskRow | None = None
    """The task as it is now; None: there is no such task of this person's."""
    is_hidden: bool = False
    """The list that is on the screen does not hold the task."""
    is_deleted: bool = False
    """The task is in the trash."""
    is_unknown: bool = False
    """The truth could not be read: the row stays as it was."""
    nonce: str = ""
    error: str = ""
    is_passing: bool = False
    """It was refused because the server could not reach its data: once it can, the browser sends it again."""
    based_on: int | None = None
    """The version that the author of the change had on the screen."""
    device: str = ""
    """Where it was made, `Firefox on Linux`, as far as that is known and elsewhere."""
    counts: Mapping[str, int] = field(default_factory=dict)
    groups: Mapping[str, int] = field(default_factory=dict)
    open_counts: Mapping[str, int] = field(default_factory=dict)
    """Of the counts of the cards, of the headings and of the lists those that are different now, by name."""


@dataclass(frozen=True)
class OpenedTask:
    """A task that is open in the panel."""

    id: str
    version: int = 0
    description: str = ""
    formatted: str = ""
    """HTML: the description as it reads; empty when the text alone shows the same."""
    row: TaskRow | None = None
    """None: it cannot be shown."""
    parts: Sequence[TaskRow] = ()
    """Its subtasks, in their order."""
    parent: TaskRow | None = None
    """The task that it is a part of."""
    problem: str = ""
    """Why it cannot be shown, in a sentence."""


@rx.serializer
def _change_as_it_travels(change: Change) -> dict[str, Any]:
    """What is as usual is left out, and the id is said once."""
    said = {each.name: getattr(change, each.name) for each in fields(change)}
    if change.row:
        said["row"] = {name: value for name, value in change.row.items() if name != "id"}
    return {
        each.name: said[each.name] for each in fields(change) if said[each.name] != _usual(each)
    }


def _usual(of: Any) -> Any:
    return of.default if of.default_factory is MISSING else of.default_factory()
