"""What arranges tasks by hand, as event handlers: the Python half of assets/moving.js and assets/sections.js."""

from dataclasses import dataclass
from functools import partial

from reflex.vars import BooleanVar, ObjectVar, StringVar

from dashboard.components.shell.js_handler import handler, handler_of
from dashboard.components.tasks import optimistic_list


@dataclass
class Naming:
    """The field for the name of a section."""

    id: str
    """Of the section; `new` for one that is not made yet."""
    name: str
    error: str


naming: ObjectVar[Naming] = optimistic_list.drawn("naming", Naming)
"""What is named, or was last; null before."""
is_naming: BooleanVar = optimistic_list.drawn("is_naming", bool)
"""Whether a new section is being named, behind all others."""
told: StringVar = optimistic_list.drawn("told", str)
"""What is said of a task in the hand."""

_handler = partial(handler, optimistic_list.LIBRARY)
_of = partial(handler_of, optimistic_list.LIBRARY)

save_name = _handler("saveName")
"""For the submit of the form with the name of a section."""
leave_name = _handler("leaveName")
add_there = _handler("addThere")
"""For the submit of a line that adds to a task, a section or a day: a form with a field named title."""
leave_line = _handler("leaveLine")
leave_handle = _handler("leaveHandle")
name_new = _handler("nameSection", "null")
stop_naming = _handler("stopNaming")
rename = _of("nameSection")
add_above = _of("addSectionAbove")
add_below = _of("addSectionBelow")
"""Name a new section, below this one."""
fold = _of("foldSection")
raise_section = _of("raiseSection")
lower_section = _of("lowerSection")
delete = _of("deleteSection")
add_to = _of("addTo")
"""Open the line that adds to a task or a section, by its id."""
fold_parts = _of("foldParts")
"""Fold or unfold the subtasks of a task."""
indent = _of("indent")
"""Make a task a subtask of the one above it."""
outdent = _of("outdent")
"""Make a subtask a task of its own."""
move_by_alt = _of("moveByAlt", "event")
"""For the keys with Alt in a row."""
move_by_handle = _of("moveByHandle", "event")
"""For the keys on the handle of a row."""
drag_by_row = _of("dragByRow", "event")
"""For a pointer that goes down on a row, or on a card of a board."""
drag_by_handle = _of("dragByHandle", "event")
"""For a pointer that goes down on the handle of a row."""
