"""The sheet that lists what every key does. assets/keyboard.js does it."""

import reflex as rx

from dashboard.components.shell import styles
from dashboard.components.shell.icon import icon
from dashboard.components.shell.js_handler import handler

_LIBRARY = "$/public/keyboard.js"

_IN_THE_LIST = (
    ("Next task", ("↓", "J")),
    ("Previous task", ("↑", "K")),
    ("Complete or reopen", ("C", "Space")),
    ("Edit", ("E", "Enter")),
    ("Edit in place", ("F2",)),
    ("Move to a list", ("M",)),
    ("Move to trash", ("Delete",)),
    ("Undo", ("Ctrl Z",)),
    ("Save and close the open task", ("Ctrl Enter",)),
    ("From the list to the open task, and back", ("F6",)),
)
_ANYWHERE = (
    ("New task", ("N",)),
    ("Quick add", ("Q",)),
    ("Search", ("/",)),
    ("List or board", ("V",)),
    ("Fold the sidebar", ("[",)),
    ("Go to the dashboard", ("G D",)),
    ("Go to the Inbox", ("G I",)),
    ("Go to today", ("G Y",)),
    ("Go to what is upcoming", ("G U",)),
    ("Go to the lists", ("G L",)),
    ("Go to the tasks", ("G T",)),
    ("Go to the settings", ("G S",)),
    ("This sheet", ("?",)),
    ("Step back", ("Esc",)),
)

show = handler(_LIBRARY, "showShortcuts")
"""For a button that opens the sheet."""


class ShortcutSheet(rx.Component):
    """Opens by `?`, and listens to all other shortcuts. Once on each page."""

    library = _LIBRARY
    tag = "ShortcutSheet"


def shortcut_sheet() -> rx.Component:
    return ShortcutSheet.create(
        rx.el.div(class_name=styles.DIALOG_GRAB, aria_hidden=True),
        rx.el.div(
            rx.el.h2(
                "Keyboard shortcuts",
                id="shortcuts-title",
                tab_index=-1,
                data_autofocus=True,
                class_name=f"{styles.DIALOG_TITLE} outline-none",
            ),
            class_name=styles.DIALOG_HEAD,
        ),
        rx.el.div(
            _keys("In the list", _IN_THE_LIST),
            _keys("Anywhere", _ANYWHERE),
            class_name=styles.SHORTCUTS,
        ),
        rx.el.form(
            rx.el.button(icon("x", "size-4.5"), aria_label="Close", class_name=styles.DIALOG_CLOSE),
            method="dialog",
        ),
        aria_labelledby="shortcuts-title",
        class_name=styles.DIALOG_WIDE,
    )


def key(words: str) -> rx.Component:
    """The key of a control, for those who can see and use one; assistive technology has aria-keyshortcuts."""
    return rx.el.kbd(words, aria_hidden=True, class_name=styles.KEY)


def _keys(title: str, shortcuts: tuple[tuple[str, tuple[str, ...]], ...]) -> rx.Component:
    return rx.el.section(
        rx.el.h3(title, class_name=f"mb-1 {styles.GROUP_TITLE}"),
        rx.el.dl(
            *(
                rx.el.div(
                    rx.el.dt(words),
                    rx.el.dd(*_either(keys), class_name="flex flex-none items-center gap-1"),
                    class_name=styles.SHORTCUT,
                )
                for words, keys in shortcuts
            ),
        ),
        class_name="min-w-0",
    )


def _either(keys: tuple[str, ...]) -> list[rx.Component]:
    """`G D` is two keys, one after the other; several entries are alternatives."""
    drawn: list[rx.Component] = []
    for index, chord in enumerate(keys):
        if index:
            drawn.append(rx.el.span("or", class_name=styles.CAPTION))
        drawn.extend(rx.el.kbd(part) for part in chord.split())
    return drawn
