"""docs/deploy.md says what every setting is for, and what it says is so."""

import re
from pathlib import Path

import pytest

from dashboard.config import Settings
from dashboard.database import migrations

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
ROWS = {
    name: (default, purpose)
    for name, default, purpose in re.findall(
        r"^\| `([A-Z_]+)` \| (.+?) \| (.+) \|$", PAGE, re.MULTILINE
    )
}
# What is derived from other settings cannot be read off a default.
DERIVED = {
    *("BIND", "DATA_DIR", "DATABASE_URL", "REDIS_URL", "PUBLIC_URL", "AUTH_SECRET", "SIGN_UP"),
}
EMPTY = {"METRICS_TOKEN", "SMTP_HOST", "SMTP_USER", "SMTP_PASSWORD", "SMTP_FROM"}


def test_every_setting_is_there_and_no_other() -> None:
    assert set(ROWS) == {name.upper() for name in Settings.model_fields}


@pytest.mark.parametrize("name", ROWS)
def test_a_setting_is_explained_in_a_sentence(name: str) -> None:
    _, purpose = ROWS[name]
    assert len(purpose.split()) >= 5
    assert purpose.endswith(".")


@pytest.mark.parametrize("name", sorted(set(ROWS) - DERIVED - EMPTY))
def test_the_default_is_the_one_of_the_code(name: str) -> None:
    default, _ = ROWS[name]
    assert default == f"`{Settings.model_fields[name.lower()].default}`"


def test_every_other_setting_that_the_page_names_exists() -> None:
    named = set(re.findall(r"\b([A-Z]+(?:_[A-Z]+)+)=?\b", PAGE))
    assert {name for name in named if not name.startswith(("OTEL_", "REFLEX_"))} <= set(ROWS)


def test_its_short_example_for_caddy_is_part_of_the_whole_one() -> None:
    (short,) = re.findall(r"\n(tasks\.example\.org \{\n.+?\n)```", PAGE, re.DOTALL)
    whole = (ROOT / "deploy" / "Caddyfile").read_text()
    assert {line.strip() for line in short.splitlines()} <= {
        line.strip() for line in whole.splitlines()
    }


@pytest.mark.parametrize(
    "section",
    [
        "Behind a proxy",
        "Watching over it",
        "PostgreSQL",
        "Redis",
        "The data directory",
        "Backups",
        "Upgrading",
    ],
)
def test_there_is_a_section_about(section: str) -> None:
    assert f"\n## {section}\n" in PAGE


def test_the_page_tells_how_many_copies_are_kept() -> None:
    assert migrations.COPIES_KEPT == 7
    assert "The last seven are kept." in PAGE
