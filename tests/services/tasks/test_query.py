"""The query language: what each query of tests/vectors/queries.json finds, and what is said of a wrong one."""

import json
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.database.transactions import Database
from dashboard.errors import InvalidInput
from dashboard.models.label import label_problem
from dashboard.models.list import ListChanges, ListDraft
from dashboard.models.section import SectionDraft
from dashboard.models.session import Actor
from dashboard.models.task import Priority, TaskChanges, TaskDraft
from dashboard.models.task_query import QUERY_LENGTH, Status, TaskQuery
from dashboard.models.text import searchable
from dashboard.services.lists.commands import create_list, update_list
from dashboard.services.lists.queries import names_of
from dashboard.services.lists.sections import create_section
from dashboard.services.tasks import commands, task_list
from dashboard.services.tasks.query.parse import QueryError, parse
from dashboard.services.tasks.query.printing import printed
from dashboard.services.tasks.query.tree import (
    And,
    Being,
    Dated,
    FromToday,
    Has,
    HasLabel,
    HasPriority,
    Having,
    InList,
    InSection,
    Is,
    Lack,
    Moment,
    Not,
    Operator,
    Or,
    Query,
    Text,
    Without,
)
from tests.conftest import FrozenClock

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "queries.json").read_text())

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
days = st.dates(date(1970, 1, 1)) | st.integers(-9999, 9999).map(FromToday)
terms = st.one_of(
    texts.filter(lambda text: searchable(text).strip()).map(Text),
    texts.filter(str.strip).map(InList),
    texts.filter(str.strip).map(InSection),
    texts.filter(lambda text: not label_problem(text)).map(HasLabel),
    st.sampled_from(Priority).map(HasPriority),
    st.builds(Dated, st.sampled_from(Moment), st.sampled_from(Operator), days),
    st.sampled_from(Being).map(Is),
    st.sampled_from(Lack).map(Without),
    st.sampled_from(Having).map(Has),
)


def _larger(parts: st.SearchStrategy[Query]) -> st.SearchStrategy[Query]:
    several = st.lists(parts, min_size=2, max_size=4).map(tuple)
    return parts.map(Not) | several.map(And) | several.map(Or)


queries = st.recursive(terms, _larger, max_leaves=8)


@given(queries)
def test_what_is_printed_is_read_as_the_same_query(query: Query) -> None:
    text = printed(query)
    if len(text) <= QUERY_LENGTH:
        assert parse(text) == query


@given(st.text(st.sampled_from('ab -:<>=#@"\\()|&dueorndt17\n')) | texts)
def test_any_text_is_a_query_or_is_refused_in_a_sentence(text: str) -> None:
    try:
        query = parse(text)
    except QueryError as error:
        sentence = str(error)
    else:
        sentence = "At character 0: nothing."
        assert parse(printed(query)) == query
    assert re.fullmatch(r"At character [0-9]+: [a-z(].+\.", sentence)


def make(database: Database, actor: Actor, clock: FrozenClock, given: dict[str, Any]) -> str:
    """One task of the vectors; returns its id."""
    fields = {
        name: given[name]
        for name in ("title", "description", "labels", "due_date", "due_time", "repeat")
        if name in given
    }
    now, at = clock.moment, given.get("created")
    with database.transaction() as session:
        lists, sections = names_of(session, actor)
        if name := given.get("list"):
            known = lists.get(name.casefold())
            draft = ListDraft(name=name)
            fields["list_id"] = (
                known[0] if known else create_list(session, actor, draft).row.list.id
            )
        if name := given.get("section"):
            known = sections.get(name.casefold())
            wish = SectionDraft(name=name)
            fields["section_id"] = (
                known[0]
                if known
                else create_section(session, actor, fields["list_id"], wish).section.id
            )
        if title := given.get("under"):
            page = task_list.list_tasks(session, actor, TaskQuery(q=title))
            fields["parent_id"] = page.items[0].id
        clock.moment = datetime.fromisoformat(at) if at else now
        draft = TaskDraft.model_validate({"priority": given.get("priority", "Medium"), **fields})
        made = commands.create_task(session, actor, draft).task
        if done := given.get("completed"):
            clock.moment = datetime.fromisoformat(done).astimezone(UTC)
            commands.update_task(session, actor, made.id, TaskChanges(is_completed=True))
        if given.get("deleted"):
            commands.delete_task(session, actor, made.id)
        clock.moment = now
    return str(made.id)


