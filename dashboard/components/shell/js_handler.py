"""Event handlers that are functions of our own JavaScript."""

from collections.abc import Callable

import reflex as rx
from reflex.utils.imports import ImportVar
from reflex.vars import VarData


def handler(library: str, function: str, *arguments: rx.Var | str) -> rx.Var:
    """An event handler that calls a function of a library; without arguments it gets the browser's event."""
    # Formatted, a var carries its hooks and imports along.
    given = ", ".join(f"{argument}" for argument in arguments)
    call = f"(event) => {function}({given})" if arguments else function
    data = VarData(imports={library: [ImportVar(tag=function)]})
    return rx.Var(call, _var_type=rx.EventChain, _var_data=data).to(rx.EventChain)


def handler_of(library: str, function: str, *more: str) -> Callable[[rx.Var], rx.Var]:
    """The same for a thing that is drawn: the function gets the thing, and then what else it is to get."""
    return lambda thing: handler(library, function, thing, *more)
