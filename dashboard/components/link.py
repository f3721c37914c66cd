"""Links inside Cairn, and the address of a list of tasks."""

from typing import Any

import reflex as rx
from reflex.utils.imports import ImportVar
from reflex.vars import FunctionStringVar, VarData
from reflex_components_core.el.elements.inline import A
from reflex_components_core.react_router import link as router_link

from dashboard.state.tasks import TaskListState

_address = FunctionStringVar.create(
    "tasksAddress",
    _var_data=VarData(imports={"$/public/shell.js": [ImportVar(tag="tasksAddress")]}),
)


def link(*content: rx.Component | rx.Var | str, to: str | rx.Var, **props: Any) -> rx.Component:
    """A link to another place in Cairn, without a page load."""
    return router_link(*content, to=to, **props)


def anchor(*content: rx.Component | rx.Var | str, to: str, **props: Any) -> rx.Component:
    """A link of the browser's own: to a part of this page, or by a page load, so that the server says who may see it.

    `rx.el.a` would be a link of the router.
    """
    return A.create(*content, custom_attrs={"href": to}, **props)


def tasks_address(**changes: str | rx.Var) -> rx.Var[str]:
    """The address of the list on the screen, with some of its filters changed; "" or "all" takes one away."""
    return _address.call(rx.Var.create({**current_query(), **changes})).to(str)


def current_query() -> dict[str, Any]:
    return {
        "status": TaskListState.status,
        "priority": TaskListState.priority,
        "q": TaskListState.q,
        "sort": TaskListState.sort,
        "order": TaskListState.order,
    }
