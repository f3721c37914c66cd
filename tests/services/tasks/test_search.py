"""The full-text index changes how fast words are found, and never what they find."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, text
from sqlmodel import col

from dashboard.database.migrations import sqlite_file
from dashboard.database.transactions import Database
from dashboard.models.list import TaskList, inbox_of
from dashboard.models.session import Actor
from dashboard.models.task import Task, TaskChanges, TaskDraft
from dashboard.models.task_query import SEARCH_LENGTH, Order, Sort, TaskQuery
from dashboard.models.text import searchable
from dashboard.services.tasks import commands, pages, search, task_list
from dashboard.services.tasks.filter import words_of
from tests.models.test_search_terms import LONGEST

Make = Callable[..., Task]


def found(database: Database, actor: Actor, q: str, **query: Any) -> list[str]:
    """The titles of what is found, in the order in which it comes; the count is theirs."""
    with database.transaction(writes=False) as session:
        page = task_list.list_tasks(session, actor, TaskQuery(q=q, limit=200, **query))
    assert page.count == len(page.items)
    return [row.title for row in page.items]


def candidates(database: Database, q: str) -> int | None:
    """How many tasks the index names."""
    with database.transaction(writes=False) as session:
        named = search.find_candidates(session, words_of(q), search.MOST_LOOKED_UP)
    return None if named is None else len(named)


def indexed(database: Database) -> int:
    """How many tasks the index knows; and that it is whole."""
    with database.transaction() as session:
        if not database.is_sqlite:
            return session.execute(text("SELECT count(*) FROM task_search")).scalar_one()
        check = "INSERT INTO task_search (task_search) VALUES ('integrity-check')"
        session.execute(text(check))
        return session.execute(text("SELECT count(*) FROM task_search_key")).scalar_one()


# What is found

pieces = st.sampled_from(
    [
        "milk",
        "MILK",
        "oat",
        "Straße",
        "c++",
        "100%",
        "a_b",
        "会議の資料",
        "naïve",
        "📞",
        '"',
        "*",
        "-",
    ]
)
texts = st.lists(pieces | st.text("abß%_\\'* -é会", max_size=6), min_size=1, max_size=4).map(
    lambda parts: "".join(parts).strip() or "x"
)
asked = st.text("abms kß%_\\'*\"-é会議ilk+:&|!()^", min_size=1, max_size=8) | pieces


@given(written=st.lists(texts, min_size=1, max_size=5), q=asked, most=st.sampled_from([1, 1000]))
def test_what_is_found_has_the_words_and_nothing_that_has_them_is_left_out(
    database: Database, make_actor: Callable[..., Actor], written: list[str], q: str, most: int
) -> None:
    actor = make_actor("Ana")
    with database.transaction() as session:
        for each in written:
            commands.create_task(session, actor, TaskDraft(title=each))
    words = searchable(q).split()
    having = [each for each in written if all(word in searchable(each) for word in words)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search, "MOST_LOOKED_UP", most)
        assert sorted(found(database, actor, q)) == sorted(having)


@pytest.mark.parametrize("part", ["zahn", "arzt", "Termin", "rztterm", "ZAHNARZTTERMIN", "ärz"])
def test_any_part_of_a_word_is_looked_up_in_the_index(
    database: Database, ana: Actor, make_task: Make, part: str
) -> None:
    make_task(ana, "Zahnärzttermin", description="um 20 Uhr")
    make_task(ana, "Bread")
    assert found(database, ana, part) == ["Zahnärzttermin"]
    assert candidates(database, part) == 1


def test_signs_and_words_of_one_or_two_letters_are_found_without_the_index(
    database: Database, ana: Actor, make_task: Make
) -> None:
    make_task(ana, "50 % off -> C++ 会議")
    for sign in ("%", "->", "% ->", "c", "c+"):
        assert candidates(database, sign) is None
        assert found(database, ana, sign) == ["50 % off -> C++ 会議"]
    for short in ("50", "of", "会", "会議", "ff ->"):
        assert found(database, ana, short) == ["50 % off -> C++ 会議"]
    for sign in ("*", "b", "議会"):
        assert found(database, ana, sign) == []


def test_as_many_different_words_as_fit_are_looked_up(
    database: Database, ana: Actor, make_task: Make
) -> None:
    words = " ".join(f"{number:03}" for number in range(SEARCH_LENGTH // 4))
    make_task(ana, words)
    assert found(database, ana, words) == [words]
    assert candidates(database, words) == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_another_program_may_write_to_the_file(
    database: Database, ana: Actor, anas_milk: Task
) -> None:
    """What keeps the index is in the file itself."""
    file = sqlite_file(database.url)
    assert file is not None
    with closing(sqlite3.connect(file)) as other:
        other.execute("UPDATE task SET title = 'Bread', search_text = 'bread' || char(10)")
        other.commit()
    assert found(database, ana, "bread") == ["Bread"]
    assert found(database, ana, "milk") == []


def test_filters_hold_for_what_the_index_finds(
    database: Database, ana: Actor, make_task: Make
) -> None:
    make_task(ana, "Oat milk", priority="High", due_date="2026-03-10")
    make_task(ana, "Milk")
    thrown = make_task(ana, "Old milk")
    with database.transaction() as session:
        commands.delete_task(session, ana, thrown.id)
    assert found(database, ana, "milk", sort="title", order="asc") == ["Milk", "Oat milk"]
    assert found(database, ana, "milk", priority="High", due="2026-03-10") == ["Oat milk"]
    assert found(database, ana, "milk", status="completed") == []
    assert found(database, ana, "milk", status="deleted") == ["Old milk"]


def test_nobody_finds_what_another_has(
    database: Database, ana: Actor, bob: Actor, make_task: Make
) -> None:
    make_task(ana, "Milk")
    make_task(bob, "Milk of another")
    assert candidates(database, "milk") == 2
    assert found(database, ana, "milk") == ["Milk"]
    assert found(database, bob, "milk") == ["Milk of another"]


# Kept


def test_the_index_follows_every_change(database: Database, ana: Actor, make_task: Make) -> None:
    milk = make_task(ana, "Milk", description="two litres")
    with database.transaction() as session:
        commands.update_task(session, ana, milk.id, TaskChanges(title="Bread"))
    assert (candidates(database, "milk"), candidates(database, "bread")) == (0, 1)
    assert candidates(database, "litres") == 1
    with database.transaction() as session:
        commands.update_task(session, ana, milk.id, TaskChanges(is_completed=True))
        commands.delete_task(session, ana, milk.id)
    assert candidates(database, "bread") == 1
    assert indexed(database) == 1
    with database.transaction() as session:
        commands.delete_forever(session, ana, milk.id)
    assert (candidates(database, "bread"), indexed(database)) == (0, 0)


def test_the_index_forgets_the_tasks_of_a_list_that_is_gone(
    database: Database, ana: Actor, bob: Actor, make_task: Make
) -> None:
    make_task(ana, "Milk")
    make_task(bob, "Bread")
    with database.transaction() as session:
        session.execute(delete(TaskList).where(col(TaskList.id) == inbox_of(ana.id)))
    assert (candidates(database, "milk"), candidates(database, "bread")) == (0, 1)
    assert indexed(database) == 1


def test_what_was_rolled_back_is_not_found(database: Database, ana: Actor) -> None:
    class Oops(Exception):
        pass

    with pytest.raises(Oops), database.transaction() as session:
        commands.create_task(session, ana, TaskDraft(title="Milk"))
        raise Oops
    assert (candidates(database, "milk"), indexed(database)) == (0, 0)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_file_that_was_compacted_is_searched_as_before(
    database: Database, ana: Actor, make_task: Make
) -> None:
    """SQLite gives the rows of a table like this one other numbers then."""
    gone = make_task(ana, "gone")
    make_task(ana, "kept")
    with database.transaction() as session:
        session.execute(delete(Task).where(col(Task.id) == gone.id))
    file = sqlite_file(database.url)
    assert file is not None
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("VACUUM")
    assert found(database, ana, "kept") == ["kept"]


def test_the_longest_text_can_be_searched(database: Database, ana: Actor, make_task: Make) -> None:
    make_task(ana, "Measures", description=LONGEST)
    assert found(database, ana, LONGEST[-9:]) == ["Measures"]


# Order

WHERE = {
    "begins a word of the title": ("Oat milk", ""),
    "inside of a word of the title": ("Buttermilk", ""),
    "begins a word of the description": ("Breakfast", "oat\nmilk"),
    "inside of a word of the description": ("Cake", "buttermilk"),
}


def test_what_matches_best_comes_first(database: Database, ana: Actor, make_task: Make) -> None:
    for title, description in reversed(WHERE.values()):
        make_task(ana, title, description=description)
    best_first = [title for title, _ in WHERE.values()]
    assert found(database, ana, "milk", sort="relevance") == best_first
    assert found(database, ana, "milk", sort="relevance", order="asc") == best_first[::-1]


def test_of_two_that_match_alike_the_open_one_comes_first_and_then_the_newer(
    database: Database, ana: Actor, make_task: Make
) -> None:
    make_task(ana, "Milk 1")
    make_task(ana, "Milk 2")
    done = make_task(ana, "Milk 3")
    with database.transaction() as session:
        commands.update_task(session, ana, done.id, TaskChanges(is_completed=True))
    assert found(database, ana, "milk", sort="relevance") == ["Milk 2", "Milk 1", "Milk 3"]


@pytest.mark.parametrize("most", [1000, 1], ids=["looked up", "read"])
@pytest.mark.parametrize("order", Order)
def test_pages_by_relevance_have_each_task_once(
    database: Database,
    ana: Actor,
    make_task: Make,
    monkeypatch: pytest.MonkeyPatch,
    order: Order,
    most: int,
) -> None:
    monkeypatch.setattr(search, "MOST_LOOKED_UP", most)
    for title, description in [*WHERE.values()] * 3:
        make_task(ana, title, description=description)
    whole = found(database, ana, "milk", sort="relevance", order=order)
    seen: list[str] = []
    query = TaskQuery(q="milk", sort=Sort.RELEVANCE, order=order, limit=5)
    with database.transaction(writes=False) as session:
        while True:
            page = task_list.list_tasks(session, ana, query)
            seen += [row.title for row in page.items]
            if page.next_cursor is None:
                break
            query = query.model_copy(update={"cursor": page.next_cursor})
    assert seen == whole
    assert len(seen) == 12


def test_of_too_many_that_match_the_newest_come_first(
    database: Database, ana: Actor, make_task: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "MOST_RANKED", 2)
    for title in ("Milk", "Oat milk", "Buttermilk"):
        make_task(ana, title)
    assert found(database, ana, "milk", sort="relevance") == ["Buttermilk", "Oat milk", "Milk"]
    assert found(database, ana, "oat milk", sort="relevance") == ["Oat milk"]


@pytest.mark.parametrize(
    "most", [1000, 3, 1], ids=["ranked", "counted in the index", "counted in the list"]
)
def test_the_screen_counts_no_more_than_it_ranks_and_programs_count_all(
    database: Database, ana: Actor, make_task: Make, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(pages, "MOST_RANKED", 2)
    monkeypatch.setattr(search, "MOST_LOOKED_UP", min(most, 2))
    monkeypatch.setattr(search, "MOST_COMPARED", most)
    for title in ("Milk", "Oat milk", "Buttermilk", "Bread"):
        make_task(ana, title)
    with database.transaction(writes=False) as session:
        many = task_list.list_tasks(session, ana, TaskQuery(q="milk"), counts_all=False)
        few = task_list.list_tasks(session, ana, TaskQuery(q="oat"), counts_all=False)
        whole = task_list.list_tasks(session, ana, TaskQuery(q="milk"))
    assert (many.count, many.is_counted) == (2, False)
    assert [row.title for row in many.items] == ["Buttermilk", "Oat milk", "Milk"]
    assert (few.count, few.is_counted) == (1, True)
    assert (whole.count, whole.is_counted) == (3, True)
