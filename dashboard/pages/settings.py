"""/settings: who you are here, how Cairn looks on this device, who may act as you, and the way out."""

import reflex as rx
from reflex.style import color_mode, set_color_mode

from dashboard.components.account.api_tokens import api_tokens, token_dialog
from dashboard.components.account.customs import dates_and_times, new_tasks
from dashboard.components.account.delete_account import danger_zone, delete_dialog, your_data
from dashboard.components.account.devices import devices, recent_activity
from dashboard.components.account.profile import (
    confirm_dialog,
    email_dialog,
    password_dialog,
    profile,
)
from dashboard.components.account.setting_section import choice, id_of, option, section
from dashboard.components.account.settings import settings_feed
from dashboard.components.shell import shortcuts, styles
from dashboard.components.shell.link import anchor
from dashboard.components.shell.shell import page_head, shell
from dashboard.state.settings import SettingsState

_SECTIONS = (
    *(
        "Profile",
        "Appearance",
        "Dates and times",
        "Start and new tasks",
        "Keyboard",
        "Devices",
        "Recent activity",
    ),
    *("API tokens", "Your data"),
    "Delete account",
)


class RememberedRadio(rx.el.Input):
    """A radio button for what this browser remembers by itself."""

    library = "$/public/shell.js"
    tag = "RememberedRadio"

    is_usual: rx.Var[bool]


def settings() -> rx.Component:
    return shell(
        page_head(
            "Settings", note=rx.fragment("Your account, and how Cairn looks on this device.")
        ),
        rx.el.div(
            _contents(),
            rx.el.div(
                _trouble(),
                profile(),
                section("Appearance", _theme(), _density()),
                dates_and_times(),
                new_tasks(),
                section("Keyboard", _shortcuts(), _all_shortcuts()),
                devices(),
                recent_activity(),
                api_tokens(),
                your_data(),
                danger_zone(),
                rx.el.p("Cairn ", SettingsState.version, class_name=styles.CAPTION),
                class_name=styles.SETTINGS_SECTIONS,
            ),
            class_name=styles.SETTINGS,
        ),
        email_dialog(),
        password_dialog(),
        token_dialog(),
        delete_dialog(),
        confirm_dialog(),
        settings_feed(),
        current="Settings",
    )


def _contents() -> rx.Component:
    return rx.el.nav(
        *(
            anchor(title, to=f"#{id_of(title)}", class_name=styles.SETTINGS_NAV_LINK)
            for title in _SECTIONS
        ),
        aria_label="Settings sections",
        class_name=styles.SETTINGS_NAV,
    )


def _trouble() -> rx.Component:
    return rx.cond(
        SettingsState.trouble != "",
        rx.el.div(
            rx.el.p(SettingsState.trouble, role="alert", class_name=styles.BANNER_TEXT),
            rx.el.button(
                "Load again",
                type="button",
                on_click=SettingsState.load,
                class_name=styles.BUTTON_SMALL,
            ),
            data_tone="danger",
            class_name=styles.BANNER,
        ),
    )


def _theme() -> rx.Component:
    modes = (("System", "system"), ("Dark", "dark"), ("Light", "light"))
    return choice(
        "Theme",
        "System follows this device.",
        *(
            option(
                words,
                rx.el.input(
                    type="radio",
                    name="theme",
                    value=mode,
                    checked=color_mode == mode,
                    on_change=set_color_mode(mode),  # pyright: ignore[reportArgumentType]
                    class_name=styles.HIDDEN,
                ),
            )
            for words, mode in modes
        ),
    )


def _density() -> rx.Component:
    return choice(
        "Density",
        "Compact rows leave out the preview.",
        *_remembered("density", "Comfortable", "Compact"),
    )


def _shortcuts() -> rx.Component:
    return choice(
        "Single-key shortcuts",
        "N, Q, C, E, / and the like, without a modifier key.",
        *_remembered("shortcuts", "On", "Off"),
    )


def _all_shortcuts() -> rx.Component:
    return rx.el.div(
        rx.el.p("Everything can be done by key.", class_name=f"flex-1 {styles.SECONDARY}"),
        rx.el.button(
            "Show all shortcuts", type="button", on_click=shortcuts.show, class_name=styles.BUTTON
        ),
        class_name=styles.SETTING,
    )


def _remembered(name: str, *choices: str) -> list[rx.Component]:
    """The first choice is the usual one."""
    return [
        option(
            words,
            RememberedRadio.create(
                name=name,
                value=words.lower(),
                is_usual=words == choices[0],
                class_name=styles.HIDDEN,
            ),
        )
        for words in choices
    ]
