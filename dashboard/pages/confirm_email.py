"""/confirm-email: where the link leads that proves an address."""

import reflex as rx

from dashboard.components.account import auth_form
from dashboard.components.account.auth_screen import auth_screen, needs_javascript
from dashboard.components.shell import styles
from dashboard.components.shell.icon import icon
from dashboard.components.shell.link import anchor


def confirm_email() -> rx.Component:
    return auth_screen(
        needs_javascript(),
        rx.el.div(_confirm(), _confirmed(), class_name="when-link"),
        rx.el.div(_no_link(), class_name="unless-link"),
        title="Confirm your address",
        words="It is the one that the link was sent to, and you sign in with it.",
        foot="All done?",
        # By a page load, so that what this page was told by its address is forgotten.
        foot_link=anchor("Open Cairn", to="/dashboard", class_name=styles.LINK),
    )


def _confirm() -> rx.Component:
    # A button, because programs that look through a mail box open every link in it.
    return rx.el.div(
        auth_form.auth_form(submit=auth_form.confirm_email, button="This is my address"),
        class_name="unless-sent",
    )


def _confirmed() -> rx.Component:
    return rx.el.p(
        icon("check"),
        rx.el.span(rx.el.b("Your address is confirmed."), " You sign in with it from now on."),
        role="status",
        class_name=f"when-sent {styles.NOTE}",
    )


def _no_link() -> rx.Component:
    return rx.el.p(
        icon("circle-alert"),
        rx.el.span(
            rx.el.b("Something is missing."),
            " Open this page by the link in the mail, or have Settings send another.",
        ),
        class_name=styles.NOTE,
    )
