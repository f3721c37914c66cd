"""Small marks of a task: its priority as bars and a word, and when it is due. Colour never says it alone."""

import reflex as rx

from dashboard.components.shell import styles
from dashboard.components.shell.icon import icon
from dashboard.components.tasks import optimistic_list


def bars() -> rx.Component:
    """Three bars, filled by `data-priority` of what is around them."""
    return rx.el.svg(
        rx.el.path(d="M1 9.5a1 1 0 0 1 1-1h1a1 1 0 0 1 1 1v2.5a1 1 0 0 1-1 1H2a1 1 0 0 1-1-1z"),
        rx.el.path(d="M5.5 6a1 1 0 0 1 1-1h1a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1h-1a1 1 0 0 1-1-1z"),
        rx.el.path(d="M10 2.5a1 1 0 0 1 1-1h1a1 1 0 0 1 1 1v9.5a1 1 0 0 1-1 1h-1a1 1 0 0 1-1-1z"),
        view_box="0 0 14 14",
        class_name="bars",
        aria_hidden=True,
    )


def priority_mark(priority: rx.Var[str]) -> rx.Component:
    return rx.el.span(
        bars(),
        rx.el.span(rx.el.span("Priority: ", class_name=styles.HIDDEN), priority),
        data_priority=priority,
        class_name=styles.PRIORITY,
    )


def repeat_mark(words: rx.Var[str]) -> rx.Component:
    return rx.el.span(
        icon("repeat", "size-3.25 flex-none"),
        rx.el.span("Repeats ", class_name=styles.HIDDEN),
        rx.el.span(words, class_name="truncate"),
        class_name=styles.ROW_REPEAT,
    )


def saving_mark() -> rx.Component:
    return rx.el.span(
        icon("loader-circle", "size-3.5 turning"),
        "Saving",
        class_name=f"inline-flex items-center gap-1.5 whitespace-nowrap {styles.CAPTION}",
    )


def due_chip(task: rx.vars.ObjectVar[optimistic_list.TaskView]) -> rx.Component:
    return rx.el.span(
        rx.match(
            task.due_kind,
            (
                "overdue",
                rx.fragment(
                    icon("triangle-alert", "size-3.25"),
                    rx.el.span("Overdue: ", class_name=styles.HIDDEN),
                ),
            ),
            ("today", rx.el.span(class_name=styles.DOT, aria_hidden=True)),
            rx.fragment(),
        ),
        rx.cond(
            task.due_kind == "none",
            "No date",
            rx.el.time(task.due_words, date_time=task.due_date),
        ),
        data_kind=task.due_kind,
        class_name=styles.DUE,
    )
