"""The menu of a list: one for all of them, opened where it was asked for."""

from typing import Any

import reflex as rx

from dashboard.components.lists import lists
from dashboard.components.lists.list_mark import ListVar
from dashboard.components.shell import styles
from dashboard.components.shell.icon import icon


def list_menu() -> rx.Component:
    return rx.el.div(
        rx.cond(lists.list_menu, _entries()),
        id="list-menu",
        role="group",
        aria_label=rx.cond(lists.list_menu, f"Options for {lists.list_menu.name}", "Options"),
        custom_attrs={"popover": "auto"},
        class_name="menu raised no-print",
    )


def options_button(of: ListVar, name: str | rx.Var) -> rx.Component:
    """What opens it where there is no context menu."""
    return rx.el.button(
        icon("ellipsis"),
        type="button",
        aria_label=name,
        aria_haspopup="true",
        title="List options",
        on_click=lists.open_menu(of),
        class_name=styles.BUTTON_ICON,
    )


def _entries() -> rx.Component:
    return rx.fragment(
        _entry("Rename…", "pencil", lists.rename_list),
        _entry("Colour and icon…", "palette", lists.paint_list),
        rx.cond(
            lists.list_menu.is_archived,
            _entry("Bring back", "rotate-ccw", lists.archive_list),
            rx.fragment(
                _entry("Move up", "arrow-up", lists.raise_list),
                _entry("Move down", "arrow-down", lists.lower_list),
                _entry("Archive", "archive", lists.archive_list),
            ),
        ),
        _entry("Move to trash", "trash", lists.trash_list),
    )


def _entry(words: str, symbol: str, do: Any) -> rx.Component:
    return rx.el.button(
        icon(symbol), words, type="button", on_click=do, class_name=styles.MENU_ENTRY
    )
