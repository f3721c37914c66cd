from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import ValidationError

from dashboard.errors import InvalidInput
from dashboard.models.task import (
    DESCRIPTION_LENGTH,
    NO_DUE_DATE,
    TITLE_LENGTH,
    Priority,
    Task,
    TaskChanges,
    TaskDraft,
    TaskReplacement,
    due_key,
    moment_key,
)
from tests.models.test_text import BAD_DAYS, BAD_TIMES, STORABLE, short

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
WHOLE = {
    "title": "Milk",
    "description": "",
    "priority": "Medium",
    "is_completed": False,
    "due_date": None,
    "due_time": None,
}


def task(**fields: Any) -> Task:
    fields = {"title": "Milk"} | fields
    made = Task(list_id=uuid4(), created_by=uuid4(), **fields)
    made.index()
    return made


def sentences_of(model: type, values: dict[str, Any]) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        model.model_validate(values)
    return [error.message for error in InvalidInput.from_pydantic(caught.value.errors()).errors]


# Input

INPUTS = [TaskDraft, TaskReplacement, TaskChanges]


@pytest.mark.parametrize("title", [*STORABLE, "x" * TITLE_LENGTH, "👩‍👩‍👧‍👦" * 36], ids=short)
@pytest.mark.parametrize("model", INPUTS)
def test_a_title_is_kept_byte_for_byte_but_for_line_ends_and_the_spaces_around_it(
    model: type, title: str
) -> None:
    given_one = model.model_validate(
        WHOLE | {"title": title} if model is not TaskDraft else {"title": title}
    )
    assert given_one.title == title.strip().replace("\n", " ")


@pytest.mark.parametrize(
    ("title", "sentence"),
    [
        ("x" * 256, "Use at most 255 characters in the title: 1 too many."),
        ("👍" * 300, "Use at most 255 characters in the title: 45 too many."),
        ("", "Enter a title."),
        ("   \n", "Enter a title."),
        ("\u200b\u200d\ufeff", "Enter a title."),
        ("Milk\x00", "The text has a NUL character; remove it."),
        ("Milk\ud83d", "The text has half of a character; type it again."),
        (5, "Write this as text."),
        (None, "Write this as text."),
        (["Milk"], "Write this as text."),
        (b"Milk", "Write this as text."),
    ],
    ids=short,
)
@pytest.mark.parametrize("model", INPUTS)
def test_a_bad_title_is_refused_in_a_sentence(model: type, title: Any, sentence: str) -> None:
    whole = {} if model is TaskDraft else WHOLE
    assert sentences_of(model, whole | {"title": title}) == [sentence]


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        (
            "description",
            "x" * (DESCRIPTION_LENGTH + 1),
            "Use at most 10,000 characters in the description: 1 too many.",
        ),
        ("description", "\x00", "The text has a NUL character; remove it."),
        ("priority", "Urgent", "The priority is High, Medium or Low."),
        ("priority", "high", "The priority is High, Medium or Low."),
        ("priority", 3, "The priority is High, Medium or Low."),
        ("priority", None, "The priority is High, Medium or Low."),
        ("priority", [], "The priority is High, Medium or Low."),
        *(("due_date", value, sentence) for value, sentence in BAD_DAYS),
        *(("due_time", value, sentence) for value, sentence in BAD_TIMES),
        ("user_id", "01890a5d-ac96-774b-bcce-b302099a8057", "This field is not known."),
        ("id", "01890a5d-ac96-774b-bcce-b302099a8057", "This field is not known."),
        ("is_admin", True, "This field is not known."),
        ("version", 7, "This field is not known."),
    ],
    ids=short,
)
@pytest.mark.parametrize("model", INPUTS)
def test_any_other_bad_field_is_refused_in_a_sentence(
    model: type, field: str, value: Any, sentence: str
) -> None:
    whole = {"title": "Milk", "due_date": "2026-03-10"} if model is TaskDraft else WHOLE
    assert sentences_of(model, whole | {field: value}) == [sentence]


