"""Edits that meet: different fields survive, the later of two in one field wins, and whoever lost a word is told."""

import threading
from collections.abc import Callable
from datetime import date, time
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard import events
from dashboard.database.transactions import Database
from dashboard.errors import InvalidInput
from dashboard.models.session import Actor
from dashboard.models.task import Priority, Task, TaskChanges
from dashboard.services.tasks import commands

FIELDS = ("title", "description", "priority", "due_date", "due_time")
TOMORROW, NEXT_WEEK = date(2026, 3, 11), date(2026, 3, 17)


class Editor:
    """A screen with one task on it. What it is told of, it keeps as assets/edits.js and the tab's listener do."""

    def __init__(self, database: Database, actor: Actor, task: Task) -> None:
        self.database, self.actor, self.task_id = database, actor, task.id
        self.seen = task.version
        self.written: dict[str, Any] = {}
        self.version = 0
        self.lost: dict[str, tuple[Any, Any]] = {}
        self._own: set[int] = set()
        self._heard: list[events.TasksChanged] = []
        events.listen(actor.id, self._hear)

    def open(self) -> None:
        """Open the dialog on the task as it is now."""
        self.seen = self.task().version

    def save(self, fields: dict[str, Any]) -> int | None:
        """Send the fields that were changed, with the version that was open. Returns the version that it made."""
        with self.database.transaction() as session:
            try:
                changes = TaskChanges.model_validate(fields)
                task = commands.update_task(
                    session, self.actor, self.task_id, changes, based_on=self.seen
                ).task
            except InvalidInput:
                return None
        self._own.add(task.version)
        self.version = task.version
        self.written |= fields
        self.lost = {name: values for name, values in self.lost.items() if name not in fields}
        return task.version

    def follow(self) -> None:
        """Take in what was heard so far, as one batch."""
        news = [event for event in self._heard if dict(event.tasks)[self.task_id] not in self._own]
        self._heard.clear()
        known = [event.based_on for event in news if event.based_on is not None]
        if not known or min(known) >= self.version:
            return
        task = self.task()
        now = {name: getattr(task, name) for name in self.written}
        self.lost = {
            name: (mine, now[name]) for name, mine in self.written.items() if now[name] != mine
        }

    def task(self) -> Task:
        with self.database.transaction(writes=False) as session:
            return commands.get_task(session, self.actor, self.task_id)

    def _hear(self, event: events.Event) -> None:
        if isinstance(event, events.TasksChanged) and self.task_id in dict(event.tasks):
            self._heard.append(event)


some_fields = st.fixed_dictionaries(
    {},
    optional={
        "title": st.sampled_from(["Milk", "Oat milk", "Soy milk"]),
        "description": st.sampled_from(["", "Two litres"]),
        "priority": st.sampled_from(Priority),
        "due_date": st.sampled_from([None, TOMORROW, NEXT_WEEK]),
        "due_time": st.sampled_from([None, time(9), time(18, 30)]),
    },
).filter(bool)
who = st.integers(0, 1)
steps = st.lists(
    st.tuples(st.just("open"), who)
    | st.tuples(st.just("save"), who, some_fields)
    | st.tuples(st.just("follow"), who),
    max_size=20,
)


@settings(max_examples=200)
@given(steps)
def test_no_field_is_lost_silently(
    database: Database, make_actor: Callable[..., Actor], make_task: Callable[..., Task], steps: list[tuple]
) -> None:  # fmt: skip
    ana = make_actor("Ana")
    task = make_task(ana, "Milk")
    editors = [Editor(database, ana, task) for _ in range(2)]
    expected = {name: getattr(task, name) for name in FIELDS}
    # Who wrote a field last, and the version before their eyes; the version that an editor's last word in it made.
    last: dict[str, tuple[Editor, int]] = {}
    own: dict[tuple[Editor, str], int] = {}

    for name, number, *rest in steps:
        editor = editors[number]
        if name == "open":
            editor.open()
        elif name == "follow":
            editor.follow()
        elif (version := editor.save(*rest)) is not None:
            fields = with_time(expected, rest[0])
            expected |= fields
            last |= dict.fromkeys(fields, (editor, editor.seen))
            own |= {(editor, field): version for field in rest[0]}
            assert editor.task().version == version

    stored = editors[0].task()
    assert {name: getattr(stored, name) for name in FIELDS} == expected
    for editor in editors:
        editor.follow()
        for field, mine in editor.written.items():
            other, seen = last[field]
            if other is not editor and seen < own[editor, field] and expected[field] != mine:
                assert editor.lost[field] == (mine, expected[field])
        assert all(mine == editor.written[field] for field, (mine, _) in editor.lost.items())


def with_time(before: dict[str, Any], fields: dict[str, Any]) -> dict[str, Any]:
    """A date that goes takes its time along."""
    return fields if fields.get("due_date", before["due_date"]) else {**fields, "due_time": None}


@given(mine=some_fields, theirs=some_fields)
def test_two_who_save_at_the_very_same_time_both_save(
    database: Database, make_actor: Callable[..., Actor], make_task: Callable[..., Task], mine: dict, theirs: dict
) -> None:  # fmt: skip
    ana = make_actor("Ana")
    task = make_task(ana, "Bread", due_date=TOMORROW)
    editors = [Editor(database, ana, task) for _ in range(2)]
    together = threading.Barrier(2)
    versions: list[int | None] = [None, None]

    def save(number: int, fields: dict[str, Any]) -> None:
        together.wait()
        versions[number] = editors[number].save(fields)

    threads = [threading.Thread(target=save, args=args) for args in enumerate((mine, theirs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    saved = {
        version: fields for version, fields in zip(versions, (mine, theirs), strict=True) if version
    }
    assert sorted(saved) == [2, 3][: len(saved)]
    expected = {name: getattr(task, name) for name in FIELDS}
    for _, fields in sorted(saved.items()):
        expected |= with_time(expected, fields)
    stored = editors[0].task()
    assert {name: getattr(stored, name) for name in FIELDS} == expected
