"""What an address shows that leads nowhere."""

import reflex as rx

from dashboard.components.account.auth_screen import auth_screen
from dashboard.components.shell import styles
from dashboard.components.shell.link import anchor, link


def not_found() -> rx.Component:
    return auth_screen(
        anchor("Open the dashboard", to="/dashboard", class_name=styles.BUTTON_PRIMARY),
        title="Page not found",
        words="There is nothing at this address. Nothing of yours is lost.",
        foot="Signed out?",
        foot_link=link("Sign in", to="/sign-in", class_name=styles.LINK),
    )
