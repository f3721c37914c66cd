"""The cards above the list: each counts tasks and is a link to exactly those."""

import reflex as rx

from dashboard.components.shell import styles
from dashboard.components.shell.link import link
from dashboard.components.tasks import optimistic_list
from dashboard.components.tasks.badges import bars

_PRIORITIES = {"High": "bg-bar-high", "Medium": "bg-bar-medium", "Low": "bg-bar-low"}


def metric_cards() -> rx.Component:
    counts = optimistic_list.metrics
    return rx.el.ul(
        metric_card("Total", counts.total, "/dashboard", "Open and done"),
        metric_card("Completed", counts.completed, "/dashboard?status=completed", "Off your mind"),
        metric_card(
            "Pending", counts.pending, "/dashboard?status=pending", f"{counts.due_today} due today"
        ),
        metric_card(
            "Overdue",
            counts.overdue,
            "/dashboard?status=overdue",
            rx.cond(counts.overdue > 0, "Past their date", "Nothing is late"),
            rx.cond(counts.overdue > 0, "text-danger", "text-ink"),
        ),
        priority_card(),
        aria_label="Summary",
        class_name=styles.METRICS,
    )


def metric_card(
    label: str,
    count: rx.vars.NumberVar[int],
    to: str,
    note: str | rx.Var,
    tone: str | rx.Var = "text-ink",
) -> rx.Component:
    return rx.el.li(
        link(
            rx.el.span(label, class_name=styles.METRIC_LABEL),
            " ",
            rx.el.span(count, data_long=count > 99_999, class_name=[styles.METRIC_FIGURE, tone]),
            to=to,
            class_name=f"{styles.CARD_LINK} {styles.METRIC}",
        ),
        rx.el.span(note, class_name=styles.METRIC_NOTE),
        class_name="relative min-w-0",
    )


def priority_card() -> rx.Component:
    counts = {
        "High": optimistic_list.metrics.high_priority,
        "Medium": optimistic_list.metrics.medium_priority,
        "Low": optimistic_list.metrics.low_priority,
    }
    return rx.el.li(
        rx.el.span("Pending by priority", class_name=f"hidden md:block {styles.METRIC_LABEL}"),
        rx.el.span(
            *(_share(counts[priority], tint) for priority, tint in _PRIORITIES.items()),
            aria_hidden=True,
            class_name=styles.PRIORITY_BAR,
        ),
        rx.el.span(
            *(_legend(priority, counts[priority]) for priority in _PRIORITIES),
            class_name=styles.LEGEND,
        ),
        class_name=styles.PRIORITIES,
    )


def _share(count: rx.vars.NumberVar[int], tint: str) -> rx.Component:
    return rx.cond(
        count > 0,
        rx.el.span(
            class_name=f"min-w-1.5 rounded-[3px] {tint}",
            custom_attrs={"style": rx.Var.create({"flex": f"{count} 1 0"})},
        ),
    )


def _legend(priority: str, count: rx.vars.NumberVar[int]) -> rx.Component:
    return link(
        bars(),
        priority,
        " ",
        rx.el.b(count, class_name="font-semibold text-ink"),
        to=f"/dashboard?status=pending&priority={priority}",
        data_priority=priority,
        class_name=styles.LEGEND_LINK,
    )
