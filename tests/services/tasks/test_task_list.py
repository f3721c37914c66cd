import base64
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session

from dashboard.database.transactions import Database
from dashboard.errors import InvalidInput
from dashboard.models.session import Actor
from dashboard.models.task import Task, TaskChanges
from dashboard.models.task_query import Sort, Status, TaskQuery
from dashboard.services.tasks import commands, task_list
from dashboard.services.tasks.task_list import METRIC_QUERIES, Groups, Metrics
from tests.models.test_text import STORABLE, TITLES, short

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
Make = Callable[..., Task]


def titles(database: Database, actor: Actor, **query: Any) -> list[str]:
    with database.transaction(writes=False) as session:
        return [row.title for row in task_list.list_tasks(session, actor, TaskQuery(**query)).items]


def metrics(database: Database, actor: Actor) -> Metrics:
    with database.transaction(writes=False) as session:
        return task_list.count_metrics(session, actor)


def change(database: Database, actor: Actor, task: Task, **fields: Any) -> None:
    with database.transaction() as session:
        commands.update_task(session, actor, task.id, TaskChanges(**fields))


def delete(database: Database, actor: Actor, task: Task) -> None:
    with database.transaction() as session:
        commands.delete_task(session, actor, task.id)


def test_titles_have_the_order_of_the_file_that_javascript_reads_too(
    database: Database, ana: Actor, make_task: Make
) -> None:
    order = [title.strip() for title in TITLES["order"]]
    for title in sorted(order):
        make_task(ana, title)
    assert titles(database, ana, sort="title", order="asc", limit=200) == order
    assert titles(database, ana, sort="title", order="desc", limit=200) == order[::-1]


# Whose


def test_a_list_holds_the_actors_tasks_alone(
    database: Database, ana: Actor, bob: Actor, make_task: Make
) -> None:
    make_task(ana, "Milk")
    make_task(bob, "Bread")
    for status in Status:
        assert "Bread" not in titles(database, ana, status=status)
    assert titles(database, bob) == ["Bread"]
    assert metrics(database, ana).total == metrics(database, bob).total == 1


def test_someone_without_tasks_has_an_empty_list_and_zeros(database: Database, ana: Actor) -> None:
    with database.transaction(writes=False) as session:
        page = task_list.list_tasks(session, ana, TaskQuery())
    assert (list(page.items), page.count, page.next_cursor) == ([], 0, None)
    assert metrics(database, ana) == Metrics(*[0] * len(Metrics._fields))


def test_one_task_is_found_with_whether_a_list_holds_it_and_every_count(
    database: Database, ana: Actor, bob: Actor, anas_milk: Task
) -> None:
    with database.transaction(writes=False) as session:
        rows, counts, groups, _ = task_list.find_tasks(
            session, ana, TaskQuery(), [anas_milk.id], in_groups=True
        )
        found = rows[anas_milk.id]
        assert found is not None
        assert (found.title, found.version, found.is_listed) == ("Milk", 1, True)
        assert counts == task_list.count_metrics(session, ana)
        assert counts.total == 1
        assert groups == Groups(no_date=1)
        completed = TaskQuery(status=Status.COMPLETED)
        rows, *_ = task_list.find_tasks(session, ana, completed, [anas_milk.id])
        elsewhere = rows[anas_milk.id]
        assert elsewhere is not None
        assert not elsewhere.is_listed


def test_for_a_task_of_somebody_else_there_are_the_own_counts_alone(
    database: Database, ana: Actor, bob: Actor, anas_milk: Task
) -> None:
    with database.transaction(writes=False) as session:
        found = task_list.find_tasks(session, bob, TaskQuery(), [anas_milk.id])
        assert found == ({anas_milk.id: None}, task_list.count_metrics(session, bob), Groups(), {})
        assert found.counts.total == 0


# Filters


