"""How Reflex builds and runs Cairn. What an operator sets is in dashboard/config.py."""

import os
import sys

import reflex as rx
from reflex_base.constants import StateManagerMode

from dashboard.config import get_settings
from dashboard.errors import ConfigurationError
from dashboard.reflex_adapter.front_end import (
    FramesOfAll,
    LeanPackages,
    OwnOrigin,
    SameBytes,
    SocketWhenNeeded,
)
from dashboard.reflex_adapter.names import DEFAULT_ENVIRONMENT

# Node and npm live beside this Python, and Reflex looks for them on PATH, activated or not.
if (beside := f"{sys.prefix}/bin") not in os.environ["PATH"].split(os.pathsep):
    os.environ["PATH"] = f"{beside}{os.pathsep}{os.environ['PATH']}"

for _name, _value in DEFAULT_ENVIRONMENT.items():
    os.environ.setdefault(_name, _value)

try:
    _settings = get_settings()
except ConfigurationError as error:
    raise SystemExit(str(error)) from None

config = rx.Config(
    app_name="dashboard",
    frontend_port=_settings.port,
    plugins=[
        rx.plugins.TailwindV4Plugin(),
        OwnOrigin(),
        LeanPackages(),
        SameBytes(),
        SocketWhenNeeded(),
        FramesOfAll(),
    ],
    disable_plugins=[rx.plugins.SitemapPlugin],
    telemetry_enabled=False,
    show_built_with_reflex=False,
    # In this order: a browser that takes both gets the first.
    frontend_compression_formats=["brotli", "gzip"],
    # In development the page's own origin, http://localhost:$PORT, is the default of PUBLIC_URL too.
    cors_allowed_origins=[_settings.public_url],
    trusted_proxy_hops=_settings.trusted_proxy_hops,
    state_manager_mode=StateManagerMode.REDIS if _settings.redis_url else StateManagerMode.MEMORY,
    redis_url=_settings.redis_url,
)
