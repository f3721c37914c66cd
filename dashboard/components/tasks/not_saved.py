"""Why something was not saved, and what to do about it."""

import reflex as rx

from dashboard.components.shell import styles
from dashboard.components.shell.icon import icon


def not_saved(words: rx.Var[str], retry: rx.Var, discard: rx.Var) -> rx.Component:
    return rx.el.div(
        rx.el.span(
            icon("circle-alert", "size-3.5"),
            rx.el.span(words),
            role="alert",
            class_name=styles.ROW_PROBLEM,
        ),
        rx.el.button("Retry", type="button", on_click=retry, class_name=styles.BUTTON_TEXT),
        rx.el.button(
            "Discard change", type="button", on_click=discard, class_name=styles.BUTTON_TEXT
        ),
        class_name=styles.ROW_NOTE,
    )
