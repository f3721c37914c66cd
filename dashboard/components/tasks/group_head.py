"""The heading of a group that folds, and how many tasks a group has."""

from typing import Any

import reflex as rx

from dashboard.components.shell import styles
from dashboard.components.shell.icon import icon


def group_head(label: rx.Var, has_count: rx.Var, count: rx.Var, **attributes: Any) -> rx.Component:
    return rx.el.summary(
        rx.el.h3(label, class_name=styles.GROUP_TITLE),
        rx.cond(has_count, task_count(count)),
        icon("chevron-down", "size-3.5 text-ink-3"),
        class_name=styles.GROUP_HEAD,
        **attributes,
    )


def task_count(count: rx.Var) -> rx.Component:
    """A number, which is read out as that of tasks."""
    return rx.el.span(
        count,
        rx.el.span(rx.cond(count == 1, " task", " tasks"), class_name=styles.HIDDEN),
        class_name=styles.CAPTION,
    )
