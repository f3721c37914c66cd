"""The dialog in which a task is made or edited; on phones a sheet from below."""

from typing import Any, Literal

import reflex as rx

from dashboard.components import look, overlay
from dashboard.components.icon import icon
from dashboard.components.marks import bars
from dashboard.components.row_editor import YEARS
from dashboard.components.shortcuts import key
from dashboard.components.text import LinkList

_PRIORITIES = ("Low", "Medium", "High")


def task_dialog() -> rx.Component:
    return overlay.Modal.create(
        rx.cond(overlay.dialog, _form()),
        is_open=overlay.is_dialog_open,
        on_dismiss=overlay.close,
        aria_labelledby="dialog-title",
        class_name=look.DIALOG,
    )


def _form() -> rx.Component:
    return rx.el.form(
        rx.el.div(class_name=look.DIALOG_GRAB, aria_hidden=True),
        rx.el.div(
            rx.el.h2(
                rx.cond(_is_edit(), "Edit task", "New task"),
                id="dialog-title",
                class_name=look.DIALOG_TITLE,
            ),
            class_name=look.DIALOG_HEAD,
        ),
        rx.el.div(
            _news(),
            _title(),
            _description(),
            _due(),
            _priority(),
            class_name=look.DIALOG_BODY,
        ),
        _foot(),
        # After the fields, so that the dialog opens with the title in focus.
        rx.el.button(
            icon("x", "size-4.5"),
            type="button",
            aria_label="Close",
            on_click=overlay.close,
            class_name=look.DIALOG_CLOSE,
        ),
        key=overlay.dialog.mode + overlay.dialog.task.id,
        on_submit=overlay.save,
        no_validate=True,
    )


def _news() -> rx.Component:
    """What happened to the task elsewhere while it is open here, and what was written where this person writes too."""
    return rx.el.div(
        rx.cond(
            overlay.dialog.news != "",
            rx.el.div(
                icon("repeat"),
                rx.el.div(
                    overlay.dialog.news,
                    rx.cond(overlay.dialog.is_gone, " Saving takes it out again.", ""),
                    rx.foreach(overlay.dialog.theirs, _theirs),
                    class_name="min-w-0 flex-1",
                ),
                data_tone="info",
                class_name=look.NOTE,
            ),
        ),
        role="status",
        class_name="empty:hidden",
    )


def _theirs(theirs: rx.vars.ObjectVar[overlay.Theirs]) -> rx.Component:
    return rx.el.div(
        rx.el.span(
            theirs.label,
            " is now “",
            rx.el.bdi(theirs.value),
            "” there. Yours is kept below.",
            class_name="line-clamp-3 [overflow-wrap:anywhere]",
        ),
        rx.el.button(
            "Take theirs",
            type="button",
            on_click=overlay.take_field(theirs),
            class_name=look.BUTTON_TEXT,
        ),
        key=theirs.name,
        class_name="mt-1",
    )


def _judged(name: str, error: rx.Var[str]) -> dict[str, Any]:
    return {
        "aria_invalid": rx.cond(error != "", "true", "false"),
        "aria_describedby": f"task-{name}-error",
    }


def _error(name: str, error: rx.Var[str]) -> rx.Component:
    return rx.el.p(error, id=f"task-{name}-error", role="alert", class_name=look.FIELD_ERROR)


def _title() -> rx.Component:
    return rx.el.div(
        rx.el.label("Title", html_for="task-title", class_name=look.LABEL),
        rx.el.input(
            id="task-title",
            dir="auto",
            name="title",
            default_value=overlay.dialog.task.title,
            required=True,
            auto_complete="off",
            **_judged("title", overlay.dialog.errors.title),
            class_name=look.INPUT,
        ),
        _error("title", overlay.dialog.errors.title),
    )


def _description() -> rx.Component:
    return rx.el.div(
        rx.el.label("Description", html_for="task-description", class_name=look.LABEL),
        rx.el.textarea(
            # A long description arrives after the dialog has opened, and only then may it be written in.
            key=overlay.dialog.is_ready.to_string(),
            id="task-description",
            dir="auto",
            name="description",
            default_value=overlay.dialog.task.description,
            read_only=~overlay.dialog.is_ready,
            aria_busy=~overlay.dialog.is_ready,
            rows="3",
            **_judged("description", overlay.dialog.errors.description),
            class_name=look.TEXTAREA,
        ),
        LinkList.create(
            text=overlay.dialog.task.description,
            item_class_name=look.DESCRIPTION_LINK,
            aria_label="Links in the description",
            class_name="mt-1.5",
        ),
        _error("description", overlay.dialog.errors.description),
    )


def _due() -> rx.Component:
    days = overlay.dialog.days
    return rx.el.div(
        rx.el.div(
            _labelled(
                "Due date",
                "due_date",
                "date",
                overlay.dialog.task.due_date,
                **_judged("due_date", overlay.dialog.errors.due_date),
                **YEARS,
            ),
            _labelled(
                "Time",
                "due_time",
                "time",
                overlay.dialog.task.due_time,
                **_judged("due_time", overlay.dialog.errors.due_time),
            ),
            class_name=look.PAIR,
        ),
        _error("due_date", overlay.dialog.errors.due_date),
        _error("due_time", overlay.dialog.errors.due_time),
        rx.el.div(
            *(
                rx.el.button(
                    words,
                    type="button",
                    value=day,
                    aria_pressed=rx.cond(overlay.dialog.task.due_date == day, "true", "false"),
                    on_click=overlay.pick_day,
                    class_name=look.CHIP,
                )
                for words, day in (
                    ("Today", days.today),
                    ("Tomorrow", days.tomorrow),
                    ("Next week", days.next_week),
                    ("No date", ""),
                )
            ),
            role="group",
            aria_label="Quick dates",
            class_name=look.CHIPS,
        ),
    )


def _labelled(
    label: str, name: str, kind: Literal["date", "time"], value: rx.Var[str], **props: Any
) -> rx.Component:
    return rx.el.div(
        rx.el.label(label, html_for=f"task-{name}", class_name=look.LABEL),
        rx.el.input(
            id=f"task-{name}",
            name=name,
            type=kind,
            default_value=value,
            class_name=look.INPUT,
            **props,
        ),
        class_name="min-w-0",
    )


def _priority() -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend("Priority", class_name=look.LABEL),
        rx.el.div(
            *(
                rx.el.label(
                    rx.el.input(
                        type="radio",
                        name="priority",
                        value=priority,
                        default_checked=overlay.dialog.task.priority == priority,
                        class_name=look.HIDDEN,
                    ),
                    bars(),
                    priority,
                    data_priority=priority,
                    class_name=f"{look.SEGMENT} relative",
                )
                for priority in _PRIORITIES
            ),
            class_name=look.SEGMENTS_FILL,
        ),
    )


def _foot() -> rx.Component:
    return rx.el.div(
        rx.cond(
            _is_edit(),
            rx.el.button(
                icon("trash"),
                rx.el.span("Move to trash", class_name="max-md:sr-only"),
                type="button",
                on_click=overlay.trash_opened,
                class_name=look.BUTTON_DANGER,
            ),
        ),
        rx.el.span(class_name="md:flex-1"),
        rx.el.button("Cancel", type="button", on_click=overlay.close, class_name=look.BUTTON_GHOST),
        rx.el.button(
            "Save",
            key("Ctrl ↵"),
            type="submit",
            class_name=f"max-md:flex-1 {look.BUTTON_PRIMARY}",
        ),
        class_name=look.DIALOG_FOOT,
    )


def _is_edit() -> rx.Var[bool]:
    return overlay.dialog.mode == "edit"
