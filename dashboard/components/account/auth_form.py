"""The forms of sign-in and sign-up, and the fields of all forms that go to the API by themselves.

assets/auth_form.js and assets/forms.js send them and show what the server refuses. A password never becomes state: it
goes from its field to the API and nowhere else.
"""

from typing import Any

import reflex as rx

from dashboard.components.shell import styles
from dashboard.components.shell.icon import icon
from dashboard.components.shell.js_handler import handler

_LIBRARY = "$/public/auth_form.js"
_FORMS = "$/public/forms.js"

sign_in = handler(_LIBRARY, "signIn")
sign_up = handler(_LIBRARY, "signUp")
sign_out = handler(_LIBRARY, "signOut")
reset_password = handler(_LIBRARY, "resetPassword")
forgot_password = handler(_LIBRARY, "forgotPassword")
confirm_email = handler(_LIBRARY, "confirmEmail")
reveal = handler(_FORMS, "reveal")
judge = handler(_FORMS, "judge")


class OtherForm(rx.Component):
    """A link from sign-in to sign-up or back, which leads on to where the person was going."""

    library = _LIBRARY
    tag = "OtherForm"

    to: rx.Var[str]


class EarlySubmit(rx.Component):
    """Sends a form that was submitted before the page's scripts were there."""

    library = _LIBRARY
    tag = "EarlySubmit"


class SignUpRule(rx.Component):
    """Who may create an account here; its children are shown where the setup code has to be typed."""

    library = _LIBRARY
    tag = "SignUpRule"


def auth_form(*fields: rx.Component, submit: rx.Var, button: str) -> rx.Component:
    return rx.el.form(
        problem_summary(),
        *fields,
        rx.el.button(
            icon("loader-circle", "size-4 turning hidden [[data-busy]_&]:block"),
            button,
            type="submit",
            class_name=styles.BUTTON_WIDE,
        ),
        EarlySubmit.create(),
        on_submit=submit,
        # Outside a dialog this method does nothing: Enter before the page is ready loses no password to the address.
        method="dialog",
        no_validate=True,
        custom_attrs={"data-early": ""},
        class_name=styles.AUTH_FORM,
    )


def problem_summary() -> rx.Component:
    """Empty until the server refuses; the script fills it in, and it is read out."""
    return rx.el.div(
        icon("circle-alert"),
        rx.el.span(data_part="problem-text"),
        role="alert",
        data_part="problem",
        data_tone="danger",
        class_name=styles.NOTE,
    )


def field(
    name: str, label: str, *, missing: str, hints: tuple[rx.Component, ...] = (), **props: Any
) -> rx.Component:
    """A field whose label rises, with a place for what is wrong with it. `missing` is said when it is left empty."""
    error_id, hints_id = f"{name}-error", f"{name}-hints"
    is_secret = props.get("type") == "password"
    return rx.el.div(
        rx.el.span(
            rx.el.input(
                id=name,
                name=name,
                placeholder=" ",
                required=True,
                aria_describedby=" ".join([error_id, *([hints_id] if hints else [])]),
                data_missing=missing,
                **props,
            ),
            rx.el.label(label, html_for=name),
            *((_reveal_button(name, label),) if is_secret else ()),
            class_name="float",
        ),
        *((rx.el.div(*hints, id=hints_id),) if hints else ()),
        rx.el.p(id=error_id, class_name=styles.FIELD_ERROR),
    )


def email_field(label: str = "Email") -> rx.Component:
    return field(
        "email",
        label,
        missing="Enter your email address.",
        type="email",
        auto_complete="username",
        input_mode="email",
        auto_capitalize="none",
        spell_check=False,
    )


def password_field(
    name: str = "password", label: str = "Password", *, is_new: bool, missing: str = ""
) -> rx.Component:
    if not is_new:
        return field(
            name,
            label,
            missing=missing or "Enter the password for this account.",
            type="password",
            auto_complete="current-password",
        )
    return field(
        name,
        label,
        missing="Choose a password.",
        hints=(_strength(),),
        type="password",
        auto_complete="new-password",
        min_length=8,
        on_change=judge,
    )


def _strength() -> rx.Component:
    """Four bars and a sentence. Both are there from the beginning, so that nothing moves when the verdict comes."""
    rule = "At least 8 characters, and hard to guess"
    return rx.el.div(
        rx.el.div(*(rx.el.i() for _ in range(4)), aria_hidden=True, class_name=styles.STRENGTH),
        rx.el.p(
            icon("check", "size-3.5"),
            rx.el.span(rule, data_part="verdict"),
            aria_live="polite",
            class_name=styles.RULE,
        ),
        data_part="strength",
        data_level="0",
        data_rule=rule,
    )


def _reveal_button(name: str, label: str) -> rx.Component:
    return rx.el.button(
        icon("eye", "size-4.5"),
        type="button",
        aria_label=f"Show {label.lower()}",
        aria_pressed="false",
        aria_controls=name,
        on_click=reveal,
        class_name=styles.REVEAL,
    )
