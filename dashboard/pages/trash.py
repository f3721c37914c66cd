"""/trash: what was deleted in the last 30 days, and the way back."""

import reflex as rx

from dashboard.components.lists.sidebar_lists import deleted_lists
from dashboard.components.shell import styles
from dashboard.components.shell.icon import icon
from dashboard.components.shell.shell import page_head, shell
from dashboard.components.shell.skeleton import list_skeleton
from dashboard.components.tasks import optimistic_list
from dashboard.components.tasks.banner import banners, connection_banner
from dashboard.components.tasks.task_list import show_more
from dashboard.components.tasks.task_row import failed, row_of


def trash() -> rx.Component:
    return shell(
        connection_banner(),
        page_head(
            "Trash",
            note=rx.fragment("Tasks stay here for 30 days, then they are removed for good."),
        ),
        banners(),
        deleted_lists(),
        rx.el.h2("Deleted tasks", class_name=styles.HIDDEN),
        _deleted_tasks(),
        current="Trash",
    )


def _deleted_tasks() -> rx.Component:
    return rx.fragment(
        rx.match(
            optimistic_list.phase,
            (
                "ready",
                rx.fragment(rx.foreach(optimistic_list.groups, _rows), show_more(), _empty_trash()),
            ),
            ("empty", _empty()),
            ("failed", rx.fragment()),
            list_skeleton(),
        )
    )


def _rows(group: rx.vars.ObjectVar[optimistic_list.Group]) -> rx.Component:
    return rx.el.ul(
        rx.foreach(group.tasks, _deleted_task),
        key=group.key,
        class_name=f"{styles.ROWS} {styles.GROUP}",
    )


def _deleted_task(task: rx.vars.ObjectVar[optimistic_list.TaskView]) -> rx.Component:
    return rx.el.li(
        icon("trash", "size-4 mx-auto self-center text-ink-3"),
        rx.el.div(
            rx.el.p(task.title, dir="auto", class_name=styles.TRASHED_TITLE),
            rx.el.p(task.deleted_words, class_name="text-sm text-ink-3"),
            rx.cond(task.error != "", failed(task)),
            class_name="min-w-0 py-2.25",
        ),
        rx.el.div(
            rx.el.button(
                icon("rotate-ccw"),
                "Restore",
                type="button",
                aria_label=f"Restore {task.title}",
                on_click=optimistic_list.restore(task),
                class_name=styles.BUTTON_GHOST_SMALL,
            ),
            rx.el.button(
                icon("x"),
                rx.el.span("Delete forever", class_name="max-md:sr-only"),
                type="button",
                aria_label=f"Delete {task.title} forever",
                title="Delete forever",
                data_do="delete",
                on_click=optimistic_list.ask_to_erase(task),
                class_name=styles.BUTTON_GHOST_SMALL,
            ),
            class_name="flex max-2xs:-ml-3.5",
        ),
        key=task.id,
        **row_of(task),
        class_name=styles.TRASHED,
    )


def _empty_trash() -> rx.Component:
    return rx.el.div(
        rx.el.button(
            "Empty trash…",
            type="button",
            on_click=optimistic_list.ask_to_empty,
            class_name=styles.BUTTON_DANGER,
        ),
        class_name="no-print mt-3 flex justify-end",
    )


def _empty() -> rx.Component:
    return rx.el.div(
        rx.el.h3("The trash is empty", class_name=styles.EMPTY_TITLE),
        rx.el.p("What you delete waits here for 30 days.", class_name="mt-1.5 text-ink-3"),
        class_name=styles.EMPTY,
    )
