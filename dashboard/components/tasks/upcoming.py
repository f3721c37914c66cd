"""The days ahead: each one a place with its tasks, and the strip of them (assets/upcoming.js)."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import reflex as rx

from dashboard.components.shell import styles
from dashboard.components.shell.icon import icon
from dashboard.components.shell.js_handler import handler, handler_of
from dashboard.components.shell.link import anchor, link
from dashboard.components.tasks import by_hand, optimistic_list
from dashboard.components.tasks.group_head import task_count
from dashboard.components.tasks.sections import GroupVar, add_line
from dashboard.components.tasks.task_list import fold, show_more, task_rows
from dashboard.components.tasks.task_page import counted


@dataclass
class Cell:
    """A day in the strip."""

    date: str
    weekday: str
    number: str
    count: str
    """How many tasks it has; empty when that is none, or not known yet."""
    stones: list[int]
    """One for each task, as many as there is room for."""
    name: str
    is_today: bool
    is_week: bool
    """A week begins with it."""


@dataclass
class Fortnight:
    """The days that are places."""

    words: str
    """`10 to 23 March`."""
    days: list[Cell]
    is_first: bool
    """It begins with today."""
    is_last: bool
    """It goes on no further."""


fortnight: Any = optimistic_list.drawn("fortnight", Fortnight)
_turn = partial(handler, optimistic_list.LIBRARY, "turnWeeks")
_go_to = partial(handler_of, optimistic_list.LIBRARY)("goToDay", "event")


class DayStrip(rx.el.Nav):
    """Marks the day at the top of the page, and goes from day to day with the arrows."""

    library = optimistic_list.LIBRARY
    tag = "DayStrip"


def week_buttons() -> rx.Component:
    return rx.cond(
        fortnight.words != "",
        rx.el.div(
            _week("A week earlier", "chevron-left", "-1", fortnight.is_first),
            _week("A week later", "chevron-right", "1", fortnight.is_last),
            role="group",
            aria_label="Weeks",
            class_name="flex no-print",
        ),
    )


def _week(words: str, symbol: str, by: str, is_end: rx.Var) -> rx.Component:
    # One that is disabled would lose the focus.
    return rx.el.button(
        icon(symbol),
        type="button",
        aria_label=words,
        aria_disabled=rx.cond(is_end, "true", "false"),
        title=words,
        on_click=_turn(by),
        class_name=f"{styles.BUTTON_ICON} aria-disabled:opacity-40",
    )


def day_strip() -> rx.Component:
    """The days, or while they are on their way the place that they take."""
    return rx.cond(
        (fortnight.words == "") & (optimistic_list.phase == "loading"),
        rx.el.div(class_name="strip glass after-a-blink", aria_hidden=True),
        rx.cond(fortnight.words != "", _strip()),
    )


def _strip() -> rx.Component:
    return DayStrip.create(
        rx.foreach(fortnight.days, _cell),
        aria_label=rx.cond(fortnight.is_first, "The next 14 days", fortnight.words),
        class_name="strip glass no-print",
    )


def _cell(day: rx.vars.ObjectVar[Cell]) -> rx.Component:
    return anchor(
        rx.el.span(day.weekday),
        rx.el.b(day.number),
        rx.el.i(
            rx.el.span(rx.foreach(day.stones, lambda _: rx.el.i()), class_name="stones"),
            day.count,
            class_name="load",
        ),
        to=rx.Var.create(f"#day-{day.date}"),
        key=day.date,
        aria_label=day.name,
        on_click=_go_to(day),
        data_day=day.date,
        data_today=rx.cond(day.is_today, "", None),
        data_week=rx.cond(day.is_week, "", None),
    )


def days() -> rx.Component:
    return rx.el.div(
        rx.foreach(optimistic_list.groups, _keyed),
        show_more(),
        data_long=rx.cond(optimistic_list.is_long, "", None),
        class_name="list",
    )


def _keyed(group: GroupVar) -> rx.Component:
    return rx.fragment(rx.cond(group.day, _day(group), fold(group)), key=group.key)


def _day(group: GroupVar) -> rx.Component:
    day: Any = group.day
    return rx.el.section(
        rx.el.div(
            rx.el.h3(day.name, " ", rx.el.span(day.words), tab_index=-1),
            rx.cond(group.has_count & ~day.is_free, task_count(group.count)),
            rx.cond(day.is_today, _way_to_today(), _add_button(group)),
            class_name="day-head",
        ),
        rx.cond(day.is_free, rx.fragment(), task_rows(group)),
        rx.cond(group.has_line, add_line(day.date, f"Add a task for {day.title}")),
        id=rx.Var.create(f"day-{day.date}"),
        aria_label=group.label,
        data_day=day.date,
        data_free=rx.cond(day.is_free, "", None),
        class_name="day",
    )


def _way_to_today() -> rx.Component:
    """Nothing is listed twice: what is due today is on a page of its own."""
    count = optimistic_list.metrics.until_tonight
    return rx.cond(
        count > 0,
        link(counted(count, "task"), " in Today", to="/today", class_name=styles.BUTTON_TEXT),
    )


def _add_button(group: GroupVar) -> rx.Component:
    day: Any = group.day
    return rx.el.button(
        icon("plus"),
        type="button",
        aria_label=f"Add a task for {day.title}",
        title="Add a task on this day",
        on_click=by_hand.add_to(day.date),
        class_name=f"day-add no-print {styles.BUTTON_ICON}",
    )
