"""What is overdue, all of it, to another day: the Python half of assets/reschedule.js."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import reflex as rx
from reflex.vars import BooleanVar, ObjectVar

from dashboard.components.shell import styles
from dashboard.components.shell.js_handler import handler
from dashboard.components.tasks import optimistic_list
from dashboard.components.tasks.dialog import cancel, dialog, foot, grab, heading


@dataclass
class OfferedDay:
    label: str
    words: str
    day: str


@dataclass
class Rescheduling:
    """The tasks for which a day is chosen, and the days that are near."""

    count: int
    days: list[OfferedDay]


_rescheduling: ObjectVar[Rescheduling] = optimistic_list.drawn("rescheduling", Rescheduling)
_is_rescheduling: BooleanVar = optimistic_list.drawn("is_rescheduling", bool)
_handler = partial(handler, optimistic_list.LIBRARY)
_stop = _handler("stopRescheduling")


def reschedule_button() -> rx.Component:
    return rx.el.button(
        "Reschedule all…",
        type="button",
        on_click=_handler("askToReschedule"),
        class_name=f"no-print {styles.BUTTON}",
    )


def reschedule_dialog() -> rx.Component:
    return dialog(
        rx.cond(_rescheduling, _choices()),
        title_id="reschedule-title",
        is_open=_is_rescheduling,
        on_dismiss=_stop,
    )


def _choices() -> rx.Component:
    count = _rescheduling.count
    tasks = rx.cond(count == 1, "Move 1 overdue task to", f"Move {count} overdue tasks to")
    return rx.el.form(
        grab(),
        rx.el.div(
            heading(tasks, "reschedule-title"),
            rx.el.div(rx.foreach(_rescheduling.days, _day), class_name="-mx-3"),
            rx.el.div(
                rx.el.label("Another day", html_for="reschedule-day", class_name=styles.LABEL),
                rx.el.input(id="reschedule-day", name="day", type="date", class_name=styles.INPUT),
            ),
            class_name=styles.FORM_BODY,
        ),
        foot(
            cancel(_stop),
            rx.el.button("Move", type="submit", class_name=styles.BUTTON_PRIMARY),
        ),
        on_submit=_handler("rescheduleToTyped"),
    )


def _day(offered: Any) -> rx.Component:
    return rx.el.button(
        rx.el.span(offered.label, class_name="flex-1"),
        rx.el.span(offered.words, class_name=styles.SECONDARY),
        type="button",
        on_click=_handler("rescheduleTo", offered.day),
        class_name=styles.MENU_ENTRY,
    )
