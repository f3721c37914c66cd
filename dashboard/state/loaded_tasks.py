"""The tasks that a tab has on the screen: a page of rows as it was loaded, and what it was told since."""

import asyncio
import secrets
from dataclasses import replace
from typing import Any
from uuid import UUID

import reflex as rx
from sqlalchemy import Row
from sqlmodel import Session

from dashboard import clock, events
from dashboard.errors import DashboardError, NotSignedIn
from dashboard.models.session import Actor
from dashboard.models.task import Task
from dashboard.models.task_fields import row_of
from dashboard.models.task_query import PAGE_DEFAULT, PAGE_LIMIT, Sort, TaskQuery
from dashboard.reflex_adapter.states import without_proxy
from dashboard.services.tasks import commands
from dashboard.services.tasks.markdown import format_of
from dashboard.services.tasks.task_list import FoundTasks, Groups, Metrics, TaskPage
from dashboard.state.lists import open_counts_of
from dashboard.state.overview import Overview, overview
from dashboard.state.rows import Change, OpenedTask, TaskRow
from dashboard.state.session import socket_of
from dashboard.state.sidebar import SidebarRows
from dashboard.state.task_address import (
    Place,
    id_in,
    place_at,
    query_from,
    search_problem,
    searched,
    sort_of,
)

MOST_RELOADED = 1_000
"""So many rows stay on the screen when a list is loaded again; who has scrolled further has to scroll again."""
_OF_LISTS = ("inbox", "lists", "tasks")
"""The pages of one list."""


