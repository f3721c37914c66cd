import random

import pytest

from dashboard.models.search_terms import terms_asked, trigrams_asked
from dashboard.models.task import DESCRIPTION_LENGTH

LONGEST = "".join(
    random.Random(5).choices([chr(code) for code in range(0x3300, 0x3358)], k=DESCRIPTION_LENGTH)
)


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
    assert sorted(terms_asked(words)) == asked


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        (["milk"], ["ilk", "mil"]),
        (["c++11", "->"], ["++1", "+11", "c++"]),
        (["会議の"], ["会議の"]),
        (["->", "ab", ""], []),
    ],
)
def test_on_sqlite_any_three_characters_of_a_word_are_asked(
    words: list[str], asked: list[str]
) -> None:
    assert sorted(trigrams_asked(words)) == asked
