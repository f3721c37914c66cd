"""The dialog in which a label is renamed or coloured, and a filter is saved or changed."""

import reflex as rx

from dashboard.components.lists import entries
from dashboard.components.lists.list_dialog import choices
from dashboard.components.shell import styles
from dashboard.components.tasks.dialog import cancel, dialog, foot, grab, heading
from dashboard.models.list import Color

_dialog = entries.entry_dialog
_is_label = _dialog.entry.kind == "label"


def entry_dialog() -> rx.Component:
    return dialog(
        rx.cond(_dialog, _form()),
        title_id="entry-title",
        is_open=entries.is_entry_dialog_open,
        on_dismiss=entries.dismiss_entry,
    )


def _form() -> rx.Component:
    is_new = _dialog.entry.id == ""
    title = rx.cond(_is_label, "Edit label", rx.cond(is_new, "Save as filter", "Edit filter"))
    return rx.el.form(
        grab(),
        rx.el.div(
            heading(title, "entry-title"),
            _field("name", "Name", _dialog.typed.name, is_first=True),
            rx.cond(
                _is_label,
                choices("color", "Colour", _dialog.typed.color, Color),
                rx.el.div(
                    _field("query", "Query", _dialog.typed.query),
                    rx.el.p(
                        "It finds open tasks, unless it says is:completed.",
                        class_name=f"mt-1.5 {styles.SECONDARY}",
                    ),
                ),
            ),
            rx.cond(
                _is_label,
                rx.el.p(
                    "A new name goes to every task that has the label; a name that there is already makes the two one."
                    " The colour is yours alone.",
                    class_name=styles.SECONDARY,
                ),
            ),
            class_name=styles.FORM_BODY,
        ),
        foot(
            cancel(entries.dismiss_entry),
            rx.el.button("Save", type="submit", class_name=styles.BUTTON_PRIMARY),
        ),
        on_submit=entries.save_entry,
        no_validate=True,
    )


def _field(name: str, label: str, typed: rx.Var[str], *, is_first: bool = False) -> rx.Component:
    is_wrong = _dialog.field == name
    return rx.el.div(
        rx.el.label(label, html_for=f"entry-{name}", class_name=styles.LABEL),
        rx.el.input(
            id=f"entry-{name}",
            name=name,
            dir="auto",
            default_value=typed,
            auto_complete="off",
            data_autofocus=True if is_first else None,
            aria_invalid=rx.cond(is_wrong, "true", "false"),
            aria_describedby=f"entry-{name}-error",
            class_name=styles.INPUT,
        ),
        rx.el.p(
            rx.cond(is_wrong, _dialog.error, ""),
            id=f"entry-{name}-error",
            role="alert",
            class_name=styles.FIELD_ERROR,
        ),
    )
