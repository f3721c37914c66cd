"""The examples for proxies in deploy/, at work before servers that restart, are gone or break off."""

import os
import shutil
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from tests import nginx

CADDY = shutil.which(os.environ.get("CADDY_PATH") or "caddy")
CADDYFILE = (Path(__file__).parent.parent / "deploy" / "Caddyfile").read_text()

needs_nginx = pytest.mark.skipif(nginx.PROGRAM is None, reason="nginx is not installed")
needs_caddy = pytest.mark.skipif(CADDY is None, reason="Caddy is not installed")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Upstream(ThreadingHTTPServer):
    """Stands in for a Cairn, and notes what reaches it."""

    def __init__(self, port: int, *, breaks_off: bool = False) -> None:
        self.breaks_off = breaks_off
        self.asked: list[str] = []
        super().__init__(("127.0.0.1", port), Visit)


class Visit(BaseHTTPRequestHandler):
    def answer(self) -> None:
        assert isinstance(self.server, Upstream)
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.asked.append(self.command)
        if not self.server.breaks_off:
            self.send_response(204)
            self.end_headers()

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer  # noqa: N815

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nothing: a test says what it finds."""


@contextmanager
def serving(upstream: Upstream) -> Iterator[Upstream]:
    with upstream:
        thread = threading.Thread(target=upstream.serve_forever, args=(0.01,))
        thread.start()
        yield upstream
        upstream.shutdown()
        thread.join()


@pytest.fixture
def started() -> Iterator[Callable[..., None]]:
    """Starts a program, which ends with the test."""
    with ExitStack() as stack:

        def start(*command: object, env: dict[str, str] | None = None) -> None:
            process = stack.enter_context(
                subprocess.Popen(
                    [str(word) for word in command],
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    env=env,
                )
            )
            stack.callback(process.terminate)

        yield start


@pytest.fixture
def visitor() -> Iterator[httpx.Client]:
    """Keeps knocking until the proxy is there."""
    with httpx.Client(transport=httpx.HTTPTransport(retries=6), timeout=60) as client:
        yield client


@needs_nginx
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
def test_nginx_sends_again_only_what_does_not_write(
    started: Callable[..., None], visitor: httpx.Client, tmp_path: Path, method: str
) -> None:
    port, pair = free_port(), [Upstream(0, breaks_off=True) for _ in range(2)]
    servers = (f"127.0.0.1:{upstream.server_port}" for upstream in pair)
    file = nginx.configure(tmp_path, nginx.before(servers, port))
    with serving(pair[0]), serving(pair[1]):
        started(nginx.PROGRAM, "-p", tmp_path, "-c", file)
        assert visitor.request(method, f"http://localhost:{port}/api/tasks").status_code == 502
    asked = [each for upstream in pair for each in upstream.asked]
    assert asked == [method] * (2 if method == "GET" else 1)


@needs_nginx
@pytest.mark.parametrize("method", ["GET", "POST", "PATCH"])
def test_nginx_asks_the_other_machine_when_one_takes_no_connection(
    started: Callable[..., None], visitor: httpx.Client, tmp_path: Path, method: str
) -> None:
    port, upstream = free_port(), Upstream(0)
    servers = (f"127.0.0.1:{each}" for each in (free_port(), upstream.server_port))
    file = nginx.configure(tmp_path, nginx.before(servers, port))
    with serving(upstream):
        started(nginx.PROGRAM, "-p", tmp_path, "-c", file)
        # Whichever of them comes first.
        for _ in range(2):
            answer = visitor.request(method, f"http://localhost:{port}/api/tasks")
            assert answer.status_code == 204


@needs_caddy
def test_caddy_lets_visitors_wait_while_cairn_restarts(
    started: Callable[..., None], visitor: httpx.Client, tmp_path: Path
) -> None:
    port, behind = free_port(), free_port()
    example = CADDYFILE.replace("tasks.example.org {", f"http://localhost:{port} {{")
    (tmp_path / "Caddyfile").write_text(
        "{\n\tadmin off\n}\n" + example.replace("127.0.0.1:3000", f"127.0.0.1:{behind}")
    )
    home = {**os.environ, "HOME": str(tmp_path), "XDG_CONFIG_HOME": "", "XDG_DATA_HOME": ""}
    started(CADDY, "run", "--config", tmp_path / "Caddyfile", env=home)
    assert visitor.get(f"http://localhost:{port}/metrics").status_code == 404
    answers: list[int] = []

    def visit() -> None:
        answers.append(visitor.get(f"http://localhost:{port}/dashboard").status_code)

    waiting = threading.Thread(target=visit)
    waiting.start()
    waiting.join(timeout=0.5)
    assert answers == []
    with serving(Upstream(behind)):
        waiting.join()
        # Nothing is held against it, either.
        assert visitor.post(f"http://localhost:{port}/api/tasks", content="{}").status_code == 204
    assert answers == [204]
