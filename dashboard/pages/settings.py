"""/settings: who you are here, and how Cairn looks on this device."""

import reflex as rx
from reflex.style import color_mode, set_color_mode

from dashboard.components import look, shortcuts
from dashboard.components.auth_form import sign_out
from dashboard.components.icon import icon
from dashboard.components.shell import page_head, shell
from dashboard.state.session import SessionState


class RememberedRadio(rx.el.Input):
    """A radio button for what this browser remembers by itself."""

    library = "$/public/shell.js"
    tag = "RememberedRadio"

    is_usual: rx.Var[bool]


def settings() -> rx.Component:
    return shell(
        page_head("Settings", note=rx.fragment("How Cairn looks here, and who you are.")),
        rx.el.div(
            _section("Account", _account()),
            _section("Appearance", _theme(), _density()),
            _section("Keyboard", _shortcuts(), _all_shortcuts()),
            class_name=look.SETTINGS,
        ),
        current="Settings",
    )


def _section(title: str, *items: rx.Component) -> rx.Component:
    section_id = title.lower()
    return rx.el.section(
        rx.el.h2(title, id=section_id, class_name=f"relative z-1 mb-3 {look.SECTION_TITLE}"),
        rx.el.div(*items, class_name=look.PANEL),
        aria_labelledby=section_id,
    )


def _account() -> rx.Component:
    return rx.el.div(
        rx.el.span(SessionState.initials, class_name=f"size-9! {look.AVATAR}", aria_hidden=True),
        rx.el.p(
            # As high as they will be, before the server has said who this is.
            rx.el.span(SessionState.name, class_name=f"min-h-5 truncate {look.SETTING_NAME}"),
            rx.el.span(SessionState.email, class_name=f"block min-h-4.5 truncate {look.SECONDARY}"),
            class_name="min-w-0 flex-1 [overflow-wrap:anywhere]",
        ),
        # From 768 px on the sidebar has it.
        rx.el.button(
            icon("log-out"),
            "Sign out",
            type="button",
            on_click=sign_out,
            class_name=f"md:hidden {look.BUTTON}",
        ),
        class_name=look.SETTING,
    )


def _theme() -> rx.Component:
    modes = (("System", "system"), ("Dark", "dark"), ("Light", "light"))
    return _choice(
        "Theme",
        "System follows this device.",
        *(
            _option(
                words,
                rx.el.input(
                    type="radio",
                    name="theme",
                    value=mode,
                    checked=color_mode == mode,
                    on_change=set_color_mode(mode),  # pyright: ignore[reportArgumentType]
                    class_name=look.HIDDEN,
                ),
            )
            for words, mode in modes
        ),
    )


def _density() -> rx.Component:
    return _choice(
        "Density",
        "Compact rows leave out the preview.",
        *_remembered("density", "Comfortable", "Compact"),
    )


def _shortcuts() -> rx.Component:
    return _choice(
        "Single-key shortcuts",
        "N, Q, X, E, / and the like, without a modifier key.",
        *_remembered("shortcuts", "On", "Off"),
    )


def _all_shortcuts() -> rx.Component:
    return rx.el.div(
        rx.el.p("Everything can be done by key.", class_name=f"flex-1 {look.SECONDARY}"),
        rx.el.button(
            "Show all shortcuts", type="button", on_click=shortcuts.show, class_name=look.BUTTON
        ),
        class_name=look.SETTING,
    )


def _remembered(name: str, *choices: str) -> list[rx.Component]:
    """The first choice is the usual one."""
    return [
        _option(
            words,
            RememberedRadio.create(
                name=name, value=words.lower(), is_usual=words == choices[0], class_name=look.HIDDEN
            ),
        )
        for words in choices
    ]


def _choice(label: str, hint: str, *options: rx.Component) -> rx.Component:
    return rx.el.div(
        rx.el.p(
            rx.el.span(label, class_name=look.SETTING_NAME),
            rx.el.span(hint, class_name=look.SECONDARY),
            class_name="min-w-40 flex-1",
        ),
        rx.el.div(
            *options,
            role="radiogroup",
            aria_label=label,
            class_name=f"{look.SEGMENTS} max-md:w-full max-md:*:flex-1",
        ),
        class_name=look.SETTING,
    )


def _option(words: str, radio: rx.Component) -> rx.Component:
    return rx.el.label(radio, words, class_name=f"relative {look.SEGMENT}")
