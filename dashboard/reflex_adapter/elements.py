"""Elements of Reflex's own packages that its public interface does not name."""

from reflex_components_core.core.banner import has_connection_errors
from reflex_components_core.el.elements.inline import A
from reflex_components_core.react_router import link as router_link

__all__ = ["A", "has_connection_errors", "router_link"]
