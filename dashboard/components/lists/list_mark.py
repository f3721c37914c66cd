"""What a list is known by: its icon in its colour, or a pebble."""

import reflex as rx

from dashboard.components.lists.lists import ListView
from dashboard.components.shell.icon import icon
from dashboard.models.list import Icon

ListVar = rx.vars.ObjectVar[ListView]


def list_mark(of: ListVar) -> rx.Component:
    return mark(color=of.color, symbol=of.icon)


def pebble() -> rx.Component:
    return rx.el.i(class_name="pebble", aria_hidden=True)


@rx.memo
def mark(color: rx.Var[str], symbol: rx.Var[str]) -> rx.Component:
    """Once in the bundle, with all of its drawings."""
    drawings = ((each.value, icon(each.value)) for each in Icon if each.value)
    return rx.el.span(rx.match(symbol, *drawings, pebble()), data_color=color, class_name="mark")
