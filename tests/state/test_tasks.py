"""The list on the screen: what a tab holds after loading, after gestures, and after news from elsewhere."""

import asyncio
import json
from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from reflex_base.utils.format import json_dumps
from sqlmodel import Session
from uuid_utils.compat import uuid7

from dashboard import clock, events
from dashboard.database.transactions import Database
from dashboard.models.list import ListDraft, ListMember, Role
from dashboard.models.profile import ProfileChanges
from dashboard.models.session import Actor, Client
from dashboard.models.task import Priority, Task, TaskChanges, TaskDraft
from dashboard.services.accounts import account_deletion, profiles, sessions
from dashboard.services.accounts.sessions import SignedIn
from dashboard.services.lists import commands as list_commands
from dashboard.services.lists import members
from dashboard.services.tasks import commands, task_list
from dashboard.services.tasks.effects import TaskEffects
from dashboard.state.gestures import Gesture
from dashboard.state.task_address import query_from
from dashboard.state.tasks import MOST_CHANGES, TaskListState
from tests.conftest import PASSWORD, FrozenClock, task_changed, until
from tests.state.conftest import Background, Tab, counts_of, filled, go_to

ANY_ID = "01a1fce0-0000-7000-8000-000000000000"


def gesture(kind: str, task_id: UUID | str, **fields: Any) -> dict[str, Any]:
    return {"nonce": str(uuid4()), "kind": kind, "id": str(task_id), "fields": fields}


def told(tab: Tab) -> SimpleNamespace:
    """The row in the latest change."""
    return filled(tab.changes[0].row)


async def act(tab: Tab, wish: dict[str, Any]) -> None:
    """Send a gesture as the browser does, with the loading that it has before it."""
    await tab.perform(Gesture(**{"load_id": tab.load_id, **wish}))


def titles(tab: Tab) -> list[str]:
    return [row["title"] for row in tab.rows]


# Loading


async def test_a_tab_shows_its_persons_tasks_and_counts(tab: Tab, anas_milk: Task) -> None:
    await tab.load()
    assert titles(tab) == ["Milk"]
    assert {"total": 1, "pending": 1, "completed": 0}.items() <= tab.counts.items()
    assert (tab.name, tab.initials, tab.email) == ("Ana", "A", "ana@example.org")


async def test_nothing_counts_as_loaded_before_it_is(
    open_tab: Callable[..., Tab], ana_signed_in: SignedIn
) -> None:
    assert open_tab(ana_signed_in).load_id == ""


async def test_a_tab_never_shows_another_persons_tasks(
    open_tab: Callable[..., Tab], bob_signed_in: SignedIn, anas_milk: Task
) -> None:
    tab = open_tab(bob_signed_in)
    await tab.load()
    assert tab.rows == []


async def test_the_greeting_and_the_date_are_those_of_the_persons_zone(
    open_tab: Callable[..., Tab], make_person: Callable[..., SignedIn], frozen_clock: Any
) -> None:
    tab = open_tab(make_person("Keiko Mori", timezone="Asia/Tokyo"))
    await tab.load()
    assert tab.greeting == "Good evening, Keiko"
    assert tab.initials == "KM"


async def test_the_address_chooses_the_list(
    open_tab: Callable[..., Tab],
    ana_signed_in: SignedIn,
    ana: Actor,
    make_task: Callable[..., Task],
) -> None:
    make_task(ana, "Milk", priority="High")
    make_task(ana, "Bread")
    tab = open_tab(ana_signed_in, "/dashboard?status=pending&priority=High&q=ILK")
    await tab.load()
    assert titles(tab) == ["Milk"]
    assert (tab.status, tab.priority, tab.q, tab.count) == ("pending", "High", "ILK", 1)


@pytest.mark.parametrize(
    ("asked", "sort", "listed"),
    [
        ("q=milk", "relevance", ["Milk", "Oat milk", "Buttermilk"]),
        ("q=milk&sort=title&order=asc", "title", ["Buttermilk", "Milk", "Oat milk"]),
        ("q=milk&sort=due&order=asc", "due", ["Buttermilk", "Oat milk", "Milk"]),
        ("q=%20", "", ["Buttermilk", "Oat milk", "Milk"]),
        ("sort=relevance", "", ["Buttermilk", "Oat milk", "Milk"]),
    ],
)
async def test_what_is_found_comes_by_relevance_unless_another_order_is_chosen(
    open_tab: Callable[..., Tab],
    ana_signed_in: SignedIn,
    ana: Actor,
    make_task: Callable[..., Task],
    asked: str,
    sort: str,
    listed: list[str],
) -> None:
    make_task(ana, "Buttermilk", due_date="2026-03-01")
    make_task(ana, "Oat milk", due_date="2026-03-02")
    make_task(ana, "Milk", due_date="2026-03-03")
    tab = open_tab(ana_signed_in, f"/dashboard?{asked}")
    await tab.load()
    assert (tab.sort, titles(tab)) == (sort, listed)