@pytest.mark.parametrize("model", [TaskReplacement, TaskChanges])
@pytest.mark.parametrize("value", ["true", 1, 0, None, "on"])
def test_completed_is_true_or_false_and_nothing_like_it(model: type, value: Any) -> None:
    assert sentences_of(model, WHOLE | {"is_completed": value}) == ["This is true or false."]


def test_a_draft_needs_a_title_alone() -> None:
    draft = TaskDraft(title="Milk")
    assert draft.model_dump() == {
        "title": "Milk",
        "description": "",
        "priority": Priority.MEDIUM,
        "due_date": None,
        "due_time": None,
        "list_id": None,
        "section_id": None,
        "parent_id": None,
        "repeat": None,
        "labels": (),
    }


def test_a_draft_cannot_be_completed_already() -> None:
    assert sentences_of(TaskDraft, {"title": "Milk", "is_completed": True}) == [
        "This field is not known."
    ]


def test_a_time_needs_a_day() -> None:
    assert sentences_of(TaskDraft, {"title": "Milk", "due_time": "09:30"}) == [
        "A time needs a due date."
    ]


@pytest.mark.parametrize("field", WHOLE)
def test_a_replacement_leaves_nothing_out(field: str) -> None:
    partial = {name: value for name, value in WHOLE.items() if name != field}
    assert sentences_of(TaskReplacement, partial) == ["This is required."]


def test_changes_may_leave_everything_out() -> None:
    assert TaskChanges().model_fields_set == set()


# Changing one


def test_what_is_not_given_stays_as_it_is() -> None:
    milk = task(
        description="2 litres",
        priority=Priority.HIGH,
        due_date=date(2026, 3, 10),
        due_time=time(9, 30),
    )
    milk.apply(TaskChanges(title="Oat milk"), at=NOON)
    assert (milk.title, milk.description, milk.priority) == ("Oat milk", "2 litres", Priority.HIGH)
    assert (milk.due_date, milk.due_time) == (date(2026, 3, 10), time(9, 30))
    assert not milk.is_completed


def test_every_change_counts_and_says_when() -> None:
    milk = task()
    assert milk.version == 1
    milk.apply(TaskChanges(title="Oat milk"), at=NOON)
    milk.apply(TaskChanges(), at=NOON + timedelta(seconds=1))
    assert milk.version == 3
    assert milk.updated_at == NOON + timedelta(seconds=1)


def test_completing_twice_keeps_the_first_time() -> None:
    milk = task()
    milk.apply(TaskChanges(is_completed=True), at=NOON)
    milk.apply(TaskChanges(is_completed=True), at=NOON + timedelta(hours=1))
    assert milk.completed_at == NOON
    milk.apply(TaskChanges(title="Oat milk"), at=NOON)
    assert milk.is_completed
    milk.apply(TaskChanges(is_completed=False), at=NOON)
    assert milk.completed_at is None


def test_without_a_day_the_time_goes_too() -> None:
    milk = task(due_date=date(2026, 3, 10), due_time=time(9, 30))
    milk.apply(TaskChanges(due_date=None), at=NOON)
    assert (milk.due_date, milk.due_time) == (None, None)
    assert milk.due_key == NO_DUE_DATE


def test_a_time_can_be_added_to_a_day_and_taken_off_again() -> None:
    milk = task(due_date=date(2026, 3, 10))
    milk.apply(TaskChanges(due_time=time(9, 30)), at=NOON)
    assert milk.due_key == due_key(date(2026, 3, 10), time(9, 30))
    milk.apply(TaskChanges(due_time=None), at=NOON)
    assert (milk.due_date, milk.due_time) == (date(2026, 3, 10), None)


