"""The table of a task's fields, beside what is written by hand: the inputs, and the module of the browser."""

from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

import pytest

from dashboard.models.task import Priority, Task, TaskChanges, TaskDraft, TaskReplacement
from dashboard.models.task_fields import (
    BLANK,
    EXPORT_FIELDS,
    PREVIEW_LENGTH,
    ROW_FIELDS,
    TASK_FIELDS,
    json_of,
    row_of,
)

WRITTEN = {field.name for field in TASK_FIELDS if field.is_written}
ID = UUID("019ca6a0-0000-7000-8000-000000000001")
AT = datetime(2026, 3, 10, 12, tzinfo=UTC)


def a_task(**fields: Any) -> Task:
    given: dict[str, Any] = {"title": "Milk", "created_at": AT, "updated_at": AT}
    return Task(id=ID, list_id=ID, created_by=ID, **(given | fields))


@pytest.mark.parametrize(
    ("model", "written"),
    [
        (TaskDraft, WRITTEN - {"is_completed"}),
        (TaskReplacement, WRITTEN),
        (TaskChanges, WRITTEN),
    ],
)
def test_the_inputs_have_the_fields_that_people_write(model: type, written: set[str]) -> None:
    assert set(model.model_fields) == written


def test_a_row_leaves_out_what_is_as_usual_and_the_browser_fills_it_in() -> None:
    moment = 1_773_144_000_000_000
    assert row_of(a_task()) == {
        "id": str(ID),
        "title": "Milk",
        "created_at": moment,
        "updated_at": moment,
        "version": 1,
        "list_id": str(ID),
    }
    assert {"id", *BLANK} == {field.name for field in ROW_FIELDS}


def test_a_row_has_the_words_that_the_browser_draws() -> None:
    row = row_of(
        a_task(
            description="x" * (PREVIEW_LENGTH + 1),
            priority=Priority.HIGH,
            due_date=date(2026, 3, 11),
            due_time=time(9, 5),
            completed_at=AT,
        )
    )
    assert (row["description"], row["has_more"]) == ("x" * PREVIEW_LENGTH, True)
    assert (row["priority"], row["is_completed"]) == ("High", True)
    assert (row["due_date"], row["due_time"]) == ("2026-03-11", "09:05")


def test_json_has_moments_to_the_microsecond_and_null_where_there_is_nothing() -> None:
    said = json_of(a_task(due_time=time(9, 5)), EXPORT_FIELDS)
    assert (said["created_at"], said["due_time"]) == ("2026-03-10T12:00:00.000000Z", "09:05")
    assert (said["deleted_at"], said["due_date"], said["is_completed"]) == (None, None, False)
    assert said["user_id"] == said["created_by"] == ID
