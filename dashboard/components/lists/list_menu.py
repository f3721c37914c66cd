"""The menu of a list: one for all of them, opened where it was asked for."""

import reflex as rx

from dashboard.components.lists import lists
from dashboard.components.lists.list_mark import ListVar
from dashboard.components.shell.menu import menu, menu_button, menu_entry


def list_menu() -> rx.Component:
    name = rx.cond(lists.list_menu, f"Options for {lists.list_menu.name}", "Options")
    return menu("list-menu", name, rx.cond(lists.list_menu, _entries()))


def options_button(of: ListVar, name: str | rx.Var) -> rx.Component:
    return menu_button(name, "List options", lists.open_menu(of))


def _entries() -> rx.Component:
    return rx.fragment(
        menu_entry("Rename…", "pencil", lists.rename_list),
        menu_entry("Colour and icon…", "palette", lists.paint_list),
        rx.cond(
            lists.list_menu.is_archived,
            menu_entry("Bring back", "rotate-ccw", lists.archive_list),
            rx.fragment(
                rx.cond(
                    lists.list_menu.view == "board",
                    menu_entry("Show as list", "list", lists.turn_list_view),
                    menu_entry("Show as board", "columns", lists.turn_list_view),
                ),
                menu_entry("Move up", "arrow-up", lists.raise_list),
                menu_entry("Move down", "arrow-down", lists.lower_list),
                menu_entry("Archive", "archive", lists.archive_list),
            ),
        ),
        menu_entry("Move to trash", "trash", lists.trash_list),
    )
