"""`python -m dashboard backup`, `restore` and `copy-to`, as they are typed."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from dashboard.cli import main
from dashboard.database import revisions
from dashboard.models.session import Actor
from dashboard.models.task import Task

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """What a command says, which has to end with this code: in one line, whether it was done or refused."""

    def run(code: int, *arguments: str) -> str:
        assert main(arguments) == code
        out, err = capsys.readouterr()
        assert (out, err)[code == 0] == ""
        assert (out or err).count("\n") == 1
        return out or err

    return run


@pytest.fixture
def file(tmp_path: Path) -> str:
    return str(tmp_path / "cairn.backup")


@pytest.fixture
def other(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/other.db"


def test_backup_and_restore_say_what_they_did(
    anas_milk: Task, said, file: str, other: str, set_env
) -> None:
    assert said(0, "backup", file).startswith(f"{file} holds ")
    set_env(DATABASE_URL=other)
    assert said(0, "restore", file).endswith(" rows of 1 account.\n")
    assert said(1, "restore", file).startswith("There are accounts in the database")
    assert said(0, "restore", "--force", file).startswith("The database holds ")


def test_copy_to_says_what_it_did(anas_milk: Task, said, other: str) -> None:
    assert said(0, "copy-to", other).startswith("The other database holds ")
    assert "add --force" in said(1, "copy-to", other)
    assert said(0, "copy-to", "--force", other)


def test_a_program_is_told_what_is_in_a_backup(
    ana: Actor, file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["backup", file, "--json"]) == 0
    manifest = json.loads(capsys.readouterr().out)
    assert manifest["format"] == "cairn-backup"
    assert manifest["revision"] == revisions.newest_revision()
    assert manifest["tables"]["user"]["rows"] == 1


def test_a_file_that_is_no_backup_is_one_sentence(ana: Actor, said, file: str) -> None:
    Path(file).write_text("Dear diary")
    assert said(1, "restore", file, "--force").startswith(f"{file} is not a backup of Cairn")


def test_a_folder_that_is_not_there_is_one_sentence(ana: Actor, said) -> None:
    assert said(1, "backup", "/nowhere/cairn.backup") == (
        "/nowhere/cairn.backup cannot be written (No such file or directory).\n"
    )


def test_a_database_that_is_not_there_is_one_sentence(ana: Actor, said) -> None:
    words = said(1, "copy-to", "postgresql://ana:tell-nobody@127.0.0.1:1/cairn")
    assert words.startswith("The database cairn of PostgreSQL cannot be used (")
    assert "tell-nobody" not in words


def test_an_address_that_is_none_is_not_understood(
    ana: Actor, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["copy-to", "mysql://ana:tell-nobody@host/cairn"]) == 2
    said = capsys.readouterr().err
    assert "Invalid value for ADDRESS: it must start with postgresql:// or sqlite:///" in said
    assert "tell-nobody" not in said
