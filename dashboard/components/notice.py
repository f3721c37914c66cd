"""The one polite live region: what was just done, with a way to undo it. Never takes the focus."""

import reflex as rx

from dashboard.components import look, overlay
from dashboard.components.icon import icon


def notices() -> rx.Component:
    return rx.fragment(
        rx.el.div(
            rx.el.div(rx.cond(overlay.notice, _toast()), role="status", class_name="contents"),
            class_name=look.TOAST_DOCK,
        ),
        rx.el.div(id="warning", role="alert", class_name=look.WARNING),
    )


def _toast() -> rx.Component:
    return rx.el.div(
        rx.el.span(
            overlay.Sentence.create(parts=overlay.notice.text),
            class_name="min-w-0 py-1 [overflow-wrap:anywhere] line-clamp-2",
        ),
        rx.cond(
            overlay.notice.canUndo,
            rx.el.button(
                "Undo", type="button", on_click=overlay.undo, class_name=look.BUTTON_SMALL
            ),
        ),
        rx.cond(
            overlay.notice.show,
            rx.el.button(
                "Show", type="button", on_click=overlay.show_task, class_name=look.BUTTON_SMALL
            ),
        ),
        rx.el.button(
            icon("x"),
            type="button",
            aria_label="Dismiss",
            on_click=overlay.dismiss,
            class_name=look.BUTTON_ICON,
        ),
        rx.el.span(class_name=look.TOAST_LIFE, aria_hidden=True),
        key=overlay.notice.key,
        class_name=look.TOAST,
    )
