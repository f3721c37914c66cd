"""What a page of tasks says first, before its tab has a socket: the document brings it along."""

from collections.abc import Iterator, Sequence
from itertools import islice, takewhile
from typing import NamedTuple
from urllib.parse import quote
from uuid import UUID

from reflex.utils.format import json_dumps

from dashboard.reflex_adapter import states
from dashboard.security import SESSION_HEADER
from dashboard.state.rows import TaskRow
from dashboard.state.tasks import TaskListState

OF_DOCUMENT = "document"
"""The name of this loading, to which the browser adds gestures and sends none: no tab's state knows it."""
MOST_DRAWN = 20
"""As many rows as a large screen holds."""
_HEADINGS = {
    "overdue": "Overdue",
    "today": "Today",
    "upcoming": "Upcoming",
    "no_date": "No date",
    "completed": "Completed",
}
"""Those of the agenda, as assets/agenda.js has them."""
_IN_HEADINGS = ("", "today", "filters")
_BY_HAND = ("inbox", "lists", "tasks")


class FirstGroup(NamedTuple):
    """Rows of the document under a heading, without a label none; `held`: how many the page holds there."""

    label: str
    kind: str
    held: int
    rows: Sequence[TaskRow]


class FirstPage(NamedTuple):
    """What a document brings along."""

    data: str
    """The delta of the first loading, as JSON that may stand in HTML."""
    groups: Sequence[FirstGroup]
    """The rows that a screen has room for, where the server knows what the browser will draw."""


async def first_page(path: str, query: str, session_id: UUID) -> FirstPage | None:
    """The first loading of a page; None when nothing can be read."""
    # As a browser says it: a label may have signs in it that end a path.
    said = quote(path)
    tasks = states.without_tab(TaskListState, said, query, {SESSION_HEADER: str(session_id)})
    await tasks.load()
    if not tasks.load_id:
        return None
    tasks.load_id = OF_DOCUMENT
    groups = tuple(_first_groups(tasks))
    delta = await states.take_delta(tasks._get_root_state())
    # Nothing that a person wrote can end the script that holds it.
    data = json_dumps(delta, separators=(",", ":")).replace("<", r"\u003c")
    return FirstPage(data, groups)


def _first_groups(tasks: TaskListState) -> Iterator[FirstGroup]:
    kind = tasks.place.partition("/")[0]
    rows = states.without_proxy(tasks.rows)
    if tasks.q or tasks.sort or not rows:
        # A search begins with a line of its own, and the page of another order is seldom the first.
        return
    if kind in _IN_HEADINGS:
        yield from _under_headings(rows, states.without_proxy(tasks.groups), kind)
    elif kind in _BY_HAND and not _is_board(tasks):
        # What comes before the first section; subtasks may be folded away in this browser.
        plain = takewhile(lambda row: not _is_arranged(row), rows[:MOST_DRAWN])
        if drawn := tuple(plain):
            yield FirstGroup("", "open", len(drawn), drawn)


def _under_headings(
    rows: Sequence[TaskRow], counts: dict[str, int], place: str
) -> Iterator[FirstGroup]:
    """In the order of the agenda, each heading has as many rows as its count says."""
    left, room = iter(rows), MOST_DRAWN
    for name, label in _HEADINGS.items():
        if (count := counts.get(name, 0)) and room:
            drawn = tuple(islice(left, min(count, room)))
            room -= len(drawn)
            # The page of today names the day once.
            is_named = place != "today" or counts.get("overdue", 0)
            yield FirstGroup(label if is_named else "", name, count, drawn)


def _is_board(tasks: TaskListState) -> bool:
    return any(each.id == tasks.list_id and each.view == "board" for each in tasks.lists)


def _is_arranged(row: TaskRow) -> bool:
    return bool(row.get("section_id") or row.get("parent_id") or row.get("completed_at"))
