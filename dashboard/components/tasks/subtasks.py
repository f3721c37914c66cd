"""The subtasks in the dialog of a task (assets/subtasks.js); in that of a subtask, the task that it is a part of."""

from typing import Any

import reflex as rx

from dashboard.components.shell import styles
from dashboard.components.shell.icon import icon
from dashboard.components.shell.menu import own_menu
from dashboard.components.tasks import optimistic_list
from dashboard.components.tasks.badges import due_chip, saving_mark
from dashboard.components.tasks.task_row import TaskVar, check, failed

_dialog: Any = optimistic_list.dialog


def subtasks() -> rx.Component:
    return rx.cond(
        _dialog.task.parent_id != "",
        rx.cond(_dialog.parent, _parent()),
        rx.cond(~_dialog.is_locked | (_dialog.steps != ""), _subtasks()),
    )


def _parent() -> rx.Component:
    return rx.el.div(
        rx.el.button(
            icon("corner-down-right"),
            rx.el.span("Part of ", class_name="flex-none"),
            rx.el.span(_dialog.parent.title, dir="auto", class_name="truncate text-ink"),
            type="button",
            on_click=optimistic_list.open_at_title(_dialog.parent),
            class_name=styles.PARENT,
        ),
        class_name=styles.SUBTASKS,
    )


def _subtasks() -> rx.Component:
    return rx.el.section(
        rx.el.h3(
            rx.el.span("Subtasks", class_name="font-semibold text-ink"),
            rx.cond(
                _dialog.steps != "",
                rx.fragment(
                    rx.el.span(_dialog.steps, class_name=styles.SECONDARY),
                    rx.el.progress(
                        value=_dialog.done, max=_dialog.all, aria_hidden=True, class_name="gauge"
                    ),
                ),
            ),
            class_name=styles.SUBTASKS_HEAD,
        ),
        rx.cond(
            _dialog.parts.length() > 0,
            rx.el.ul(rx.foreach(_dialog.parts, _step), aria_label="Subtasks"),
        ),
        rx.cond(_dialog.is_locked, rx.fragment(), _line()),
        class_name=styles.SUBTASKS,
    )


def _step(task: TaskVar) -> rx.Component:
    return rx.el.li(
        check(task),
        rx.el.button(
            task.title,
            type="button",
            dir="auto",
            on_click=optimistic_list.open_at_title(task),
            class_name="step-title",
        ),
        rx.cond(task.pending, saving_mark(), rx.cond(task.due_words != "", due_chip(task))),
        rx.cond(task.is_locked, rx.fragment(), _menu(task)),
        rx.cond(task.error != "", failed(task)),
        key=task.id,
        data_step=task.id,
        data_done=rx.cond(task.is_completed, "", None),
        aria_busy=task.pending,
        # A trigger that this element of Reflex does not take.
        custom_attrs={"onKeyDown": optimistic_list.move_subtask(task)},
        class_name="step",
    )


def _menu(task: TaskVar) -> rx.Component:
    return rx.fragment(
        *own_menu(
            f"step-{task.id}",
            f"Actions of {task.title}",
            f"More actions: {task.title}",
            "More actions",
            styles.STEP_MENU,
            ("Move up", "arrow-up", optimistic_list.raise_subtask(task)),
            ("Move down", "arrow-down", optimistic_list.lower_subtask(task)),
            ("Make it a task of its own", "arrow-up-left", optimistic_list.promote(task)),
            ("Delete", "trash", optimistic_list.remove_subtask(task)),
        )
    )


def _line() -> rx.Component:
    error = _dialog.errors.subtask
    return rx.fragment(
        rx.el.div(
            icon("plus", "size-4 text-ink-3"),
            rx.el.input(
                id="task-subtask",
                name="subtask",
                dir="auto",
                placeholder="Add a subtask",
                aria_label="Add a subtask",
                auto_complete="off",
                enter_key_hint="done",
                on_key_down=optimistic_list.add_by_enter,
                custom_attrs={"onPaste": optimistic_list.paste_subtasks},
                aria_invalid=rx.cond(error != "", "true", "false"),
                aria_describedby="task-subtask-error",
                class_name=f"{styles.FIELD_INPUT} rounded-md text-ellipsis",
            ),
            class_name="add-step no-print",
        ),
        rx.el.p(error, id="task-subtask-error", role="alert", class_name=styles.FIELD_ERROR),
    )
