"""What this person did to the task that is open (assets/activity.js), loaded when it is unfolded."""

from typing import Any

import reflex as rx

from dashboard.components.shell import styles
from dashboard.components.shell.icon import icon
from dashboard.components.tasks import optimistic_list


def activity() -> rx.Component:
    told: Any = optimistic_list.dialog.activity
    return rx.el.details(
        rx.el.summary(
            icon("chevron-down", "size-4 text-ink-3"),
            rx.el.span("Activity", class_name="font-semibold text-ink"),
            class_name=styles.ACTIVITY_HEAD,
        ),
        rx.el.ul(rx.foreach(told.steps, _step), aria_label="Activity"),
        rx.el.p(told.problem, role="alert", class_name=styles.FIELD_ERROR),
        rx.cond(
            told.has_more,
            rx.el.button(
                "Show earlier",
                type="button",
                on_click=optimistic_list.more_activity,
                class_name=styles.BUTTON_TEXT,
            ),
        ),
        # A trigger that this element of Reflex does not take.
        custom_attrs={"onToggle": optimistic_list.unfold_activity},
        class_name=f"unfold {styles.SUBTASKS}",
    )


def _step(step: rx.vars.ObjectVar[optimistic_list.Step]) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            optimistic_list.Sentence.create(parts=step.words),
            class_name="min-w-0 flex-1 [overflow-wrap:anywhere]",
        ),
        rx.el.time(step.when, date_time=step.at, class_name=f"flex-none {styles.CAPTION}"),
        key=step.id,
        class_name="flex min-h-8 items-baseline gap-3 text-sm text-ink-2",
    )