def test_each_status_is_what_it_says(
    database: Database, ana: Actor, make_task: Make, frozen_clock
) -> None:
    make_task(ana, "someday")
    make_task(ana, "yesterday", due_date="2026-03-09")
    make_task(ana, "this morning", due_date="2026-03-10", due_time="09:00")
    make_task(ana, "today", due_date="2026-03-10")
    make_task(ana, "tomorrow", due_date="2026-03-11")
    change(database, ana, make_task(ana, "done late", due_date="2026-03-09"), is_completed=True)
    change(database, ana, make_task(ana, "done today", due_date="2026-03-10"), is_completed=True)
    delete(database, ana, make_task(ana, "thrown away", due_date="2026-03-09"))

    def of(status: Status) -> set[str]:
        return set(titles(database, ana, status=status))

    assert of(Status.PENDING) == {"someday", "yesterday", "this morning", "today", "tomorrow"}
    assert of(Status.COMPLETED) == {"done late", "done today"}
    assert of(Status.ALL) == of(Status.PENDING) | of(Status.COMPLETED)
    assert of(Status.OVERDUE) == {"yesterday", "this morning"}
    assert of(Status.DUE_TODAY) == {"this morning", "today"}
    assert of(Status.DELETED) == {"thrown away"}


def test_filters_narrow_each_other(database: Database, ana: Actor, make_task: Make) -> None:
    make_task(ana, "Milk", priority="High", due_date="2026-03-10")
    make_task(ana, "Milk bread", priority="Low", due_date="2026-03-10")
    make_task(ana, "Bread", priority="High", due_date="2026-03-17")
    assert titles(database, ana, priority="High", sort="title", order="asc") == ["Bread", "Milk"]
    assert titles(database, ana, priority="High", q="milk") == ["Milk"]
    assert titles(database, ana, due="2026-03-10", priority="Low") == ["Milk bread"]
    assert titles(database, ana, due="2026-03-11..2026-03-17") == ["Bread"]
    assert len(titles(database, ana, due="2026-03-10..2026-03-17")) == 3
    assert titles(database, ana, due="2026-03-11..2026-03-16") == []


# Search


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("milk", ["100% Milk_powder", "MILK\\cream"]),
        ("MiLk", ["100% Milk_powder", "MILK\\cream"]),
        ("%", ["100% Milk_powder"]),
        ("_", ["100% Milk_powder"]),
        ("\\", ["MILK\\cream"]),
        ("/", ["and/or"]),
        ("milk %", ["100% Milk_powder"]),
        ("k_p", ["100% Milk_powder"]),
        ("m_lk", []),
        ("m%k", []),
        ("powder 100", ["100% Milk_powder"]),
        ("litres", ["MILK\\cream"]),
        ("cream litres", ["MILK\\cream"]),
        ("milk bread", []),
        ("strasse", ["Straße"]),
        ("STRASSE", ["Straße"]),
        ("café", ["Café"]),
        ("cafe\u0301", ["Café"]),
        ("cafe", ["Café"]),
        ("CÀFE", ["Café"]),
        ("stráße", ["Straße"]),
        ("ｍｉｌｋ", ["100% Milk_powder", "MILK\\cream"]),
        ("👩‍🚀", ["for 👩‍🚀"]),
        ("'; DROP TABLE task; --", []),
        ("   ", ["100% Milk_powder", "Café", "MILK\\cream", "Straße", "and/or", "for 👩‍🚀"]),
    ],
    ids=short,
)
def test_search_takes_words_literally_wherever_they_are(
    database: Database, ana: Actor, make_task: Make, typed: str, found: list[str]
) -> None:
    for title, description in (
        ("100% Milk_powder", ""),
        ("MILK\\cream", "2 Litres"),
        ("Straße", ""),
        ("Café", ""),
        ("and/or", ""),
        ("for 👩‍🚀", ""),
    ):
        make_task(ana, title, description=description)
    assert sorted(titles(database, ana, q=typed)) == found


@pytest.mark.parametrize(
    "text", [text for text in STORABLE if len(text.split()) == len(text.split(" "))], ids=short
)
def test_whatever_was_written_is_found_by_writing_it_again(
    database: Database, ana: Actor, make_task: Make, text: str
) -> None:
    made = make_task(ana, text)
    assert titles(database, ana, q=text) == [made.title]


def test_as_many_words_as_fit_are_looked_for(
    database: Database, ana: Actor, make_task: Make
) -> None:
    make_task(ana, "a b c")
    assert titles(database, ana, q="a " * 100) == ["a b c"]


