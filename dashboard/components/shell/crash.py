"""What stands in the place of a page that could not be drawn, instead of a blank one."""

import reflex as rx

from dashboard.components.account.auth_screen import auth_screen
from dashboard.components.shell import styles
from dashboard.components.shell.link import anchor


class CrashBoundary(rx.Component):
    """Draws its children, and `instead` when one of them fails."""

    library = "$/public/crash.js"
    tag = "CrashBoundary"

    instead: rx.Var[rx.Component]


def crash_boundary() -> rx.Component:
    return CrashBoundary.create(instead=rx.Var.create(_crashed()))


def _crashed() -> rx.Component:
    # Links of the browser's own: what failed is left behind by a page load.
    return auth_screen(
        # The page took its own title along.
        rx.el.title("This page stopped working · Cairn"),
        anchor("Load again", to="", class_name=styles.BUTTON_PRIMARY),
        title="This page stopped working",
        words="Your tasks are safe on the server, and what you were writing is kept in this browser.",
        foot="No better?",
        foot_link=anchor("Open the dashboard", to="/dashboard", class_name=styles.LINK),
    )
