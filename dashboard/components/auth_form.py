"""The forms of sign-in and sign-up. assets/auth_form.js sends them and shows what the server refuses.

A password never becomes state: it goes from its field to the API and nowhere else.
"""

from typing import Any

import reflex as rx
from reflex.utils.imports import ImportVar
from reflex.vars import VarData

from dashboard.components import look
from dashboard.components.icon import icon

_LIBRARY = "$/public/auth_form.js"


def _handler(function: str) -> rx.Var:
    data = VarData(imports={_LIBRARY: [ImportVar(tag=function)]})
    return rx.Var(function, _var_type=rx.EventChain, _var_data=data).to(rx.EventChain)


sign_in = _handler("signIn")
sign_up = _handler("signUp")
sign_out = _handler("signOut")
reveal = _handler("reveal")


class OtherForm(rx.Component):
    """A link from sign-in to sign-up or back, which leads on to where the person was going."""

    library = _LIBRARY
    tag = "OtherForm"

    to: rx.Var[str]


def auth_form(*fields: rx.Component, submit: rx.Var, button: str) -> rx.Component:
    return rx.el.form(
        problem_summary(),
        *fields,
        rx.el.button(
            icon("loader-circle", "size-4 turning hidden [[data-busy]_&]:block"),
            button,
            type="submit",
            class_name=look.BUTTON_WIDE,
        ),
        on_submit=submit,
        # Outside a dialog this method does nothing: Enter before the page is ready loses no password to the address.
        method="dialog",
        no_validate=True,
        class_name=look.AUTH_FORM,
    )


def problem_summary() -> rx.Component:
    """Empty until the server refuses; the script fills it in, and it is read out."""
    return rx.el.div(
        icon("circle-alert"),
        rx.el.span(data_part="problem-text"),
        role="alert",
        data_part="problem",
        data_tone="danger",
        class_name=look.NOTE,
    )


def field(
    name: str, label: str, *, missing: str, hints: tuple[rx.Component, ...] = (), **props: Any
) -> rx.Component:
    """A field whose label rises, with a place for what is wrong with it. `missing` is said when it is left empty."""
    error_id = f"{name}-error"
    return rx.el.div(
        rx.el.span(
            rx.el.input(
                id=name,
                name=name,
                placeholder=" ",
                required=True,
                aria_describedby=" ".join([error_id, *(["password-rule"] if hints else [])]),
                data_missing=missing,
                **props,
            ),
            rx.el.label(label, html_for=name),
            *((_reveal_button(),) if name == "password" else ()),
            class_name="float",
        ),
        *hints,
        rx.el.p(id=error_id, class_name=look.FIELD_ERROR),
    )


def email_field() -> rx.Component:
    return field(
        "email",
        "Email",
        missing="Enter your email address.",
        type="email",
        auto_complete="username",
        input_mode="email",
        auto_capitalize="none",
        spell_check=False,
        max_length=254,
    )


def password_field(*, is_new: bool) -> rx.Component:
    rule = rx.el.p(
        icon("check", "size-3.5"),
        "At least 8 characters",
        id="password-rule",
        class_name=look.RULE,
    )
    return field(
        "password",
        "Password",
        missing="Choose a password." if is_new else "Enter the password for this account.",
        hints=(rule,) if is_new else (),
        type="password",
        auto_complete="new-password" if is_new else "current-password",
        **({"min_length": 8} if is_new else {}),
    )


def _reveal_button() -> rx.Component:
    return rx.el.button(
        icon("eye", "size-4.5"),
        type="button",
        aria_label="Show password",
        aria_pressed="false",
        aria_controls="password",
        on_click=reveal,
        class_name=look.REVEAL,
    )
