"""Tasks by day at /today, /upcoming and /completed, and those of a label or a filter (see assets/place.js)."""

import reflex as rx

from dashboard.components.lists import entries
from dashboard.components.lists.sidebar_entries import entry_button, entry_mark
from dashboard.components.shell import styles
from dashboard.components.shell.link import link
from dashboard.components.tasks import optimistic_list
from dashboard.components.tasks import upcoming as days_ahead
from dashboard.components.tasks.quick_add import quick_add
from dashboard.components.tasks.reschedule import reschedule_button, reschedule_dialog
from dashboard.components.tasks.task_page import Gone, Head, counted, nothing, task_page

_here = entries.sidebar.here
_held = optimistic_list.held


def today() -> rx.Component:
    late = _held.overdue > 0
    in_all = _held.overdue + _held.today
    note = rx.fragment(
        rx.el.span(class_name=styles.DOT, aria_hidden=True),
        rx.el.span(
            optimistic_list.today,
            rx.cond(in_all > 0, rx.fragment(" · ", counted(in_all, "task"))),
            rx.cond(late, rx.fragment(", ", _held.overdue, " overdue")),
            class_name="min-w-0 flex-1",
        ),
    )
    return task_page(
        Head("Today", "Today", "Today", note, rx.cond(late, reschedule_button())),
        line=quick_add(rx.Var.create("today"), joined="for"),
        empty=nothing(
            "All stones set",
            "Nothing is due today, and nothing is late.",
            link("Look at Upcoming", to="/upcoming", class_name=styles.BUTTON),
        ),
        below=reschedule_dialog(),
    )


def upcoming() -> rx.Component:
    ahead = days_ahead.fortnight.words
    note = rx.fragment(
        rx.cond(ahead != "", rx.fragment(ahead, " · ")), counted(_held.upcoming, "task")
    )
    return task_page(
        Head("Upcoming", "Upcoming", "Upcoming", note, days_ahead.week_buttons()),
        line=rx.fragment(quick_add(), days_ahead.day_strip()),
        empty=nothing("A clear fortnight", "Nothing is planned after today."),
        tasks=days_ahead.days(),
    )


def completed() -> rx.Component:
    return task_page(
        Head("Completed", "Completed", "Completed", counted(_held.completed, "task")),
        line=rx.fragment(),
        empty=nothing("Nothing completed yet", "What you complete is kept here, day by day."),
    )


def one_label() -> rx.Component:
    note = rx.fragment(
        _open(),
        " open",
        rx.cond(_held.completed > 0, rx.fragment(", ", _held.completed, " completed")),
    )
    button = rx.cond(_here, entry_button(_here, "Label options"))
    gone = Gone("This label is not here", "No task of yours has it.", "Go to your lists", "/lists")
    return task_page(
        Head(_title(), "Labels", _name(), note, button, gone),
        line=quick_add(_name(), joined="with"),
        empty=nothing("Nothing with this label", "Write a task above, and it has the label."),
        is_headed=False,
    )


def one_filter() -> rx.Component:
    note = rx.cond(
        _here.problem != "",
        rx.el.span(_here.problem, role="alert", class_name="text-danger"),
        rx.fragment(
            counted(_open() + _held.completed, "task"),
            " · ",
            rx.el.code(_here.query, dir="auto", class_name="[overflow-wrap:anywhere]"),
        ),
    )
    button = rx.cond(_here, entry_button(_here, "Filter options"))
    gone = Gone(
        "This filter is not here", "It was deleted, or is not yours.", "Go to your lists", "/lists"
    )
    return task_page(
        Head(_title(), "Filters", _name(), note, button, gone),
        line=quick_add(),
        empty=nothing("Nothing found", "No task is what this filter asks for now."),
    )


def _open() -> rx.Var:
    return _held.overdue + _held.today + _held.upcoming + _held.no_date


def _title() -> rx.Component:
    return rx.cond(_here, rx.fragment(entry_mark(_here), _here.name), "…")


def _name() -> rx.Var:
    return rx.cond(_here, _here.name, "")
