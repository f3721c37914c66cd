"""One line above the list: a title, Enter, and the task is there."""

import reflex as rx

from dashboard.components.shell import styles
from dashboard.components.shell.icon import icon
from dashboard.components.shell.shortcuts import key
from dashboard.components.tasks import optimistic_list


def quick_add(to: rx.Var[str] | None = None) -> rx.Component:
    """`to` is the name of the list that it adds to, where the page is of one."""
    words = "Add a task" if to is None else rx.cond(to, f"Add a task to {to}", "Add a task")
    return rx.el.form(
        icon("plus", "size-4.5 text-ink-3"),
        rx.el.input(
            id="quick-add",
            dir="auto",
            name="title",
            placeholder=words,
            aria_label="Add a task",
            auto_complete="off",
            enter_key_hint="done",
            aria_describedby="quick-add-error",
            custom_attrs={"aria-keyshortcuts": "q"},
            class_name=f"{styles.FIELD_INPUT} text-ellipsis",
        ),
        rx.el.span(
            optimistic_list.quick_add_error,
            id="quick-add-error",
            role="alert",
            class_name="flex-none pr-2 text-sm text-danger",
        ),
        key("Q"),
        on_submit=optimistic_list.add,
        # Outside a dialog this method does nothing: Enter before the page is ready leaves the words where they are.
        method="dialog",
        class_name=styles.QUICK_ADD,
    )