async def test_an_address_that_is_mistyped_in_part_still_opens(
    open_tab: Callable[..., Tab], ana_signed_in: SignedIn, anas_milk: Task
) -> None:
    tab = open_tab(ana_signed_in, "/dashboard?status=nonsense&sort=title&order=asc&page=7")
    await tab.load()
    assert (tab.status, tab.sort, titles(tab)) == ("all", "title", ["Milk"])


def test_an_address_cannot_ask_for_a_longer_page_or_another_place_in_the_list() -> None:
    assert query_from({"limit": "200", "cursor": "x"}) == query_from({})


async def test_the_trash_shows_what_is_in_it(
    open_tab: Callable[..., Tab],
    ana_signed_in: SignedIn,
    ana: Actor,
    anas_milk: Task,
    make_task: Callable[..., Task],
    database: Database,
) -> None:
    make_task(ana, "Bread")
    await database.write(commands.delete_task, ana, anas_milk.id)
    tab = open_tab(ana_signed_in, "/trash")
    await tab.load()
    assert titles(tab) == ["Milk"]


async def test_more_is_shown_page_by_page_under_one_loading(
    tab: Tab, ana: Actor, make_task: Callable[..., Task]
) -> None:
    for number in range(55):
        make_task(ana, f"Task {number:02}")
    await tab.load()
    first, loading = titles(tab), tab.load_id
    await tab.show_more()
    assert (len(first), len(tab.rows), tab.page, tab.load_id) == (50, 5, 2, loading)
    assert not {*first} & {*titles(tab)}
    assert tab.next_cursor == ""


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_with_a_thousand_rows_a_tick_sends_no_more_than_with_one_and_a_loading_brings_them_all(
    tab: Tab, database: Database, ana: Actor
) -> None:
    made = [
        Task(list_id=ana.id, created_by=ana.id, title=f"Task {number}") for number in range(1_000)
    ]
    with database.transaction() as session:
        session.add_all(made)
    await tab.load()
    while tab.next_cursor:
        tab._clean()
        await tab.show_more()
        assert sent_by(tab) <= 50 * 200
    assert (tab.page, tab._held) == (20, 1_000)
    for task in (made[0], made[-1]):
        tab._clean()
        await act(tab, gesture("change", task.id, is_completed=True))
        assert sent_by(tab) <= 1_000
    await tab.load()
    assert len(tab.rows) == 1_000


def sent_by(tab: Tab) -> int:
    """The bytes of what goes to the browser."""
    return len(json_dumps(tab.get_delta()))


async def test_a_tab_that_comes_back_loads_as_much_as_it_had(
    tab: Tab, ana: Actor, make_task: Callable[..., Task]
) -> None:
    for number in range(55):
        make_task(ana, f"Task {number:02}")
    await tab.load()
    await tab.show_more()
    await tab.load()
    assert len(tab.rows) == 55


