"""A person's lists as the screen has them: small frozen rows in their own order, and what is open in each."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from typing import Any, Self

import reflex as rx

from dashboard.errors import DashboardError
from dashboard.services.lists import queries
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
            role=row.role.value,
        )


class ListsState(SessionState):
    """The lists of this tab's person. They change over REST; `ListsChanged` has every tab load them again."""

    lists: list[ListRow] = []
    open_counts: dict[str, int] = {}
    """How many tasks are open in each list, by its id."""

    def _show_lists(self, rows: Sequence[queries.VisibleList]) -> None:
        self.lists = [ListRow.of(row) for row in rows]
        self.open_counts = {str(row.list.id): row.open_count for row in rows}

    async def _count_lists(self) -> None:
        """Count the open tasks of each list again. Those of a single one are counted as pending anyway."""
        if len(self.lists) < 2:
            return
        # The lists keep the counts that they had; the next change counts them again.
        with suppress(DashboardError):
            found = await self._read(queries.count_open)
            counts = {str(list_id): count for list_id, count in found.items()}
            if counts != self.open_counts:
                self.open_counts = counts


@rx.serializer
def _list_as_it_travels(row: ListRow) -> dict[str, Any]:
    """What is as usual is left out, and the browser fills it in."""
    return {f.name: value for f in fields(row) if (value := getattr(row, f.name)) != f.default}