@pytest.fixture
def letters(
    database: Database, ana: Actor, bob: Actor, frozen_clock: FrozenClock
) -> dict[str, str]:
    """The letter of each task of Ana's; Bob has the same tasks."""
    for given_ in VECTORS["tasks"]:
        make(database, bob, frozen_clock, given_)
    found = {make(database, ana, frozen_clock, each): each["letter"] for each in VECTORS["tasks"]}
    for actor in (ana, bob):
        with database.transaction() as session:
            (attic,) = names_of(session, actor)[0]["attic"]
            update_list(session, actor, attic, ListChanges(is_archived=True))
    return found


def test_each_query_finds_its_tasks_and_counts_them(
    database: Database, ana: Actor, letters: dict[str, str]
) -> None:
    assert len(VECTORS["right"]) >= 80
    for text, expected in VECTORS["right"]:
        query = TaskQuery(filter=text)
        with database.transaction(writes=False) as session:
            page = task_list.list_tasks(session, ana, query)
            ids = [row.id for row in page.items]
            agenda = task_list.list_agenda(session, ana, query)
            groups = task_list.count_groups(session, ana, query)
            if ids:
                found = task_list.find_tasks(session, ana, query, ids).rows
                assert all(row and row.is_listed for row in found.values()), text
        assert "".join(sorted(letters[str(each)] for each in ids)) == expected, text
        assert {row.id for row in agenda.items} == set(ids), text
        assert page.count == agenda.count == sum(groups) == len(expected), text


def test_each_wrong_query_is_refused_with_its_place_and_what_belongs_there(
    database: Database, ana: Actor, letters: dict[str, str]
) -> None:
    assert len(VECTORS["wrong"]) >= 40
    for text, sentence in VECTORS["wrong"]:
        with (
            database.transaction(writes=False) as session,
            pytest.raises(InvalidInput) as refused,
        ):
            task_list.list_tasks(session, ana, TaskQuery(filter=text))
        assert [*refused.value.errors[0]] == ["filter", sentence], text


def test_a_query_goes_with_the_other_wishes(
    database: Database, ana: Actor, letters: dict[str, str]
) -> None:
    def found(**wishes: Any) -> str:
        with database.transaction(writes=False) as session:
            page = task_list.list_tasks(session, ana, TaskQuery(**wishes))
        return "".join(sorted(letters[str(row.id)] for row in page.items))

    assert found(filter="@phone", status=Status.ALL) == "df"
    assert found(filter="@phone", status=Status.COMPLETED) == "f"
    assert found(filter="@errand", q="oat") == found(filter="@errand", q="milk oat") == "b"
    assert found(filter="milk", priority=Priority.LOW) == "g"
    assert found(filter="milk", label="errand") == "ab"
    assert found(filter="@errand", status=Status.DELETED) == "j"
    pages, cursor = "", None
    while pages == "" or cursor:
        with database.transaction(writes=False) as session:
            asked = TaskQuery(filter="milk or rent", limit=1, cursor=cursor)
            page = task_list.list_tasks(session, ana, asked)
        pages, cursor = pages + letters[str(page.items[0].id)], page.next_cursor
    assert sorted(pages) == ["a", "b", "e", "g"]


def test_what_a_query_means_moves_with_the_day(
    database: Database, ana: Actor, letters: dict[str, str], frozen_clock: FrozenClock
) -> None:
    frozen_clock.set(frozen_clock.moment + timedelta(days=1))
    with database.transaction(writes=False) as session:
        page = task_list.list_tasks(session, ana, TaskQuery(filter="due:today"))
    assert [letters[str(row.id)] for row in page.items] == ["b"]
