"""What people do with labels: look at all of theirs, and change or remove one on every task at once."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Uuid, bindparam, delete, func, literal_column, select
from sqlmodel import Session, col

from dashboard import clock, events
from dashboard.database.transactions import fetch
from dashboard.errors import LabelNotFound, ReadOnly
from dashboard.models.activity import Action
from dashboard.models.label import LabelChanges, LabelColor, label_key, unique
from dashboard.models.list import Color
from dashboard.models.session import Actor
from dashboard.models.task import COMPLETED, DELETED, OPEN, Task
from dashboard.services.lists import access
from dashboard.services.tasks import repository
from dashboard.services.tasks.effects import TaskEffect, settle
from dashboard.services.tasks.query.plan import has_label, is_labelled

Names = tuple[str, ...]

_ACTOR = bindparam("actor_id", type_=Uuid())
_KEPT = col(Task.state).in_([literal_column(str(state)) for state in (OPEN, COMPLETED)])
_COUNT = (
    select(col(Task.labels), col(Task.state), func.count().label("n"))
    .where(access.in_use_by(_ACTOR), _KEPT, is_labelled())
    .group_by(col(Task.labels), col(Task.state))
)
_COLORS = select(col(LabelColor.key), col(LabelColor.color)).where(
    col(LabelColor.user_id) == _ACTOR
)


class VisibleLabel(NamedTuple):
    """A label as a person sees it: in their colour, counted outside the trash and archived lists."""

    name: str
    """In the spelling that most of the tasks have."""
    color: Color
    open_count: int
    total: int
    """Of open and completed tasks."""


def list_labels(session: Session, actor: Actor) -> Sequence[VisibleLabel]:
    """The labels of all tasks that the actor sees, those in the trash and in archived lists aside, by name."""
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    open_counts = Counter[str]()
    for row in fetch(session, _COUNT, {"actor_id": actor.id}):
        for name in row.labels:
            key = label_key(name)
            spellings[key][name] += row.n
            open_counts[key] += row.n if row.state == OPEN else 0
    colors = _colors(session, actor)
    return [
        VisibleLabel(_usual(names), colors.get(key, Color.STONE), open_counts[key], names.total())
        for key, names in sorted(spellings.items())
    ]


def find_label(session: Session, actor: Actor, name: str) -> VisibleLabel:
    """One label. Raises LabelNotFound for one that no task has that the actor sees."""
    for row in list_labels(session, actor):
        if label_key(row.name) == label_key(name):
            return row
    raise LabelNotFound


def update_label(session: Session, actor: Actor, name: str, changes: LabelChanges) -> VisibleLabel:
    """Give a label another name on every task that the actor may change, or a colour for the actor alone.

    Raises LabelNotFound, and ReadOnly when the actor may change none of its tasks.
    """
    found = find_label(session, actor, name)
    given, before = changes.model_fields_set, label_key(found.name)
    name = changes.name if "name" in given else found.name
    if "name" in given:
        _relabel(session, actor, before, lambda labels: _renamed(labels, before, name))
    colors = _colors(session, actor)
    # A label that is merged into another one takes on its colour, where it has one.
    color = changes.color if "color" in given else colors.get(label_key(name), found.color)
    session.merge(LabelColor(user_id=actor.id, key=label_key(name), color=color))
    events.announce(session, events.SidebarChanged(actor.id))
    session.flush()
    return find_label(session, actor, name)


def delete_label(session: Session, actor: Actor, name: str) -> None:
    """Take a label off every task that the actor may change. Raises what `update_label` raises."""
    found = find_label(session, actor, name)
    key = label_key(found.name)
    _relabel(session, actor, key, lambda labels: _without(labels, key))
    is_its = (col(LabelColor.user_id) == actor.id, col(LabelColor.key) == key)
    session.execute(delete(LabelColor).where(*is_its))
    events.announce(session, events.SidebarChanged(actor.id))


def _relabel(session: Session, actor: Actor, key: str, changed: Callable[[Names], Names]) -> None:
    """Change the labels of every task that has this one and that the actor may change, those in the trash too."""
    conditions = access.open_to_changes_by(actor.id), is_labelled(), has_label(f" {key} ")
    held = repository.hold_all(session, *conditions)
    if all(each.task.state == DELETED for each in held):
        raise ReadOnly
    now, effects = clock.now(), []
    for each in held:
        each.task.labels = changed(each.task.labels)
        each.task.index()
        each.task.touch(now)
        effects.append(TaskEffect(Action.CHANGE, each.task, repository.keep(session, each)))
    settle(session, actor, *effects)


def _renamed(labels: Names, key: str, name: str) -> Names:
    return unique(tuple(name if label_key(each) == key else each for each in labels))


def _without(labels: Names, key: str) -> Names:
    return tuple(each for each in labels if label_key(each) != key)


def _colors(session: Session, actor: Actor) -> Mapping[str, Color]:
    return {row.key: Color(row.color) for row in fetch(session, _COLORS, {"actor_id": actor.id})}


def _usual(names: Counter[str]) -> str:
    return min(names, key=lambda name: (-names[name], name))
