"""Labels and filters, the entries of the sidebar beside lists: the Python half of assets/sidebar.js."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from reflex.vars import BooleanVar, NumberVar, ObjectVar

from dashboard.components.shell.js_handler import handler, handler_of
from dashboard.components.tasks import optimistic_list


@dataclass
class EntryView:
    """A label or a filter as it is drawn."""

    kind: str
    """label or filter."""
    id: str
    """Empty for one that is not saved yet."""
    name: str
    color: str
    query: str
    """Of a filter."""
    count: int
    """How many tasks its page holds: of a label, open ones."""
    problem: str
    """Why its query cannot be answered any more; empty when it can."""
    address: str


@dataclass
class Sidebar:
    labels: list[EntryView]
    filters: list[EntryView]
    here: EntryView
    """The one whose page this is; null on other pages, and where it is none of this person's."""


@dataclass
class EntryDialog:
    """The fields of a label or a filter."""

    entry: EntryView
    typed: EntryView
    """As it was, with what was typed before the dialog was closed and brought back."""
    field: str
    """The name of the field that the error is about."""
    error: str


EntryVar = ObjectVar[EntryView]

sidebar: Any = optimistic_list.drawn("sidebar", Sidebar)
entry_dialog: ObjectVar[EntryDialog] = optimistic_list.drawn("entry_dialog", EntryDialog)
"""The one that was open last, too, until it has left; null when there was none."""
is_entry_dialog_open: BooleanVar = optimistic_list.drawn("is_entry_dialog_open", bool)
entry_menu: EntryVar = optimistic_list.drawn("entry_menu", EntryView)
"""The entry whose menu was opened last; null before."""

_handler = partial(handler, optimistic_list.LIBRARY)
_of = partial(handler_of, optimistic_list.LIBRARY)

save_as_filter = _handler("saveAsFilter")
"""Name what the search field holds."""
save_entry = _handler("saveEntry")
"""For the submit of the dialog's form: name, and color or query."""
dismiss_entry = _handler("dismissEntry")
edit_entry = _handler("editEntry")
raise_entry = _handler("raiseEntry")
lower_entry = _handler("lowerEntry")
remove_entry = _handler("removeEntry")
open_menu = _of("openEntryMenu", "event")
"""Open the menu of an entry, for a click or for what opens a context menu."""


def count_of(entry: EntryVar) -> NumberVar:
    return entry.count  # pyright: ignore[reportReturnType] (a field, to the type checker)