async def test_a_failed_load_keeps_what_was_there_and_says_so(
    tab: Tab, anas_milk: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    await tab.load()
    break_database(monkeypatch)
    await tab.load()
    assert titles(tab) == ["Milk"]
    assert "cannot reach its data" in tab.load_error


async def test_a_tab_whose_session_ended_is_emptied_and_sent_to_sign_in(
    tab: Tab, ana: Actor, anas_milk: Task, database: Database
) -> None:
    await tab.load()
    await database.write(sessions.end_session, ana)
    await tab.load()
    assert (tab.rows, tab.name) == ([], "")
    assert tab.leave_to == "/sign-in?expired=true&from=/dashboard"


# Gestures


async def test_a_new_task_has_the_id_that_the_browser_gave_it(
    tab: Tab, ana: Actor, database: Database
) -> None:
    task_id = uuid7()
    await act(tab, gesture("create", task_id, title="Milk"))
    assert (await database.read(commands.get_task, ana, task_id)).title == "Milk"
    assert told(tab).title == "Milk"
    assert counts_of(tab)["total"] == 1


async def test_ticking_a_task_updates_its_row_and_the_counts(tab: Tab, anas_milk: Task) -> None:
    await tab.load()
    await act(tab, gesture("change", anas_milk.id, is_completed=True))
    assert told(tab).is_completed
    assert tab.changes[0].counts == {"completed": 1, "pending": 0, "medium_priority": 0}


@pytest.mark.parametrize(
    ("words", "problem"),
    [("a" * 201, "This is too long: use at most 200 characters."), ("a\0b", "NUL")],
)
async def test_what_cannot_be_searched_for_finds_nothing_and_says_why(
    open_tab: Callable[..., Tab], ana_signed_in: SignedIn, anas_milk: Task, words: str, problem: str
) -> None:
    tab = open_tab(ana_signed_in)
    await tab.load()
    go_to(tab, f"/dashboard?q={words}", ana_signed_in)
    await tab.load()
    assert (titles(tab), tab.count, tab.q) == ([], 0, words)
    assert problem in tab.q_problem
    await act(tab, gesture("change", anas_milk.id, title="Oat milk"))
    assert tab.changes[0].is_hidden
    go_to(tab, "/dashboard", ana_signed_in)
    await tab.load()
    assert (titles(tab), tab.q, tab.q_problem) == (["Oat milk"], "", "")


async def test_the_headings_count_what_is_not_loaded_and_the_clock_is_the_servers(
    frozen_clock: FrozenClock, tab: Tab, ana: Actor, make_task: Callable[..., Task]
) -> None:
    for number in range(60):
        make_task(ana, f"Task {number}", due_date=date(2900, 1, 1))
    await tab.load()
    assert (len(tab.rows), tab.groups["upcoming"]) == (50, 60)
    assert tab.now == frozen_clock.moment.timestamp() * 1000
    await act(tab, gesture("change", tab.rows[0]["id"], due_date=None))
    assert tab.changes[0].groups == {"upcoming": 59, "no_date": 1}


async def test_a_task_that_no_longer_belongs_in_the_list_is_gone_from_it(
    open_tab: Callable[..., Tab], ana_signed_in: SignedIn, anas_milk: Task
) -> None:
    tab = open_tab(ana_signed_in, "/dashboard?status=pending")
    await tab.load()
    await act(tab, gesture("change", anas_milk.id, is_completed=True))
    assert (tab.changes[0].is_hidden, tab.changes[0].error) == (True, "")


async def test_a_deleted_task_leaves_and_a_restored_one_returns(tab: Tab, anas_milk: Task) -> None:
    await act(tab, gesture("delete", anas_milk.id))
    assert (tab.changes[0].is_hidden, tab.changes[0].is_deleted) == (True, True)
    await act(tab, gesture("restore", anas_milk.id))
    assert (tab.changes[0].is_hidden, tab.changes[0].is_deleted) == (False, False)


async def test_a_line_in_words_is_read_as_of_the_moment_when_it_was_typed(
    frozen_clock: FrozenClock, tab: Tab
) -> None:
    line = "Ask about friday tomorrow 9:00 #Errands p1"
    await tab.read_words(line, ["p1"], {"date_order": "mdy"})
    labels = {each["text"]: each["label"] for each in tab.reading["pieces"] if each["kind"]}
    assert labels == {"tomorrow": "", "9:00": "", "#Errands": "New list Errands"}
    assert tab.reading["row"] == {
        "title": "Ask about friday p1",
        "due_date": "2026-03-11",
        "due_time": "09:00",
    }
    typed_at = clock.microseconds(frozen_clock.moment - timedelta(days=3))
    words = {"title": line, "in_words": True, "as_text": ["p1"], "typed_at": typed_at}
    await act(tab, gesture("create", uuid7(), description="Once", **words))
    made = told(tab)
    assert (made.title, made.description) == ("Ask about friday p1", "Once")
    assert (made.due_date, made.due_time) == ("2026-03-08", "09:00")
    await tab.read_words(line, ["p1"], {})
    assert tab.reading["row"]["list_id"] == made.list_id


async def test_one_occurrence_is_skipped_or_deleted_and_the_series_goes_on(
    frozen_clock: FrozenClock, tab: Tab
) -> None:
    daily = {"rule": "FREQ=DAILY", "from": "due"}
    bins = uuid7()
    await act(tab, gesture("create", bins, title="Bins", due_date="2026-03-11", repeat=daily))
    assert json.loads(told(tab).repeat)["words"] == "every day, {at}"
    await act(tab, gesture("skip", bins))
    assert told(tab).due_date == "2026-03-12"
    await act(tab, gesture("pause", bins))
    assert (told(tab).due_date, json.loads(told(tab).repeat)["words"]) == (
        "",
        "every day, {at}, paused",
    )
    await act(tab, gesture("resume", bins))
    assert told(tab).due_date == "2026-03-12"
    await act(tab, gesture("shift", bins, due_date="2026-03-12"))
    assert told(tab).due_date == "2026-03-12"
    await act(tab, gesture("delete", bins, keep_series=True))
    gone, following = tab.changes
    assert (gone.is_deleted, filled(following.row).due_date) == (True, "2026-03-13")
    await act(tab, gesture("restore", bins))
    assert [(each.id, each.row is None) for each in tab.changes] == [
        (str(bins), False),
        (following.id, True),
    ]
    await act(tab, gesture("change", bins, is_completed=True, repeat=None))
    assert (len(tab.changes), told(tab).repeat) == (1, "")


async def test_a_gesture_that_arrives_twice_is_carried_out_once_and_answered_twice(
    tab: Tab, anas_milk: Task
) -> None:
    twice = gesture("change", anas_milk.id, title="Oat milk")
    await act(tab, twice)
    version = told(tab).version
    await act(tab, twice)
    assert told(tab).version == version
    assert tab.changes[0].nonce == twice["nonce"]


async def test_a_gesture_that_was_refused_is_tried_again_when_it_is_sent_again(
    tab: Tab, ana: Actor, anas_milk: Task, database: Database
) -> None:
    wish = gesture("change", anas_milk.id, title="Oat milk")
    with pytest.MonkeyPatch.context() as patch:
        break_database(patch)
        await act(tab, wish)
    assert "cannot reach its data" in tab.changes[0].error
    await act(tab, wish)
    assert (tab.changes[0].error, told(tab).title) == ("", "Oat milk")


async def test_a_gesture_that_another_tab_sends_again_later_takes_back_nothing_done_since(
    tab: Tab,
    open_tab: Callable[..., Tab],
    ana_signed_in: SignedIn,
    anas_milk: Task,
    frozen_clock: FrozenClock,
) -> None:
    made = str(uuid7())
    wishes = [
        gesture("change", anas_milk.id, is_completed=True),
        gesture("create", made, title="Bread"),
    ]
    for wish in wishes:
        await act(tab, wish)
    await act(tab, gesture("change", anas_milk.id, is_completed=False))
    await act(tab, gesture("delete", made))
    frozen_clock.advance(days=5)
    next_tab = open_tab(ana_signed_in)
    await next_tab.load()
    seen = []
    for wish in wishes:
        await act(next_tab, wish)
        (change,) = next_tab.changes
        seen.append((change.nonce == wish["nonce"], change.error, change.is_deleted))
    assert seen == [(True, "", False), (True, "", True)]
    assert (counts_of(next_tab)["total"], counts_of(next_tab)["completed"]) == (1, 0)


async def test_a_nonce_of_another_persons_is_no_nonce_of_ones_own(
    tab: Tab, open_tab: Callable[..., Tab], bob_signed_in: SignedIn, anas_milk: Task
) -> None:
    wish = gesture("create", str(uuid7()), title="Bread")
    await act(tab, wish)
    bobs = open_tab(bob_signed_in)
    await bobs.load()
    await act(bobs, {**wish, "id": str(uuid7())})
    assert (bobs.changes[0].error, told(bobs).title) == ("", "Bread")


async def test_a_deletion_that_is_sent_again_after_a_restart_finds_what_it_wanted(
    tab: Tab, open_tab: Callable[..., Tab], ana_signed_in: SignedIn, anas_milk: Task
) -> None:
    wish = gesture("delete", anas_milk.id)
    await act(tab, wish)
    after_the_restart = open_tab(ana_signed_in)
    await after_the_restart.load()
    await act(after_the_restart, wish)
    (change,) = after_the_restart.changes
    assert (change.error, change.is_deleted, told(after_the_restart).version) == ("", True, 2)


async def test_a_gesture_of_an_earlier_loading_waits_until_the_browser_sends_it_again(
    tab: Tab, ana: Actor, anas_milk: Task, database: Database
) -> None:
    early = Gesture(tab.load_id, **gesture("change", anas_milk.id, title="Oat milk"))
    await tab.load()
    await tab.perform(early)
    assert tab.changes == []
    assert (await database.read(commands.get_task, ana, anas_milk.id)).title == "Milk"


async def test_a_gesture_on_a_new_connection_waits_until_the_list_is_loaded_on_it(
    tab: Tab, ana_signed_in: SignedIn, anas_milk: Task
) -> None:
    wish = gesture("change", anas_milk.id, title="Oat milk")
    go_to(tab, "/dashboard", ana_signed_in, socket="another socket")
    await act(tab, wish)
    assert tab.changes == []
    await tab.load()
    await act(tab, wish)
    assert told(tab).title == "Oat milk"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"title": " "}, "Enter a title."),
        ({"title": "x" * 256}, "Use at most 255 characters in the title: 1 too many."),
        ({"title": "a\x00b"}, "The text has a NUL character; remove it."),
        ({"title": "\ud800"}, "The text has half of a character; type it again."),
        ({"priority": "Highest"}, "The priority is High, Medium or Low."),
        ({"due_date": "2026-02-30"}, "The date does not exist."),
        ({"due_date": "1e3"}, "Write the date as YYYY-MM-DD."),
        ({"due_time": "10:00"}, "A time needs a due date."),
        ({"is_completed": 1}, "This is true or false."),
        ({"user_id": "someone"}, "This field is not known."),
        ({"title": {"$ne": ""}}, "Write this as text."),
    ],
)
async def test_bad_input_is_refused_with_a_sentence_and_changes_nothing(
    tab: Tab, anas_milk: Task, fields: dict[str, Any], sentence: str
) -> None:
    await act(tab, gesture("change", anas_milk.id, **fields))
    (change,) = tab.changes
    assert change.error == sentence
    assert (told(tab).title, told(tab).version) == ("Milk", 1)


