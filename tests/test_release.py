"""bin/release: from a clean checkout of main to a tag with its notes, in a repository of its own."""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from dashboard import __version__

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

ROOT = Path(__file__).parent.parent
FILES = ("bin/release", "pyproject.toml", "dashboard/__init__.py")
CHANGES = (
    "# Changelog\n\n## Unreleased\n\n### Added\n- Boards.\n\n## 0.1.0 (2026-01-01)\n\n- Tasks.\n"
)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for name in FILES:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    # The front end is not what is tried here.
    (tmp_path / "bin/bundle").write_text("#!/bin/sh\nmkdir dist && touch dist/made\n")
    (tmp_path / "bin/bundle").chmod(0o755)
    (tmp_path / "CHANGELOG.md").write_text(CHANGES)
    (tmp_path / ".gitignore").write_text("dist/\n")
    git(tmp_path, "init", "--quiet", "--initial-branch", "main")
    git(tmp_path, "config", "user.name", "Ana")
    git(tmp_path, "config", "user.email", "ana@example.org")
    commit(tmp_path)
    return tmp_path


def git(folder: Path, *arguments: str) -> str:
    command = ["git", *arguments]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def commit(folder: Path) -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "Begin")


def release(folder: Path, version: str) -> subprocess.CompletedProcess[str]:
    command = [folder / "bin/release", version]
    return subprocess.run(command, check=False, capture_output=True, text=True)


def test_a_release_has_its_version_everywhere_its_day_its_wheel_and_its_tag(checkout: Path) -> None:
    done = release(checkout, "9.8.7")
    assert done.returncode == 0, done.stderr
    assert tomllib.loads((checkout / "pyproject.toml").read_text())["project"]["version"] == "9.8.7"
    assert '__version__ = "9.8.7"\n' in (checkout / "dashboard/__init__.py").read_text()
    changes = (checkout / "CHANGELOG.md").read_text()
    assert re.search(
        r"## Unreleased\n\n## 9\.8\.7 \(\d{4}-\d\d-\d\d\)\n\n### Added\n- Boards\.\n\n## 0\.1\.0",
        changes,
    )
    assert (checkout / "dist/made").exists()
    assert git(checkout, "status", "--porcelain") == ""
    assert git(checkout, "describe", "--exact-match") == "v9.8.7"
    notes = git(checkout, "tag", "--list", "--format", "%(contents)", "v9.8.7")
    assert "- Boards." in notes
    assert "- Tasks." not in notes


@pytest.mark.parametrize(
    ("version", "obstacle"),
    [("0.0.1", "is older than"), ("next", "Which version?"), ("9.8.7", "not committed")],
)
def test_a_release_that_cannot_be_is_refused_in_a_sentence(
    checkout: Path, version: str, obstacle: str
) -> None:
    if obstacle == "not committed":
        (checkout / "CHANGELOG.md").write_text("")
    done = release(checkout, version)
    assert done.returncode != 0
    assert obstacle in done.stderr
    assert done.stderr.count("\n") == 1
    assert git(checkout, "tag") == ""


def test_the_program_and_the_project_have_the_same_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["version"] == __version__
