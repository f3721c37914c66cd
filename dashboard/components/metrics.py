"""The cards above the list: each counts tasks and is a link to exactly those."""

import reflex as rx

from dashboard.components import look, overlay
from dashboard.components.link import link
from dashboard.components.marks import bars

_PRIORITIES = {"High": "bg-bar-high", "Medium": "bg-bar-medium", "Low": "bg-bar-low"}


def metric_cards() -> rx.Component:
    counts = overlay.metrics
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
        class_name=look.METRICS,
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
            rx.el.span(label, class_name=look.METRIC_LABEL),
            " ",
            rx.el.span(count, data_long=count > 99_999, class_name=[look.METRIC_FIGURE, tone]),
            to=to,
            class_name=f"{look.CARD_LINK} {look.METRIC}",
        ),
        rx.el.span(note, class_name=look.METRIC_NOTE),
        class_name="relative min-w-0",
    )


def priority_card() -> rx.Component:
    counts = {
        "High": overlay.metrics.high_priority,
        "Medium": overlay.metrics.medium_priority,
        "Low": overlay.metrics.low_priority,
    }
    return rx.el.li(
        rx.el.span("Pending by priority", class_name=f"hidden md:block {look.METRIC_LABEL}"),
        rx.el.span(
            *(_share(counts[priority], tint) for priority, tint in _PRIORITIES.items()),
            aria_hidden=True,
            class_name=look.PRIORITY_BAR,
        ),
        rx.el.span(
            *(_legend(priority, counts[priority]) for priority in _PRIORITIES),
            class_name=look.LEGEND,
        ),
        class_name=look.PRIORITIES,
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
        class_name=look.LEGEND_LINK,
    )
