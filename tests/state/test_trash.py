"""The trash on the screen: deleting forever, emptying, and what other tabs see of it."""

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from dashboard import clock, events
from dashboard.database.transactions import Database
from dashboard.errors import TaskNotFound, Unavailable
from dashboard.events import EventsLost
from dashboard.models.session import Actor
from dashboard.models.task import Task
from dashboard.services.accounts import sessions
from dashboard.services.accounts.sessions import SignedIn
from dashboard.services.operation import batches
from dashboard.services.tasks import commands
from dashboard.services.tasks.trash import empty_batch, empty_trash, purge_trash
from dashboard.state.tasks import FOLLOW, TaskListState
from tests.conftest import AfterABatch, until
from tests.state.conftest import Background, Tab, filled, go_to
from tests.state.test_tasks import act, gesture, titles, told


@pytest.fixture
def trashed(ana: Actor, make_task, database: Database) -> Callable[[str], Any]:
    """Makes a task of Ana's that is in the trash."""

    async def make(title: str) -> Task:
        return (await database.write(commands.delete_task, ana, make_task(ana, title).id)).task

    return make


@pytest.fixture
async def trash(open_tab: Callable[..., Tab], ana_signed_in: SignedIn, trashed) -> Tab:
    """Ana's trash with Milk and Bread in it, loaded."""
    for title in ("Milk", "Bread"):
        await trashed(title)
    tab = open_tab(ana_signed_in, "/trash")
    await tab.load()
    return tab


def emptying(tab: Tab) -> dict[str, Any]:
    """As the browser says it: named after the task deleted last."""
    newest = max(tab.rows, key=lambda row: row["deleted_at"])
    return gesture("empty", newest["id"], until=newest["deleted_at"])


async def exists(database: Database, actor: Actor, task_id: UUID | str) -> bool:
    try:
        await database.write(commands.restore_task, actor, UUID(str(task_id)))
    except TaskNotFound:
        return False
    return True


async def test_a_row_of_the_trash_says_when_it_was_deleted(
    frozen_clock,
    open_tab: Callable[..., Tab],
    ana_signed_in: SignedIn,
    trashed,
    make_task,
    ana: Actor,
) -> None:
    await trashed("Milk")
    make_task(ana, "Kept")
    tab = open_tab(ana_signed_in, "/trash")
    await tab.load()
    assert [filled(row).deleted_at for row in tab.rows] == [clock.microseconds(frozen_clock.now())]
    go_to(tab, "/dashboard", ana_signed_in)
    await tab.load()
    assert [filled(row).deleted_at for row in tab.rows] == [0]


async def test_what_was_deleted_last_comes_first(
    frozen_clock, open_tab: Callable[..., Tab], ana_signed_in: SignedIn, trashed
) -> None:
    for title in ("First", "Second", "Third"):
        await trashed(title)
        frozen_clock.advance(seconds=1)
    tab = open_tab(ana_signed_in, "/trash")
    await tab.load()
    assert titles(tab) == ["Third", "Second", "First"]


async def test_deleting_forever_removes_the_task_and_moves_no_count(
    trash: Tab, ana: Actor, database: Database
) -> None:
    row = trash.rows[0]
    await act(trash, gesture("erase", row["id"]))
    (change,) = trash.changes
    assert (change.row, change.is_hidden, change.error) == (None, True, "")
    assert trash.changes[0].counts == {}
    assert not await exists(database, ana, row["id"])


async def test_deleting_forever_twice_is_the_same_as_once(trash: Tab) -> None:
    """As after a restart of the server, which has forgotten the nonce."""
    for _ in range(2):
        await act(trash, gesture("erase", trash.rows[0]["id"]))
        assert (trash.changes[0].row, trash.changes[0].error) == (None, "")


