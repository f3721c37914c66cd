"""How Reflex builds and runs Cairn. What an operator sets is in dashboard/config.py."""

import os
import sys

import reflex as rx
from reflex_base.constants import StateManagerMode

from dashboard.config import get_settings
from dashboard.errors import ConfigurationError
from dashboard.reflex_adapter.front_end import LeanPackages, OwnOrigin
from dashboard.reflex_adapter.names import DEFAULT_ENVIRONMENT

# Node and npm live beside this Python, and Reflex looks for them on PATH, activated or not.
if (beside := f"{sys.prefix}/bin") not in os.environ["PATH"].split(os.pathsep):
    os.environ["PATH"] = f"{beside}{os.pathsep}{os.environ['PATH']}"

for _name, _value in DEFAULT_ENVIRONMENT.items():
    os.environ.setdefault(_name, _value)

class SameBytes(rx.plugins.Plugin):
    """Makes the same front end of the same sources.

    Reflex puts its random id of the project and the moment of the build into it, with the version that it needs.
    """

    ALL = 'import reflexEnvironment from "$/reflex.json";'
    NEEDED = (
        'import { version as reflexVersion } from "$/reflex.json";\n'
        "const reflexEnvironment = { version: reflexVersion };"
    )

    def pre_compile(self, **context: Unpack[PreCompileContext]) -> None:
        context["add_modify_task"]("utils/state.js", self._without_moment)

    @classmethod
    def _without_moment(cls, script: str) -> str:
        if cls.ALL not in script and cls.NEEDED not in script:
            raise RuntimeError("Reflex no longer writes utils/state.js as expected.")
        return script.replace(cls.ALL, cls.NEEDED)


try:
    _settings = get_settings()
except ConfigurationError as error:
    raise SystemExit(str(error)) from None

config = rx.Config(
    app_name="dashboard",
    frontend_port=_settings.port,
    plugins=[rx.plugins.TailwindV4Plugin(), OwnOrigin(), LeanPackages(), SameBytes()],
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
