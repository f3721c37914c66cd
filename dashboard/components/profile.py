"""Settings: who you are here, and your password."""

import reflex as rx

from dashboard.components import account, look
from dashboard.components.auth_form import email_field, password_field, sign_out
from dashboard.components.icon import icon
from dashboard.components.setting import section, setting
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
                # Anew when the server says another name: until then it is what the person is typing.
                key=SessionState.name,
                id="profile-name",
                name="name",
                default_value=SessionState.name,
                data_saved=SessionState.name,
                data_label="Name",
                auto_complete="name",
                dir="auto",
                aria_describedby="profile-name-error",
                on_blur=account.save_field,
                class_name=look.INPUT,
            ),
            _error("profile-name"),
            on_submit=account.save_form,
            method="dialog",
            no_validate=True,
            class_name=look.SETTING_CONTROL,
        ),
    )


def _email() -> rx.Component:
    # On a line of its own on phones, and never on two: nothing may move when the server says what it is.
    address = rx.el.p(
        SessionState.email,
        title=SessionState.email,
        class_name=f"min-h-[1lh] [overflow-wrap:anywhere] text-ink md:text-right {look.SETTING_CONTROL}",
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
        on_click=account.show("email"),
        class_name=look.BUTTON,
    )
    return setting("Email", known, address, change)


def _send_again() -> rx.Component:
    return rx.el.button(
        "Send the link again",
        type="button",
        on_click=account.verify_email,
        class_name=f"ml-1.5 {look.BUTTON_TEXT}",
    )


def _password() -> rx.Component:
    return setting(
        "Password",
        SettingsState.password_words,
        rx.el.button(
            "Change…",
            type="button",
            aria_label="Change password…",
            on_click=account.show("password"),
            class_name=look.BUTTON,
        ),
    )


def _time_zone() -> rx.Component:
    return setting(
        rx.el.label("Time zone", html_for="profile-timezone"),
        "Decides what “today” means.",
        rx.el.div(
            rx.el.div(
                account.TimezoneSelect.create(
                    id="profile-timezone",
                    name="timezone",
                    value=SessionState.timezone,
                    data_label="Time zone",
                    aria_describedby="profile-timezone-error",
                    on_change=account.save_field,
                    class_name=look.SETTING_SELECT,
                ),
                icon("chevron-down", look.SELECT_ARROW),
                class_name="relative",
            ),
            _error("profile-timezone"),
            class_name=look.SETTING_CONTROL,
        ),
    )


def _sign_out() -> rx.Component:
    """From 768 px on the sidebar has it."""
    return rx.el.div(
        rx.el.button(
            icon("log-out"), "Sign out", type="button", on_click=sign_out, class_name=look.BUTTON
        ),
        class_name=f"md:hidden {look.SETTING}",
    )


def _error(field_id: str) -> rx.Component:
    return rx.el.p(id=f"{field_id}-error", role="alert", class_name=look.FIELD_ERROR)


def password_dialog() -> rx.Component:
    return account.form_dialog(
        account.username(),
        password_field("current_password", "Current password", is_new=False),
        password_field("new_password", "New password", is_new=True),
        title="Change password",
        words="Every other device is signed out. API tokens stay.",
        submit=account.change_password,
        button="Change password",
        is_open=account.open_dialog == "password",
    )


def email_dialog() -> rx.Component:
    return account.form_dialog(
        email_field("New email"),
        title="Change email",
        words="A link goes to the new address. You sign in with it once you have opened the link.",
        submit=account.change_email,
        button="Send the link",
        is_open=account.open_dialog == "email",
    )


def confirm_dialog() -> rx.Component:
    """Above whichever dialog needs it."""
    return account.form_dialog(
        account.username(),
        password_field(is_new=False),
        title="Enter your password",
        words="It has been a while since you signed in, and this could do harm in the wrong hands.",
        submit=account.confirm_password,
        button="Continue",
        is_open=account.is_asking,
        on_dismiss=account.cancel_ask,
    )
