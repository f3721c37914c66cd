"""/: the server redirects from here; this is what a browser shows that comes past it, in development."""

import reflex as rx

from dashboard.components.account.auth_screen import auth_screen
from dashboard.components.shell import styles
from dashboard.components.shell.link import anchor, link


def welcome() -> rx.Component:
    return auth_screen(
        anchor("Open the dashboard", to="/dashboard", class_name=styles.BUTTON_PRIMARY),
        title="Cairn",
        words="A task dashboard that you host yourself.",
        foot="New here?",
        foot_link=link("Create an account", to="/sign-up", class_name=styles.LINK),
    )