async def test_a_task_outside_the_trash_is_not_deleted_forever(
    tab: Tab, ana: Actor, anas_milk: Task, database: Database
) -> None:
    await act(tab, gesture("erase", anas_milk.id))
    (change,) = tab.changes
    assert change.error == "This task is not in the trash any more, so it was kept."
    assert change.row is not None
    assert change.row["title"] == "Milk"
    assert await exists(database, ana, anas_milk.id)


@pytest.mark.parametrize("kind", ["erase", "empty"])
async def test_nobody_reaches_into_another_persons_trash(
    trash: Tab,
    open_tab: Callable[..., Tab],
    bob_signed_in: SignedIn,
    ana: Actor,
    database: Database,
    kind: str,
) -> None:
    bobs = open_tab(bob_signed_in, "/trash")
    await bobs.load()
    await act(bobs, gesture(kind, trash.rows[0]["id"], until=2**53))
    assert bobs.changes[0].row is None
    for row in trash.rows:
        assert await exists(database, ana, row["id"])


async def test_emptying_the_trash_empties_the_list_in_the_same_answer(trash: Tab) -> None:
    loading, wish = trash.load_id, emptying(trash)
    await act(trash, wish)
    assert (titles(trash), trash.count, trash.next_cursor) == ([], 0, "")
    assert trash.load_id != loading
    (change,) = trash.changes
    assert (change.seq, change.nonce, change.error) == (1, wish["nonce"], "")


async def test_emptying_takes_what_is_beyond_the_first_page_too(
    open_tab: Callable[..., Tab], ana_signed_in: SignedIn, trashed
) -> None:
    for number in range(53):
        await trashed(f"Task {number}")
    tab = open_tab(ana_signed_in, "/trash")
    await tab.load()
    assert tab.next_cursor
    await act(tab, emptying(tab))
    assert (titles(tab), tab.next_cursor) == ([], "")


async def test_what_another_device_deleted_meanwhile_is_not_emptied_away(
    trash: Tab, trashed
) -> None:
    wish = emptying(trash)
    await trashed("Unseen")
    await act(trash, wish)
    assert titles(trash) == ["Unseen"]


async def test_emptying_that_fails_half_way_says_so_and_the_same_gesture_again_finishes_it(
    trash: Tab, monkeypatch: pytest.MonkeyPatch, listening: Callable[[Tab], Any]
) -> None:
    monkeypatch.setattr(batches, "AMONG_PEOPLE", 1)
    wish, first, left = emptying(trash), empty_batch, []

    def failing(*asked: Any) -> Counter[UUID]:
        if left:
            raise Unavailable
        left.append(1)
        return first(*asked)

    async with listening(trash):
        with monkeypatch.context() as broken:
            broken.setattr("dashboard.services.tasks.trash.empty_batch", failing)
            await act(trash, wish)
            (change,) = trash.changes
            assert (change.nonce, change.is_passing) == (wish["nonce"], True)
        await until(lambda: len(trash.rows) == 1)
        await act(trash, wish)
    assert (titles(trash), trash.changes[0].error) == ([], "")


