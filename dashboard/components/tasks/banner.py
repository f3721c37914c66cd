"""What stands between the list and the server."""

import reflex as rx

from dashboard.components.shell import styles
from dashboard.components.shell.icon import icon
from dashboard.components.tasks import optimistic_list
from dashboard.state.tasks import FOLLOW, TaskListState


def connection_banner() -> rx.Component:
    """Says that the connection is cut, in sight wherever one is on the page: first in it, and over the rest of it.

    It comes and goes by itself, so it has no box of its own: nothing moves under a finger that is about to tap.
    """
    return rx.el.div(
        rx.el.div(
            rx.cond(optimistic_list.connection != "online", _cut()),
            role="status",
            class_name="min-w-0 max-md:flex-1",
        ),
        class_name=styles.BANNER_DOCK,
    )


def banners() -> rx.Component:
    """Between the head of the page and its first card, covering nothing."""
    return rx.el.div(
        rx.cond(TaskListState.load_error != "", _load_failed()),
        rx.cond(optimistic_list.draft, _draft()),
        rx.cond(optimistic_list.zones, _other_zone()),
        role="status",
        class_name="no-print",
    )


def _cut() -> rx.Component:
    is_offline = optimistic_list.connection == "offline"
    are = rx.cond(optimistic_list.waiting == 1, "is", "are")
    return rx.el.div(
        rx.cond(
            is_offline,
            icon("wifi-off", "size-4.5"),
            icon("refresh-cw", "size-4.5 turning"),
        ),
        rx.el.p(
            rx.el.b(rx.cond(is_offline, "You are offline.", "Reconnecting.")),
            rx.cond(
                optimistic_list.is_kept,
                rx.cond(
                    optimistic_list.waiting > 0,
                    f" Keep going: {optimistic_list.waiting} of your changes {are} kept here and sent when "
                    "you are back.",
                    " Keep going: what you do is kept here and sent when you are back.",
                ),
                f" This browser keeps nothing: {optimistic_list.waiting} of your changes {are} lost when this "
                "page closes.",
            ),
            class_name=styles.BANNER_TEXT,
        ),
        data_tone=rx.cond(is_offline, "calm", "info"),
        class_name=styles.BANNER_OVER,
    )


def _load_failed() -> rx.Component:
    return rx.el.div(
        icon("cloud-off", "size-4.5"),
        rx.el.p(
            rx.el.b("Tasks did not load."),
            " ",
            TaskListState.load_error,
            rx.cond(
                TaskListState.load_id != "",
                " This list was loaded earlier and may be out of date.",
                "",
            ),
            class_name=styles.BANNER_TEXT,
        ),
        rx.el.button(
            "Load again",
            type="button",
            on_click=FOLLOW,
            class_name=styles.BUTTON_SMALL,
        ),
        data_tone="danger",
        class_name=styles.BANNER,
    )


def _draft() -> rx.Component:
    return rx.el.div(
        icon("pencil", "size-4.5"),
        rx.el.p(
            "You were writing “",
            rx.el.bdi(optimistic_list.draft.title),
            "”.",
            class_name=styles.BANNER_TEXT,
        ),
        rx.el.button(
            "Restore",
            type="button",
            on_click=optimistic_list.restore_draft,
            class_name=styles.BUTTON_SMALL,
        ),
        rx.el.button(
            "Discard",
            type="button",
            on_click=optimistic_list.discard_draft,
            class_name=styles.BUTTON_SMALL,
        ),
        class_name=styles.BANNER,
    )


def _other_zone() -> rx.Component:
    return rx.el.div(
        icon("clock", "size-4.5"),
        rx.el.p(
            "Your days and times follow ",
            rx.el.b(optimistic_list.zones.account),
            "; this device is in ",
            rx.el.b(optimistic_list.zones.here),
            ".",
            class_name=styles.BANNER_TEXT,
        ),
        rx.el.button(
            "Follow this device",
            type="button",
            on_click=optimistic_list.take_zone,
            class_name=styles.BUTTON_SMALL,
        ),
        rx.el.button(
            "Leave it",
            type="button",
            on_click=optimistic_list.keep_zone,
            class_name=styles.BUTTON_SMALL,
        ),
        class_name=styles.BANNER,
    )
