"""Writes the first rows of a list into its document: the row and the group that the build drew, filled in."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from html import escape

from dashboard.state.first_page import FirstGroup
from dashboard.state.rows import TaskRow

_PLACE = re.compile(r'(<div id="first-rows"[^>]*>)(?=</div>)')
_DRAWN = re.compile(r'<(\w+) hidden="" id="(first-(?:row|group|headless))">(.*?)</\1>', re.DOTALL)
_NAMES = re.compile(r"\{(\w+)\}")
_SECOND_LINE = ("description", "labels", "repeat", "subtasks")
"""Fields that a row has a second line for."""
_NO_DATE = "No date"
_LATER = "\u00a0"
"""In the place of a day, whose form the browser knows."""


def with_rows(page: str, groups: Sequence[FirstGroup]) -> tuple[str, str]:
    """A document in two parts: what is the same for each person, and the rest, with these groups in it."""
    place, drawn = _PLACE.search(page), _templates(page)
    if not groups or place is None or len(drawn) != len(("row", "group", "headless")):
        return page, ""
    at = place.end()
    return page[:at], "".join(_groups(drawn, groups)) + page[at:]


@lru_cache(maxsize=32)
def _templates(page: str) -> Mapping[str, str]:
    return {name: drawn for _, name, drawn in _DRAWN.findall(page)}


def _groups(drawn: Mapping[str, str], groups: Sequence[FirstGroup]) -> Iterator[str]:
    for group in groups:
        rows = "".join(_row(drawn["first-row"], row, group.kind) for row in group.rows)
        said = {"label": group.label, "count": str(group.held)}
        frame = _filled(drawn["first-group" if group.label else "first-headless"], said)
        yield frame.replace("{rows}", rows, 1)


def _row(drawn: str, row: TaskRow, kind: str) -> str:
    due = row.get("due_date", "")
    said = {
        "id": row["id"],
        "title": row["title"],
        "priority": row.get("priority", "Medium"),
        "line": "" if not any(row.get(name) for name in _SECOND_LINE) else "second",
        "due_date": due,
        "due_words": _LATER if due else _NO_DATE,
        "due_kind": "none" if not due else kind if kind in ("overdue", "today") else "plain",
    }
    filled = _filled(drawn, said)
    if row.get("completed_at"):
        filled = filled.replace('type="checkbox"', 'type="checkbox" checked=""', 1)
    return filled


def _filled(drawn: str, said: Mapping[str, str]) -> str:
    """In one go, so that a title with braces in it stays one."""
    return _NAMES.sub(lambda name: escape(said.get(name[1], name[0])), drawn)
