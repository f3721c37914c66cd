"""/inbox, /lists/… and /tasks/…: the tasks of one list, open ones first."""

import reflex as rx

from dashboard.components.lists import lists
from dashboard.components.lists.list_mark import list_mark
from dashboard.components.lists.list_menu import options_button
from dashboard.components.shell import styles
from dashboard.components.shell.icon import cairn_drawing, icon
from dashboard.components.tasks import by_hand, optimistic_list
from dashboard.components.tasks.board import board, view_switch
from dashboard.components.tasks.quick_add import quick_add
from dashboard.components.tasks.sections import add_section
from dashboard.components.tasks.task_list import grouped_tasks
from dashboard.components.tasks.task_page import Gone, Head, task_page

_here = lists.lists.here
_is_board = _here.view == "board"


def inbox() -> rx.Component:
    return _page(rx.fragment("Inbox"), "Inbox", rx.fragment(), current="Inbox")


def one_list() -> rx.Component:
    return _page(
        rx.cond(_here, rx.fragment(list_mark(_here), _here.name), "List"),
        rx.cond(_here, _here.name, ""),
        rx.cond(_here, options_button(_here, "List options")),
        current="Lists",
    )


def one_task() -> rx.Component:
    """/tasks/…, where a task is opened by its address: its list, below the task."""
    return _page(
        rx.cond(_here, rx.fragment(list_mark(_here), _here.name), "…"),
        rx.cond(_here, _here.name, ""),
        rx.cond(_here & ~_here.is_inbox.bool(), options_button(_here, "List options")),
        current="Lists",
        what="task",
    )


def _page(
    title: rx.Component,
    name: str | rx.Var,
    options: rx.Component,
    *,
    current: str,
    what: str = "list",
) -> rx.Component:
    is_ready = optimistic_list.phase == "ready"
    gone = Gone(
        f"This {what} is not here",
        "It was deleted, or is not shared with you.",
        "Go to your lists",
        "/lists",
    )
    return task_page(
        Head(
            title,
            current,
            name,
            rx.cond(_here, _counts(), ""),
            rx.fragment(rx.cond(_here, view_switch()), options),
            gone,
        ),
        # Each column of a board adds to itself.
        line=rx.cond(
            _here.is_locked,
            _archived(),
            rx.cond(_is_board & is_ready, rx.fragment(), quick_add(_here.name)),
        ),
        empty=_empty(),
        below=_sections(),
        tasks=rx.cond(_is_board, board(), grouped_tasks()),
        is_headed=False,
        is_by_hand=True,
    )


def _sections() -> rx.Component:
    return rx.fragment(
        rx.cond(
            ((optimistic_list.phase == "ready") & ~_is_board) | (optimistic_list.phase == "empty"),
            rx.cond(_here & ~_here.is_locked.bool(), add_section()),
        ),
        rx.el.p(by_hand.told, aria_live="polite", class_name=styles.HIDDEN),
    )


def _counts() -> rx.Component:
    return rx.fragment(
        f"{_here.open} open", rx.cond(lists.done > 0, f", {lists.done} completed", "")
    )


def _archived() -> rx.Component:
    return rx.el.div(
        icon("archive", "size-4.5"),
        rx.el.p(
            rx.el.b("This list is archived."),
            " Its tasks are read only, and stay out of the dashboard and of search.",
            class_name=styles.BANNER_TEXT,
        ),
        rx.el.button(
            "Bring back",
            type="button",
            on_click=lists.bring_back(_here),
            class_name=styles.BUTTON_SMALL,
        ),
        class_name=styles.BANNER,
    )


def _empty() -> rx.Component:
    return rx.el.div(
        cairn_drawing(),
        rx.el.h3("An empty list", class_name=styles.EMPTY_TITLE),
        rx.cond(
            _here.is_locked,
            rx.fragment(),
            rx.el.p("Write the first task above.", class_name="mt-1.5 text-ink-3"),
        ),
        class_name=styles.EMPTY,
    )