async def test_in_the_middle_of_an_emptying_another_tab_shows_what_is_left(
    trash: Tab,
    ana_signed_in: SignedIn,
    open_tab: Callable[..., Tab],
    after_a_batch: AfterABatch,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(batches, "AMONG_PEOPLE", 1)
    other = open_tab(ana_signed_in, "/trash")
    async with after_a_batch(act(trash, emptying(trash))):
        await other.load()
        assert (len(other.rows), other.count) == (1, 1)
    assert titles(trash) == []


@pytest.mark.parametrize("until_when", [None, "now", -1, 2**63, 1.5, True])
async def test_emptying_without_a_moment_is_refused(trash: Tab, until_when: Any) -> None:
    fields = {} if until_when is None else {"until": until_when}
    await act(trash, gesture("empty", trash.rows[0]["id"], **fields))
    assert trash.changes[0].error
    await trash.load()
    assert len(trash.rows) == 2


async def test_a_tab_with_the_trash_drops_what_another_device_deletes_forever(
    trash: Tab, ana: Actor, database: Database, listening: Callable[[Tab], Any]
) -> None:
    gone = trash.rows[0]["id"]
    async with listening(trash):
        await database.write(commands.delete_forever, ana, UUID(gone))
        await until(lambda: trash.changes)
    assert [(change.id, change.row, change.is_hidden) for change in trash.changes] == [
        (gone, None, True)
    ]


async def test_the_tab_that_deletes_forever_does_not_hear_it_again(
    trash: Tab, ana: Actor, make_task, listening: Callable[[Tab], Any]
) -> None:
    async with listening(trash) as lock:
        async with lock:
            await act(trash, gesture("erase", trash.rows[0]["id"]))
        make_task(ana, "From the phone")
        await until(lambda: trash.changes[0].seq > 1)
    assert trash.changes[0].seq == 2


async def test_a_tab_with_the_trash_loads_again_when_another_device_empties_it(
    trash: Tab, ana: Actor, database: Database, listening: Callable[[Tab], Any]
) -> None:
    async with listening(trash):
        await empty_trash(ana, clock.now())
        await until(lambda: not trash.rows)


async def test_a_tab_with_the_list_stays_as_it_is_when_the_trash_is_emptied(
    tab: Tab, ana: Actor, trashed, make_task, database: Database, listening: Callable[[Tab], Any]
) -> None:
    await trashed("Old")
    await tab.load()
    loading = tab.load_id
    async with listening(tab):
        await empty_trash(ana, clock.now())
        make_task(ana, "From the phone")
        await until(lambda: tab.changes)
    assert (tab.load_id, told(tab).title) == (loading, "From the phone")


async def test_a_purge_shows_in_an_open_trash(
    trash: Tab, frozen_clock, database: Database, listening: Callable[[Tab], Any]
) -> None:
    async with listening(trash):
        frozen_clock.moment = max(clock.from_microseconds(row["deleted_at"]) for row in trash.rows)
        frozen_clock.moment += timedelta(days=30, seconds=1)
        # The session has ended by then, too; that is another test's matter.
        await database.write(_keep_signed_in)
        await database.write(purge_trash)
        await until(lambda: not trash.rows)


# When news may have been missed


async def test_a_tab_that_may_have_missed_news_loads_again(
    tab: Tab, ana: Actor, anas_milk: Task, listening: Callable[[Tab], Any]
) -> None:
    async with listening(tab):
        events.deliver(EventsLost())
        await until(lambda: titles(tab) == ["Milk"])


async def test_a_tab_whose_session_ended_unheard_leaves_when_it_looks_again(
    tab: Tab, ana: Actor, database: Database, listening: Callable[[Tab], Any], monkeypatch
) -> None:
    async with listening(tab):
        with monkeypatch.context() as deaf:
            deaf.setattr(events, "_publish", lambda _: None)
            await database.write(sessions.end_session, ana)
        events.deliver(EventsLost())
        await until(lambda: tab.leave_to)


async def test_a_tab_whose_state_was_dropped_begins_anew_and_signs_nobody_out(
    tab: Tab, ana: Actor, make_task
) -> None:
    """As after an idle hour: the framework gives the listener an empty state, with no session in it."""
    listener = asyncio.ensure_future(TaskListState.listen.fn(Background(tab, asyncio.Lock())))
    await until(lambda: events._listeners)
    go_to(tab, "/dashboard", None)
    make_task(ana, "From the phone")
    assert await asyncio.wait_for(listener, 60) == FOLLOW
    assert (tab.leave_to, tab.load_error) == ("", "")


async def test_what_is_unknown_is_neither_erased_nor_shown(tab: Tab) -> None:
    await act(tab, gesture("erase", uuid4()))
    assert (tab.changes[0].row, tab.changes[0].error) == (None, "")


def _keep_signed_in(session: Any) -> None:
    from sqlmodel import update

    from dashboard.models.session import UserSession

    later = clock.now() + timedelta(days=1)
    session.exec(update(UserSession).values(expires_at=later, absolute_expires_at=later))
