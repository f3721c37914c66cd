"""The list in its groups, and what stands in its place while there is nothing to list."""

import reflex as rx

from dashboard.components.shell import styles
from dashboard.components.tasks import optimistic_list
from dashboard.components.tasks.empty_state import empty_state
from dashboard.components.tasks.first_rows import first_rows
from dashboard.components.tasks.group_head import group_head
from dashboard.components.tasks.sections import section_of
from dashboard.components.tasks.task_row import task_row
from dashboard.state.tasks import TaskListState


def task_list() -> rx.Component:
    return rx.el.section(
        rx.el.h2("Tasks", id="tasks", tab_index=-1, class_name=styles.HIDDEN),
        found(),
        rx.match(
            optimistic_list.phase,
            ("ready", grouped_tasks()),
            ("empty", empty_state()),
            ("failed", rx.fragment()),
            first_rows(),
        ),
        aria_labelledby="tasks",
    )


def grouped_tasks() -> rx.Component:
    return rx.el.div(
        rx.foreach(optimistic_list.groups, _keyed),
        show_more(),
        data_drawn=rx.cond(optimistic_list.is_drawn, "", None),
        data_long=rx.cond(optimistic_list.is_long, "", None),
        class_name="list",
    )


def found() -> rx.Component:
    """How many tasks a search has found, in the place of a group's heading: the list begins where it always does."""
    is_shown = (TaskListState.q != "") & (optimistic_list.phase == "ready")
    return rx.el.p(
        rx.cond(
            is_shown,
            rx.cond(
                optimistic_list.found == "1", "1 task found", f"{optimistic_list.found} tasks found"
            ),
            rx.cond(
                (TaskListState.q != "") & (optimistic_list.phase == "empty"), "No tasks found", ""
            ),
        ),
        aria_live="polite",
        class_name=rx.cond(is_shown, styles.FOUND, styles.HIDDEN),
    )


def _keyed(group: rx.vars.ObjectVar[optimistic_list.Group]) -> rx.Component:
    """By its key, a group stays what it is when one before it comes or goes."""
    return rx.fragment(task_group(group), key=group.key)


def task_group(group: rx.vars.ObjectVar[optimistic_list.Group]) -> rx.Component:
    return rx.cond(
        group.section,
        section_of(group, task_rows(group)),
        rx.cond(group.label == "", _headless(group), fold(group)),
    )


def _headless(group: rx.vars.ObjectVar[optimistic_list.Group]) -> rx.Component:
    return rx.el.div(
        task_rows(group),
        data_group=group.key,
        class_name=rx.cond(TaskListState.q == "", styles.GROUP_HEADLESS, ""),
    )


def fold(group: rx.vars.ObjectVar[optimistic_list.Group]) -> rx.Component:
    return rx.el.details(
        group_head(group.label, group.has_count, group.count),
        task_rows(group),
        open=~group.is_put_away.bool(),
        key=group.key,
        class_name=f"fold {styles.GROUP}",
    )


def task_rows(group: rx.vars.ObjectVar[optimistic_list.Group]) -> rx.Component:
    """Its rows, in one list or, of a long one, in several that look like one."""
    return rx.fragment(rx.foreach(group.parts, lambda part: _rows(part=part, key=part.key)))


class FreshRows(rx.Component):
    """Rows that are drawn when there is time for it, where they are fresh (assets/fresh_rows.js)."""

    library = optimistic_list.LIBRARY
    tag = "FreshRows"

    is_fresh: rx.Var[bool]


@rx.memo
def _rows(part: rx.vars.ObjectVar[optimistic_list.Part]) -> rx.Component:
    """Drawn again only when one of its rows changed: assets/parts.js hands on the same object until then."""
    return rx.el.ul(
        FreshRows.create(
            rx.foreach(part.tasks, lambda task: task_row(task=task, key=task.id)),
            is_fresh=part.is_fresh,
        ),
        # Not as a style of Reflex, for which it would bring a library.
        custom_attrs={"style": {"--rows": part.tasks.length()}},
        class_name=styles.ROWS,
    )


class ShowMore(rx.el.Button):
    """A button that is pressed by itself when it comes into sight, where the page goes on without end."""

    library = optimistic_list.LIBRARY
    tag = "ShowMore"

    cursor: rx.Var[str]
    """Another one after each loading."""


def show_more() -> rx.Component:
    return rx.cond(
        TaskListState.next_cursor != "",
        rx.el.div(
            ShowMore.create(
                "Show more",
                cursor=TaskListState.next_cursor,
                on_click=TaskListState.show_more,
                class_name=f"show-more {styles.BUTTON}",
            ),
            class_name="no-print mt-5 flex justify-center",
        ),
    )
