"""What a browser may send: which events, and with what in them. Everything else never reaches the framework."""

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import is_dataclass
from functools import lru_cache
from typing import Annotated, Any, get_type_hints

from pydantic import Field, StringConstraints, ValidationError, create_model
from reflex_base.event import EventHandler

from dashboard.models.text import Input
from dashboard.reflex_adapter.handlers import own_handler
from dashboard.reflex_adapter.names import HYDRATE, ON_LOAD


class _Nothing(Input):
    """The event says all by its name."""


class _Hydration(Input):
    """A page that has just connected: hashes of the state that it was built with, and no values of its own."""

    hashes: Annotated[
        list[Annotated[str, StringConstraints(max_length=64)]], Field(max_length=1000)
    ] = []


OF_THE_FRAMEWORK: Mapping[str, type[Input]] = {HYDRATE: _Hydration, ON_LOAD: _Nothing}


def may_be_sent(name: str, payload: Mapping[str, Any]) -> bool:
    """Whether a browser may send this event with this payload: exactly what its handler declares."""
    declared = OF_THE_FRAMEWORK.get(name)
    if (handler := own_handler(name)) is not None:
        declared = _declaration(handler)
    if declared is None:
        return False
    try:
        declared.model_validate(payload)
    except ValidationError:
        return False
    return True


@lru_cache(maxsize=256)
def _declaration(handler: EventHandler) -> type[Input]:
    """The parameters of a handler as an input: strict, and no other is known."""
    _self, *parameters = inspect.signature(handler.fn).parameters.values()
    return _input(handler.fn, parameters)


def _input(of: Callable[..., Any], parameters: Iterable[inspect.Parameter]) -> type[Input]:
    hints = get_type_hints(of, include_extras=True)
    fields: dict[str, Any] = {
        each.name: (_strict(hints[each.name]), ... if each.default is each.empty else each.default)
        for each in parameters
    }
    return create_model(of.__qualname__, __base__=Input, **fields)


def _strict(hint: Any) -> Any:
    """A parameter's type; a dataclass, which Reflex makes without a look at its fields, as an input of its fields."""
    if not (isinstance(hint, type) and is_dataclass(hint)):
        return hint
    return _input(hint, inspect.signature(hint).parameters.values())
