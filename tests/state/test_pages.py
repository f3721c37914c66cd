"""Pages of tasks by day, label and filter, what the sidebar says of them, and queries in the search field."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest

from dashboard import events
from dashboard.database.transactions import Database
from dashboard.models.label import LabelChanges
from dashboard.models.list import ListDraft
from dashboard.models.saved_filter import FilterDraft
from dashboard.models.session import Actor
from dashboard.models.task import TaskChanges, TaskDraft
from dashboard.services.accounts.sessions import SignedIn
from dashboard.services.lists import commands as list_commands
from dashboard.services.tasks import commands, labels, saved_filters
from dashboard.state.first_page import first_page
from dashboard.state.task_address import NO_LIST
from tests.conftest import FrozenClock
from tests.state.conftest import Tab, counts_of, go_to
from tests.state.test_tasks import act, gesture, titles

ASKED = "@phone due<7d"


@pytest.fixture
def made(database: Database, ana: Actor, frozen_clock: FrozenClock) -> dict[str, UUID]:
    """Tasks by their titles, at noon of 10 March 2026."""
    given: dict[str, dict[str, object]] = {
        "Lease": {"due_date": "2026-03-06", "labels": ["errand"]},
        "Minutes": {"due_date": "2026-03-10", "due_time": "09:00"},
        "Dentist": {"due_date": "2026-03-10", "labels": ["Phone"]},
        "Agenda": {"due_date": "2026-03-11", "labels": ["phone", "errand"]},
        "Return": {"due_date": "2026-04-30", "labels": ["errand"]},
        "Someday": {},
        "Brackets": {},
    }
    made: dict[str, UUID] = {}
    with database.transaction() as session:
        for title, fields in given.items():
            draft = TaskDraft.model_validate({"title": title, **fields})
            made[title] = commands.create_task(session, ana, draft).task.id
        commands.update_task(session, ana, made["Brackets"], TaskChanges(is_completed=True))
    return made


@pytest.fixture
def filter_id(database: Database, ana: Actor, made: dict[str, UUID]) -> UUID:
    with database.transaction() as session:
        draft = FilterDraft(name="Calls", query=ASKED)
        return saved_filters.create_filter(session, ana, draft).filter.id


PAGES = {
    "/today": ["Lease", "Minutes", "Dentist"],
    "/upcoming": ["Agenda", "Return"],
    "/completed": ["Brackets"],
    "/labels/errand": ["Lease", "Agenda", "Return"],
    "/labels/PHONE": ["Dentist", "Agenda"],
    "/filters/{}": ["Dentist", "Agenda"],
}


async def test_each_page_holds_its_tasks_whatever_else_its_address_says(
    open_tab: Callable[..., Tab], ana_signed_in: SignedIn, filter_id: UUID
) -> None:
    for address, expected in PAGES.items():
        tab = open_tab(ana_signed_in, address.format(filter_id) + "?status=completed&q=milk")
        await tab.load()
        assert titles(tab) == expected, address
        assert (tab.count, sum(tab.groups.values())) == (len(expected), len(expected)), address


async def test_the_counts_of_the_sidebar_are_those_of_their_pages_before_and_after_a_gesture(
    open_tab: Callable[..., Tab],
    ana_signed_in: SignedIn,
    filter_id: UUID,
    made: dict[str, UUID],
) -> None:
    tab = open_tab(ana_signed_in, "/today")
    await tab.load()
    for change in ({}, {"is_completed": True}, {"is_completed": False, "labels": ["new"]}):
        if change:
            await act(tab, gesture("change", made["Dentist"], **change))
        counts = {"/today": counts_of(tab)["until_tonight"]}
        counts |= {f"/labels/{row.name}": row.open for row in tab.labels}
        counts |= {f"/filters/{row.id}": row.found for row in tab.filters}
        for address, count in counts.items():
            page = open_tab(ana_signed_in, address)
            await page.load()
            assert page.count - page.groups["completed"] == count, address
    assert [row.name for row in tab.labels] == ["errand", "new", "phone"]


async def test_a_page_of_what_is_nobodys_holds_nothing(
    open_tab: Callable[..., Tab],
    bob_signed_in: SignedIn,
    filter_id: UUID,
) -> None:
    for address in (
        f"/filters/{filter_id}",
        f"/filters/{uuid4()}",
        "/labels/errand",
        "/labels/a,b",
    ):
        tab = open_tab(bob_signed_in, address)
        await tab.load()
        assert (tab.load_error, tab.count, tab.labels, tab.filters) == ("", 0, [], [])


async def test_a_task_that_leaves_a_page_says_so(
    open_tab: Callable[..., Tab],
    ana_signed_in: SignedIn,
    filter_id: UUID,
    made: dict[str, UUID],
) -> None:
    for address in ("/today", "/labels/phone", f"/filters/{filter_id}"):
        tab = open_tab(ana_signed_in, address)
        await tab.load()
        await act(tab, gesture("change", made["Dentist"], due_date="2026-05-01", labels=[]))
        assert tab.changes[0].is_hidden, address
        await act(tab, gesture("change", made["Dentist"], due_date="2026-03-10", labels=["phone"]))
        assert not tab.changes[0].is_hidden, address


async def test_the_address_of_a_task_opens_it_over_its_list_for_those_who_see_it(
    open_tab: Callable[..., Tab],
    database: Database,
    ana: Actor,
    ana_signed_in: SignedIn,
    bob_signed_in: SignedIn,
    made: dict[str, UUID],
) -> None:
    with database.transaction() as session:
        work = list_commands.create_list(session, ana, ListDraft(name="Work")).row.list.id
        report = commands.create_task(session, ana, TaskDraft(title="Report", list_id=work)).task
        part = TaskDraft(title="Figures", list_id=work, parent_id=report.id)
        commands.create_task(session, ana, part)
    for signed_in, task_id, list_id, titles_there in (
        (ana_signed_in, report.id, str(work), ["Report", "Figures"]),
        (ana_signed_in, made["Lease"], str(ana.id), list(made)),
        (bob_signed_in, report.id, NO_LIST, []),
        (ana_signed_in, uuid4(), NO_LIST, []),
    ):
        tab = open_tab(signed_in, f"/tasks/{task_id}?status=completed")
        await tab.load()
        assert (tab.place, tab.list_id) == (f"tasks/{task_id}", list_id)
        assert sorted(titles(tab)) == sorted(titles_there)
        assert tab.opened is not None
        assert bool(tab.opened.problem) == (not titles_there)
    tab = open_tab(ana_signed_in, f"/tasks/{report.id}")
    await tab.load()
    assert tab.opened is not None
    assert tab.opened.row is not None
    assert tab.opened.row["subtasks"] == "0/1"
    assert [part["title"] for part in tab.opened.parts] == ["Figures"]


async def test_what_is_done_to_labels_and_filters_reaches_the_tab(
    tab: Tab, database: Database, ana: Actor, filter_id: UUID
) -> None:
    with database.transaction() as session:
        labels.update_label(session, ana, "errand", LabelChanges(name="shop"))
        saved_filters.delete_filter(session, ana, filter_id)
    await tab._hear([events.SidebarChanged(ana.id)])
    assert [row.name for row in tab.labels] == ["Phone", "shop"]
    assert list(tab.filters) == []


async def test_a_document_brings_the_page_of_a_label_whatever_signs_are_in_it(
    database: Database, ana: Actor, ana_signed_in: SignedIn
) -> None:
    with database.transaction() as session:
        draft = TaskDraft(title="Half off", labels=("50%25#?",))
        commands.create_task(session, ana, draft)
    brought = await first_page("/labels/50%25#?", "", ana_signed_in.session.id)
    assert brought is not None
    assert "Half off" in brought.data


# Queries in the search field


@pytest.mark.parametrize(
    ("q", "found", "is_query"),
    [
        ("dentist", ["Dentist"], False),
        ("@phone", ["Agenda", "Dentist"], True),
        ("no:due is:open", ["Someday"], True),
        ("lease or minutes", ["Lease", "Minutes"], True),
        ("is:completed", ["Brackets"], True),
    ],
)
async def test_a_search_may_be_a_query(
    open_tab: Callable[..., Tab],
    ana_signed_in: SignedIn,
    made: dict[str, UUID],
    q: str,
    found: list[str],
    is_query: bool,
) -> None:
    tab = open_tab(ana_signed_in)
    go_to(tab, f"/dashboard?q={q}", ana_signed_in)
    await tab.load()
    assert sorted(titles(tab)) == found
    assert (tab.q, tab.is_query, tab.q_problem, tab.q_hint) == (q, is_query, "", "")


async def test_a_query_that_is_wrong_says_where_and_its_words_are_searched_for(
    open_tab: Callable[..., Tab], ana_signed_in: SignedIn, made: dict[str, UUID]
) -> None:
    tab = open_tab(ana_signed_in)
    go_to(tab, "/dashboard?q=due:tomorow", ana_signed_in)
    await tab.load()
    assert (titles(tab), tab.is_query) == ([], False)
    assert tab.q_hint.startswith("At character 5: use a day")
    go_to(tab, "/dashboard?q=lease (", ana_signed_in)
    await tab.load()
    assert tab.q_hint.startswith("At character")
    go_to(tab, "/dashboard?q=%23Nowhere", ana_signed_in)
    await tab.load()
    assert (titles(tab), tab.is_query, tab.load_error) == ([], True, "")
    assert tab.q_problem.startswith("You have no list")
    # What happens meanwhile is told all the same.
    await act(tab, gesture("change", made["Lease"], title="Signed lease"))
    assert tab.changes[0].is_hidden
    assert not tab.changes[0].error
