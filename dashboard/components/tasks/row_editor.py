"""A row while it is edited in place: the fields that the row shows. The rest of a task is in its dialog."""

from typing import Any, Literal

import reflex as rx

from dashboard.components.shell import styles
from dashboard.components.shell.shortcuts import key
from dashboard.components.tasks import optimistic_list
from dashboard.components.tasks.date_picker import date_picker

YEARS = {"min": "1970-01-01", "max": "9999-12-31"}
"""The days that a task can be due, for a field of a date: its year then has four digits."""

_PRIORITIES = ("High", "Medium", "Low")


def row_editor(task: rx.vars.ObjectVar[optimistic_list.TaskView]) -> rx.Component:
    return rx.el.form(
        rx.el.input(
            name="title",
            default_value=task.editor.title,
            auto_focus=True,
            required=True,
            auto_complete="off",
            dir="auto",
            aria_label="Title",
            **_judged(task, "title"),
            class_name=styles.INPUT,
        ),
        rx.el.p(task.editor.error, id=_error_id(task), role="alert", class_name=styles.FIELD_ERROR),
        rx.el.div(
            _moment("Due date", "date", task.editor.due_date, **_judged(task, "due_date"), **YEARS),
            date_picker(task.editor.due_date, task.editor.due_time, styles.BUTTON_ICON),
            _moment("Time", "time", task.editor.due_time, **_judged(task, "due_time")),
            _priority(task),
            _buttons(),
            class_name=styles.ROW_EDITOR_FOOT,
        ),
        on_submit=optimistic_list.save_in_place,
        no_validate=True,
        aria_label=f"Edit in place: {task.title}",
        class_name=styles.ROW_EDITOR,
    )


def _moment(
    label: str, kind: Literal["date", "time"], value: rx.Var[str], **props: Any
) -> rx.Component:
    return rx.el.input(
        name=f"due_{kind}",
        type=kind,
        default_value=value,
        aria_label=label,
        class_name=f"{styles.ROW_EDITOR_FIELD} {styles.ROW_EDITOR_MOMENT}",
        **props,
    )


def _judged(task: rx.vars.ObjectVar[optimistic_list.TaskView], name: str) -> dict[str, Any]:
    return {
        "aria_invalid": rx.cond(task.editor.wrong == name, "true", "false"),
        "aria_describedby": _error_id(task),
    }


def _error_id(task: rx.vars.ObjectVar[optimistic_list.TaskView]) -> rx.Var[str]:
    # As in task_row.py, without a ref.
    return rx.Var.create(f"row-error-{task.id}")


def _priority(task: rx.vars.ObjectVar[optimistic_list.TaskView]) -> rx.Component:
    return rx.el.select(
        *(rx.el.option(priority, value=priority) for priority in _PRIORITIES),
        name="priority",
        default_value=task.editor.priority,
        aria_label="Priority",
        class_name=styles.ROW_EDITOR_FIELD,
    )


def _buttons() -> rx.Component:
    return rx.el.span(
        rx.el.button(
            "Cancel",
            key("Esc"),
            type="button",
            data_do="cancel",
            on_click=optimistic_list.cancel_in_place,
            class_name=styles.BUTTON_GHOST_SMALL,
        ),
        rx.el.button(
            "Save",
            key("↵"),
            type="submit",
            class_name=styles.BUTTON_PRIMARY_SMALL,
        ),
        class_name=styles.ROW_EDITOR_END,
    )
