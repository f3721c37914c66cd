"""What the line above the list says, in pieces that the browser marks and offers to put back."""

from collections.abc import Iterator, Sequence
from typing import Any

from dashboard.models.repeat_words import in_row, in_words
from dashboard.services.tasks.quick_add import ParsedTask
from dashboard.services.tasks.quick_add.add import ReadLine
from dashboard.services.tasks.quick_add.pieces import Kind


def reading_of(text: str, as_text: Sequence[str], read: ReadLine) -> dict[str, Any]:
    """A line as it was read; assets/quick_add.js tells by the first two which line that was."""
    return {
        "text": text,
        "as_text": list(as_text),
        "pieces": list(_pieces(text, read.parsed)),
        "row": _row(read),
    }


def _row(read: ReadLine) -> dict[str, Any]:
    """The task in the words of a row, for the time until it is made: only what the line says."""
    parsed = read.parsed
    said = {
        "title": parsed.title,
        "due_date": parsed.due_date and parsed.due_date.isoformat(),
        "due_time": parsed.due_time and parsed.due_time.isoformat("minutes"),
        "priority": parsed.priority and parsed.priority.value,
        "repeat": parsed.repeat and in_row(parsed.repeat),
        "list_id": read.list_id and str(read.list_id),
        "labels": " ".join(parsed.labels),
        "is_completed": parsed.is_completed,
    }
    return {name: value for name, value in said.items() if value}


def _pieces(text: str, parsed: ParsedTask) -> Iterator[dict[str, str]]:
    """All of the line in order; what was understood has a kind."""
    behind = 0
    for start, end, kind in parsed.spans:
        if start > behind:
            yield {"text": text[behind:start], "kind": "", "label": ""}
        said = text[start:end]
        yield {"text": said, "kind": kind.value, "label": _label(kind, said, parsed)}
        behind = end
    if behind < len(text):
        yield {"text": text[behind:], "kind": "", "label": ""}


def _label(kind: Kind, text: str, parsed: ParsedTask) -> str:
    """What a piece says; a day and a time are said by the browser, in its own form, and the rest by its own words."""
    match kind:
        case Kind.LIST:
            return f"New list {parsed.list}" if parsed.is_new_list else f"List {parsed.list}"
        case Kind.LABEL:
            return f"Label {text[1:]}"
        case Kind.PRIORITY:
            return f"Priority {parsed.priority}" if parsed.priority else "No priority"
        case Kind.REPEAT if parsed.repeat:
            return f"Repeats {in_words(parsed.repeat)}"
        case _:
            return ""
