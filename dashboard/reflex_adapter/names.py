"""Names that Reflex uses: events, messages, loggers and environment variables.

Imports nothing, so that every layer may use it.
"""

HYDRATE = "reflex___state____state.hydrate_and_load"
ON_LOAD = "reflex___state____state.reflex___state____on_load_internal_state.on_load_internal"
"""Reflex's client sends these two events: when it connects, and when it goes to another page."""

FRAMEWORK_HANDLERS = frozenset(
    {
        HYDRATE,
        ON_LOAD,
        "reflex___state____state.hydrate",
        "reflex___state____state.set_is_hydrated",
        "reflex___state____state.reflex___state____on_load_internal_state.set_is_hydrated",
    }
)
"""The two events that the client sends, and those that follow from them."""

NAMESPACE = "/_event"
"""The namespace of Socket.IO in which events travel."""
UNANSWERED_MESSAGES = ("client_error", "ping")
"""Messages of the client beside events; the server needs neither."""

TALKATIVE_LOGGERS = ("reflex", "reflex_base", "engineio", "socketio", "asyncio")
"""Loggers that quote what they were given: events with their payload, headers, the names of tabs."""

SERVE_WHAT_IS_BUILT = {
    "REFLEX_ENV_MODE": "prod",
    "__REFLEX_SKIP_COMPILE": "1",
    "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "1",
}
"""The environment in which a process serves the pages that are built, and builds none."""

DEFAULT_ENVIRONMENT = {
    # Reflex reads these from the environment alone; set by rxconfig.py, `reflex run` needs no wrapper.
    "REFLEX_USE_NPM": "1",
    "REFLEX_CHECK_LATEST_VERSION": "0",
    # The largest frame that the gate takes (LARGEST_FRAME), so that the browser knows it.
    "REFLEX_SOCKET_MAX_HTTP_BUFFER_SIZE": "131072",
    # Watching the whole folder would restart the server at every write to data/.
    "REFLEX_HOT_RELOAD_OVERRIDE_PATHS": "dashboard:assets:rxconfig.py",
}
