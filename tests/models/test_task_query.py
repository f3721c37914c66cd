from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from dashboard.errors import InvalidInput
from dashboard.models.task import Priority
from dashboard.models.task_query import DayRange, Order, Sort, Status, TaskQuery, day_range
from tests.models.test_text import short


def test_a_list_that_asks_for_nothing_is_the_newest_fifty() -> None:
    query = TaskQuery()
    assert (query.status, query.sort, query.order, query.limit) == (
        Status.ALL,
        Sort.CREATED,
        Order.DESCENDING,
        50,
    )


def test_an_address_says_it_all_in_text() -> None:
    query = TaskQuery.model_validate(
        {
            "status": "pending",
            "priority": "High",
            "due": "2026-03-10..2026-03-16",
            "q": "milk",
            "sort": "due",
            "order": "asc",
            "limit": "200",
        }
    )
    assert (query.status, query.priority, query.limit) == (Status.PENDING, Priority.HIGH, 200)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("status", "late", "Use one of: all, pending, completed, overdue, due_today, deleted."),
        ("status", "", "Use one of: all, pending, completed, overdue, due_today, deleted."),
        ("status", [], "Use one of: all, pending, completed, overdue, due_today, deleted."),
        ("sort", "id", "Use one of: created, updated, due, priority, title, position, relevance."),
        ("order", "ASC", "Use one of: asc, desc."),
        ("priority", "Urgent", "The priority is High, Medium or Low."),
        ("due", "2026-02-30", "The date does not exist."),
        ("due", "tomorrow", "Write the date as YYYY-MM-DD."),
        ("due", "2026-03-10..", "Write the date as YYYY-MM-DD."),
        ("due", "..2026-03-10", "Write the date as YYYY-MM-DD."),
        ("due", "2026-03-10..2026-03-11..2026-03-12", "Write the date as YYYY-MM-DD."),
        ("due", "2026-03-16..2026-03-10", "The first day comes after the last."),
        ("q", "x" * 201, "This is too long: use at most 200 characters."),
        ("q", "\x00", "The text has a NUL character; remove it."),
        ("q", "\ud800", "The text has half of a character; type it again."),
        ("cursor", "x" * 3001, "This is too long: use at most 3000 characters."),
        *(
            ("limit", value, "The limit is a whole number from 1 to 200.")
            for value in (
                "0",
                "201",
                "-1",
                "1e3",
                "NaN",
                "",
                "1.0",
                " 5",
                "5 ",
                "+5",
                "٥",
                10**40,
                True,
                1.5,
                None,
                [],
            )
        ),
        ("user_id", "x", "This field is not known."),
    ],
    ids=short,
)
def test_anything_else_is_refused_in_a_sentence(field: str, value: Any, sentence: str) -> None:
    with pytest.raises(ValidationError) as caught:
        TaskQuery.model_validate({field: value})
    (error,) = InvalidInput.from_pydantic(caught.value.errors()).errors
    assert (error.field, error.message) == (field, sentence)


def test_a_range_of_days_includes_both_ends() -> None:
    assert day_range("2026-03-10") == DayRange(date(2026, 3, 10), date(2026, 3, 10))
    assert day_range("2026-03-10..2026-03-16") == DayRange(date(2026, 3, 10), date(2026, 3, 16))
