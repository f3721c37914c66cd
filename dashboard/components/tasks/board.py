"""A list as a board: each section a column, its tasks as cards.

They are the rows of the list, with all that these do; styles.css makes cards of them.
"""

from typing import Any

import reflex as rx

from dashboard.components.lists import lists
from dashboard.components.shell import styles
from dashboard.components.shell.icon import icon
from dashboard.components.shell.js_handler import handler_of
from dashboard.components.tasks import by_hand, optimistic_list
from dashboard.components.tasks.group_head import task_count
from dashboard.components.tasks.sections import (
    GroupVar,
    add_line,
    add_section,
    name_form,
    section_heading,
    section_tools,
    with_new_ones,
)
from dashboard.components.tasks.task_list import show_more
from dashboard.components.tasks.task_row import task_row

_show_column = handler_of(optimistic_list.LIBRARY, "showColumn")
_here = lists.lists.here
_columns: Any = optimistic_list.groups


def view_switch() -> rx.Component:
    """How the list is shown; the choice stays with the list."""
    return rx.el.div(
        _view("List", "list"),
        _view("Board", "columns"),
        role="group",
        aria_label="View",
        class_name=f"view-switch no-print {styles.SEGMENTS}",
    )


def _view(words: str, symbol: str) -> rx.Component:
    is_on = _here.view == words.lower()
    return rx.el.button(
        icon(symbol, "size-4.5"),
        type="button",
        aria_label=words,
        aria_pressed=rx.cond(is_on, "true", "false"),
        title=f"{words} (V)",
        on_click=lists.show_as(_here, words.lower()),
        class_name=styles.SEGMENT_ICON,
    )


class ColumnTabs(rx.el.Nav):
    """On a phone: marks the column in sight."""

    library = optimistic_list.LIBRARY
    tag = "ColumnTabs"


def _tab(group: GroupVar) -> rx.Component:
    return rx.el.button(
        rx.el.span(group.label, dir="auto"),
        task_count(group.count),
        key=group.key,
        type="button",
        value=group.key,
        on_click=_show_column(group.key),
    )


def board() -> rx.Component:
    count = _columns.length()
    return rx.fragment(
        ColumnTabs.create(
            rx.foreach(_columns, _tab),
            aria_label="Sections",
            class_name="column-tabs no-print",
        ),
        rx.el.div(
            rx.foreach(_columns, _column),
            rx.cond(_here.is_locked, rx.fragment(), rx.el.div(add_section(), class_name="column")),
            role="group",
            aria_label=f"Board, {count} columns",
            tab_index=0,
            class_name="board",
        ),
        show_more(),
    )


def _column(group: GroupVar) -> rx.Component:
    # By its key, a column stays what it is when one before it comes or goes.
    drawn = rx.cond(group.key == "completed", _completed(group), _open(group))
    return rx.fragment(
        with_new_ones(group, drawn, rx.el.div(name_form(), class_name="column")), key=group.key
    )


def _cards(group: GroupVar) -> rx.Component:
    return rx.fragment(
        rx.cond(
            group.tasks.length() > 0,
            _rows(group),
            rx.el.p("Nothing here yet. Drop a task, or add one.", class_name="none"),
        ),
        rx.cond(group.is_movable, _add(group)),
    )


def _rows(group: GroupVar) -> rx.Component:
    return rx.el.ul(
        rx.foreach(group.tasks, lambda task: task_row(task=task, key=task.id)), class_name="cards"
    )


def _open(group: GroupVar) -> rx.Component:
    section: Any = group.section
    return rx.el.section(
        rx.cond(
            group.is_naming,
            name_form(),
            rx.el.div(
                rx.cond(
                    section,
                    rx.fragment(section_heading(group), section_tools(group)),
                    _heading(group),
                ),
                class_name="head",
            ),
        ),
        rx.cond(section.is_folded, rx.fragment(), _cards(group)),
        id=rx.Var.create(f"column-{group.key}"),
        key=group.key,
        data_folded=rx.cond(section.is_folded, "", None),
        aria_label=group.label,
        data_group=group.key,
        class_name="column",
    )


def _heading(group: GroupVar) -> rx.Component:
    return rx.el.h3(
        rx.el.span(group.label, dir="auto", class_name="truncate"),
        task_count(group.count),
    )


def _add(group: GroupVar) -> rx.Component:
    """At the end of a column; the line stays for the next one."""
    return rx.cond(
        group.has_line,
        add_line(group.key, f"Add a task to {group.label}"),
        rx.el.button(
            icon("plus"),
            "Add a task",
            type="button",
            on_click=by_hand.add_to(group.key),
            class_name=f"add no-print {styles.BUTTON_GHOST}",
        ),
    )


def _completed(group: GroupVar) -> rx.Component:
    """Put away at the end, as narrow as its name is high."""
    return rx.el.details(
        rx.el.summary(icon("circle-check", "size-4.5"), _heading(group)),
        _rows(group),
        id=rx.Var.create(f"column-{group.key}"),
        key=group.key,
        class_name="column done",
    )