@pytest.mark.parametrize(
    "title", ["👩‍👩‍👧‍👦 family", "שלום עולם", "e\u0301e\u0302", "<script>alert(1)</script>"]
)
async def test_text_of_every_kind_comes_back_as_it_was_written(
    tab: Tab, anas_milk: Task, title: str
) -> None:
    await act(tab, gesture("change", anas_milk.id, title=title))
    assert told(tab).title == title


@pytest.mark.parametrize("kind", ["change", "delete", "restore", "create"])
async def test_another_persons_task_is_refused_and_nothing_of_it_is_told(
    open_tab: Callable[..., Tab],
    bob_signed_in: SignedIn,
    ana: Actor,
    anas_milk: Task,
    database: Database,
    kind: str,
) -> None:
    tab = open_tab(bob_signed_in)
    await tab.load()
    fields = {"title": "Mine"} if kind in ("create", "change") else {}
    await act(tab, gesture(kind, anas_milk.id, **fields))
    (change,) = tab.changes
    assert change.error == "This belongs to someone else. Nothing was changed."
    assert change.row is None
    assert (await database.read(commands.get_task, ana, anas_milk.id)).version == 1


async def test_a_new_task_needs_an_id_of_version_7(tab: Tab) -> None:
    await act(tab, gesture("create", uuid4(), title="Milk"))
    assert tab.changes[0].error == "The id of a new task is a UUID of version 7."


