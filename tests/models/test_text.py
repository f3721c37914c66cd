import json
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from dashboard.models.text import (
    Day,
    Moment,
    TimeOfDay,
    is_blank,
    parse_day,
    searchable,
    storable,
)


def short(value: object) -> str:
    """What pytest calls a test of this value."""
    return ascii(value)[:40]


STORABLE = [
    "Milk",
    "  spaces around  ",
    "👩‍👩‍👧‍👦 family",
    "🏳️‍🌈",
    "שלום עולם",
    "\u202bمرحبا\u202c و \u200fسهلا",
    "e\u0301 is e and an accent",
    "Z̷̧̛a̴l̶g̵o̸",
    "हिन्दी",
    "line\nbreak\ttab",
    "'; DROP TABLE task; --",
    "<script>alert(1)</script>",
    "{{7*7}} ${7*7} %s %(x)s",
    "\U0010ffff\ufffe\uffff",
]


@pytest.mark.parametrize("text", STORABLE)
def test_any_text_that_has_an_encoding_is_kept_as_it_is(text: str) -> None:
    assert storable(text) == text


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a\x00b", "The text has a NUL character; remove it."),
        ("\x00", "The text has a NUL character; remove it."),
        ("a\ud800b", "The text has half of a character; type it again."),
        ("\udfff", "The text has half of a character; type it again."),
    ],
)
def test_what_a_database_cannot_hold_is_refused_in_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        storable(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\t\n\r",
        "\u00a0\u2003\u3000",
        "\u200b",
        "\u200b\u200c\u200d\ufeff\u2060",
        "\u200e\u200f\u202a\u2066",
        "\u00ad",
        "\u034f",
        "\u115f\u1160\u3164\uffa0",
        "\u2800",
        "\ufe0f",
        "\u180b\u180e",
        "\U000e0100\U000e0041",
        "\x01\x7f",
    ],
    ids=short,
)
def test_text_that_shows_nothing_is_blank(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize(
    "text", ["a", "\u200ba", "👍", "👩‍👩‍👧‍👦", "א", "\u0301", "️1️⃣", "-", "\u200b.\u200b"], ids=short
)
def test_text_that_shows_anything_is_not_blank(text: str) -> None:
    assert not is_blank(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("MILK", "milk"),
        ("Straße", "STRASSE"),
        ("ΣΊΣΥΦΟΣ", "σίσυφος"),
        ("ﬁne", "FINE"),
        ("Ｍｉｌｋ", "milk"),
        ("e\u0301", "É"),
    ],
)
def test_case_and_compatible_forms_do_not_matter_when_comparing(one: str, other: str) -> None:
    assert searchable(one) == searchable(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("resume", "Résumé"),
        ("ΣΙΣΥΦΟΣ", "σίσυφος"),
        ("e\u0301", "e"),
        ("Đặng Mười", "dang muoi"),
        ("Łódź, ølsen, cœur, ırmak", "lodz, olsen, coeur, irmak"),
        ("İstanbul", "istanbul"),
        ("елка", "ёлка"),
    ],
)
def test_an_accent_does_not_matter_when_searching(one: str, other: str) -> None:
    assert searchable(one) == searchable(other)


@pytest.mark.parametrize(("one", "other"), [("か", "が"), ("हिन्दी", "हन्द"), ("a", "e")])
def test_what_makes_another_letter_does_matter_when_searching(one: str, other: str) -> None:
    assert searchable(one) != searchable(other)


TITLES = json.loads((Path(__file__).parents[1] / "vectors" / "titles.json").read_text())


@pytest.mark.parametrize(("title", "key"), TITLES["keys"].items())
def test_a_title_is_sorted_by_what_javascript_makes_of_it_too(title: str, key: str) -> None:
    assert searchable(title) == key


@given(st.text(), st.text())
def test_what_is_a_part_of_a_text_is_found_in_it(before: str, after: str) -> None:
    for word in searchable(before).split():
        assert word in searchable(f"{before} {after}")


@given(st.text())
def test_folding_a_capital_and_a_small_letter_is_the_same(text: str) -> None:
    assert searchable(text.casefold().upper()) == searchable(text.casefold().upper().lower())


@given(st.dates())
def test_every_day_is_read_as_it_is_written(day: date) -> None:
    assert parse_day(day.isoformat()) == day
    assert parse_day(day) == day


