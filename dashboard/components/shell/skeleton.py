"""Bones in the boxes of what is on its way, so that nothing moves when it arrives."""

import reflex as rx

from dashboard.components.shell import styles

_ROWS = (("w-[38%]", "w-[62%]"), ("w-[29%]", "w-[48%]"), ("w-[44%]", "w-[57%]"))


def metrics_skeleton() -> rx.Component:
    return rx.el.div(
        *(_card() for _ in range(4)),
        rx.el.div(
            _bone("h-3 w-32"),
            _bone("h-2 w-full"),
            rx.el.div(
                *(_bone("h-3 w-16") for _ in range(3)), class_name="hidden justify-between md:flex"
            ),
            class_name=styles.PRIORITIES,
        ),
        aria_hidden=True,
        class_name=styles.METRICS,
    )


def list_skeleton(*, is_headed: bool = True) -> rx.Component:
    """`is_headed`: the list begins with a heading."""
    head = rx.el.div(_bone("h-3 w-24"), class_name=styles.GROUP_HEAD)
    return rx.el.div(
        rx.el.p("Loading tasks", role="status", class_name=styles.HIDDEN),
        head if is_headed else rx.fragment(),
        rx.el.div(*(_row(title, text) for title, text in _ROWS), class_name=styles.ROWS),
        # What comes in its place is another box, instead of this one moved.
        key="skeleton",
        class_name=f"bones {styles.GROUP if is_headed else styles.GROUP_HEADLESS}",
    )


def setting_skeleton(words: str) -> rx.Component:
    """One row of a list on the settings page."""
    return rx.el.div(
        rx.el.p(words, role="status", class_name=styles.HIDDEN),
        _bone("size-5"),
        rx.el.div(_bone("my-1 h-3 w-36"), _bone("my-1 h-2.5 w-52"), class_name=styles.SETTING_TEXT),
        class_name=styles.SETTING,
    )


def _card() -> rx.Component:
    return rx.el.div(
        _bone("my-0.75 h-3 w-16"),
        _bone("my-1 h-6 w-9"),
        _bone("hidden h-2.5 w-23 md:block"),
        class_name=f"{styles.CARD} {styles.METRIC}",
    )


def _row(title: str, text: str) -> rx.Component:
    return rx.el.div(
        rx.el.span(_bone("size-5 rounded-full"), class_name="check"),
        rx.el.div(
            _bone(f"my-1 h-3 {title}"), _bone(f"my-1 h-2.5 {text}"), class_name=styles.ROW_TEXT
        ),
        rx.el.div(
            _bone("h-3 w-14"),
            rx.el.span(_bone("h-6 w-21"), class_name=styles.DUE_PLACE),
            class_name="row-meta",
        ),
        aria_hidden=True,
        class_name="row max-md:min-h-[5.8125rem]",
    )


def _bone(look_of_it: str) -> rx.Component:
    return rx.el.span(class_name=f"bone after-a-blink {look_of_it}")