# Order


@pytest.fixture
def three(database: Database, ana: Actor, make_task: Make, frozen_clock) -> None:
    """Three tasks, one after another; the first is changed last."""
    first = make_task(ana, "b", priority="Low", due_date="2026-03-12")
    frozen_clock.advance(seconds=1)
    make_task(ana, "C", priority="High")
    frozen_clock.advance(seconds=1)
    make_task(ana, "a", priority="Medium", due_date="2026-03-12", due_time="09:00")
    frozen_clock.advance(seconds=1)
    change(database, ana, first, description="changed")


@pytest.mark.usefixtures("three")
def test_without_a_wish_the_newest_comes_first(database: Database, ana: Actor) -> None:
    assert titles(database, ana) == ["a", "C", "b"]


def test_the_agenda_is_what_is_due_then_the_rest_then_what_was_done_last(
    database: Database, ana: Actor, make_task: Make, frozen_clock
) -> None:
    for title in ("done first", "done last"):
        change(database, ana, make_task(ana, title, due_date="2026-01-01"), is_completed=True)
        frozen_clock.advance(seconds=1)
    make_task(ana, "someday")
    make_task(ana, "tomorrow", due_date="2026-03-11")
    make_task(ana, "today", due_date="2026-03-10")
    make_task(ana, "this afternoon", due_date="2026-03-10", due_time="15:00")
    agenda = ["this afternoon", "today", "tomorrow", "someday", "done last", "done first"]
    seen: list[str] = []
    cursor = None
    with database.transaction(writes=False) as session:
        while True:
            page = task_list.list_agenda(session, ana, TaskQuery(limit=2, cursor=cursor))
            seen += [row.title for row in page.items]
            assert page.count == 6
            cursor = page.next_cursor
            if cursor is None:
                break
    assert seen == agenda


# Pages


def cursor_of(place: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def test_a_page_says_how_many_match_and_where_the_next_begins(
    database: Database, ana: Actor, make_task: Make
) -> None:
    for number in range(5):
        make_task(ana, str(number))
    with database.transaction(writes=False) as session:
        first = task_list.list_tasks(session, ana, TaskQuery(limit=3))
        last = task_list.list_tasks(session, ana, TaskQuery(limit=3, cursor=first.next_cursor))
        exact = task_list.list_tasks(session, ana, TaskQuery(limit=5))
    assert [row.title for row in first.items] == ["4", "3", "2"]
    assert [row.title for row in last.items] == ["1", "0"]
    assert (first.count, last.count) == (5, 5)
    assert last.next_cursor is None
    assert exact.next_cursor is None


@pytest.mark.parametrize("sort", Sort)
def test_rows_that_sort_alike_are_neither_skipped_nor_repeated(
    database: Database, ana: Actor, make_task: Make, frozen_clock, sort: Sort
) -> None:
    made = {make_task(ana, "same", due_date="2026-03-10").id for _ in range(7)}
    seen: list[Any] = []
    cursor = None
    with database.transaction(writes=False) as session:
        while True:
            page = task_list.list_tasks(session, ana, TaskQuery(sort=sort, limit=2, cursor=cursor))
            seen += [row.id for row in page.items]
            cursor = page.next_cursor
            if cursor is None:
                break
    assert len(seen) == 7
    assert set(seen) == made


@pytest.mark.parametrize(
    "title",
    ["𠮷" * 255, "\u0001" * 254 + "a", "\ufdfa" * 255, '"' * 255, "\\" * 255, "\u2028é" * 127],
    ids=short,
)
def test_the_longest_titles_still_make_a_cursor_that_is_taken(
    database: Database, ana: Actor, make_task: Make, title: str
) -> None:
    for _ in range(2):
        make_task(ana, title)
    with database.transaction(writes=False) as session:
        first = task_list.list_tasks(session, ana, TaskQuery(sort=Sort.TITLE, limit=1))
        second = task_list.list_tasks(
            session, ana, TaskQuery(sort=Sort.TITLE, limit=1, cursor=first.next_cursor)
        )
    assert {first.items[0].id, second.items[0].id} >= {first.items[0].id}
    assert first.items[0].id != second.items[0].id
    assert second.next_cursor is None


ID = "0" * 32


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "nonsense",
        "é",
        "====",
        "_w",
        cursor_of(None),
        cursor_of({}),
        cursor_of([]),
        cursor_of(["created", "desc", 5]),
        cursor_of(["created", "desc", 5, ID, 6]),
        cursor_of(["created", "asc", 5, ID]),
        cursor_of(["due", "desc", 5, ID]),
        cursor_of([["created"], "desc", 5, ID]),
        cursor_of(["created", "desc", "5", ID]),
        cursor_of(["created", "desc", 5.5, ID]),
        cursor_of(["created", "desc", True, ID]),
        cursor_of(["created", "desc", None, ID]),
        cursor_of(["created", "desc", -1, ID]),
        cursor_of(["created", "desc", 2**62, ID]),
        cursor_of(["created", "desc", 10**40, ID]),
        cursor_of(["created", "desc", float("nan"), ID]),
        cursor_of(["created", "desc", 5, "not an id"]),
        cursor_of(["created", "desc", 5, 5]),
        cursor_of(["created", "desc", 5, None]),
        base64.urlsafe_b64encode(b"[" * 2_000).decode(),
    ],
    ids=short,
)
def test_a_cursor_that_is_not_of_this_list_is_refused_in_a_sentence(
    session: Session, ana: Actor, cursor: str
) -> None:
    with pytest.raises(InvalidInput, match="start from the first page") as caught:
        task_list.list_tasks(session, ana, TaskQuery(cursor=cursor))
    assert [error.field for error in caught.value.errors] == ["cursor"]


