"""One line above the list: a task in words, Enter, and it is there. What was understood is marked as it is typed."""

from typing import Any

import reflex as rx

from dashboard.components.shell import styles
from dashboard.components.shell.icon import icon
from dashboard.components.shell.shortcuts import key
from dashboard.components.tasks import optimistic_list
from dashboard.state.tasks import TaskListState


class LineInWords(rx.Component):
    """What is seen of the words in the line (assets/quick_add.js): marks under them, and what they say below."""

    library = optimistic_list.LIBRARY
    tag = "LineInWords"

    reading: rx.Var[dict[str, Any]]
    look: rx.Var[dict[str, str]]
    """The classes of its parts."""
    on_read: rx.EventHandler[
        rx.event.passthrough_event_spec(str, list[str], dict[str, str])  # pyright: ignore[reportCallIssue] (any number)
    ]


def quick_add(to: rx.Var[str] | None = None, *, joined: str = "to") -> rx.Component:
    """`to` is the name of what a new task belongs to, where the page is of that: `Add a task to Home`."""
    words = "Add a task" if to is None else rx.cond(to, f"Add a task {joined} {to}", "Add a task")
    return rx.el.form(
        icon("plus", "size-4.5 text-ink-3"),
        rx.el.div(
            rx.el.input(
                id="quick-add",
                dir="auto",
                name="title",
                placeholder=words,
                aria_label="Add a task",
                auto_complete="off",
                enter_key_hint="done",
                aria_describedby="quick-add-error",
                aria_autocomplete="list",
                custom_attrs={"aria-keyshortcuts": "q"},
                class_name=f"{styles.FIELD_INPUT} relative text-ellipsis",
            ),
            LineInWords.create(
                reading=TaskListState.reading,
                look=styles.LINE_IN_WORDS,
                on_read=TaskListState.read_words,
            ),
            class_name=styles.LINE,
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
