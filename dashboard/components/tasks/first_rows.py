"""The first rows of a list as its document brings them: to look at, and to tick, until the list itself is drawn.

React draws one row and one group with names in braces, hidden, at the build; web/first_rows.py fills them in.
"""

import reflex as rx

from dashboard.components.shell import styles
from dashboard.components.shell.skeleton import list_skeleton
from dashboard.components.tasks import optimistic_list
from dashboard.components.tasks.badges import due_chip, priority_mark
from dashboard.components.tasks.group_head import group_head
from dashboard.components.tasks.task_row import tick_mark

_NAMES = ("title", "priority", "due_words", "due_kind", "due_date")
_TASK = rx.Var.create({name: f"{{{name}}}" for name in _NAMES}).to(
    rx.vars.ObjectVar, optimistic_list.TaskView
)


class FirstRows(rx.Component):
    """Holds what the server writes into it."""

    library = optimistic_list.LIBRARY
    tag = "FirstRows"


def first_rows(*, is_headed: bool = True, is_by_hand: bool = False) -> rx.Component:
    """Rows where the document has any, else bones."""
    rows = rx.el.ul("{rows}", class_name=styles.ROWS)
    # Nothing in them takes the focus: they are hidden from assistive technology.
    words = (rx.Var.create("{label}"), rx.Var.create(True), rx.Var.create("{count}"))
    head = group_head(*words, tab_index=-1)
    return rx.fragment(
        FirstRows.create(),
        rx.el.ul(_row(is_by_hand=is_by_hand), id="first-row", hidden=True),
        rx.el.section(
            rx.el.details(head, rows, open=True, class_name=f"fold {styles.GROUP}"),
            id="first-group",
            hidden=True,
        ),
        rx.el.section(
            rx.el.div(rows, class_name=styles.GROUP_HEADLESS), id="first-headless", hidden=True
        ),
        list_skeleton(is_headed=is_headed),
    )


def _row(*, is_by_hand: bool) -> rx.Component:
    return rx.el.li(
        rx.el.label(
            rx.el.input(type="checkbox", value="{id}", auto_complete="off", tab_index=-1),
            tick_mark(),
            class_name="check",
        ),
        # The handle makes room for itself.
        rx.el.span(class_name="grip") if is_by_hand else rx.fragment(),
        rx.el.div(
            rx.el.span(_TASK.title, dir="auto", class_name=styles.ROW_TITLE),
            rx.el.div(
                rx.el.span("\u00a0", class_name=styles.ROW_LIST),
                data_line="{line}",
                class_name=styles.ROW_LINE,
            ),
            class_name=styles.ROW_TEXT,
        ),
        rx.el.div(
            priority_mark(_TASK.priority),
            rx.el.span(due_chip(_TASK), class_name=styles.DUE_PLACE),
            class_name="row-meta",
        ),
        class_name="row",
    )