@pytest.mark.parametrize(
    ("sort", "place"),
    [
        (Sort.TITLE, [5]),
        (Sort.TITLE, [[]]),
        (Sort.TITLE, [{}]),
        (Sort.TITLE, [["a"]]),
        (Sort.TITLE, [None]),
        (Sort.TITLE, ["a\x00"]),
        (Sort.TITLE, ["\ud800"]),
        (Sort.PRIORITY, ["Urgent", 5]),
        (Sort.PRIORITY, [[], 5]),
        (Sort.PRIORITY, ["High"]),
        (Sort.PRIORITY, [5]),
        (Sort.PRIORITY, ["High", "5"]),
        (Sort.DUE, ["5"]),
        (Sort.DUE, [-5]),
        (Sort.DUE, [2**63]),
        (Sort.UPDATED, [2**63 - 1]),
    ],
)
def test_a_cursor_with_a_value_of_another_kind_is_refused_in_a_sentence(
    session: Session, ana: Actor, sort: Sort, place: list[Any]
) -> None:
    with pytest.raises(InvalidInput, match="start from the first page"):
        task_list.list_tasks(
            session, ana, TaskQuery(sort=sort, cursor=cursor_of([sort, "desc", *place, ID]))
        )


def test_a_cursor_of_the_agenda_is_none_of_a_list(session: Session, ana: Actor) -> None:
    agenda, created = cursor_of(["agenda", "asc", 5, ID]), cursor_of(["created", "desc", 5, ID])
    task_list.list_agenda(session, ana, TaskQuery(cursor=agenda))
    task_list.list_tasks(session, ana, TaskQuery(cursor=created))
    for wrong in (
        lambda: task_list.list_agenda(session, ana, TaskQuery(cursor=created)),
        lambda: task_list.list_tasks(session, ana, TaskQuery(cursor=agenda)),
    ):
        with pytest.raises(InvalidInput):
            wrong()


# Midnight, and the days on which the clock changes


def assert_counts_agree(database: Database, actor: Actor) -> None:
    counts = metrics(database, actor)._asdict()
    with database.transaction(writes=False) as session:
        for name, query in METRIC_QUERIES.items():
            page = task_list.list_tasks(session, actor, query)
            assert counts[name] == page.count == len(page.items), name


