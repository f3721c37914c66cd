"""A description as it reads. Here alone a page takes markup: `services/tasks/markdown.py` has cleaned it."""

import reflex as rx

from dashboard.components.shell import styles
from dashboard.components.tasks import optimistic_list


def formatted_description() -> rx.Component:
    return rx.el.div(
        rx.html(
            optimistic_list.dialog.formatted,
            on_click=optimistic_list.write_description,
            dir="auto",
            class_name=styles.MARKDOWN,
        ),
        rx.el.button(
            "Edit",
            type="button",
            aria_label="Edit description",
            on_click=optimistic_list.write_description,
            class_name=f"-ml-1 {styles.BUTTON_TEXT}",
        ),
        role="group",
        aria_label="Formatted description",
    )
