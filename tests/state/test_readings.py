"""What the screen marks in a line is what the server read."""

import json
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from dashboard.services.tasks.quick_add import Context, parse_line
from dashboard.services.tasks.quick_add.add import ReadLine
from dashboard.state.readings import reading_of

VECTORS = json.loads((Path(__file__).parents[1] / "vectors/quick-add.json").read_text())
NOW = datetime.fromisoformat(VECTORS["usual"]["now"]).astimezone(ZoneInfo("Europe/Berlin"))
NAMES = VECTORS["context"]


def test_the_pieces_of_every_line_are_its_spans_and_together_the_line() -> None:
    context = Context(NOW, people=NAMES["people"], lists=NAMES["lists"], labels=NAMES["labels"])
    for text in (row["text"] for row in VECTORS["lines"]):
        parsed = parse_line(text, context)
        pieces = reading_of(text, [], ReadLine(parsed, None))["pieces"]
        assert "".join(piece["text"] for piece in pieces) == text
        marked = [(piece["text"], piece["kind"]) for piece in pieces if piece["kind"]]
        assert marked == [(text[start:end], kind) for start, end, kind in parsed.spans]
