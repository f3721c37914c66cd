"""What the browser knows of the fields of a task, as JavaScript: `bin/fields` writes assets/task_fields.js."""

import json
import sys
from pathlib import Path
from typing import Any

from dashboard.models.task import RANKS
from dashboard.models.task_fields import BLANK, TASK_FIELDS
from dashboard.services.tasks.task_list import Groups, Metrics

MODULE = Path(__file__).parents[2] / "assets" / "task_fields.js"


def javascript() -> str:
    """The module as it has to be."""
    written = {
        field.name: {
            "label": field.label,
            "isOptional": field.is_optional,
            **({"longest": field.longest} if field.longest else {}),
        }
        for field in TASK_FIELDS
        if field.label
    }
    constants = (
        ("BLANK", "A row in which all is as usual: the server leaves that out.", BLANK),
        (
            "WRITTEN",
            "The fields that people write in; an optional one is null when it is empty.",
            written,
        ),
        ("RANK", "How priorities sort.", {each.value: rank for each, rank in RANKS.items()}),
        ("NO_COUNTS", "The counts of the metric cards.", dict.fromkeys(Metrics._fields, 0)),
        (
            "NO_GROUPS",
            "The counts under the headings of the agenda.",
            dict.fromkeys(Groups._fields, 0),
        ),
    )
    parts = [_constant(*each) for each in constants]
    return "// Made by bin/fields from dashboard/models/task_fields.py.\n\n" + "\n".join(parts)


def _constant(name: str, words: str, value: Any) -> str:
    return f"/** {words} */\nexport const {name} = {json.dumps(value, indent=2, ensure_ascii=False)};\n"


def main(arguments: list[str]) -> None:
    """Write the module, or with `--check` only see that it is the same."""
    if arguments != ["--check"]:
        MODULE.write_text(javascript())
    elif MODULE.read_text() != javascript():
        sys.exit(f"{MODULE.name} is not what the table of fields says: run bin/fields.")


if __name__ == "__main__":
    main(sys.argv[1:])
