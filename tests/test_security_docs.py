"""docs/security.md points at what exists, and leaves no requirement without a word."""

import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).parent.parent
PAGE = (PROJECT / "docs" / "security.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`((?:[a-z]+/)?[a-z_/]+\.py|tests/[a-z_]+)`", PAGE)))
ROWS = re.findall(r"^\| ([\d.–]+) \| (\S+) \| (.+) \|$", PAGE, re.MULTILINE)
REQUIRED = {
    "3.2": 2, "3.3": 4, "3.4": 6, "3.5": 5, "3.7": 2, "4.4": 4, "6.1": 3, "6.2": 12, "6.3": 4,
    "6.4": 4, "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2, "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1,
}  # fmt: skip
"""How many requirements of levels 1 and 2 each section of ASVS 5.0.0 has."""


@pytest.mark.parametrize("path", NAMED)
def test_what_is_named_exists(path: str) -> None:
    assert (PROJECT / path).exists() or (PROJECT / "dashboard" / path).exists()


def test_every_test_that_is_named_is_there() -> None:
    there = {
        name
        for path in (PROJECT / "tests").rglob("test_*.py")
        for name in re.findall(r"def (test_\w+)\(", path.read_text(encoding="utf-8"))
    }
    named = set(re.findall(r"`(test_\w+)`", PAGE))
    assert named
    assert named <= there


def test_every_bound_names_the_test_that_shows_it() -> None:
    _, _, section = PAGE.partition("\n## What one visitor can cause\n")
    rows = re.findall(r"^\| .+ \|$", section.partition("\n## ")[0], re.MULTILINE)[1:]
    assert len(rows) > 3
    for row in rows:
        assert re.search(r"`test_\w+`[^|]*\|$", row), row


def test_there_is_much_to_point_at() -> None:
    assert len(NAMED) > 20


def test_every_requirement_is_met_or_explained() -> None:
    numbers = [number for number, _, _ in ROWS]
    assert len(numbers) == len(set(numbers))
    for section, count in REQUIRED.items():
        assert sum(number.startswith(f"{section}.") for number in numbers) == count, section
    for number, state, words in ROWS:
        assert state in "✓◐✗–", number
        assert words.endswith("."), number
