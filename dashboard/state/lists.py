"""A person's lists as the screen has them: small frozen rows in their own order, and what is open in each."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Self

import reflex as rx

from dashboard.services.lists import queries
from dashboard.services.lists import sections as list_sections
from dashboard.state.session import SessionState


@dataclass(frozen=True)
class ListRow:
    """One list. How many tasks are open in it travels apart, because that changes with every tick."""

    id: str
    name: str
    color: str = "stone"
    icon: str = ""
    is_inbox: bool = False
    is_archived: bool = False
    is_deleted: bool = False
    """In the trash, from which an owner can take it out."""
    view: str = "list"
    """list or board."""
    role: str = "owner"

    @classmethod
    def of(cls, row: queries.VisibleList) -> Self:
        found = row.list
        return cls(
            id=str(found.id),
            name=found.name,
            color=found.color,
            icon=found.icon,
            is_inbox=found.is_inbox,
            is_archived=found.archived_at is not None,
            is_deleted=found.deleted_at is not None,
            view=found.view,
            role=row.role.value,
        )


@dataclass(frozen=True)
class SectionRow:
    """One section, in the order of its list."""

    id: str
    list_id: str
    name: str
    is_folded: bool = False

    @classmethod
    def of(cls, row: list_sections.SectionRow) -> Self:
        found = row.section
        return cls(str(found.id), str(found.list_id), found.name, row.is_folded)


class ListsState(SessionState):
    """The lists of this tab's person. They change over REST; `ListsChanged` has every tab load them again."""

    lists: list[ListRow] = []
    sections: list[SectionRow] = []
    """Of all lists, each list's in their order. They change over REST, too."""
    open_counts: dict[str, int] = {}
    """How many tasks were open in each list when they were loaded, by its id; changes say what has become of them. In
    the Inbox are all others that are pending, so it is not counted."""

    def _show_lists(
        self, rows: Sequence[queries.VisibleList], of_them: Sequence[list_sections.SectionRow]
    ) -> None:
        self.lists = [ListRow.of(row) for row in rows]
        self.sections = [SectionRow.of(row) for row in of_them]
        self.open_counts = open_counts_of(rows)


def open_counts_of(rows: Sequence[queries.VisibleList]) -> dict[str, int]:
    """How many tasks are open in each list beside the Inbox, by its id."""
    return {str(row.list.id): row.open_count for row in rows if not row.list.is_inbox}


@rx.serializer
def _list_as_it_travels(row: ListRow) -> dict[str, Any]:
    return _as_it_travels(row)


@rx.serializer
def _section_as_it_travels(row: SectionRow) -> dict[str, Any]:
    return _as_it_travels(row)


def _as_it_travels(row: ListRow | SectionRow) -> dict[str, Any]:
    """What is as usual is left out, and the browser fills it in."""
    return {f.name: value for f in fields(row) if (value := getattr(row, f.name)) != f.default}
