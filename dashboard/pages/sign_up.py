"""/sign-up."""

import reflex as rx

from dashboard.components.account import auth_form
from dashboard.components.account.auth_screen import auth_screen, needs_javascript
from dashboard.components.shell import styles
from dashboard.models.user import SECRET_LENGTH


def sign_up() -> rx.Component:
    return auth_screen(
        needs_javascript(),
        auth_form.auth_form(
            auth_form.SignUpRule.create(
                auth_form.field(
                    "setup_code",
                    "Setup code",
                    missing="Enter the setup code.",
                    auto_complete="off",
                    spell_check=False,
                    auto_capitalize="characters",
                    max_length=SECRET_LENGTH,
                ),
                class_name=styles.SIGN_UP_RULE,
            ),
            auth_form.field(
                "name",
                "Name",
                missing="Enter your name.",
                auto_complete="name",
                max_length=100,
            ),
            auth_form.email_field(),
            auth_form.password_field(is_new=True),
            submit=auth_form.sign_up,
            button="Create account",
        ),
        rx.el.p(
            "Your tasks stay on this server, and yours: nobody else sees them.",
            class_name=styles.CAPTION,
        ),
        title="Create your account",
        words="One place for what is next.",
        foot="Already have an account?",
        foot_link=auth_form.OtherForm.create("Sign in", to="/sign-in", class_name=styles.LINK),
    )
