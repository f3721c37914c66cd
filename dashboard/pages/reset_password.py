"""/reset-password: a link to choose another password is asked for here, and leads here."""

import reflex as rx

from dashboard.components.account import auth_form
from dashboard.components.account.auth_screen import auth_screen, needs_javascript
from dashboard.components.shell import styles
from dashboard.components.shell.icon import icon
from dashboard.components.shell.link import link


def reset_password() -> rx.Component:
    return auth_screen(
        needs_javascript(),
        # The address alone decides, before the first paint: a link brings its secret behind a #.
        rx.el.div(_choose(), class_name="when-link"),
        rx.el.div(_ask(), _sent(), class_name="unless-link"),
        title="Choose a new password",
        words="Every device is signed out, and you sign in with the new one.",
        foot="Remembered it?",
        foot_link=link("Sign in", to="/sign-in", class_name=styles.LINK),
    )


def _choose() -> rx.Component:
    return auth_form.auth_form(
        auth_form.password_field("password", "New password", is_new=True),
        submit=auth_form.reset_password,
        button="Change password",
    )


def _ask() -> rx.Component:
    return rx.el.div(
        auth_form.auth_form(
            auth_form.email_field(),
            submit=auth_form.forgot_password,
            button="Send me a link",
        ),
        class_name="unless-sent",
    )


def _sent() -> rx.Component:
    return rx.el.p(
        icon("check"),
        rx.el.span(
            rx.el.b("Look into your mail box."),
            " If this address has an account here, a link is on its way. It works for an hour.",
        ),
        role="status",
        class_name=f"when-sent {styles.NOTE}",
    )
