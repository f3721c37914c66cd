"""Which Cairn this is."""

from functools import lru_cache
from pathlib import Path

from dashboard import __version__

COMMIT = Path(__file__).with_name("COMMIT")
"""Where a bundle says what it was made from."""
_GIT = Path(__file__).resolve().parent.parent / ".git"
_LENGTH = 10


@lru_cache(maxsize=1)
def commit() -> str:
    """The commit that this program is made from, in short; empty where it is not known."""
    try:
        return COMMIT.read_text().strip() if COMMIT.is_file() else _checked_out(_GIT)[:_LENGTH]
    except OSError:
        return ""


def full_version() -> str:
    """The version and, where it is known, the commit: `0.1.0 (4ce420b4f1)`."""
    return f"{__version__} ({commit()})" if commit() else __version__


def _checked_out(git: Path) -> str:
    """The commit of a checkout, read from git's files: git need not be there, and refuses another's folder."""
    if git.is_file():
        # Of a worktree beside the main one.
        git = git.parent / git.read_text().removeprefix("gitdir:").strip()
    head = (git / "HEAD").read_text().strip()
    if not head.startswith("ref: "):
        return head
    name, common = head.removeprefix("ref: "), git
    if (git / "commondir").is_file():
        common = git / (git / "commondir").read_text().strip()
    if (common / name).is_file():
        return (common / name).read_text().strip()
    packed = (common / "packed-refs").read_text().splitlines()
    return next((line.split()[0] for line in packed if line.endswith(f" {name}")), "")
