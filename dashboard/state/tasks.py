"""The list of tasks on the screen: loaded by the page, changed by gestures, kept true by events."""

import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID

import reflex as rx
from pydantic import ValidationError
from sqlalchemy import Row
from sqlmodel import Session

from dashboard import clock, events
from dashboard.errors import DashboardError, InvalidInput, NotSignedIn, Unavailable
from dashboard.models.list import inbox_of
from dashboard.models.session import Actor
from dashboard.models.task_fields import row_of
from dashboard.models.task_query import PAGE_DEFAULT, PAGE_LIMIT, Sort, Status, TaskQuery
from dashboard.models.user import User
from dashboard.services.accounts import sessions
from dashboard.services.lists.queries import ListRow, list_lists
from dashboard.services.tasks import commands, task_list, trash
from dashboard.services.tasks.filter import words_of
from dashboard.services.tasks.task_list import FoundTasks, Groups, Metrics, TaskPage
from dashboard.state import news
from dashboard.state.commands import Gesture, carry_out, until_of
from dashboard.state.lists import ListsState
from dashboard.state.rows import Change, OpenedTask, TaskRow
from dashboard.state.session import session_header, socket_of
from dashboard.state.settings import SettingsState

MOST_CHANGES = 20
"""How many changes are told one by one; after more, the list is loaded again."""
_OF_THE_ACCOUNT = (
    events.ProfileChanged,
    events.SessionOpened,
    events.SessionEnded,
    events.EventsLost,
)
NO_LIST = str(UUID(int=0))


