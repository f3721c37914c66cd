"""The handlers of events that are registered, by their full names."""

from reflex_base.event import EventHandler
from reflex_base.registry import RegisteredEventHandler, RegistrationContext


def own_handler(name: str) -> EventHandler | None:
    """The handler of this name, if this project declares it."""
    registered = RegistrationContext.get().event_handlers.get(name)
    return registered.handler if registered and _is_own(name, registered) else None


def own_handlers() -> frozenset[str]:
    """The full names of the handlers that this project declares."""
    handlers = RegistrationContext.get().event_handlers
    return frozenset(name for name, each in handlers.items() if _is_own(name, each))


def _is_own(name: str, registered: RegisteredEventHandler) -> bool:
    # Every state has a `setvar`, which would change any var to anything.
    is_setvar = name.endswith(".setvar")
    return registered.states[0].__module__.startswith("dashboard.") and not is_setvar
