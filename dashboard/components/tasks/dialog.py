"""The frame of every dialog; on phones a sheet from below."""

from typing import Any

import reflex as rx

from dashboard.components.shell import styles
from dashboard.components.tasks import optimistic_list


def dialog(
    content: rx.Component,
    *,
    title_id: str,
    is_open: rx.Var[bool],
    on_dismiss: rx.Var,
    look: str = styles.FORM_DIALOG,
    **props: Any,
) -> rx.Component:
    """A dialog that the element of `title_id` names."""
    return optimistic_list.Modal.create(
        content,
        is_open=is_open,
        on_dismiss=on_dismiss,
        aria_labelledby=title_id,
        class_name=look,
        **props,
    )


def grab() -> rx.Component:
    """By which a sheet can be told from a page."""
    return rx.el.div(class_name=styles.DIALOG_GRAB, aria_hidden=True)


def heading(words: str | rx.Var, title_id: str) -> rx.Component:
    return rx.el.h2(words, id=title_id, class_name=styles.DIALOG_TITLE)


def foot(*buttons: rx.Component, look: str = "justify-end") -> rx.Component:
    return rx.el.div(*buttons, class_name=f"{look} {styles.DIALOG_FOOT}")


def cancel(on_click: rx.Var) -> rx.Component:
    return rx.el.button("Cancel", type="button", on_click=on_click, class_name=styles.BUTTON_GHOST)
