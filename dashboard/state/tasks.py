"""The list of tasks on the screen: changed by gestures, and kept true by events."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import reflex as rx
from pydantic import ValidationError
from sqlmodel import Session

from dashboard import clock, events
from dashboard.errors import DashboardError, InvalidInput, NotSignedIn, Unavailable
from dashboard.models.quick_add import MOST_AS_TEXT, Customs
from dashboard.models.session import Actor
from dashboard.models.task import TITLE_LENGTH
from dashboard.models.task_query import Status, TaskQuery
from dashboard.reflex_adapter.states import without_proxy
from dashboard.services.accounts import sessions
from dashboard.services.tasks import task_list, trash
from dashboard.services.tasks.quick_add.add import read_line
from dashboard.services.tasks.task_list import FoundTasks
from dashboard.state import news
from dashboard.state.gestures import Gesture, carry_out, input_of
from dashboard.state.lists import ListsState
from dashboard.state.loaded_tasks import LoadedTasks, who
from dashboard.state.readings import reading_of
from dashboard.state.rows import Change
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


class TaskListState(LoadedTasks, ListsState):
    """The gestures of a tab, and what it hears of; what it shows is in LoadedTasks."""

    reading: dict[str, Any] = {}
    """What the line above the list said when it was read last."""

    @rx.event
    async def perform(self, gesture: Gesture) -> None:
        """Carry out a gesture and answer its nonce: with the row as it is now, or with why it was refused."""
        if not self._is_due(gesture):
            return
        with news.in_hand(socket_of(self), gesture.nonce, self._is_told):
            try:
                outcome = await self._carry_out(gesture, input_of(gesture))
            except NotSignedIn:
                self._leave()
            except ValidationError as error:
                await self._refuse(gesture, str(InvalidInput.from_pydantic(error.errors())))
            except DashboardError as error:
                await self._refuse(gesture, str(error), is_passing=isinstance(error, Unavailable))
            else:
                self._answer(gesture, outcome)

    @rx.event
    async def open_task(self, task_id: str) -> None:
        """Fetch what the panel shows beyond the row."""
        await self._open(task_id)

    @rx.event
    async def read_words(
        self, text: str, as_text: list[str], customs: dict[str, str] | None = None
    ) -> None:
        """Say what a line would make if it were added now, as this browser's person writes."""
        self.reading = {}
        if len(text) > TITLE_LENGTH or len(as_text) > MOST_AS_TEXT:
            return
        try:
            known = Customs.model_validate(customs or {})
            read = await self._read(read_line, text, as_text, known)
        except (DashboardError, ValidationError):
            # The line is added without marks as well.
            return
        if read:
            self.reading = reading_of(text, as_text, read)

    @rx.event(background=True, supersedes=True)
    async def listen(self) -> Any:
        """Bring what happens to this person's tasks elsewhere to this tab, until the tab goes."""
        heard = None
        try:
            async with self:
                try:
                    # Asked, and not taken from the loading: in a new tab this may come before it.
                    actor = await self._read(who)
                except DashboardError:
                    # Nothing could be loaded; the next try listens, too.
                    return None
                # With the state in hand, so that no gesture comes between its loading and this.
                heard = news.News(actor.id, socket_of(self))
                if self.load_id and events.happened_since(actor.id, self._asked_at):
                    await self._reload()
            while True:
                happened = await heard.next()
                async with self:
                    if not (session := session_header(self)):
                        # The framework has dropped the state (after an idle hour, or with Redis): start again.
                        return FOLLOW
                    if any(_ends(event, UUID(session)) for event in happened):
                        self._leave()
                        return None
                    await self._hear(happened)
        finally:
            if heard:
                heard.stop()

    async def _carry_out(self, wish: Gesture, given: Any) -> FoundTasks:
        """Do what the gesture says and look at the result. Raises what the services raise."""
        if wish.kind != "empty":
            counted = self._what_to_count()
            found = await self._write(carry_out, wish, given, self._query, **counted)
            await self._keep_sidebar_true(found)
            return found
        actor = await self._read(who)
        await trash.empty_trash(
            actor._replace(nonce=wish.nonce), clock.from_microseconds(given.until)
        )
        await self._reload()
        return await self._find([wish.task_id])

    async def _find(self, task_ids: Collection[UUID]) -> FoundTasks:
        """Tasks as the list on the screen holds them."""
        counted = self._what_to_count()
        found = await self._read(task_list.find_tasks, self._query, task_ids, **counted)
        await self._keep_sidebar_true(found)
        return found

    def _answer(self, wish: Gesture, outcome: FoundTasks) -> None:
        """Tell what a gesture has made of its task, and of others."""
        changes = [
            self._change(task_id, row, nonce=wish.nonce if task_id == wish.task_id else "")
            for task_id, row in outcome.rows.items()
        ]
        self.changes = self._counted(outcome, *changes)

    async def _refuse(self, wish: Gesture, error: str, *, is_passing: bool = False) -> None:
        """Answer a gesture that changed nothing now, with the truth as far as it can be read."""
        task_id = wish.task_id
        try:
            outcome = await self._find([task_id])
        except DashboardError:
            self._seq += 1
            change = Change(self._seq, str(task_id), is_hidden=True, is_unknown=True)
        else:
            (change,) = self._counted(outcome, self._change(task_id, outcome.rows[task_id]))
        self.changes = [replace(change, nonce=wish.nonce, error=error, is_passing=is_passing)]

    def _is_due(self, wish: Gesture) -> bool:
        """Whether a gesture is to be carried out now, and will not be sent again.

        Sent before a loading that the tab has not seen yet, it will: all that has no answer is sent again after a
        loading. Carried out now, it would overtake what was lost with the connection before it.
        """
        return (wish.load_id, socket_of(self)) == (self.load_id, self._socket)

    async def _hear(self, happened: Sequence[events.Event]) -> None:
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
            await self._show(latest)

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

    async def _show(self, latest: Mapping[UUID, events.TasksChanged]) -> None:
        """Tell tasks as they are now, all read at one moment."""
        sessions_of = {event.session_id for event in latest.values()}
        try:
            outcome, devices = await self._read(
                _news, self._query, latest.keys(), sessions_of, **self._what_to_count()
            )
        except DashboardError as error:
            self.load_error, self.failures = str(error), self.failures + 1
            return
        await self._keep_sidebar_true(outcome)
        changes = [
            self._change(
                task_id,
                outcome.rows[task_id],
                # A nonce names a gesture of one person; that of another one settles nothing here.
                nonce=event.nonce if str(event.actor_id) == self.user_id else "",
                based_on=event.based_on,
                device=devices.get(event.session_id, ""),
            )
            for task_id, event in latest.items()
        ]
        self.changes = self._counted(outcome, *changes)

    async def _keep_settings_true(self) -> None:
        """What the settings page lists is a state of its own; while it is open, it is loaded again from here."""
        if self.router.url.path.rstrip("/") == "/settings":
            settings = await self.get_state(SettingsState)
            await settings.load()

    def _is_told(self, event: events.Event) -> bool:
        """Whether an answer has told all that an event tells."""
        if isinstance(event, events.TasksChanged):
            shown = without_proxy(self._versions)
            return all(shown.get(str(each), 0) >= version for each, version in event.tasks)
        # The trash was loaded again for it, unless it failed in the middle.
        return isinstance(event, events.TrashEmptied) and any(
            change.nonce == event.nonce and not change.error for change in self.changes
        )

    def _is_news(self, event: events.TasksChanged, task_id: UUID, version: int) -> bool:
        """Whether a change is not shown yet, or was made beside what is shown."""
        return (
            event.based_on is not None
            or without_proxy(self._versions).get(str(task_id), 0) < version
        )

    def _needs_reload(self, event: events.Event) -> bool:
        is_trash = self._query.status is Status.DELETED
        return isinstance(
            event,
            events.EventsLost | events.ProfileChanged | events.ListsChanged | events.SidebarChanged,
        ) or (is_trash and isinstance(event, events.TrashEmptied))


FOLLOW = [TaskListState.load, TaskListState.listen]
"""Brings the list to the screen and keeps it true: together, so that nothing is missed between the two."""


def _older(one: int | None, other: int | None) -> int | None:
    """The version that came first, as far as it is known."""
    return min((version for version in (one, other) if version is not None), default=None)


def _ends(event: events.Event, session_id: UUID) -> bool:
    return isinstance(event, events.SessionEnded) and event.session_id == session_id


def _news(
    session: Session,
    actor: Actor,
    query: TaskQuery,
    task_ids: Collection[UUID],
    session_ids: Collection[UUID | None],
    **counted: bool,
) -> tuple[FoundTasks, dict[UUID | None, str]]:
    """What became of tasks, and the devices by which it was done, for a batch of events."""
    found = task_list.find_tasks(session, actor, query, task_ids, **counted)
    return found, {each: _device(session, actor, each) for each in session_ids}


def _device(session: Session, actor: Actor, session_id: UUID | None) -> str:
    """The words for the device of a session of the actor's; empty for this tab's own, and when it is not known."""
    if session_id is None or session_id == actor.session_id:
        return ""
    return sessions.device_of(session, actor, session_id)
