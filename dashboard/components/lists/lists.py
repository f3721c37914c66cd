"""The person's lists as they are drawn, and what can be done with them: the Python half of assets/lists.js."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import reflex as rx
from reflex.vars import BooleanVar, NumberVar, ObjectVar

from dashboard.components.shell.js_handler import handler, handler_of
from dashboard.components.tasks import optimistic_list


@dataclass
class ListView:
    """A list as it is drawn."""

    id: str
    name: str
    color: str
    icon: str
    """Empty for a pebble."""
    is_inbox: bool
    is_archived: bool
    view: str
    """list or board."""
    is_locked: bool
    """Its tasks can only be read."""
    address: str
    open: int
    """How many tasks are open in it, what is pending included."""


@dataclass
class SectionView:
    """A section as it is drawn."""

    id: str
    name: str


@dataclass
class TargetList(ListView):
    """A list to which a task can go."""

    sections: list[SectionView]


@dataclass
class Lists:
    inbox: ListView
    own: list[ListView]
    """In the person's own order; without the Inbox, and what is archived."""
    archived: list[ListView]
    deleted: list[ListView]
    """In the trash."""
    writable: list[TargetList]
    """Where a task can go, the Inbox first."""
    here: ListView
    """The list whose page this is; null on other pages, and where it is none of this person's."""


@dataclass
class ListDialog:
    """The fields of a list: a new one when it has no id."""

    list: ListView
    typed: ListView
    """As it was, with what was typed before the dialog was closed and brought back."""
    part: str
    """The name of the field that has the focus first."""
    error: str
    """What is wrong with the name, in a sentence."""


@dataclass
class Targets:
    lists: list[TargetList]
    """Where the task for which a place is chosen can go, as far as it has what was typed in its name."""
    has_search: bool
    """Whether there are so many that one is found by its name."""
    is_search_first: bool
    """Whether the focus begins there."""


ListVar = ObjectVar[ListView]
lists: Any = optimistic_list.drawn("lists", Lists)
"""Lists; not typed so, because its items are objects to Reflex and not to the type checker."""
done: NumberVar = optimistic_list.drawn("done", int)
"""How many tasks of the page's list are completed."""
list_dialog: ObjectVar[ListDialog] = optimistic_list.drawn("list_dialog", ListDialog)
"""The one that was open last, too, until it has left; null when there was none."""
is_list_dialog_open: BooleanVar = optimistic_list.drawn("is_list_dialog_open", bool)
list_menu: ObjectVar[ListView] = optimistic_list.drawn("list_menu", ListView)
"""The list whose menu was opened last; null before."""
moving: ObjectVar[optimistic_list.TaskView] = optimistic_list.drawn(
    "moving", optimistic_list.TaskView
)
"""The task for which a list is chosen, or was last."""
is_moving: BooleanVar = optimistic_list.drawn("is_moving", bool)

targets: Any = optimistic_list.drawn("targets", Targets)

_handler = partial(handler, optimistic_list.LIBRARY)
_of = partial(handler_of, optimistic_list.LIBRARY)

new_list = _handler("newList")
save_list = _handler("saveList")
"""For the submit of the dialog's form: name, color, icon."""
dismiss_list = _handler("dismissList")
rename_list = _handler("renameList")
paint_list = _handler("paintList")
raise_list = _handler("raiseList")
lower_list = _handler("lowerList")
archive_list = _handler("archiveList")
trash_list = _handler("trashList")
turn_list_view = _handler("turnListView")
stop_moving = _handler("stopMoving")
find_place = _handler("findPlace")
"""For what is typed to find a place."""
find_by_key = _handler("findByKey")
"""For the keys that are pressed in the form of places."""
take_first_place = _handler("takeFirstPlace")
"""For the submit of that form."""


open_menu = _of("openListMenu", "event")
"""Open the menu of a list, for a click or for what opens a context menu."""
move_by_key = _of("moveByKey", "event")
"""For the keys that are pressed on a list."""
bring_back = _of("unarchiveList")
"""Take a list out of the archive."""
restore_list = _of("restoreList")
"""Take a list out of the trash."""
ask_to_move = _of("askToMove")
"""Choose a place for a task."""


def show_as(shown: ListVar, view: str) -> rx.Var:
    """Show a list as `list` or as `board`."""
    return _handler("showAs", shown, f'"{view}"')


def move_to(to: rx.Var, section: rx.Var | str = "null") -> rx.Var:
    """Move the task for which a place is chosen to this list, or to a section of it."""
    return _handler("moveTask", to, section)
