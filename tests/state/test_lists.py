"""Lists on the screen: what a tab holds of them, and which list its page is of."""

from collections.abc import Callable
from uuid import UUID, uuid4

from dashboard.database.transactions import Database
from dashboard.models.list import ListChanges, ListDraft
from dashboard.models.session import Actor
from dashboard.models.task import Task, TaskDraft
from dashboard.services.accounts.sessions import SignedIn
from dashboard.services.lists import commands as lists
from dashboard.services.tasks import commands
from dashboard.state.task_address import NO_LIST
from tests.state.conftest import Tab, filled, go_to
from tests.state.test_tasks import act, gesture, titles


def make_list(database: Database, actor: Actor, name: str, *tasks: str) -> UUID:
    with database.transaction() as session:
        made = lists.create_list(session, actor, ListDraft(name=name)).row.list.id
        for title in tasks:
            commands.create_task(session, actor, TaskDraft(title=title, list_id=made))
    return made


async def test_a_tab_knows_its_persons_lists_and_what_is_open_in_each(
    tab: Tab, database: Database, ana: Actor, anas_milk: Task
) -> None:
    home = make_list(database, ana, "Home", "Paint", "Sweep")
    await tab.load()
    assert [(row.name, row.is_inbox) for row in tab.lists] == [("Inbox", True), ("Home", False)]
    assert tab.open_counts == {str(home): 2}


async def test_the_page_of_a_list_holds_its_tasks_alone(
    tab: Tab, database: Database, ana: Actor, ana_signed_in: SignedIn, anas_milk: Task
) -> None:
    home = make_list(database, ana, "Home", "Paint")
    for address, expected, list_id in (
        (f"/lists/{home}", ["Paint"], str(home)),
        ("/inbox", ["Milk"], str(ana.id)),
        ("/lists", ["Milk", "Paint"], ""),
    ):
        go_to(tab, address, ana_signed_in)
        await tab.load()
        assert sorted(titles(tab)) == expected
        assert tab.list_id == list_id


async def test_a_foreign_list_shows_no_more_than_one_that_never_was(
    open_tab: Callable[..., Tab], database: Database, ana: Actor, bob_signed_in: SignedIn
) -> None:
    home = make_list(database, ana, "Home", "Paint")
    for asked in (str(home), str(uuid4()), "nothing", str(home).upper()):
        tab = open_tab(bob_signed_in, f"/lists/{asked}")
        await tab.load()
        assert (titles(tab), tab.count, [row.name for row in tab.lists]) == ([], 0, ["Inbox"])
        assert tab.list_id in (asked, NO_LIST)


async def test_a_gesture_answers_with_what_is_open_in_each_list_now(
    tab: Tab, database: Database, ana: Actor, anas_milk: Task
) -> None:
    home = make_list(database, ana, "Home", "Paint")
    await tab.load()
    await act(tab, gesture("change", anas_milk.id, list_id=str(home)))
    assert tab.changes[0].open_counts == {str(home): 2}
    assert filled(tab.changes[0].row).list_id == str(home)


async def test_a_task_does_not_go_to_an_archived_list(
    tab: Tab, database: Database, ana: Actor, anas_milk: Task
) -> None:
    home = make_list(database, ana, "Home")
    with database.transaction() as session:
        lists.update_list(session, ana, home, ListChanges(is_archived=True))
    await tab.load()
    await act(tab, gesture("change", anas_milk.id, list_id=str(home)))
    assert "archived" in tab.changes[0].error
    assert filled(tab.changes[0].row).list_id == ""


async def test_a_deleted_list_is_still_known_until_it_is_restored(
    tab: Tab, database: Database, ana: Actor
) -> None:
    home = make_list(database, ana, "Home", "Paint")
    with database.transaction() as session:
        lists.delete_list(session, ana, home)
    await tab.load()
    assert [row.is_deleted for row in tab.lists] == [False, True]
    assert titles(tab) == []
