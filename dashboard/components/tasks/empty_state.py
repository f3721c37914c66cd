"""An empty list says why it is empty, and what to do next."""

import reflex as rx

from dashboard.components.shell import styles
from dashboard.components.shell.icon import cairn_drawing, icon
from dashboard.components.shell.link import list_link
from dashboard.components.tasks import optimistic_list
from dashboard.state.tasks import TaskListState

_FILTERS = {
    "pending": "No pending tasks.",
    "overdue": "No overdue tasks.",
    "completed": "No completed tasks.",
    "due_today": "Nothing is due today.",
}


def empty_state() -> rx.Component:
    return rx.cond(
        TaskListState.q != "",
        _nothing_found(),
        rx.cond(
            (TaskListState.status == "all") & (TaskListState.priority == ""),
            _first_stone(),
            rx.cond(
                (TaskListState.status == "pending") & (TaskListState.priority == ""),
                _all_done(),
                _nothing_in_filter(),
            ),
        ),
    )


def _first_stone() -> rx.Component:
    return rx.el.div(
        cairn_drawing(),
        rx.el.h3("Set the first stone", class_name=styles.EMPTY_TITLE),
        rx.el.p(
            "Write down one thing you want off your mind. The rest can follow.",
            class_name=styles.EMPTY_TEXT,
        ),
        rx.el.button(
            icon("plus"),
            "Add a task",
            type="button",
            on_click=optimistic_list.open_new,
            class_name=styles.BUTTON,
        ),
        class_name=styles.EMPTY,
    )


def _all_done() -> rx.Component:
    return rx.el.div(
        rx.el.h3("All stones set", class_name=styles.EMPTY_TITLE),
        rx.el.p("Nothing is left to do.", class_name=styles.EMPTY_TEXT),
        list_link("Show all", changes={"status": ""}, class_name=styles.BUTTON),
        class_name=styles.EMPTY,
    )


def _nothing_in_filter() -> rx.Component:
    words = rx.match(TaskListState.status, *_FILTERS.items(), "No tasks here.")
    return rx.el.div(
        rx.el.p(words, class_name="mb-5 text-ink"),
        list_link("Show all", changes={"status": "", "priority": ""}, class_name=styles.BUTTON),
        class_name=styles.EMPTY,
    )


def _nothing_found() -> rx.Component:
    return rx.el.div(
        rx.el.p(
            "Nothing matches “",
            rx.el.bdi(TaskListState.q),
            "”. ",
            TaskListState.q_problem,
            class_name="mb-5 max-w-full text-ink [overflow-wrap:anywhere]",
        ),
        list_link("Clear search", changes={"q": ""}, class_name=styles.BUTTON),
        class_name=styles.EMPTY,
    )