@pytest.mark.parametrize(
    ("zone", "moment", "today"),
    [
        # One moment before and at midnight, east and west of Greenwich.
        ("Asia/Tokyo", datetime(2026, 3, 10, 14, 59, 59, tzinfo=UTC), date(2026, 3, 10)),
        ("Asia/Tokyo", datetime(2026, 3, 10, 15, tzinfo=UTC), date(2026, 3, 11)),
        ("America/Los_Angeles", datetime(2026, 3, 11, 6, 59, 59, tzinfo=UTC), date(2026, 3, 10)),
        ("America/Los_Angeles", datetime(2026, 3, 11, 7, tzinfo=UTC), date(2026, 3, 11)),
        ("Pacific/Kiritimati", datetime(2026, 3, 10, 10, tzinfo=UTC), date(2026, 3, 11)),
        # The midnights around a day of 23 and a day of 25 hours.
        ("Europe/Berlin", datetime(2023, 3, 25, 23, tzinfo=UTC), date(2023, 3, 26)),
        ("Europe/Berlin", datetime(2023, 3, 26, 21, 59, 59, tzinfo=UTC), date(2023, 3, 26)),
        ("Europe/Berlin", datetime(2023, 3, 26, 22, tzinfo=UTC), date(2023, 3, 27)),
        ("Europe/Berlin", datetime(2023, 10, 28, 22, tzinfo=UTC), date(2023, 10, 29)),
        ("Europe/Berlin", datetime(2023, 10, 29, 22, 59, 59, tzinfo=UTC), date(2023, 10, 29)),
        ("Europe/Berlin", datetime(2023, 10, 29, 23, tzinfo=UTC), date(2023, 10, 30)),
        # Here midnight itself does not exist once a year: the day begins at one.
        ("Asia/Beirut", datetime(2022, 3, 26, 21, 59, 59, tzinfo=UTC), date(2022, 3, 26)),
        ("Asia/Beirut", datetime(2022, 3, 26, 22, tzinfo=UTC), date(2022, 3, 27)),
    ],
)
def test_a_day_ends_at_the_persons_own_midnight(
    database: Database,
    make_actor,
    make_task: Make,
    frozen_clock,
    zone: str,
    moment: datetime,
    today: date,
) -> None:
    actor = make_actor("Ana", timezone=zone)
    for days in (-1, 0, 1):
        day = today + timedelta(days=days)
        make_task(actor, f"{days}", due_date=day)
        make_task(actor, f"{days} at noon", due_date=day, due_time="12:00")
    frozen_clock.set(moment)
    assert sorted(titles(database, actor, status="due_today")) == ["0", "0 at noon"]
    overdue = titles(database, actor, status="overdue")
    assert "-1" in overdue
    assert "-1 at noon" in overdue
    assert "0" not in overdue
    assert "1" not in overdue
    assert_counts_agree(database, actor)


@pytest.mark.parametrize(
    ("moment", "overdue"),
    [
        # 02:30 does not exist on 29 March: what was due then is late when the clock jumps to three.
        (datetime(2026, 3, 29, 0, 59, 59, tzinfo=UTC), []),
        (datetime(2026, 3, 29, 1, 0, 0, tzinfo=UTC), ["02:30"]),
        (datetime(2026, 3, 29, 1, 0, 1, tzinfo=UTC), ["02:30", "03:00"]),
    ],
)
def test_a_time_that_the_clock_jumps_over_is_late_when_it_has_jumped(
    database: Database,
    ana: Actor,
    make_task: Make,
    frozen_clock,
    moment: datetime,
    overdue: list[str],
) -> None:
    for due_time in ("02:30", "03:00"):
        make_task(ana, due_time, due_date="2026-03-29", due_time=due_time)
    frozen_clock.set(moment)
    assert sorted(titles(database, ana, status="overdue")) == overdue
    assert_counts_agree(database, ana)


def test_counts_and_lists_agree_in_the_hour_that_comes_twice(
    database: Database, ana: Actor, make_task: Make, frozen_clock
) -> None:
    make_task(ana, "02:30", due_date="2026-10-25", due_time="02:30")
    for minutes in range(0, 180, 10):
        frozen_clock.set(datetime(2026, 10, 24, 23, 30, tzinfo=UTC) + timedelta(minutes=minutes))
        assert_counts_agree(database, ana)
    assert titles(database, ana, status="overdue") == ["02:30"]
