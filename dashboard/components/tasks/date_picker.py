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
    look: rx.Var[dict[str, str]]
    """The classes of its parts."""


def date_picker(date: rx.Var[str], time: rx.Var[str], look: str) -> rx.Component:
    """For a form with fields named due_date and due_time, which begin with these."""
    return DatePicker.create(
        icon("calendar"), date=date, time=time, look=styles.DATE_PICKER | {"button": look}
    )
