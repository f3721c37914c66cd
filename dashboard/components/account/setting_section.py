"""Sections of the settings page and what they are made of."""

import reflex as rx

from dashboard.components.shell import styles


def section(
    title: str,
    *items: rx.Component,
    words: str = "",
    tool: rx.Component | None = None,
    panel: str = styles.PANEL,
) -> rx.Component:
    section_id = id_of(title)
    return rx.el.section(
        rx.el.header(
            rx.el.div(
                rx.el.h2(title, id=section_id, class_name=styles.SETTINGS_HEADING),
                *((rx.el.p(words, class_name="mt-0.5 text-pretty text-ink-3"),) if words else ()),
                class_name="min-w-0 flex-[1_1_16.25rem]",
            ),
            *((tool,) if tool is not None else ()),
            class_name=styles.SETTINGS_HEAD,
        ),
        rx.el.div(*items, class_name=panel),
        aria_labelledby=section_id,
    )


def id_of(title: str) -> str:
    """The id of a section's heading, which is also the address of the section on the page."""
    return title.lower().replace(" ", "-")


def setting(
    name: str | rx.Component, hint: str | rx.Var | rx.Component, *controls: rx.Component
) -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.span(name, class_name=styles.SETTING_NAME),
            rx.el.span(hint, class_name=f"block min-h-[1lh] {styles.SECONDARY}"),
            class_name=styles.SETTING_TEXT,
        ),
        *controls,
        class_name=styles.SETTING,
    )


def choice(label: str, hint: str, *options: rx.Component) -> rx.Component:
    segments = rx.el.div(
        *options,
        role="radiogroup",
        aria_label=label,
        class_name=styles.SEGMENTS_CHOICE,
    )
    return setting(label, hint, segments)


def option(words: str, radio: rx.Component) -> rx.Component:
    return rx.el.label(radio, words, class_name=f"relative {styles.SEGMENT}")