class LoadedTasks(SidebarRows, mixin=True):
    """A page of rows as it was loaded, and the latest changes to it; assets/optimistic_list.js is the other half.

    `rows` is not touched by a change, because a changed list var travels whole.
    """

    status: str = "all"
    priority: str = ""
    q: str = ""
    q_problem: str = ""
    """Why nothing is searched for that; the list is empty then."""
    sort: str = ""
    """Empty on the dashboard's own order, which is grouped; else one of the API's: `relevance` for what is searched."""
    q_hint: str = ""
    """What no query understands in it; it is searched for as words."""
    is_query: bool = False
    """It says more than words, as `@errand due<7d` does."""
    order: str = ""
    place: str = ""
    """The page that was loaded, as `Place.name` has it."""
    list_id: str = ""
    """The list whose page this is; empty on the pages of all tasks."""

    load_id: str = ""
    """Names one loading of the list; empty until one has succeeded."""
    page: int = 0
    rows: list[TaskRow] = []
    changes: list[Change] = []
    counts: dict[str, int] = {}
    """The Metrics as they were when the list was loaded; changes say what has become of them."""
    groups: dict[str, int] = {}
    """How many tasks the list held under each heading of the agenda then."""
    now: int = 0
    """The server's clock when the list was loaded, in milliseconds since 1970: that of a device may be wrong."""
    count: int = 0
    """How many tasks match in all."""
    is_counted: bool = True
    """False: more match than `count` says."""
    next_cursor: str = ""
    load_error: str = ""
    failures: int = 0
    """How many loads have failed in a row; the browser tries again, later each time."""
    opened: OpenedTask | None = None

    _place: Place = Place()
    _asked: TaskQuery = TaskQuery()
    """What the address asks for."""
    _query: TaskQuery = TaskQuery()
    """The same with what the person's own rows say: whose Inbox it is, what their filter asks for."""
    _held: int = 0
    _seq: int = 0
    _socket: str = ""
    """The connection on which the list was loaded."""
    _asked_at: int = 0
    _versions: dict[str, int] = {}
    _told: dict[str, dict[str, int]] = {"counts": {}, "groups": {}, "open_counts": {}}
    """The counts that the browser knows."""

    @rx.event
    async def load(self) -> None:
        """Load what the address asks for: on arrival, when the address changes, after a reconnection."""
        place = place_at(self.router.url.path)
        own = place.asked(dict(self.router.url.query_parameters), self.user_id)
        asked, hint = searched(own)
        query = query_from(asked)
        self.sort = sort_of(asked, query)
        query = query.model_copy(update={"sort": Sort(self.sort or Sort.CREATED)})
        problem = search_problem(asked)
        is_same = (place, query) == (self._place, self._asked)
        self.q_hint, self.is_query = hint, "q" in own and "q" not in asked
        if self.load_id and is_same and not (problem or self.q_problem):
            await self._reload()
        else:
            self.status, self.order = query.status.value, query.order.value
            self.priority, self.q_problem = query.priority or "", problem
            self.q = own.get("q", "") if problem or self.is_query else query.q
            self.list_id = str(query.list) if place.kind in _OF_LISTS and query.list else ""
            self._place, self._asked, self._query = place, query, query
            # All that is overdue is rescheduled at once, and days that are not loaded are not known.
            is_long = place.kind in ("today", "upcoming")
            await self._load_page(PAGE_LIMIT if is_long else PAGE_DEFAULT)
            if place.kind == "tasks":
                await self._open(place.key)

    async def _open(self, task_id: str) -> None:
        """Fetch a task for the panel: what its row does not say, and its subtasks."""
        try:
            task, parts, parent = await self._read(commands.open_task, UUID(id_in(task_id)))
        except DashboardError as error:
            self.opened = OpenedTask(task_id, problem=str(error))
            return
        formatted = await asyncio.to_thread(format_of, task.description)
        self.opened = OpenedTask(
            task_id,
            task.version,
            task.description,
            formatted,
            self._row_of(task),
            [self._row_of(part) for part in parts],
            self._row_of(parent) if parent else None,
        )

    def _is_by_hand(self) -> bool:
        """Whether a list is shown as it is arranged by hand: on its page, unless another order is asked for."""
        return self._place.kind in _OF_LISTS and not self.sort

    def _what_to_count(self) -> dict[str, bool]:
        """What the screen counts beside the cards, as `find_tasks` takes it."""
        return {
            "in_groups": not self.sort,
            "in_lists": bool(without_proxy(self._told)["open_counts"]),
        }

    @rx.event
    async def show_more(self) -> None:
        """Load the page below what is on the screen."""
        if self.next_cursor:
            await self._load_page(cursor=self.next_cursor)

    async def _reload(self) -> None:
        """Load the same list again, as much of it as is on the screen."""
        await self._load_page(limit=min(max(self._held, PAGE_DEFAULT), MOST_RELOADED))

    async def _load_page(self, limit: int = PAGE_DEFAULT, cursor: str = "") -> None:
        asked = self._asked.model_copy(update={"limit": limit, "cursor": cursor or None})
        asked_at = events.moment()
        try:
            seen = await self._read(
                overview, self._place, asked, in_groups=not self.sort, by_hand=self._is_by_hand()
            )
        except NotSignedIn:
            self._leave()
            return
        except DashboardError as error:
            self.load_error, self.failures = str(error), self.failures + 1
            return
        self._show_page(seen, asked_at, is_first=not cursor)

    def _show_page(self, seen: Overview, asked_at: int, *, is_first: bool) -> None:
        page, counts, groups = seen.page, seen.counts, seen.groups
        self._show_person(seen.user)
        self._query, self.place = seen.query, self._place.name
        if self._place.kind in ("inbox", "tasks"):
            self.list_id = str(seen.query.list)
        if self.is_query:
            self.q_problem = seen.problem
        if self.q_problem:
            page = TaskPage([], 0, None)
        if is_first:
            self._show_lists(seen.lists, seen.sections)
            self._show_sidebar(seen.sidebar)
            self.load_id, self.page, self._held, self._seq = secrets.token_hex(4), 0, 0, 0
            self.changes, self._versions = [], {}
            self.counts, self.groups = counts._asdict(), groups._asdict()
            self._told = _by_name(counts, groups, open_counts_of(seen.lists))
            self._socket, self._asked_at = socket_of(self), asked_at
        self.rows = [self._row_of(row) for row in page.items]
        self.page += 1
        self._held += len(self.rows)
        self._versions |= {row["id"]: row["version"] for row in self.rows}
        self.count, self.is_counted = page.count, page.is_counted
        self.now = clock.microseconds(clock.now()) // 1000
        self.next_cursor = page.next_cursor or ""
        self.load_error, self.failures = "", 0

    def _row_of(self, task: Row[Any] | Task) -> TaskRow:
        """A row, without its list where that is the person's Inbox: the browser knows it."""
        row = row_of(task)
        return {name: row[name] for name in row if (name, row[name]) != ("list_id", self.user_id)}

    def _change(
        self,
        task_id: UUID,
        row: Row[Any] | None,
        *,
        nonce: str = "",
        based_on: int | None = None,
        device: str = "",
    ) -> Change:
        """Number the change of a task to what it is now."""
        self._seq += 1
        # An occurrence that was taken away may be made again, with a version that is higher still.
        gone = without_proxy(self._versions).get(str(task_id), 0) + 1
        self._versions[str(task_id)] = row.version if row else gone
        return Change(
            seq=self._seq,
            id=str(task_id),
            row=self._row_of(row) if row else None,
            is_hidden=row is None or not row.is_listed or bool(self.q_problem),
            is_deleted=row is not None and row.deleted_at is not None,
            nonce=nonce,
            based_on=based_on,
            device=device,
        )

    def _counted(self, outcome: FoundTasks, *changes: Change) -> list[Change]:
        """Changes of which the last one tells the counts, too: those that the browser does not know yet."""
        *before, last = changes
        known: dict[str, dict[str, int]] = without_proxy(self._told)
        found = {str(list_id): n for list_id, n in outcome.open_counts.items()}
        # A list that is new to the tab has it load again, by an event of its own.
        open_counts = {list_id: found.get(list_id, 0) for list_id in known["open_counts"]}
        told = _by_name(outcome.counts, outcome.groups, open_counts)
        fresh = {
            name: {each: n for each, n in counts.items() if known[name].get(each) != n}
            for name, counts in told.items()
        }
        self._told = told
        return [*before, replace(last, **fresh)]


def _by_name(
    counts: Metrics, groups: Groups, open_counts: dict[str, int]
) -> dict[str, dict[str, int]]:
    return {"counts": counts._asdict(), "groups": groups._asdict(), "open_counts": open_counts}


def who(_session: Session, actor: Actor) -> Actor:
    return actor
