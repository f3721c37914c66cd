"""The one polite live region: what was just done, with a way to undo it. Never takes the focus."""

import reflex as rx

from dashboard.components.shell import styles
from dashboard.components.shell.icon import icon
from dashboard.components.tasks import optimistic_list


def notices() -> rx.Component:
    return rx.fragment(
        rx.el.div(
            rx.el.div(
                rx.cond(optimistic_list.notice, _toast()), role="status", class_name="contents"
            ),
            class_name=styles.TOAST_DOCK,
        ),
        rx.el.div(id="warning", role="alert", class_name=styles.WARNING),
    )


def notice_over_page() -> rx.Component:
    """The same in a dialog, above its foot."""
    return rx.el.div(
        rx.el.div(rx.cond(optimistic_list.notice, _toast()), role="status", class_name="contents"),
        class_name=styles.TOAST_OVER_PAGE,
    )


def _toast() -> rx.Component:
    return rx.el.div(
        rx.el.span(
            optimistic_list.Sentence.create(parts=optimistic_list.notice.text),
            class_name="min-w-0 py-1 [overflow-wrap:anywhere] line-clamp-2",
        ),
        rx.cond(
            optimistic_list.notice.canUndo,
            rx.el.button(
                "Undo", type="button", on_click=optimistic_list.undo, class_name=styles.BUTTON_SMALL
            ),
        ),
        rx.cond(
            optimistic_list.notice.more,
            rx.el.button(
                optimistic_list.notice.more,
                type="button",
                on_click=optimistic_list.do_more,
                class_name=styles.BUTTON_SMALL,
            ),
        ),
        rx.cond(
            optimistic_list.notice.show,
            rx.el.button(
                "Show",
                type="button",
                on_click=optimistic_list.show_task,
                class_name=styles.BUTTON_SMALL,
            ),
        ),
        rx.el.button(
            icon("x"),
            type="button",
            aria_label="Dismiss",
            on_click=optimistic_list.dismiss,
            class_name=styles.BUTTON_ICON,
        ),
        rx.el.span(class_name=styles.TOAST_LIFE, aria_hidden=True),
        key=optimistic_list.notice.key,
        class_name=styles.TOAST,
    )
