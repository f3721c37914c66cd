"""Filters and labels in the sidebar and on the page of lists, and the menu of each."""

from typing import Any

import reflex as rx

from dashboard.components.lists import entries
from dashboard.components.lists.entries import EntryVar
from dashboard.components.lists.sidebar_lists import PlaceLink
from dashboard.components.shell import styles
from dashboard.components.shell.icon import icon
from dashboard.components.shell.menu import menu, menu_button, menu_entry


def sidebar_entries() -> rx.Component:
    """Nothing of a kind of which there is none."""
    return rx.fragment(
        _nav("Filters", entries.sidebar.filters), _nav("Labels", entries.sidebar.labels)
    )


def _nav(words: str, some: Any) -> rx.Component:
    return rx.cond(
        some.length() > 0,
        rx.el.nav(
            rx.el.h2(
                words, class_name="flex h-7 items-center pl-2.5 text-xs font-medium text-ink-3"
            ),
            rx.el.ul(
                rx.foreach(some, lambda entry: _entry(entry, styles.LIST_ITEM)),
                class_name="grid grid-cols-[minmax(0,1fr)] gap-px",
            ),
            aria_label=words,
            class_name="wide mt-3",
        ),
    )


def entry_mark(entry: EntryVar) -> rx.Component:
    return rx.cond(
        entry.kind == "label",
        rx.el.span("@", data_color=entry.color, aria_hidden=True, class_name="mark at"),
        rx.el.span(icon("filter", "size-4"), class_name="mark text-ink-3"),
    )


def _entry(entry: EntryVar, look: str, *more: rx.Component, row: str = "") -> rx.Component:
    return rx.el.li(
        PlaceLink.create(
            entry_mark(entry),
            rx.el.span(entry.name, dir="auto", class_name="min-w-0 flex-1 truncate text-left"),
            " ",
            rx.cond(
                entries.count_of(entry) > 0,
                rx.el.span(entry.count, class_name=styles.NAV_COUNT),
            ),
            to=entry.address,
            on_context_menu=entries.open_menu(entry),
            class_name=look,
        ),
        *more,
        key=entry.id,
        class_name=row,
    )


def own_entries() -> rx.Component:
    """The same as parts of a page, with a menu at each, for a finger."""
    return rx.fragment(
        _shelf("Filters", entries.sidebar.filters), _shelf("Labels", entries.sidebar.labels)
    )


def _shelf(words: str, some: Any) -> rx.Component:
    title_id = f"own-{words.lower()}"
    return rx.cond(
        some.length() > 0,
        rx.el.section(
            rx.el.div(
                rx.el.h2(words, id=title_id, class_name=f"flex-1 {styles.GROUP_TITLE}"),
                class_name=styles.SHELF_HEAD,
            ),
            rx.el.ul(rx.foreach(some, _shelved), class_name=styles.SHELF),
            aria_labelledby=title_id,
            class_name="mt-5",
        ),
    )


def _shelved(entry: EntryVar) -> rx.Component:
    button = entry_button(entry, f"Options for {entry.name}")
    return _entry(entry, styles.SHELF_LINK, button, row=styles.SHELF_ROW)


def entry_button(entry: EntryVar, name: str | rx.Var) -> rx.Component:
    return menu_button(name, "Options", entries.open_menu(entry))


def entry_menu() -> rx.Component:
    open_on = entries.entry_menu
    name = rx.cond(open_on, f"Options for {open_on.name}", "Options of an entry")
    return menu("entry-menu", name, rx.cond(open_on, _choices()))


def _choices() -> rx.Component:
    return rx.cond(
        entries.entry_menu.kind == "label",
        rx.fragment(
            menu_entry("Rename or colour…", "pencil", entries.edit_entry),
            menu_entry("Remove label", "trash", entries.remove_entry),
        ),
        rx.fragment(
            menu_entry("Edit…", "pencil", entries.edit_entry),
            menu_entry("Move up", "arrow-up", entries.raise_entry),
            menu_entry("Move down", "arrow-down", entries.lower_entry),
            menu_entry("Delete filter", "trash", entries.remove_entry),
        ),
    )