class TaskListState(ListsState):
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
    order: str = ""
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

    _query: TaskQuery = TaskQuery()
    _held: int = 0
    _seq: int = 0
    _socket: str = ""
    """The connection on which the list was loaded."""
    _asked_at: int = 0
    _versions: dict[str, int] = {}
    _told: dict[str, dict[str, int]] = {"counts": {}, "groups": {}}
    """The counts that the browser knows."""

    @rx.event
    async def load(self) -> None:
        """Load what the address asks for: on arrival, when the address changes, after a reconnection."""
        asked = dict(self.router.url.query_parameters) | await self._place()
        query = query_from(asked)
        self.sort = _sort_of(asked, query)
        query = query.model_copy(update={"sort": Sort(self.sort or Sort.CREATED)})
        problem = _search_problem(asked)
        if self.load_id and query == self._query and not (problem or self.q_problem):
            await self._reload()
        else:
            self.status, self.order = query.status.value, query.order.value
            self.priority, self.q_problem = query.priority or "", problem
            self.q = asked.get("q", "") if problem else query.q
            self._query = query
            await self._load_page(query)

    async def _place(self) -> dict[str, str]:
        """What the page asks for by itself, and which list it is of."""
        self.list_id = ""
        match self.router.url.path.strip("/").split("/"):
            case ["trash"]:
                return {"status": "deleted", "sort": "updated"}
            case ["inbox"]:
                self.list_id = await self._inbox()
            case ["lists", asked]:
                self.list_id = _id_in(asked)
        return {"list": self.list_id} if self.list_id else {}

    async def _inbox(self) -> str:
        """The id of this person's Inbox; that of no list while nothing can be read, which the loading says."""
        try:
            return str(inbox_of((await self._read(_who)).id))
        except DashboardError:
            return NO_LIST

    @rx.event
    async def show_more(self) -> None:
        """Load the page below what is on the screen."""
        if self.next_cursor:
            await self._load_page(self._query, cursor=self.next_cursor)

    @rx.event
    async def perform(self, gesture: dict[str, Any]) -> None:
        """Carry out a gesture and answer its nonce: with the row as it is now, or with why it was refused."""
        wish = self._wish_of(gesture)
        if wish is None:
            return
        with news.in_hand(socket_of(self), wish.nonce, self._is_told):
            try:
                outcome = await self._carry_out(wish)
            except NotSignedIn:
                self._leave()
            except ValidationError as error:
                await self._refuse(wish, str(InvalidInput.from_pydantic(error.errors())))
            except DashboardError as error:
                await self._refuse(wish, str(error), is_passing=isinstance(error, Unavailable))
            else:
                self._answer(wish, outcome)
                await self._count_lists()

    @rx.event
    async def open_task(self, task_id: str) -> None:
        """Fetch what the dialog shows beyond the row."""
        try:
            task = await self._read(commands.get_task, UUID(task_id))
        except (DashboardError, ValueError):
            # The row on the screen tells what became of the task; the dialog has nothing to add.
            self.opened = None
            return
        self.opened = OpenedTask(str(task.id), task.version, task.description)

    @rx.event(background=True, supersedes=True)
    async def listen(self) -> Any:
        """Bring what happens to this person's tasks elsewhere to this tab, until the tab goes."""
        async with self:
            try:
                actor = await self._read(_who)
            except DashboardError:
                return None
            tab = socket_of(self)
        heard = news.News(actor.id, tab)
        try:
            if events.happened_since(actor.id, self._asked_at):
                async with self:
                    await self._reload()
            while True:
                happened = await heard.next()
                async with self:
                    if not session_header(self):
                        # The framework has dropped the state (after an idle hour, or with Redis): start again.
                        return FOLLOW
                    if any(_ends(event, actor) for event in happened):
                        self._leave()
                        return None
                    await self._hear(actor, happened)
        finally:
            heard.stop()

    async def _reload(self) -> None:
        """Load the same list again, as much of it as is on the screen."""
        await self._load_page(self._query, limit=min(max(self._held, PAGE_DEFAULT), PAGE_LIMIT))

    async def _load_page(
        self, query: TaskQuery, limit: int = PAGE_DEFAULT, cursor: str = ""
    ) -> None:
        asked = query.model_copy(update={"limit": limit, "cursor": cursor or None})
        asked_at = events.moment()
        try:
            user, lists, page, counts, groups = await self._read(_overview, asked, not self.sort)
        except NotSignedIn:
            self._leave()
            return
        except DashboardError as error:
            self.load_error, self.failures = str(error), self.failures + 1
            return
        self._show_person(user)
        self._show_lists(lists)
        if self.q_problem:
            page = TaskPage([], 0, None)
        if not cursor:
            self.load_id, self.page, self._held, self._seq = secrets.token_hex(4), 0, 0, 0
            self.changes, self._versions = [], {}
            self.counts, self.groups = counts._asdict(), groups._asdict()
            self._told = {"counts": counts._asdict(), "groups": groups._asdict()}
            self._socket, self._asked_at = socket_of(self), asked_at
        self.rows = [self._row_of(row) for row in page.items]
        self.page += 1
        self._held += len(self.rows)
        self._versions |= {row["id"]: row["version"] for row in self.rows}
        self.count, self.is_counted = page.count, page.is_counted
        self.now = clock.microseconds(clock.now()) // 1000
        self.next_cursor = page.next_cursor or ""
        self.load_error, self.failures = "", 0

    async def _carry_out(self, wish: Gesture) -> FoundTasks:
        """Do what the gesture says and look at the result. Raises what `carry_out` and `until_of` raise."""
        if wish.kind != "empty":
            return await self._write(carry_out, wish, self._query, in_groups=not self.sort)
        actor = await self._read(_who)
        await trash.empty_trash(actor._replace(nonce=wish.nonce), until_of(wish))
        await self._reload()
        return await self._find([wish.id])

    async def _find(self, task_ids: Collection[UUID]) -> FoundTasks:
        """Tasks as the list on the screen holds them."""
        in_groups = not self.sort
        return await self._read(task_list.find_tasks, self._query, task_ids, in_groups=in_groups)

    def _answer(self, wish: Gesture, outcome: FoundTasks) -> None:
        """Tell what a gesture has made of its task, and of others."""
        changes = [
            self._change(task_id, row, nonce=wish.nonce if task_id == wish.id else "")
            for task_id, row in outcome.rows.items()
        ]
        self.changes = self._counted(outcome, *changes)

    async def _refuse(self, wish: Gesture, error: str, *, is_passing: bool = False) -> None:
        """Answer a gesture that changed nothing now, with the truth as far as it can be read."""
        try:
            outcome = await self._find([wish.id])
        except DashboardError:
            self._seq += 1
            change = Change(self._seq, str(wish.id), is_hidden=True, is_unknown=True)
        else:
            (change,) = self._counted(outcome, self._change(wish.id, outcome.rows[wish.id]))
        self.changes = [replace(change, nonce=wish.nonce, error=error, is_passing=is_passing)]

    def _wish_of(self, gesture: dict[str, Any]) -> Gesture | None:
        """What the browser asks for: None when that is no gesture, or will be sent again.

        Sent before a loading that the tab has not seen yet, it is: all that has no answer is sent again after a
        loading. Carried out now, it would overtake what was lost with the connection before it.
        """
        try:
            wish = Gesture.model_validate(gesture)
        except ValidationError:
            return None
        sent_after = (wish.load_id, socket_of(self))
        return wish if sent_after == (self.load_id, self._socket) else None

    async def _hear(self, actor: Actor, happened: Sequence[events.Event]) -> None:
        """Show what has happened, as far as the answers to gestures have not shown it already."""
        if any(isinstance(event, _OF_THE_ACCOUNT) for event in happened):
            await self._keep_settings_true()
        if any(self._needs_reload(event) for event in happened):
            await self._reload()
            return
        changes = [event for event in happened if isinstance(event, events.TasksChanged)]
        latest = self._latest(changes)
        if len(latest) > MOST_CHANGES:
            await self._reload()
        elif latest:
            await self._show(actor, latest)

    def _latest(self, changes: Iterable[events.TasksChanged]) -> dict[UUID, events.TasksChanged]:
        """The last event of each task of which there is something to tell."""
        latest: dict[UUID, events.TasksChanged] = {}
        for event in changes:
            for task_id, version in event.tasks:
                if self._is_news(event, task_id, version):
                    before = latest.get(task_id, event)
                    based_on = _older(before.based_on, event.based_on)
                    latest[task_id] = event._replace(based_on=based_on)
        return latest

    async def _show(self, actor: Actor, latest: Mapping[UUID, events.TasksChanged]) -> None:
        """Tell tasks as they are now, all read at one moment."""
        sessions_of = {event.session_id for event in latest.values()}
        try:
            outcome, devices = await self._read(
                _news, self._query, latest.keys(), sessions_of, in_groups=not self.sort
            )
        except DashboardError as error:
            self.load_error, self.failures = str(error), self.failures + 1
            return
        changes = [
            self._change(
                task_id,
                outcome.rows[task_id],
                # A nonce names a gesture of one person; that of another one settles nothing here.
                nonce=event.nonce if event.actor_id == actor.id else "",
                based_on=event.based_on,
                device=devices.get(event.session_id, ""),
            )
            for task_id, event in latest.items()
        ]
        self.changes = self._counted(outcome, *changes)
        await self._count_lists()

    async def _keep_settings_true(self) -> None:
        """What the settings page lists is a state of its own; while it is open, it is loaded again from here."""
        if self.router.url.path.rstrip("/") == "/settings":
            settings = await self.get_state(SettingsState)
            await settings.load()

    def _is_told(self, event: events.Event) -> bool:
        """Whether an answer has told all that an event tells."""
        if isinstance(event, events.TasksChanged):
            shown = self._versions
            return all(shown.get(str(each), 0) >= version for each, version in event.tasks)
        # The trash was loaded again for it, unless it failed in the middle.
        return isinstance(event, events.TrashEmptied) and any(
            change.nonce == event.nonce and not change.error for change in self.changes
        )

    def _is_news(self, event: events.TasksChanged, task_id: UUID, version: int) -> bool:
        """Whether a change is not shown yet, or was made beside what is shown."""
        return event.based_on is not None or self._versions.get(str(task_id), 0) < version

    def _needs_reload(self, event: events.Event) -> bool:
        is_trash = self._query.status is Status.DELETED
        return isinstance(
            event, events.EventsLost | events.ProfileChanged | events.ListsChanged
        ) or (is_trash and isinstance(event, events.TrashEmptied))

    def _row_of(self, task: Row[Any]) -> TaskRow:
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
        gone = self._versions.get(str(task_id), 0) + 1
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
        told = {"counts": outcome.counts._asdict(), "groups": outcome.groups._asdict()}
        known = self._told
        fresh = {
            name: {each: n for each, n in counts.items() if known[name].get(each) != n}
            for name, counts in told.items()
        }
        self._told = told
        return [*before, replace(last, **fresh)]