@pytest.mark.parametrize(
    "changes", [TaskChanges(due_time=time(9, 30)), TaskChanges(due_date=None, due_time=time(9, 30))]
)
def test_a_time_without_a_day_is_refused_and_nothing_has_changed(changes: TaskChanges) -> None:
    milk = task()
    with pytest.raises(InvalidInput, match=r"A time needs a due date\."):
        milk.apply(changes, at=NOON)
    assert (milk.version, milk.due_time) == (1, None)


def test_a_replacement_sets_everything() -> None:
    milk = task(description="2 litres", due_date=date(2026, 3, 10), due_time=time(9, 30))
    milk.apply(TaskReplacement(**WHOLE | {"title": "Bread", "is_completed": True}), at=NOON)
    assert (milk.title, milk.description, milk.due_date, milk.due_time) == ("Bread", "", None, None)
    assert milk.completed_at == NOON


def test_the_longest_title_folded_still_fits_into_an_index() -> None:
    # U+FDFA is one character that folds into eighteen.
    assert len(task(title="\ufdfa" * TITLE_LENGTH).title_key) == TITLE_LENGTH


# When it is due

days = st.dates(date(1, 1, 2), date(9999, 12, 30))
minutes = st.times().map(lambda moment: moment.replace(second=0, microsecond=0))
dues = st.tuples(days, st.none() | minutes)
walls = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30))


def plainly_overdue(day: date, time_of_day: time | None, wall: datetime) -> bool:
    """The words of product.md: due before now; a day alone is overdue from the next midnight."""
    if time_of_day is None:
        return wall >= datetime.combine(day, time()) + timedelta(days=1)
    # To the second: a task that is due at 9:30 is not late during the first second of 9:30.
    return datetime.combine(day, time_of_day) < wall.replace(microsecond=0)


@given(dues, walls)
@example((date(2026, 3, 10), None), datetime(2026, 3, 10, 23, 59, 59, 999_999))
@example((date(2026, 3, 10), None), datetime(2026, 3, 11))
@example((date(2026, 3, 10), time(23, 59)), datetime(2026, 3, 10, 23, 59, 1))
@example((date(2026, 3, 10), time(9, 30)), datetime(2026, 3, 10, 9, 30))
@example((date(2026, 3, 10), time(0, 0)), datetime(2026, 3, 10, 0, 0, 1))
def test_a_task_is_overdue_when_a_person_would_say_so(
    due: tuple[date, time | None], wall: datetime
) -> None:
    assert (due_key(*due) < moment_key(wall)) is plainly_overdue(*due, wall)


@given(dues, st.timedeltas(timedelta(days=-2), timedelta(days=2)))
def test_a_task_is_overdue_when_a_person_would_say_so_near_its_time_too(
    due: tuple[date, time | None], distance: timedelta
) -> None:
    day = max(date(2, 1, 1), min(due[0], date(9998, 1, 1)))
    wall = datetime.combine(day, due[1] or time()) + distance
    assert (due_key(day, due[1]) < moment_key(wall)) is plainly_overdue(day, due[1], wall)


@given(dues, dues)
def test_tasks_sort_by_when_they_are_due_and_a_day_alone_comes_last_in_it(
    one: tuple[date, time | None], other: tuple[date, time | None]
) -> None:
    def plainly(due: tuple[date, time | None]) -> tuple:
        return (due[0], due[1] is None, due[1] or time())

    assert (due_key(*one) < due_key(*other)) is (plainly(one) < plainly(other))
    assert due_key(*one) < due_key(None, None)


@given(walls, walls)
def test_moments_of_the_wall_clock_sort_as_they_come(one: datetime, other: datetime) -> None:
    if one <= other:
        assert moment_key(one) <= moment_key(other)


def test_what_has_no_day_is_never_overdue() -> None:
    assert due_key(None, None) > moment_key(datetime(9999, 12, 31))


moments = st.datetimes(datetime(1971, 1, 1), datetime(9999, 1, 1)).map(
    lambda moment: moment.replace(tzinfo=UTC)
)
