"""Quick add: a line of words becomes a task.

`parse_line` reads one line, `parse_lines` a paste of several. docs/quick-add.md says what they understand, english.py
has the words as data. A line is split at white space once (words.py), pieces are found from left to right
(dates.py, repeats.py, tokens.py), and which of them count is decided from right to left (parse.py), so that the
time is linear in the length of the line.
"""

from dashboard.services.tasks.quick_add.parse import (
    Context,
    ParsedTask,
    Span,
    parse_line,
    parse_lines,
)

__all__ = ["Context", "ParsedTask", "Span", "parse_line", "parse_lines"]
