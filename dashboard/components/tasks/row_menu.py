"""What can be done with a task of the list: one menu for all rows, opened by the "More" of each."""

from typing import Any

import reflex as rx

from dashboard.components.lists import lists
from dashboard.components.shell import styles
from dashboard.components.shell.icon import icon
from dashboard.components.shell.js_handler import handler, handler_of
from dashboard.components.shell.menu import menu_entry
from dashboard.components.tasks import by_hand, optimistic_list

_ID = rx.Var.create("row-menu")
_open = handler_of(optimistic_list.LIBRARY, "openRowMenu")
_close = handler(optimistic_list.LIBRARY, "closeRowMenu")
_task: Any = optimistic_list.row_menu


def more_button(task: Any) -> rx.Component:
    return rx.el.button(
        icon("ellipsis"),
        type="button",
        aria_label=f"More actions: {task.title}",
        title="More actions",
        on_click=_open(task),
        # The browser puts the menu beside the button that opens it.
        custom_attrs={"popoverTarget": _ID},
        class_name=f"row-more {styles.BUTTON_ICON}",
    )


def row_menu() -> rx.Component:
    return rx.el.div(
        rx.cond(_task, _entries()),
        id=_ID,
        role="group",
        aria_label=rx.cond(_task, f"More actions: {_task.title}", "More actions"),
        custom_attrs={"popover": "auto", "onClickCapture": _close},
        class_name="menu raised no-print",
    )


def _entries() -> rx.Component:
    return rx.fragment(
        _entry("Edit", "pencil", optimistic_list.open_task(_task)),
        _entry("Labels…", "tag", optimistic_list.open_labels(_task)),
        _entry("Move to…", "folder-input", lists.ask_to_move(_task)),
        _entry("Repeat…", "repeat", optimistic_list.open_repeat(_task)),
        rx.cond(
            _task.is_movable,
            rx.cond(
                _task.is_part,
                _entry("Make it a task of its own", "arrow-up", by_hand.outdent(_task)),
                rx.fragment(
                    _entry("Add a subtask", "plus", by_hand.add_to(_task.id)),
                    _entry("Make it a subtask", "corner-down-right", by_hand.indent(_task)),
                ),
            ),
        ),
        rx.cond(
            _task.repeat_words != "",
            rx.fragment(
                _entry("Skip this one", "skip-forward", optimistic_list.skip(_task)),
                rx.cond(
                    _task.is_paused,
                    _entry("Resume", "play", optimistic_list.resume(_task)),
                    _entry("Pause", "pause", optimistic_list.pause(_task)),
                ),
                _entry("Complete for good", "check", optimistic_list.complete_for_good(_task)),
            ),
        ),
        _entry("Delete", "trash", optimistic_list.trash(_task)),
    )


def _entry(verb: str, symbol: str, do: rx.Var) -> rx.Component:
    return menu_entry(
        verb,
        symbol,
        do,
        aria_label=f"{verb} {_task.title}",
    )
