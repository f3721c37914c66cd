"""A person's labels and filters as the sidebar has them, each with how many tasks it holds."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import NamedTuple

from sqlmodel import Session

from dashboard.errors import DashboardError
from dashboard.models.session import Actor
from dashboard.services.tasks.labels import VisibleLabel, list_labels
from dashboard.services.tasks.saved_filters import CountedFilter, list_filters
from dashboard.services.tasks.task_list import FoundTasks
from dashboard.state.lists import ListsState


@dataclass(frozen=True)
class LabelRow:
    """One label of the tasks that this person sees."""

    name: str
    color: str
    open: int
    """How many open tasks have it."""

    @classmethod
    def of(cls, row: VisibleLabel) -> "LabelRow":
        return cls(row.name, row.color.value, row.open_count)


@dataclass(frozen=True)
class FilterRow:
    """One saved query."""

    id: str
    name: str
    query: str
    found: int
    """How many tasks it finds; 0 where it cannot be answered any more."""
    problem: str
    """Why it cannot be answered; empty when it can."""

    @classmethod
    def of(cls, row: CountedFilter) -> "FilterRow":
        saved = row.filter
        return cls(str(saved.id), saved.name, saved.query, row.found or 0, row.problem)


class Sidebar(NamedTuple):
    labels: Sequence[LabelRow]
    filters: Sequence[FilterRow]


def sidebar_of(session: Session, actor: Actor) -> Sidebar:
    """What the sidebar says now."""
    return Sidebar(
        [LabelRow.of(row) for row in list_labels(session, actor)],
        [FilterRow.of(row) for row in list_filters(session, actor)],
    )


class SidebarRows(ListsState, mixin=True):
    """Labels and filters of this tab's person. They change over REST, and their counts with each task."""

    labels: list[LabelRow] = []
    filters: list[FilterRow] = []

    def _show_sidebar(self, sidebar: Sidebar) -> None:
        """Take over what is different: a list travels whole."""
        for name, rows in sidebar._asdict().items():
            if rows != self.get_value(name):
                setattr(self, name, rows)

    async def _keep_sidebar_true(self, found: FoundTasks) -> None:
        """Count again after tasks have changed, where there is something to count.

        In a reading of its own: no write waits for it, and one that fails takes nothing back.
        """
        is_labelled = any(row.labels for row in found.rows.values() if row)
        if self.labels or self.filters or is_labelled:
            with suppress(DashboardError):
                self._show_sidebar(await self._read(sidebar_of))
