"""/sign-in."""

import reflex as rx

from dashboard.components.account import auth_form
from dashboard.components.account.auth_screen import auth_screen, needs_javascript
from dashboard.components.shell import styles
from dashboard.components.shell.icon import icon
from dashboard.components.shell.link import link


def sign_in() -> rx.Component:
    return auth_screen(
        needs_javascript(),
        _expired(),
        _reset(),
        auth_form.auth_form(
            auth_form.email_field(),
            auth_form.password_field(is_new=False),
            rx.el.div(
                _remember(),
                link(
                    "Forgot your password?",
                    to="/reset-password",
                    class_name=f"text-sm {styles.LINK}",
                ),
                class_name="flex flex-wrap items-center justify-between gap-x-4",
            ),
            submit=auth_form.sign_in,
            button="Sign in",
        ),
        title="Welcome back",
        words="Sign in to pick up where you stopped.",
        foot="New here?",
        foot_link=auth_form.OtherForm.create(
            "Create an account", to="/sign-up", class_name=styles.LINK
        ),
    )


def _remember() -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="checkbox", name="remember", default_checked=True, class_name=styles.CHOICE_BOX
        ),
        "Remember me",
        class_name=styles.CHOICE,
    )


def _expired() -> rx.Component:
    """Shown by the address alone (?expired=…), before the first paint, so that nothing moves."""
    return rx.el.p(
        icon("clock"),
        rx.el.span(
            rx.el.b("You were signed out."),
            " Your sign-in ran out or was ended on another device. Sign in, and you are back where you were.",
        ),
        role="status",
        class_name=f"when-expired {styles.NOTE}",
    )


def _reset() -> rx.Component:
    return rx.el.p(
        icon("check"),
        rx.el.span(rx.el.b("Your password is changed."), " Sign in with the new one."),
        role="status",
        class_name=f"when-reset {styles.NOTE}",
    )
