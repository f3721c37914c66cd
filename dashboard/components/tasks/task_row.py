"""A task in the list: the tick, the words, its priority and day, and what can be done with it."""

from typing import Any

import reflex as rx

from dashboard.components.lists.list_mark import pebble
from dashboard.components.shell import styles
from dashboard.components.shell.icon import icon
from dashboard.components.shell.text import Linked
from dashboard.components.tasks import by_hand, optimistic_list
from dashboard.components.tasks.badges import due_chip, priority_mark, repeat_mark, saving_mark
from dashboard.components.tasks.not_saved import not_saved
from dashboard.components.tasks.row_editor import row_editor
from dashboard.components.tasks.row_menu import more_button
from dashboard.components.tasks.sections import add_line


class RowLabels(rx.Component):
    """Labels, the first ones each in its colour (assets/sidebar.js)."""

    library = optimistic_list.LIBRARY
    tag = "RowLabels"

    labels: rx.Var[str]
    colors: rx.Var[str]
    look: rx.Var[dict[str, str]]


TaskVar = rx.vars.ObjectVar[optimistic_list.TaskView]


@rx.memo
def task_row(task: TaskVar, rest: rx.RestProp) -> rx.Component:
    """Drawn again only when something about the task changed: assets/drawing.js hands on the same object until then."""
    row = rx.el.li(
        rest,
        check(task),
        rx.cond(task.is_movable | task.is_dated, _grip(task)),
        rx.cond(
            task.editor,
            row_editor(task),
            rx.fragment(
                _text(task),
                _meta(task),
                rx.cond(task.is_locked, rx.fragment(), _actions(task)),
            ),
        ),
        **_movable_row(task),
        aria_label=f"{task.title}, priority {task.priority}",
        aria_current=rx.cond(task.is_open, "true", None),
        data_part=rx.cond(task.is_part, "", None),
        data_lifted=rx.cond(task.is_lifted, "", None),
        data_done=rx.cond(task.is_completed, "", None),
        data_repeats=rx.cond(task.repeat_words != "", "", None),
        data_editing=rx.cond(task.editor, "", None),
        data_state=rx.cond(task.error != "", "failed", rx.cond(task.lost != "", "changed", None)),
        class_name="row",
    )
    return rx.fragment(row, rx.cond(task.line_of != "", _line(task)))


def _movable_row(task: TaskVar) -> dict[str, Any]:
    props = row_of(task)
    return props | {
        "custom_attrs": props["custom_attrs"]
        | {"onKeyDown": by_hand.move_by_alt(task), "onPointerDown": by_hand.drag_by_row(task)}
    }


def _line(task: TaskVar) -> rx.Component:
    return rx.el.li(add_line(task.line_of, "Add a subtask"), class_name="row-line")


def _grip(task: TaskVar) -> rx.Component:
    return rx.el.button(
        icon("grip", "size-4"),
        type="button",
        aria_label=f"Drag {task.title}",
        title="Drag, or move with Space and the arrows",
        aria_pressed=rx.cond(task.is_lifted, "true", "false"),
        on_blur=by_hand.leave_handle,
        # Triggers that the elements of Reflex do not take.
        custom_attrs={
            "onKeyDown": by_hand.move_by_handle(task),
            "onPointerDown": by_hand.drag_by_handle(task),
        },
        class_name="grip no-print",
    )


def _steps(task: TaskVar) -> rx.Component:
    """How many of its subtasks are completed; where they are drawn below it, what puts them away."""
    words = rx.fragment(
        icon("list-checks", "size-3.5"),
        rx.el.span("Subtasks: ", class_name=styles.HIDDEN),
        task.subtasks,
    )
    return rx.cond(
        task.is_movable,
        rx.el.button(
            words,
            icon("chevron-down", "size-3.5"),
            type="button",
            aria_expanded=rx.cond(task.is_folded, "false", "true"),
            on_click=by_hand.fold_parts(task),
            class_name="steps",
        ),
        rx.el.span(words, class_name="steps"),
    )


def row_of(task: TaskVar) -> dict[str, Any]:
    """The props that make an item a row to assets/keyboard.js; one that was removed is only seen to go."""
    is_removed = task.is_leaving == "removed"
    return {
        "tab_index": -1,
        "data_task": rx.cond(is_removed, None, task.id),
        "data_leaving": rx.cond(task.is_leaving != "", task.is_leaving, None),
        "aria_hidden": rx.cond(is_removed, True, None),
        "aria_busy": task.pending,
        "custom_attrs": {"inert": is_removed},
    }


