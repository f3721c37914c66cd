import random

import pytest

from dashboard.models.task import DESCRIPTION_LENGTH
from dashboard.models.text import searchable
from dashboard.terms import LENGTH, OWNER, terms_asked, terms_of

LONGEST = "".join(
    random.Random(5).choices([chr(code) for code in range(0x3300, 0x3358)], k=DESCRIPTION_LENGTH)
)
ANA = "018f2c3e4d5b7aaa8bbbccccdddd1234"


def bare(terms: str | set[str]) -> list[str]:
    """Terms without their owner."""
    return sorted(term[OWNER:] for term in (terms.split() if isinstance(terms, str) else terms))


def test_a_term_begins_at_each_letter_and_ends_with_its_run() -> None:
    assert bare(terms_of(ANA, "oat-milk 2")) == ["2", "at", "ilk", "k", "lk", "milk", "oat", "t"]
    assert bare(terms_of(ANA, "会議の資料")) == sorted(
        ["会議の資料", "議の資料", "の資料", "資料", "料"]
    )


def test_a_term_is_no_longer_than_it_has_to_be() -> None:
    assert max(map(len, bare(terms_of(ANA, "x" * 300 + "abcdefghij")))) == LENGTH


def test_terms_begin_with_their_owner() -> None:
    assert {term[:OWNER] for term in terms_of(ANA, "oat milk").split()} == {ANA[-OWNER:]}


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        (["milk"], ["milk"]),
        (["c++11", "oat-milk"], ["milk", "oat"]),
        (["c++11"], ["11"]),
        (["straightforward"], ["rward", "strai"]),
        (["100%"], ["100"]),
        (["会"], ["会"]),
        (["->", "%", '"', "*", "a", "c++"], []),
        (["📞"], ["📞"]),
        ([], []),
    ],
)
def test_of_the_words_that_are_looked_for_the_letters_are_asked(
    words: list[str], asked: list[str]
) -> None:
    assert bare(terms_asked(ANA, words)) == asked


def test_the_longest_text_is_not_too_long_for_an_index() -> None:
    """PostgreSQL takes a mebibyte of terms. Folding makes more of some letters, each time something else of it."""
    assert len(searchable(LONGEST)) > 3 * DESCRIPTION_LENGTH
    assert len(terms_of(ANA, searchable(LONGEST)).encode()) < 2**20
