"""Settings: keys for programs, and the dialog that makes one."""

import reflex as rx

from dashboard.components.account import settings
from dashboard.components.account.auth_form import field
from dashboard.components.account.setting_section import section
from dashboard.components.shell import styles
from dashboard.components.shell.icon import icon
from dashboard.components.shell.skeleton import setting_skeleton
from dashboard.components.shell.text import Told
from dashboard.state.settings import SettingsState, TokenRow

_SCOPES = (("Read", "read"), ("Read and write", "write"))
_ENDS = (("Never", ""), ("In 30 days", "30"), ("In 90 days", "90"), ("In a year", "365"))


def api_tokens() -> rx.Component:
    return section(
        "API tokens",
        rx.cond(settings.secret != "", _secret()),
        rx.cond(
            SettingsState.is_loaded,
            rx.cond(
                SettingsState.has_tokens,
                rx.el.ul(rx.foreach(SettingsState.tokens, _token)),
                _none(),
            ),
            setting_skeleton("Loading tokens"),
        ),
        words="A token lets a program act as you. It is shown once, then only its first letters.",
        tool=rx.el.button(
            "New token…",
            type="button",
            on_click=settings.show("token"),
            class_name=styles.BUTTON_SMALL,
        ),
    )


def _secret() -> rx.Component:
    return rx.el.div(
        rx.el.p(
            rx.el.b("Copy it now.", class_name="font-semibold text-ink"),
            " This is the only time it is shown.",
            role="status",
            class_name="w-full text-sm",
        ),
        rx.el.code(settings.secret, id="secret", class_name=styles.SHOWN_ONCE_CODE),
        rx.el.button(
            icon("copy"),
            rx.cond(settings.is_copied, "Copied", "Copy"),
            type="button",
            on_click=settings.copy_secret,
            class_name=styles.BUTTON_SMALL,
        ),
        class_name=styles.SHOWN_ONCE,
    )


def _token(token: rx.vars.ObjectVar[TokenRow]) -> rx.Component:
    return rx.el.li(
        icon("key", "size-5 flex-none text-ink-3"),
        rx.el.div(
            rx.el.p(
                token.name,
                rx.el.span(token.scope, class_name=styles.TAG),
                dir="auto",
                class_name=styles.SETTING_TITLE,
            ),
            rx.el.p(Told.create(text=token.words), class_name=styles.SECONDARY),
            class_name=styles.SETTING_TEXT,
        ),
        rx.el.button(
            "Revoke",
            type="button",
            aria_label=f"Revoke {token.name}",
            on_click=settings.revoke_token(token),
            class_name=styles.BUTTON_SMALL,
        ),
        key=token.id,
        class_name=styles.SETTING,
    )


def _none() -> rx.Component:
    return rx.el.div(
        icon("key", "size-5 flex-none text-ink-3"),
        rx.el.p("No tokens yet.", class_name=styles.SECONDARY),
        class_name=styles.SETTING,
    )


def token_dialog() -> rx.Component:
    return settings.form_dialog(
        field(
            "name",
            "Name",
            missing="Enter a name for the token.",
            auto_complete="off",
            data_autofocus=True,
        ),
        _scope(),
        _end(),
        title="New API token",
        words="It can see and, if you like, change your tasks. It cannot manage your account.",
        submit=settings.create_token,
        button="Create token",
        is_open=settings.open_dialog == "token",
    )


def _scope() -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend("Scope", class_name=styles.LABEL),
        rx.el.div(
            *(
                rx.el.label(
                    rx.el.input(
                        type="radio",
                        name="scope",
                        value=scope,
                        default_checked=scope == "read",
                        class_name=styles.HIDDEN,
                    ),
                    words,
                    class_name=f"relative {styles.SEGMENT}",
                )
                for words, scope in _SCOPES
            ),
            class_name=styles.SEGMENTS_FILL,
        ),
    )


def _end() -> rx.Component:
    return rx.el.div(
        rx.el.label("Ends", html_for="token-days", class_name=styles.LABEL),
        rx.el.div(
            rx.el.select(
                *(rx.el.option(words, value=days) for words, days in _ENDS),
                id="token-days",
                name="days",
                default_value="",
                class_name=styles.SETTING_SELECT,
            ),
            icon("chevron-down", styles.SELECT_ARROW),
            class_name="relative",
        ),
    )
