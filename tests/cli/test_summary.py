"""What a start says: `python -m dashboard check --announce`."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from dashboard.cli import main
from dashboard.config import get_settings
from dashboard.models.session import Actor
from dashboard.services.accounts import sign_up_policy
from dashboard.version import full_version
from tests.cli.test_check import free_port  # noqa: F401 - a fixture

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def announced(database_url: str, capsys: pytest.CaptureFixture[str]):
    """What a start says, line by line."""

    def announce() -> list[str]:
        assert main(["check", "--announce"]) == 0
        return capsys.readouterr().out.splitlines()

    return announce


@on_sqlite
def test_a_start_says_which_cairn_is_where_and_where_its_data_is(announced, tmp_path: Path) -> None:
    assert announced() == [
        f"Cairn {full_version()}",
        f"  Address   {get_settings().public_url}",
        f"  Data      {tmp_path}/data",
        f"  Database  SQLite, {tmp_path}/cairn.db",
    ]


@on_sqlite
def test_a_server_for_others_says_how_to_get_the_first_account(announced, set_env) -> None:
    set_env(PUBLIC_URL="https://tasks.example.org")
    said = "\n".join(announced())
    assert f"https://tasks.example.org/sign-up#{sign_up_policy.setup_code()}\n" in said
    assert "No mail is sent" in said
    assert "Everyone who finds the address" not in said


@on_sqlite
def test_after_the_first_account_nothing_is_said_of_a_setup_code(
    announced, set_env, ana: Actor
) -> None:
    set_env(PUBLIC_URL="https://tasks.example.org")
    assert "sign-up" not in "\n".join(announced())


@on_sqlite
def test_an_open_server_on_the_internet_is_told_so(announced, set_env) -> None:
    set_env(PUBLIC_URL="https://tasks.example.org", SIGN_UP="open")
    assert "SIGN_UP=invitation" in "\n".join(announced())


@on_sqlite
def test_a_week_without_a_backup_is_said_until_there_is_one(
    announced, frozen_clock, ana: Actor, tmp_path: Path
) -> None:
    assert "No backup" not in "\n".join(announced())
    # A file's age is that of the machine's clock.
    frozen_clock.set(datetime.now(UTC))
    assert "No backup was made yet" in "\n".join(announced())
    assert main(["backup", str(tmp_path / "cairn.backup")]) == 0
    assert "No backup" not in "\n".join(announced()[1:])
    frozen_clock.advance(days=8)
    assert "No backup was made since" in "\n".join(announced())


def test_the_program_says_its_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"Cairn {full_version()}\n"
