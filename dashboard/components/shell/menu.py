"""A menu that is opened where it was asked for (assets/menu.js), and the button that opens it."""

from typing import Any

import reflex as rx

from dashboard.components.shell import styles
from dashboard.components.shell.icon import icon
from dashboard.components.shell.js_handler import handler

_LIBRARY = "$/public/menu.js"
show_choice = handler(_LIBRARY, "showChoice")
"""For the toggle of a menu of choices: the focus goes to the chosen one."""
close_choices = handler(_LIBRARY, "closeChoices")
"""For its clicks and keys: a choice by a pointer, and Enter, close it."""


def menu(menu_id: str, name: str | rx.Var, entries: rx.Component) -> rx.Component:
    """One for all that it can be opened on."""
    return rx.el.div(
        entries,
        id=menu_id,
        role="group",
        aria_label=name,
        custom_attrs={"popover": "auto"},
        class_name="menu menu-at raised no-print",
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


def own_menu(
    menu_id: str, name: str, button: str, title: str, look: str, *entries: tuple[str, str, Any]
) -> tuple[rx.Component, rx.Component]:
    """The menu of one thing, and the button that opens it: its accessible name, its title and its look."""
    target = rx.Var.create(menu_id)
    closing = {"popoverTarget": target, "popoverTargetAction": "hide"}
    return (
        rx.el.button(
            icon("ellipsis"),
            type="button",
            aria_label=button,
            title=title,
            custom_attrs={"popoverTarget": target},
            class_name=look,
        ),
        rx.el.div(
            *(menu_entry(words, symbol, do, custom_attrs=closing) for words, symbol, do in entries),
            id=target,
            role="group",
            aria_label=name,
            custom_attrs={"popover": "auto"},
            class_name="menu raised no-print",
        ),
    )
