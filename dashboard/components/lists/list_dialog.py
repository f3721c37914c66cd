"""The dialog in which a list is made or changed: its name, its colour, its icon."""

from collections.abc import Iterable

import reflex as rx

from dashboard.components.lists import lists
from dashboard.components.lists.list_mark import mark
from dashboard.components.shell import styles
from dashboard.components.tasks.dialog import cancel, dialog, foot, grab, heading
from dashboard.models.list import Color, Icon

_dialog = lists.list_dialog


def list_dialog() -> rx.Component:
    return dialog(
        rx.cond(_dialog, _form()),
        title_id="list-dialog-title",
        is_open=lists.is_list_dialog_open,
        on_dismiss=lists.dismiss_list,
    )


def _form() -> rx.Component:
    is_new = _dialog.list.id == ""
    return rx.el.form(
        grab(),
        rx.el.div(
            heading(rx.cond(is_new, "New list", "Edit list"), "list-dialog-title"),
            _name(),
            choices("color", "Colour", _dialog.typed.color, Color),
            choices("icon", "Icon", _dialog.typed.icon, Icon),
            class_name=styles.FORM_BODY,
        ),
        foot(
            cancel(lists.dismiss_list),
            rx.el.button(
                rx.cond(is_new, "Make list", "Save"),
                type="submit",
                class_name=styles.BUTTON_PRIMARY,
            ),
        ),
        on_submit=lists.save_list,
        no_validate=True,
    )


def _name() -> rx.Component:
    return rx.el.div(
        rx.el.label("Name", html_for="list-name", class_name=styles.LABEL),
        rx.el.input(
            id="list-name",
            name="name",
            dir="auto",
            default_value=_dialog.typed.name,
            required=True,
            auto_complete="off",
            data_autofocus=rx.cond(_dialog.part == "name", True, None),
            aria_invalid=rx.cond(_dialog.error != "", "true", "false"),
            aria_describedby="list-name-error",
            class_name=styles.INPUT,
        ),
        rx.el.p(_dialog.error, id="list-name-error", role="alert", class_name=styles.FIELD_ERROR),
    )


def choices(
    name: str, legend: str, chosen: rx.Var[str], among: Iterable[Color | Icon]
) -> rx.Component:
    """A tile for each; the dialog is opened at those that `part` names."""
    return rx.el.fieldset(
        rx.el.legend(legend, class_name=styles.LABEL),
        rx.el.div(
            *(_choice(name, chosen, each) for each in among),
            class_name=styles.CHOICE_TILES[name],
        ),
    )


def _choice(name: str, chosen: rx.Var[str], choice: Color | Icon) -> rx.Component:
    words = choice.value.capitalize() or "None"
    is_chosen = chosen == choice.value
    drawn = (
        rx.el.span(data_color=choice.value, class_name="swatch")
        if isinstance(choice, Color)
        else mark(color="stone", symbol=choice.value)
    )
    return rx.el.label(
        rx.el.input(
            type="radio",
            name=name,
            value=choice.value,
            default_checked=is_chosen,
            data_autofocus=rx.cond((_dialog.part == name) & is_chosen, True, None),
            class_name=styles.HIDDEN,
        ),
        drawn,
        rx.el.span(words, class_name=styles.HIDDEN),
        title=words,
        class_name=styles.CHOICE_TILE,
    )
