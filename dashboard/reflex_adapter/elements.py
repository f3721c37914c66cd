"""Elements of Reflex's own packages that its public interface does not name, and its state in the browser."""

from typing import Any

import reflex as rx
from reflex.utils.imports import ImportVar
from reflex.vars import VarData
from reflex_components_core.core.banner import has_connection_errors
from reflex_components_core.el.elements.inline import A
from reflex_components_core.react_router import link as router_link

__all__ = ["A", "dispatch", "has_connection_errors", "router_link"]

dispatch = rx.Var(
    "dispatch",
    _var_type=dict[str, Any],
    _var_data=VarData(
        imports={
            "react": [ImportVar(tag="useContext")],
            "$/utils/context": [ImportVar(tag="DispatchContext")],
        },
        hooks={"const dispatch = useContext(DispatchContext);": None},
    ),
).to(dict)
"""Takes what the server says of each state, by the state's full name, as the socket hands it on."""
