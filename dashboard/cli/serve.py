"""`serve`: pages, socket and API on one port, from one process or from several."""

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import click
from sqlalchemy.engine import make_url

from dashboard.cli import announce
from dashboard.cli.check import check
from dashboard.config import EVERYWHERE, LOOPBACK, Settings, get_settings
from dashboard.errors import ConfigurationError
from dashboard.places import BUILT_PAGES, PROJECT
from dashboard.reflex_adapter.names import SERVE_WHAT_IS_BUILT

LONGEST_STOP = 10
"""Seconds after which a worker that was told to stop is killed."""
CONNECTION_OPTIONS = (
    # A connection that says nothing, or not all of a head, is ended; of HTTP/2, which no proxy speaks here, it is not.
    *("--http", "1", "--http1-header-read-timeout", "10000", "--http1-buffer-size", "65536"),
    # Until then it has a place, beside those who ask something.
    *("--backlog", "4096", "--backpressure", "8192"),
)
"""How the server treats those who connect. A head is at most twice as long as its buffer."""
OPEN_FILES = 16384
"""Connections, and what else is open."""
_LOG = Path(__file__).resolve().parent.parent / "log.json"


@click.command()
@click.pass_context
def serve(context: click.Context) -> None:
    """Check what `check` checks, and serve until Ctrl-C or SIGTERM.

    Writes nothing but what is in DATA_DIR, and temporary files.
    """
    settings = get_settings()
    require_front_end()
    context.invoke(check, announce=True)
    environment = {**os.environ, **server_environment(settings)}
    # It waits for the server, which takes the place of this process.
    subprocess.run(  # noqa: S603 - no part of the command comes from outside
        [
            sys.executable,
            "-I",
            announce.__file__,
            str(os.getpid()),
            LOOPBACK if settings.bind == EVERYWHERE else settings.bind,
            str(settings.port),
            settings.public_url,
        ],
        check=True,
    )
    raise_open_files()
    # Reflex looks for its configuration and for what is built in the working directory.
    os.chdir(PROJECT)
    command = [sys.executable, "-m", "granian", "dashboard.dashboard:app", *_options(settings)]
    os.execve(sys.executable, command, environment)  # noqa: S606 - as above


def raise_open_files() -> None:
    """Have room for as many connections as are taken; many systems begin with a thousand files."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def require_front_end() -> None:
    """Raises ConfigurationError when the pages are not built."""
    if not BUILT_PAGES.is_dir():
        raise ConfigurationError(
            "The front end is not built yet: run bin/build, or bin/run, which does it by itself."
        )


def server_environment(settings: Settings) -> Mapping[str, str]:
    """What the server reads from the environment beside what is set there already."""
    environment = {
        **SERVE_WHAT_IS_BUILT,
        # The server runs in another folder than the one that these may be relative to.
        "DATA_DIR": str(settings.data_dir.absolute()),
        "DATABASE_URL": _absolute(settings.database_url),
        "PORT": str(settings.port),
    }
    if settings.metrics_token and settings.workers > 1:
        # Several workers count together, in files of their own.
        environment["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="cairn-metrics-")
    if settings.log_format == "json":
        # The main process looks after the workers and has a log of its own.
        environment["GRANIAN_LOG_CONFIG"] = str(_LOG)
    return environment


def _absolute(database_url: str) -> str:
    url = make_url(database_url)
    if url.drivername == "sqlite" and url.database:
        url = url.set(database=str(Path(url.database).absolute()))
    return url.render_as_string(hide_password=False)


def _options(settings: Settings) -> list[str]:
    return [
        *(
            "--factory",
            "--interface",
            "asgi",
            "--host",
            settings.bind,
            "--port",
            str(settings.port),
        ),
        *("--workers", str(settings.workers), "--respawn-failed-workers"),
        *("--log-level", "warning", "--workers-kill-timeout", str(LONGEST_STOP)),
        *CONNECTION_OPTIONS,
    ]