FOLLOW = [TaskListState.load, TaskListState.listen]
"""Brings the list to the screen and keeps it true: together, so that nothing is missed between the two."""


def _older(one: int | None, other: int | None) -> int | None:
    """The version that came first, as far as it is known."""
    return min((version for version in (one, other) if version is not None), default=None)


def query_from(asked: Mapping[str, str]) -> TaskQuery:
    """The query of an address; what is not understood in it is left out, so that a mistyped link still opens."""
    known = {name: value for name, value in asked.items() if name in TaskQuery.model_fields}
    known.pop("cursor", None)
    known.pop("limit", None)
    try:
        return TaskQuery.model_validate(known)
    except ValidationError as error:
        wrong = {problem["loc"][0] for problem in error.errors()}
        return TaskQuery.model_validate(
            {name: value for name, value in known.items() if name not in wrong}
        )


def _id_in(address: str) -> str:
    """The id that a part of an address is; that of no list when it is none."""
    try:
        is_id = str(UUID(address)) == address
    except ValueError:
        is_id = False
    return address if is_id else NO_LIST


def _search_problem(asked: Mapping[str, str]) -> str:
    """Why nothing can be searched for what an address asks for; empty when it can."""
    try:
        TaskQuery.model_validate({"q": asked.get("q", "")})
    except ValidationError as error:
        return str(InvalidInput.from_pydantic(error.errors()))
    return ""


