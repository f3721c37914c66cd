"""What bin/bundle puts into the wheel beside the files that pyproject.toml names: the pins, and the commit."""

import re
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

from dashboard.version import commit

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"
COMMIT = ROOT / ".venv/COMMIT"


class PinsAndCommit(BuildHookInterface):
    """Asks for the versions that the lock names, and says in dashboard/COMMIT what the wheel is made from."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        build_data["dependencies"] += re.findall(r"^([a-z].+?) \\$", LOCK.read_text(), re.MULTILINE)
        COMMIT.write_text(commit())
        build_data["force_include"][str(COMMIT)] = "dashboard/COMMIT"