def _text(task: TaskVar) -> rx.Component:
    return rx.el.div(
        # Not a button of the browser's own: the text of a button cannot be selected.
        rx.el.span(
            task.title,
            role="button",
            tab_index=0,
            dir="auto",
            on_click=optimistic_list.open_title(task),
            class_name=styles.ROW_TITLE,
        ),
        rx.cond(
            (task.description != "")
            | (task.list_name != "")
            | (task.repeat_words != "")
            | (task.labels != "")
            | (task.subtasks != ""),
            rx.el.div(
                _where(task),
                rx.cond(task.subtasks != "", _steps(task)),
                rx.cond(task.repeat_words != "", repeat_mark(task.repeat_words)),
                _labels(task),
                _preview(task),
                class_name=styles.ROW_LINE,
            ),
        ),
        rx.cond(task.error != "", failed(task)),
        rx.cond(task.lost != "", _changed_elsewhere(task)),
        class_name=styles.ROW_TEXT,
    )


def _where(task: TaskVar) -> rx.Component:
    """Its list, where several are on one page."""
    return rx.cond(
        task.list_name != "",
        rx.el.span(
            pebble(),
            rx.el.span("List: ", class_name=styles.HIDDEN),
            rx.el.span(task.list_name, dir="auto", class_name="truncate"),
            data_color=task.list_color,
            class_name=styles.ROW_LIST,
        ),
    )


def _labels(task: TaskVar) -> rx.Component:
    return rx.cond(
        task.labels != "",
        rx.el.span(
            rx.el.span("Labels: ", class_name=styles.HIDDEN),
            RowLabels.create(
                labels=task.labels, colors=task.label_colors, look=styles.LABELS_OF_ROW
            ),
            class_name=styles.ROW_LABELS,
        ),
    )


def _preview(task: TaskVar) -> rx.Component:
    """How its description begins; where there is no room for that, a mark that it has one."""
    return rx.cond(
        task.description != "",
        rx.fragment(
            rx.el.span(
                icon("text", "size-3.5"),
                rx.el.span("Has a description", class_name=styles.HIDDEN),
                class_name=styles.ROW_DESCRIBED,
            ),
            rx.el.p(
                Linked.create(text=task.description, is_cut=task.has_more),
                dir="auto",
                class_name=styles.ROW_PREVIEW,
            ),
        ),
    )


def _meta(task: TaskVar) -> rx.Component:
    return rx.el.div(
        rx.cond(task.pending, saving_mark(), priority_mark(task.priority)),
        rx.el.span(due_chip(task), class_name=styles.DUE_PLACE),
        class_name="row-meta",
    )


def check(task: TaskVar) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="checkbox",
            checked=task.is_completed,
            disabled=task.is_locked,
            on_change=optimistic_list.tick(task),
            aria_label=task.title,
        ),
        tick_mark(),
        class_name="check",
    )


def tick_mark() -> rx.Component:
    return rx.el.svg(
        rx.el.circle(cx="10", cy="10", r="9.2"),
        rx.el.path(d="m6 10.3 2.7 2.7L14 7.5"),
        view_box="0 0 20 20",
        aria_hidden=True,
    )


def failed(task: TaskVar) -> rx.Component:
    """Why the last gesture was not saved, and what to do about it."""
    return not_saved(task.error, optimistic_list.retry(task), optimistic_list.discard(task))


def _changed_elsewhere(task: TaskVar) -> rx.Component:
    return rx.el.div(
        rx.el.span(
            icon("repeat", "size-3.5"),
            rx.el.span("Changed on another device while you were writing. ", task.lost),
            class_name=styles.ROW_CHANGED,
        ),
        rx.el.button(
            "Keep mine",
            type="button",
            on_click=optimistic_list.keep_mine(task),
            class_name=styles.BUTTON_TEXT,
        ),
        rx.el.button(
            "Take theirs",
            type="button",
            on_click=optimistic_list.take_theirs(task),
            class_name=styles.BUTTON_TEXT,
        ),
        class_name=styles.ROW_NOTE,
    )


def _actions(task: TaskVar) -> rx.Component:
    """A strip in the row; where there is no pointer, "More" alone (styles.css)."""
    return rx.el.div(
        _action("Edit", "pencil", task, optimistic_list.open_task(task)),
        _action("Edit in place", "text-cursor", task, optimistic_list.edit_in_place(task)),
        _action("Delete", "trash", task, optimistic_list.trash(task)),
        more_button(task),
        class_name="row-actions no-print",
    )


def _action(verb: str, symbol: str, task: TaskVar, do: rx.Var) -> rx.Component:
    return rx.el.button(
        icon(symbol),
        type="button",
        aria_label=f"{verb} {task.title}",
        title=verb,
        data_do=verb.lower().replace(" ", "-"),
        on_click=do,
    )
