"""Settings: who you are here, and your password."""

from typing import Any

import reflex as rx

from dashboard.components.account import settings
from dashboard.components.account.auth_form import email_field, password_field, sign_out
from dashboard.components.account.setting_section import section, setting
from dashboard.components.shell import styles
from dashboard.components.shell.icon import icon
from dashboard.components.shell.text import Told
from dashboard.state.session import SessionState
from dashboard.state.settings import SettingsState


def profile() -> rx.Component:
    return section("Profile", _name(), _email(), _password(), _time_zone(), _sign_out())


def _name() -> rx.Component:
    return setting(
        rx.el.label("Name", html_for="profile-name"),
        "Used in the greeting.",
        rx.el.form(
            rx.el.input(
                # Drawn again when the server sends another name: until then it holds what the person types.
                key=SessionState.name,
                id="profile-name",
                name="name",
                default_value=SessionState.name,
                data_saved=SessionState.name,
                data_label="Name",
                auto_complete="name",
                dir="auto",
                aria_describedby="profile-name-error",
                on_blur=settings.save_field,
                class_name=styles.INPUT,
            ),
            _error("profile-name"),
            on_submit=settings.save_form,
            method="dialog",
            no_validate=True,
            class_name=styles.SETTING_CONTROL,
        ),
    )


def _email() -> rx.Component:
    # On a line of its own on phones, and never on two: nothing may move when the server says what it is.
    address = rx.el.p(
        SessionState.email,
        title=SessionState.email,
        class_name=f"min-h-[1lh] [overflow-wrap:anywhere] text-ink md:text-right {styles.SETTING_CONTROL}",
    )
    known = rx.fragment(
        SessionState.email_words,
        # On the same line, for the same reason.
        rx.cond(SessionState.is_email_unverified, _send_again()),
    )
    change = rx.el.button(
        "Change…",
        type="button",
        aria_label="Change email…",
        on_click=settings.show("email"),
        class_name=styles.BUTTON,
    )
    return setting("Email", known, address, change)


def _send_again() -> rx.Component:
    return rx.el.button(
        "Send the link again",
        type="button",
        on_click=settings.verify_email,
        class_name=f"ml-1.5 {styles.BUTTON_TEXT}",
    )


def _password() -> rx.Component:
    return setting(
        "Password",
        Told.create(text=SettingsState.password_words),
        rx.el.button(
            "Change…",
            type="button",
            aria_label="Change password…",
            on_click=settings.show("password"),
            class_name=styles.BUTTON,
        ),
    )


def _time_zone() -> rx.Component:
    return saved_select(
        settings.TimezoneSelect,
        "timezone",
        "Time zone",
        "Decides what “today” means.",
        value=SessionState.timezone,
    )


def saved_select(
    kind: type[rx.el.Select], name: str, label: str, hint: str, **props: Any
) -> rx.Component:
    """A setting of the account that is chosen from a list, and saved at once."""
    field_id = f"profile-{name.replace('_', '-')}"
    return setting(
        rx.el.label(label, html_for=field_id),
        hint,
        rx.el.div(
            rx.el.div(
                kind.create(
                    id=field_id,
                    name=name,
                    data_label=label,
                    aria_describedby=f"{field_id}-error",
                    on_change=settings.save_field,
                    class_name=styles.SETTING_SELECT,
                    **props,
                ),
                icon("chevron-down", styles.SELECT_ARROW),
                class_name="relative",
            ),
            _error(field_id),
            class_name=styles.SETTING_CONTROL,
        ),
    )


def _sign_out() -> rx.Component:
    """From 768 px on the sidebar has it."""
    return rx.el.div(
        rx.el.button(
            icon("log-out"), "Sign out", type="button", on_click=sign_out, class_name=styles.BUTTON
        ),
        class_name=f"md:hidden {styles.SETTING}",
    )


def _error(field_id: str) -> rx.Component:
    return rx.el.p(id=f"{field_id}-error", role="alert", class_name=styles.FIELD_ERROR)


def password_dialog() -> rx.Component:
    return settings.form_dialog(
        settings.username(),
        password_field("current_password", "Current password", is_new=False),
        password_field("new_password", "New password", is_new=True),
        title="Change password",
        words="Every other device is signed out. API tokens stay.",
        submit=settings.change_password,
        button="Change password",
        is_open=settings.open_dialog == "password",
    )


def email_dialog() -> rx.Component:
    return settings.form_dialog(
        email_field("New email"),
        title="Change email",
        words="A link goes to the new address. You sign in with it once you have opened the link.",
        submit=settings.change_email,
        button="Send the link",
        is_open=settings.open_dialog == "email",
    )


def confirm_dialog() -> rx.Component:
    """Above whichever dialog needs it."""
    return settings.form_dialog(
        settings.username(),
        password_field(is_new=False),
        title="Enter your password",
        words="It has been a while since you signed in, and this could do harm in the wrong hands.",
        submit=settings.confirm_password,
        button="Continue",
        is_open=settings.is_asking,
        on_dismiss=settings.cancel_ask,
    )
