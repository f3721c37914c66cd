"""What says when a task is due, with a calendar behind it (assets/date_picker.js); beside the fields of a form."""

import reflex as rx

from dashboard.components.shell import styles
from dashboard.components.shell.icon import icon
from dashboard.components.tasks import optimistic_list


class DatePicker(rx.Component):
    library = optimistic_list.LIBRARY
    tag = "DatePicker"

    date: rx.Var[str]
    time: rx.Var[str]
    has_fields: rx.Var[bool]
    """Whether its children are the fields, and its button says when; else they are what is on the button."""
    look: rx.Var[dict[str, str]]
    """The classes of its parts."""


def date_picker(
    date: rx.Var[str], time: rx.Var[str], look: str, fields: rx.Component | None = None
) -> rx.Component:
    """For a form with fields named due_date and due_time, which begin with these: beside it, or `fields` inside."""
    return DatePicker.create(
        fields or icon("calendar"),
        date=date,
        time=time,
        has_fields=fields is not None,
        look=styles.DATE_PICKER | {"button": look},
    )