@given(st.times().map(lambda moment: moment.replace(second=0, microsecond=0)))
def test_every_minute_of_a_day_is_read_as_it_is_written(moment: time) -> None:
    adapter = TypeAdapter(TimeOfDay)
    assert adapter.validate_python(f"{moment:%H:%M}") == moment
    assert adapter.validate_python(moment) == moment


BAD_DAYS = [
    ("0026-12-24", "Use a year from 1970 to 9999."),
    ("1969-12-31", "Use a year from 1970 to 9999."),
    ("2026-02-30", "The date does not exist."),
    ("2025-02-29", "The date does not exist."),
    ("2026-13-01", "The date does not exist."),
    ("0000-01-01", "The date does not exist."),
    ("2026-00-10", "The date does not exist."),
    ("2026-3-1", "Write the date as YYYY-MM-DD."),
    ("20260310", "Write the date as YYYY-MM-DD."),
    ("2026-W11-2", "Write the date as YYYY-MM-DD."),
    ("10.03.2026", "Write the date as YYYY-MM-DD."),
    ("2026-03-10T00:00", "Write the date as YYYY-MM-DD."),
    ("+2026-03-10", "Write the date as YYYY-MM-DD."),
    ("٢٠٢٦-٠٣-١٠", "Write the date as YYYY-MM-DD."),
    (" 2026-03-10", "Write the date as YYYY-MM-DD."),
    ("2026-03-10\n", "Write the date as YYYY-MM-DD."),
    ("today", "Write the date as YYYY-MM-DD."),
    ("", "Write the date as YYYY-MM-DD."),
    (20260310, "Write the date as YYYY-MM-DD."),
    (1e3, "Write the date as YYYY-MM-DD."),
    (float("nan"), "Write the date as YYYY-MM-DD."),
    (True, "Write the date as YYYY-MM-DD."),
    ({}, "Write the date as YYYY-MM-DD."),
]
BAD_TIMES = [
    ("24:00", "The time does not exist."),
    ("12:60", "The time does not exist."),
    ("9:30", "Write the time as HH:MM."),
    ("09:30:15", "Write the time as HH:MM."),
    ("09:30Z", "Write the time as HH:MM."),
    ("0930", "Write the time as HH:MM."),
    ("٠٩:٣٠", "Write the time as HH:MM."),
    ("09:30\n", "Write the time as HH:MM."),
    ("", "Write the time as HH:MM."),
    (930, "Write the time as HH:MM."),
    ([], "Write the time as HH:MM."),
]


@pytest.mark.parametrize(("value", "sentence"), BAD_DAYS)
def test_a_day_that_is_none_is_refused_in_a_sentence(value: object, sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence):
        TypeAdapter(Day).validate_python(value)


@pytest.mark.parametrize(("value", "sentence"), BAD_TIMES)
def test_a_time_that_is_none_is_refused_in_a_sentence(value: object, sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence):
        TypeAdapter(TimeOfDay).validate_python(value)


@pytest.mark.parametrize(
    "text",
    ["2026-03-10T12:00:00Z", "2026-03-10T12:00:00.000000+00:00", "2026-03-10T17:30:00.0+05:30"],
)
def test_a_moment_is_the_same_in_every_zone(text: str) -> None:
    noon = datetime(2026, 3, 10, 12, tzinfo=UTC)
    assert TypeAdapter(Moment).validate_python(text) == noon
    assert TypeAdapter(Moment).validate_python(noon) is noon


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("2026-03-10T12:00:00", "with its zone"),
        ("2026-03-10 12:00:00Z", "with its zone"),
        ("2026-03-10T12:00Z", "with its zone"),
        ("20260310T120000Z", "with its zone"),
        ("2026-03-10", "with its zone"),
        ("٢٠٢٦-03-10T12:00:00Z", "with its zone"),
        (1_773_144_000, "with its zone"),
        (None, "with its zone"),
        ("2026-02-30T12:00:00Z", "The moment does not exist."),
        ("2026-03-10T24:00:00Z", "The moment does not exist."),
        ("9999-12-31T23:59:59-12:00", "The moment does not exist."),
    ],
)
def test_a_moment_that_is_none_is_refused_in_a_sentence(value: object, sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence):
        TypeAdapter(Moment).validate_python(value)
