"""State as Reflex keeps it: emptied, sent to the browser, deleted, and read without its proxies."""

from typing import Any

import reflex as rx
from reflex.istate.manager.memory import StateManagerMemory
from reflex.istate.manager.redis import StateManagerRedis
from reflex.istate.manager.token import BaseStateToken
from reflex.istate.proxy import MutableProxy
from reflex.state import BaseState, State


async def empty(root: BaseState, state: type[BaseState]) -> None:
    """Reset a state tree, of which `state` and what is below it may not be loaded yet."""
    # From Redis only what the event needs is loaded, and what is not loaded cannot be reset.
    unseen = [state]
    while unseen:
        each = unseen.pop()
        await root.get_state(each)
        unseen += each.get_substates()
    root.reset()


async def take_delta(root: BaseState) -> dict:
    """What changed and was not sent yet; it counts as sent from here on."""
    delta = await root._get_resolved_delta()  # noqa: SLF001 - see the package
    root._clean()  # noqa: SLF001
    return delta


async def delete(app: rx.App, tab: str) -> None:
    """Delete the state of a tab."""
    manager = app.state_manager
    token = BaseStateToken(ident=tab, cls=State)
    if isinstance(manager, StateManagerMemory):
        if (lock := manager._states_locks.get(token.lock_key)) is not None:  # noqa: SLF001
            # A handler that is running in it ends first.
            async with lock:
                pass
        manager._purge_token(token)  # noqa: SLF001
    elif isinstance(manager, StateManagerRedis):
        keys = (token._state_key(each) for each in _with_substates(State))  # noqa: SLF001
        await manager.redis.delete(*keys)


def without_proxy(value: Any) -> Any:
    """Mutable values come in proxies, which watch them and are slow; to read one needs none."""
    return value.__wrapped__ if isinstance(value, MutableProxy) else value


def _with_substates(state: type[BaseState]) -> list[type[BaseState]]:
    return [state, *(each for sub in state.get_substates() for each in _with_substates(sub))]