async def test_creating_a_task_that_is_in_the_trash_is_refused(
    tab: Tab, ana: Actor, anas_milk: Task, database: Database
) -> None:
    await database.write(commands.delete_task, ana, anas_milk.id)
    await act(tab, gesture("create", anas_milk.id, title="Milk"))
    assert tab.changes[0].error == "This task does not exist, or it is in the trash."


async def test_a_gesture_without_a_database_is_refused_and_the_row_stays(
    tab: Tab, anas_milk: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_database(monkeypatch)
    await act(tab, gesture("change", anas_milk.id, title="Oat milk"))
    (change,) = tab.changes
    assert change.is_unknown
    assert change.is_passing
    assert "cannot reach its data" in change.error


async def test_a_gesture_after_the_session_ended_changes_nothing_and_leads_to_sign_in(
    tab: Tab, ana: Actor, anas_milk: Task, database: Database
) -> None:
    await database.write(sessions.end_session, ana)
    await act(tab, gesture("change", anas_milk.id, title="Oat milk"))
    assert tab.leave_to.startswith("/sign-in?expired=true")


# The dialog


async def test_opening_a_task_fetches_the_whole_description(
    tab: Tab, ana: Actor, make_task: Callable[..., Task]
) -> None:
    task = make_task(ana, "Long", description="word " * 200)
    await tab.load()
    assert len(tab.rows[0]["description"]) < 200
    assert tab.rows[0]["has_more"]
    await tab.open_task(str(task.id))
    assert tab.opened is not None
    assert tab.opened.description == "word " * 200


async def test_opening_a_task_brings_its_subtasks_and_a_subtask_its_task(
    tab: Tab, ana: Actor, make_task: Callable[..., Task]
) -> None:
    bread = make_task(ana, "Bread")
    flour = make_task(ana, "Flour", parent_id=bread.id)
    await tab.open_task(str(bread.id))
    assert tab.opened is not None
    assert [part["title"] for part in tab.opened.parts] == ["Flour"]
    assert tab.opened.parent is None
    await tab.open_task(str(flour.id))
    assert tab.opened.parent is not None
    assert (tab.opened.parent["title"], list(tab.opened.parts)) == ("Bread", [])


@pytest.mark.parametrize("task_id", ["no uuid", ANY_ID])
async def test_opening_what_does_not_exist_opens_nothing(tab: Tab, task_id: str) -> None:
    await tab.open_task(task_id)
    assert tab.opened is not None
    assert (tab.opened.row, tab.opened.id) == (None, task_id)
    assert tab.opened.problem


async def test_another_persons_task_cannot_be_opened(
    open_tab: Callable[..., Tab], bob_signed_in: SignedIn, anas_milk: Task
) -> None:
    tab = open_tab(bob_signed_in)
    await tab.open_task(str(anas_milk.id))
    assert tab.opened is not None
    assert (tab.opened.row, tab.opened.description, tab.opened.formatted) == (None, "", "")
    assert tab.opened.problem == "This belongs to someone else. Nothing was changed."


# News from elsewhere


async def test_a_tab_follows_what_happens_elsewhere(
    tab: Tab, ana: Actor, make_task: Callable[..., Task], listening: Callable[[Tab], Any]
) -> None:
    async with listening(tab):
        make_task(ana, "From the phone")
        await until(lambda: tab.changes)
    assert told(tab).title == "From the phone"
    assert counts_of(tab)["total"] == 1


async def test_a_tab_does_not_hear_its_own_gesture_again(
    tab: Tab,
    ana: Actor,
    anas_milk: Task,
    make_task: Callable[..., Task],
    listening: Callable[[Tab], Any],
) -> None:
    async with listening(tab) as lock:
        async with lock:
            await act(tab, {**gesture("change", anas_milk.id, title="Oat milk"), "version": 1})
        make_task(ana, "From the phone")
        await until(lambda: tab.changes and told(tab).title == "From the phone")
    assert tab.changes[0].seq == 2


async def test_the_answer_to_a_gesture_carries_every_task_that_it_changed(
    tab: Tab, anas_milk: Task, ana: Actor, make_task: Callable[..., Task], monkeypatch
) -> None:
    bread = make_task(ana, "Bread")

    def change_both(
        session: Session, actor: Actor, task_id: UUID, *args: Any, **_: Any
    ) -> TaskEffects:
        both = [update_task(session, actor, each, *args) for each in (task_id, bread.id)]
        return TaskEffects(both[0].task, [*both[0].changed, *both[1].changed])

    update_task = commands.update_task
    monkeypatch.setattr(commands, "update_task", change_both)
    wish = gesture("change", anas_milk.id, is_completed=True)
    await act(tab, wish)
    own, other = tab.changes
    assert (own.id, own.nonce, filled(own.row).is_completed) == (
        str(anas_milk.id),
        wish["nonce"],
        True,
    )
    assert (other.id, other.nonce, filled(other.row).is_completed) == (
        str(bread.id),
        "",
        True,
    )
    assert (other.seq - own.seq, own.counts) == (1, {})
    assert (counts_of(tab)["completed"], counts_of(tab)["pending"]) == (2, 0)


async def test_a_gesture_that_got_no_answer_is_settled_by_its_event(
    tab: Tab, anas_milk: Task, listening: Callable[[Tab], Any], monkeypatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(Tab, "_answer", fail)
    wish = gesture("change", anas_milk.id, title="Oat milk")
    async with listening(tab) as lock:
        async with lock:
            with pytest.raises(RuntimeError):
                await act(tab, wish)
        await until(lambda: tab.changes)
    assert (tab.changes[0].nonce, told(tab).title) == (wish["nonce"], "Oat milk")


async def test_what_a_batch_of_events_asks_for_is_read_in_one_transaction(
    tab: Tab, ana: Actor, make_task: Callable[..., Task], database: Database, monkeypatch
) -> None:
    made = [make_task(ana, f"Task {number}") for number in range(3)]
    reads: list[object] = []
    read = database.read

    async def counted(*args: Any, **kwargs: Any) -> Any:
        reads.append(args)
        return await read(*args, **kwargs)

    monkeypatch.setattr(database, "read", counted)
    await tab._hear([task_changed(ana, task.id, task.version) for task in made])
    assert len(reads) == 1
    assert [change.id for change in tab.changes] == [str(task.id) for task in made]


async def test_a_tab_that_looks_at_a_list_is_told_when_its_person_is_no_member_any_more(
    open_tab: Callable[..., Tab],
    bob_signed_in: SignedIn,
    ana: Actor,
    bob: Actor,
    database: Database,
    listening: Callable[[Tab], Any],
) -> None:
    with database.transaction() as session:
        home = list_commands.create_list(session, ana, ListDraft(name="Home")).row.list
        session.add(ListMember(user_id=bob.id, list_id=home.id, role=Role.EDITOR))
        draft = TaskDraft(title="Sweep", list_id=home.id)
        sweep = commands.create_task(session, ana, draft).task
    tab = open_tab(bob_signed_in, f"/dashboard?list={home.id}")
    await tab.load()
    assert titles(tab) == ["Sweep"]
    async with listening(tab):
        # The nonce of another person settles nothing here.
        wish = TaskChanges(title="Sweep well")
        named = ana._replace(nonce="12345678")
        await database.write(commands.update_task, named, sweep.id, wish)
        await until(lambda: tab.changes)
        assert (told(tab).title, tab.changes[0].nonce) == ("Sweep well", "")
        await database.write(members.end_membership, home.id, bob.id)
        await until(lambda: not tab.rows)
    assert (tab.count, tab.changes) == (0, [])
    await act(tab, gesture("change", sweep.id, title="Mine"))
    assert tab.changes[0].row is None


async def test_another_tab_of_the_same_session_hears_a_gesture(
    tab: Tab,
    ana_signed_in: SignedIn,
    anas_milk: Task,
    open_tab: Callable[..., Tab],
    listening: Callable[[Tab], Any],
) -> None:
    other = open_tab(ana_signed_in)
    go_to(other, "/dashboard", ana_signed_in, socket="another socket")
    await other.load()
    async with listening(other):
        await act(tab, gesture("change", anas_milk.id, title="Oat milk"))
        await until(lambda: other.changes)
    assert told(other).title == "Oat milk"


async def test_what_happens_between_the_loading_and_the_listening_is_not_missed(
    tab: Tab, ana: Actor, make_task: Callable[..., Task], listening: Callable[[Tab], Any]
) -> None:
    make_task(ana, "In between")
    async with listening(tab):
        await until(lambda: tab.rows)
    assert titles(tab) == ["In between"]


async def test_listening_does_not_load_again_when_nothing_happened(
    tab: Tab, ana: Actor, make_task: Callable[..., Task], listening: Callable[[Tab], Any]
) -> None:
    loading = tab.load_id
    async with listening(tab):
        make_task(ana, "Later")
        await until(lambda: tab.changes)
    assert tab.load_id == loading


async def test_a_tab_that_listens_before_its_loading_hears_what_comes_after_it(
    open_tab: Callable[..., Tab],
    ana_signed_in: SignedIn,
    ana: Actor,
    make_task: Callable[..., Task],
    listening: Callable[[Tab], Any],
) -> None:
    tab = open_tab(ana_signed_in)
    async with listening(tab):
        await tab.load()
        make_task(ana, "Later")
        await until(lambda: tab.changes)
    assert told(tab).title == "Later"


async def test_a_tab_listens_before_it_lets_a_gesture_in(tab: Tab) -> None:
    lock = asyncio.Lock()
    await lock.acquire()
    listener = asyncio.ensure_future(TaskListState.listen.fn(Background(tab, lock)))
    await asyncio.sleep(0)
    lock.release()
    async with lock:
        assert events._listeners
    listener.cancel()


@pytest.mark.parametrize("together", [True, False])
async def test_of_two_changes_elsewhere_the_one_that_had_seen_less_is_told(
    tab: Tab, ana: Actor, anas_milk: Task, database: Database, together: bool
) -> None:
    await act(tab, gesture("change", anas_milk.id, title="Oat milk"))
    title, priority = TaskChanges(title="Soy milk"), TaskChanges(priority=Priority.HIGH)
    await database.write(commands.update_task, ana, anas_milk.id, title, based_on=1)
    await database.write(commands.update_task, ana, anas_milk.id, priority, based_on=3)
    news = [
        task_changed(ana, anas_milk.id, 3, based_on=1),
        task_changed(ana, anas_milk.id, 4, based_on=3),
    ]
    heard = []
    for batch in [news] if together else [[event] for event in news]:
        await tab._hear(batch)
        heard += [change.based_on for change in tab.changes]
    assert 1 in heard


async def test_an_unseen_overwriting_is_told_even_when_its_row_came_with_an_answer(
    tab: Tab, ana: Actor, anas_milk: Task, database: Database
) -> None:
    await act(tab, gesture("change", anas_milk.id, title="Oat milk"))
    changes = TaskChanges(title="Soy milk")
    await database.write(commands.update_task, ana, anas_milk.id, changes, based_on=1)
    await act(tab, gesture("change", anas_milk.id, is_completed=True))
    await tab._hear([task_changed(ana, anas_milk.id, 3, based_on=1)])
    (change,) = tab.changes
    assert (change.based_on, change.nonce) == (1, "")


async def test_a_flood_of_news_loads_the_list_once(
    tab: Tab, ana: Actor, database: Database, make_task: Callable[..., Task]
) -> None:
    loading = tab.load_id
    made = [make_task(ana, f"Task {number}") for number in range(MOST_CHANGES + 1)]
    await tab._hear([task_changed(ana, task.id, task.version) for task in made])
    assert tab.load_id != loading
    assert len(tab.rows) == len(made)


async def test_a_tab_whose_session_is_ended_elsewhere_leaves_at_once(
    tab: Tab, ana: Actor, database: Database, listening: Callable[[Tab], Any]
) -> None:
    async with listening(tab):
        await database.write(sessions.end_session, ana)
        await until(lambda: tab.leave_to)
    assert tab.leave_to == "/sign-in?expired=true&from=/dashboard"


async def test_a_tab_that_hears_late_how_its_session_began_stays(
    tab: Tab, ana: Actor, make_task: Callable[..., Task], listening: Callable[[Tab], Any]
) -> None:
    async with listening(tab):
        events.deliver(events.SessionOpened(ana.id, ana.session_id))
        make_task(ana, "From the phone")
        await until(lambda: tab.changes)
    assert tab.leave_to == ""


async def test_a_new_name_or_time_zone_is_shown_in_every_tab(
    tab: Tab, ana: Actor, database: Database, listening: Callable[[Tab], Any]
) -> None:
    async with listening(tab):
        changes = ProfileChanges(name="Ana Costa", timezone="Asia/Tokyo")
        await database.write(profiles.change_profile, ana, changes)
        await until(lambda: tab.timezone == "Asia/Tokyo")
    assert (tab.name, tab.initials) == ("Ana Costa", "AC")


async def test_every_tab_of_a_deleted_account_leaves_at_once(
    tab: Tab, ana: Actor, listening: Callable[[Tab], Any]
) -> None:
    async with listening(tab):
        await account_deletion.delete_account(ana, PASSWORD, Client())
        await until(lambda: tab.leave_to)
    assert (tab.rows, tab.name) == ([], "")


async def test_nobody_hears_of_another_persons_tasks(
    open_tab: Callable[..., Tab],
    bob_signed_in: SignedIn,
    ana: Actor,
    bob: Actor,
    make_task: Callable[..., Task],
    listening: Callable[[Tab], Any],
) -> None:
    tab = open_tab(bob_signed_in)
    await tab.load()
    async with listening(tab):
        make_task(ana, "Secret")
        make_task(bob, "Bread")
        await until(lambda: tab.changes)
    assert [change.row and change.row["title"] for change in tab.changes] == ["Bread"]


async def test_counts_and_list_of_a_tab_agree_after_any_gesture(
    tab: Tab, ana: Actor, anas_milk: Task, database: Database
) -> None:
    shown = dict(tab.counts)
    for wish in (
        gesture("create", uuid7(), title="Bread", due_date="2026-03-09"),
        gesture("change", anas_milk.id, is_completed=True),
        gesture("delete", anas_milk.id),
    ):
        await act(tab, wish)
        counted = await database.read(task_list.count_metrics, ana)
        shown |= tab.changes[0].counts
        assert shown == counted._asdict()


async def test_a_change_elsewhere_and_a_reload_end_in_the_same_row(
    tab: Tab, ana: Actor, anas_milk: Task, database: Database, listening: Callable[[Tab], Any]
) -> None:
    async with listening(tab):
        changes = TaskChanges(title="Oat milk", due_date=date(2026, 3, 12))
        await database.write(commands.update_task, ana, anas_milk.id, changes)
        await until(lambda: tab.changes)
    heard = told(tab)
    await tab.load()
    assert [filled(row) for row in tab.rows] == [heard]


async def test_the_same_tab_for_another_person_starts_from_nothing(
    tab: Tab, bob_signed_in: SignedIn, anas_milk: Task
) -> None:
    await tab.load()
    go_to(tab, "/dashboard", bob_signed_in)
    await tab.load()
    assert (tab.rows, tab.name) == ([], "Bob")


def break_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have every transaction fail as if the database were away."""
    from dashboard.errors import Unavailable

    async def away(*_: object, **__: object) -> None:
        raise Unavailable

    monkeypatch.setattr(Database, "read", away)
    monkeypatch.setattr(Database, "write", away)
