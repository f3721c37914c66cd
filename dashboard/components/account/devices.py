"""Settings: where you are signed in, and what happened to your account of late."""

import reflex as rx

from dashboard.components.account import settings
from dashboard.components.account.setting_section import section
from dashboard.components.shell import styles
from dashboard.components.shell.icon import icon
from dashboard.components.shell.skeleton import setting_skeleton
from dashboard.components.shell.text import Told
from dashboard.state.settings import DeviceRow, EventRow, SettingsState

_ICON = "size-5 flex-none text-ink-3"


def devices() -> rx.Component:
    return section(
        "Devices",
        rx.cond(
            SettingsState.is_loaded,
            rx.el.ul(rx.foreach(SettingsState.devices, _device)),
            setting_skeleton("Loading devices"),
        ),
        words="Places where this account is signed in. Revoke one you do not know.",
        tool=rx.el.button(
            "Revoke all others",
            type="button",
            on_click=settings.end_others,
            disabled=SettingsState.is_only_device,
            class_name=styles.BUTTON_SMALL,
        ),
    )


def _device(device: rx.vars.ObjectVar[DeviceRow]) -> rx.Component:
    return rx.el.li(
        rx.match(
            device.kind,
            ("phone", icon("smartphone", _ICON)),
            ("tablet", icon("tablet", _ICON)),
            ("program", icon("terminal", _ICON)),
            icon("laptop", _ICON),
        ),
        rx.el.div(
            rx.el.p(
                device.name,
                rx.cond(device.is_current, rx.el.span("This device", class_name=styles.TAG)),
                class_name=styles.SETTING_TITLE,
            ),
            rx.el.p(Told.create(text=device.words), class_name=styles.SECONDARY),
            class_name=styles.SETTING_TEXT,
        ),
        rx.cond(
            ~device.is_current,
            rx.el.button(
                "Revoke",
                type="button",
                aria_label=f"Revoke {device.name}",
                on_click=settings.end_session(device),
                class_name=styles.BUTTON_SMALL,
            ),
        ),
        key=device.id,
        class_name=styles.SETTING,
    )


def recent_activity() -> rx.Component:
    return section(
        "Recent activity",
        rx.cond(
            SettingsState.is_loaded,
            rx.el.ul(rx.foreach(SettingsState.events, _event)),
            setting_skeleton("Loading activity"),
        ),
        words="If something here was not you, change your password.",
    )


def _event(event: rx.vars.ObjectVar[EventRow]) -> rx.Component:
    return rx.el.li(
        rx.el.p(event.what, class_name="font-medium text-ink"),
        rx.el.p(
            Told.create(text=event.words), class_name=f"[overflow-wrap:anywhere] {styles.SECONDARY}"
        ),
        key=event.id,
        class_name=styles.SETTING_LINE,
    )