def _sort_of(asked: Mapping[str, str], query: TaskQuery) -> str:
    """The order that an address asks for: without a wish, what is found comes by relevance, and else the agenda."""
    if asked.get("sort") and query.sort is not Sort.RELEVANCE:
        return query.sort.value
    return Sort.RELEVANCE.value if words_of(query.q) else ""


def _overview(
    session: Session, actor: Actor, query: TaskQuery, in_groups: bool
) -> tuple[User, Sequence[ListRow], TaskPage, Metrics, Groups]:
    listed = task_list.list_agenda if in_groups else partial(task_list.list_tasks, counts_all=False)
    user, _ = sessions.current(session, actor)
    lists = list_lists(session, actor, with_trash=True)
    page, counts = listed(session, actor, query), task_list.count_metrics(session, actor)
    groups = task_list.count_groups(session, actor, query) if in_groups else Groups()
    return user, lists, page, counts, groups


def _who(_session: Session, actor: Actor) -> Actor:
    return actor


def _ends(event: events.Event, actor: Actor) -> bool:
    return isinstance(event, events.SessionEnded) and event.session_id == actor.session_id


def _news(
    session: Session,
    actor: Actor,
    query: TaskQuery,
    task_ids: Collection[UUID],
    session_ids: Collection[UUID | None],
    *,
    in_groups: bool,
) -> tuple[FoundTasks, dict[UUID | None, str]]:
    """What became of tasks, and the devices by which it was done, for a batch of events."""
    found = task_list.find_tasks(session, actor, query, task_ids, in_groups=in_groups)
    return found, {each: _device(session, actor, each) for each in session_ids}


def _device(session: Session, actor: Actor, session_id: UUID | None) -> str:
    """The words for the device of a session of the actor's; empty for this tab's own, and when it is not known."""
    if session_id is None or session_id == actor.session_id:
        return ""
    return sessions.device_of(session, actor, session_id)
