"""A menu that is opened where it was asked for (assets/menu.js), and the button that opens it."""

from typing import Any

import reflex as rx

from dashboard.components.shell import styles
from dashboard.components.shell.icon import icon


def menu(menu_id: str, name: str | rx.Var, entries: rx.Component) -> rx.Component:
    """One for all that it can be opened on."""
    return rx.el.div(
        entries,
        id=menu_id,
        role="group",
        aria_label=name,
        custom_attrs={"popover": "auto"},
        class_name="menu raised no-print",
    )


def menu_button(name: str | rx.Var, title: str, on_click: Any) -> rx.Component:
    """What opens a menu where there is no context menu."""
    return rx.el.button(
        icon("ellipsis"),
        type="button",
        aria_label=name,
        aria_haspopup="true",
        title=title,
        on_click=on_click,
        class_name=styles.BUTTON_ICON,
    )


def menu_entry(words: str, symbol: str, do: Any, **props: Any) -> rx.Component:
    return rx.el.button(
        icon(symbol), words, type="button", on_click=do, class_name=styles.MENU_ENTRY, **props
    )
