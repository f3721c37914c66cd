"""/: the server redirects from here; this is what a browser shows that comes past it, in development."""

import reflex as rx

from dashboard.components import look
from dashboard.components.auth_screen import auth_screen


def welcome() -> rx.Component:
    return auth_screen(
        rx.el.a("Open the dashboard", href="/dashboard", class_name=look.BUTTON_PRIMARY),
        title="Cairn",
        words="A task dashboard that you host yourself.",
        foot="New here?",
        foot_link=("Create an account", "/sign-up"),
    )
