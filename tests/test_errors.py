import json

import pytest
from pydantic import ValidationError

from dashboard import errors
from dashboard.errors import DashboardError, FieldError, InvalidInput
from dashboard.models.task import TaskDraft


def family(kind: type[DashboardError]) -> list[type[DashboardError]]:
    return [kind, *(member for child in kind.__subclasses__() for member in family(child))]


@pytest.mark.parametrize("kind", family(DashboardError))
def test_every_error_has_a_status_a_code_and_a_sentence(kind: type[DashboardError]) -> None:
    assert 400 <= kind.status < 600
    assert kind.code == kind.code.upper()
    assert kind.sentence.endswith(".")
    error = (
        kind()
        if not issubclass(kind, InvalidInput)
        else kind(FieldError("a", "B."), FieldError("c", "D."))
    )
    assert str(error) == kind.sentence


def test_no_two_errors_share_a_code() -> None:
    codes = [kind.code for kind in family(DashboardError)]
    assert len(codes) == len(set(codes))


def test_an_error_may_say_something_more_exact() -> None:
    assert str(errors.NotFound("There is no such page.")) == "There is no such page."


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.2, "1 second."),
        (40, "40 seconds."),
        (99.5, "2 minutes."),
        (300, "5 minutes."),
        (301, "6 minutes."),
    ],
)
def test_a_limit_says_when_it_is_over(seconds: float, words: str) -> None:
    assert str(errors.TooManyRequests(seconds)).endswith(
        f"Nothing was changed; try again in {words}"
    )


def test_one_wrong_field_is_the_whole_sentence() -> None:
    assert str(InvalidInput(FieldError("title", "Enter a title."))) == "Enter a title."


def problems_of(values: object) -> tuple[FieldError, ...]:
    with pytest.raises(ValidationError) as caught:
        TaskDraft.model_validate(values)
    return InvalidInput.from_pydantic(caught.value.errors()).errors


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({}, ("title", "This is required.")),
        ({"title": 5}, ("title", "Write this as text.")),
        ({"title": ""}, ("title", "Enter a title.")),
        ({"title": "Milk", "user_id": "x"}, ("user_id", "This field is not known.")),
        ([], ("", "Send an object with fields.")),
        ({"title": "Milk", "\ud800": 1}, ("", "The text has half of a character; type it again.")),
    ],
)
def test_what_pydantic_found_is_said_in_words_for_people(values: object, problem: tuple) -> None:
    assert problems_of(values) == (problem,)


def test_what_was_typed_is_never_repeated() -> None:
    found = problems_of(
        {"title": "tell nobody\x00", "priority": "tell nobody", "due_date": "tell nobody"}
    )
    assert len(found) == 3
    assert "tell nobody" not in json.dumps(found)


def test_a_problem_without_words_of_its_own_still_makes_a_sentence() -> None:
    error = InvalidInput.from_pydantic(
        [{"type": "something_new", "loc": ("body", "tags", 3), "msg": "secret"}]
    )
    assert error.errors == (FieldError("tags.3", "This value cannot be used."),)


def test_broken_json_belongs_to_no_field() -> None:
    error = InvalidInput.from_pydantic([{"type": "json_invalid", "loc": ("body", 17), "msg": ""}])
    assert error.errors == (FieldError("", "The body is not valid JSON."),)


@pytest.mark.parametrize("name", ["<script>", "a b", "x" * 65, "ключ", ""])
def test_an_unknown_fields_name_is_repeated_only_when_it_looks_like_one(name: str) -> None:
    assert problems_of({"title": "Milk", name: 1}) == (FieldError("", "This field is not known."),)


def test_a_limit_is_named_in_the_sentence() -> None:
    error = InvalidInput.from_pydantic(
        [{"type": "string_too_long", "loc": ("query", "q"), "msg": "", "ctx": {"max_length": 200}}]
    )
    assert error.errors == (FieldError("q", "This is too long: use at most 200 characters."),)
