"""The frame of sign-in and sign-up: the mark, one card, one line below."""

import reflex as rx

from dashboard.components.shell import styles
from dashboard.components.shell.icon import logo


def auth_screen(
    *content: rx.Component, title: str, words: str, foot: str, foot_link: rx.Component
) -> rx.Component:
    return rx.el.main(
        rx.el.div(class_name="contours", aria_hidden=True),
        rx.el.div(
            rx.el.p(logo("size-7"), "Cairn", class_name=styles.AUTH_BRAND),
            rx.el.div(
                rx.el.header(
                    rx.el.h1(title, class_name=styles.PAGE_TITLE),
                    rx.el.p(words, class_name="mt-1.5 text-ink-3"),
                ),
                *content,
                class_name=styles.AUTH_CARD,
            ),
            rx.el.p(
                foot,
                " ",
                foot_link,
                class_name=styles.AUTH_FOOT,
            ),
            class_name=styles.AUTH_COLUMN,
        ),
        id="main",
        class_name=styles.AUTH,
    )


def needs_javascript() -> rx.Component:
    return rx.el.noscript(
        rx.el.p(
            "Cairn needs JavaScript. Switch it on for this page and load it again.",
            class_name=styles.NOTE,
        )
    )
