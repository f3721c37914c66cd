"""/sign-in."""

import reflex as rx

from dashboard.components import auth_form, look
from dashboard.components.auth_screen import auth_screen, needs_javascript
from dashboard.components.icon import icon


def sign_in() -> rx.Component:
    return auth_screen(
        needs_javascript(),
        _expired(),
        auth_form.auth_form(
            auth_form.email_field(),
            auth_form.password_field(is_new=False),
            rx.el.label(
                rx.el.input(
                    type="checkbox",
                    name="remember",
                    default_checked=True,
                    class_name=look.CHOICE_BOX,
                ),
                "Remember me",
                class_name=look.CHOICE,
            ),
            submit=auth_form.sign_in,
            button="Sign in",
        ),
        title="Welcome back",
        words="Sign in to pick up where you stopped.",
        foot="New here?",
        foot_link=auth_form.OtherForm.create(
            "Create an account", to="/sign-up", class_name=look.LINK
        ),
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
        class_name=f"when-expired {look.NOTE}",
    )
