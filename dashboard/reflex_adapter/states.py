"""State as Reflex keeps it: emptied, sent to the browser, deleted, and read without its proxies."""

from collections.abc import Mapping
from typing import Any, TypeVar

import reflex as rx
from reflex.event import Event
from reflex.istate.delta import _resolve_delta
from reflex.istate.manager.memory import StateManagerMemory
from reflex.istate.manager.redis import StateManagerRedis
from reflex.istate.manager.token import BaseStateToken
from reflex.istate.proxy import MutableProxy
from reflex.state import BaseState, State, state_snapshot_hashes

from dashboard.reflex_adapter.names import HYDRATE

S = TypeVar("S", bound=BaseState)


def without_tab(of: type[S], path: str, query: str, headers: Mapping[str, str]) -> S:
    """A state, with those above it, that belongs to no tab: as the socket of a page at this address would find it."""
    parent = of.get_parent_state()
    state = of(
        parent_state=parent and without_tab(parent, path, query, headers),
        init_substates=False,
        _reflex_internal_init=True,
    )
    if state.parent_state is None:
        address = f"{path}?{query}" if query else path
        said = {"pathname": path, "asPath": address, "headers": dict(headers)}
        state.router_data = state._update_router_vars(said, {})  # noqa: SLF001 - see the package
        state._clean()  # noqa: SLF001
    else:
        state.parent_state.substates[of.get_name()] = state
    return state


async def empty(root: BaseState, state: type[BaseState]) -> None:
    """Reset a state tree, of which `state` and what is below it may not be loaded yet."""
    # From Redis only what the event needs is loaded, and what is not loaded cannot be reset.
    unseen = [state]
    while unseen:
        each = unseen.pop()
        await root.get_state(each)
        unseen += each.get_substates()
    root.reset()


_hashes_of_defaults: list[str] = []


async def say_only_what_is_known(event: Event) -> None:
    """Have a state without values hydrate a tab without any: what the tab shows stays until the state says it again.

    A tab that connects again asks for all values, as it knows more than its build.
    """
    if event.name == HYDRATE:
        if not _hashes_of_defaults:
            defaults = State(_reflex_internal_init=True).dict(initial=True)  # pyright: ignore[reportCallIssue]
            _hashes_of_defaults[:] = state_snapshot_hashes(await _resolve_delta(defaults))
        event.payload.setdefault("hashes", list(_hashes_of_defaults))


async def take_delta(root: BaseState) -> dict:
    """What changed and was not sent yet; it counts as sent from here on."""
    delta = await root._get_resolved_delta()  # noqa: SLF001
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
