"""A real server, as bin/run starts it, and a real browser. The front end must be built: bin/test does that."""

import atexit
import contextlib
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Playwright,
    expect,
    sync_playwright,
)

from dashboard.cli.serve import CONNECTION_OPTIONS
from dashboard.config import Settings, signing_secrets
from dashboard.database import migrations
from tests import guard
from tests.browser.proxy import Proxy
from tests.mail_server import MailServer
from tests.mail_server import running as mail_server_running

ROOT = Path(__file__).parents[2]
PASSWORD = "correct horse battery staple"
# So long that only what hangs takes longer, also on a machine that has much else to do.
STARTS_WITHIN, STOPS_WITHIN = 300, 60

# The last of these options counts, so the mouse that Playwright gives a browser without a screen is here too.
_MOUSE = "primaryHoverType=2,availableHoverTypes=2,primaryPointerType=4,availablePointerTypes=4"
SOLID = f"--blink-settings={_MOUSE},prefersReducedTransparency=true"

# How long something may take to appear or to happen on a machine that has much else to do, in milliseconds.
PATIENCE = 60_000
expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@lru_cache(maxsize=1)
def _empty_database() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="cairn-empty-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    migrations.migrate(f"sqlite:///{folder}/cairn.db")
    return folder / "cairn.db"


@dataclass
class Server:
    """A running Cairn. `kill` and `start` again keep its address and its data."""

    data_dir: Path
    database_url: str | None
    port: int = field(default_factory=free_port)
    app: str = "tests.browser.program:app"
    redis_url: str = ""
    settings: dict[str, str] = field(default_factory=dict)
    """What else it is told."""
    workers: int = 1
    public_url: str = ""
    """Where browsers find it, when that is not where it listens."""
    host: str = "127.0.0.1"
    """Where it listens."""
    inside: tuple[str, ...] = ()
    """A command that runs others where this server is."""
    limits: str = "0"
    """What its limits are multiplied with; most tests do in a minute what people do in a day."""
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return self.public_url or f"http://localhost:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "SIGN_UP": "open",
            **self.settings,
            "DATA_DIR": str(self.data_dir),
            "PORT": str(self.port),
            "RATE_LIMIT_SCALE": self.limits,
            "REFLEX_ENV_MODE": "prod",
            "__REFLEX_SKIP_COMPILE": "1",
            "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "1",
            "PUBLIC_URL": self.address,
            "DATABASE_URL": self.database_url or "",
            "REDIS_URL": self.redis_url,
            "WORKERS": str(self.workers),
        }

    def command(self, *arguments: str) -> None:
        """Run `python -m dashboard …` as its operator would."""
        command = [*self.inside, sys.executable, "-m", "dashboard", *arguments]
        subprocess.run(command, cwd=ROOT, env=self.environment, check=True)

    def start(self) -> "Server":
        self._prepare()
        with (self.data_dir / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [
                    *(*self.inside, sys.executable, "-m", "granian", self.app, "--factory"),
                    *("--interface", "asgi", "--host", self.host, "--port", str(self.port)),
                    *("--workers", str(self.workers), "--respawn-failed-workers"),
                    *("--log-level", "warning", "--workers-kill-timeout", "10"),
                    *CONNECTION_OPTIONS,
                ],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        guard.watch(self.process.pid)
        self._await_ready()
        return self

    def _prepare(self) -> None:
        """What a start does to the data, without another Python for it."""
        file = self.data_dir / "cairn.db"
        if self.inside:
            self.command("check")
        elif self.database_url:
            migrations.migrate(self.database_url)
        elif not file.exists():
            self.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
            shutil.copy(_empty_database(), file)
            signing_secrets(Settings(data_dir=self.data_dir))

    def kill(self) -> None:
        """As a power cut would: no process of the server gets to finish anything."""
        self._signal(signal.SIGKILL)

    def stop(self) -> None:
        self._signal(signal.SIGTERM)

    def worker_processes(self) -> list[int]:
        assert self.process is not None
        children = f"/proc/{self.process.pid}/task/{self.process.pid}/children"
        return [int(child) for child in Path(children).read_text().split()]

    def log(self) -> str:
        return (self.data_dir / "server.log").read_text()

    def _signal(self, number: int) -> None:
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)
        self.process.wait(timeout=STOPS_WITHIN)
        guard.forget(self.process.pid)
        self.process = None

    def _await_ready(self) -> None:
        assert self.process is not None
        deadline = time.monotonic() + STARTS_WITHIN
        # One client for all tries: making one reads every certificate of the machine.
        with httpx.Client(base_url=f"http://{self.host}:{self.port}") as client:
            while time.monotonic() < deadline and self.process.poll() is None:
                with contextlib.suppress(httpx.TransportError):
                    if client.get("/readyz").status_code == httpx.codes.OK:
                        return
                time.sleep(0.05)
        raise TimeoutError(f"The server was not ready in time:\n{self.log()}")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server on SQLite for all tests that do not harm it; each test makes people of its own."""
    running = Server(tmp_path_factory.mktemp("server"), None).start()
    yield running
    running.stop()


@pytest.fixture
def server_on_postgresql(
    tmp_path: Path, _new_postgresql_database: Callable[[], str]
) -> Iterator[Server]:
    """A server whose data is in PostgreSQL."""
    running = Server(tmp_path, _new_postgresql_database()).start()
    yield running
    running.stop()


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Server]:
    """A server that a test may kill."""
    running = Server(tmp_path, None).start()
    yield running
    running.stop()


@pytest.fixture
def server_with_mail(tmp_path: Path) -> Iterator[tuple[Server, MailServer]]:
    """A server, and the mail server that it sends by."""
    with mail_server_running() as mail:
        running = Server(tmp_path, None, settings=mail.settings()).start()
        yield running, mail
        running.stop()


@pytest.fixture(scope="session")
def _network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Proxy]]:
    port = free_port()
    proxy = Proxy(port).start()
    folder = tmp_path_factory.mktemp("network")
    server = Server(folder, None, port=port, public_url=proxy.address).start()
    yield server, proxy
    proxy.stop()
    server.stop()


@pytest.fixture
def network(_network: tuple[Server, Proxy]) -> Iterator[tuple[Server, Proxy]]:
    """A server, and the network that lies before it, which is mended after each test."""
    yield _network
    _, proxy = _network
    proxy.delay = 0
    proxy.plug_in()
    proxy.thaw()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Of somebody who wants less transparency: without a graphics card, each blink of the caret behind glass is work.

    Not of the session: while it is there the thread has a running event loop, and async tests cannot have theirs.
    """
    yield from _launched(SOLID)


@pytest.fixture(scope="module")
def browser_with_glass() -> Iterator[Browser]:
    """Draws what most people see."""
    yield from _launched()


def _launched(*options: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        # Without the process that only imitates a graphics card, the browser does the same with less work.
        browser = launch(playwright, "--disable-gpu", *options)
        yield browser
        browser.close()


def launch(playwright: Playwright, *options: str) -> Browser:
    return playwright.chromium.launch(
        executable_path=os.environ.get("CHROMIUM_PATH"),
        args=[
            "--no-sandbox",
            *("--disable-background-networking", "--disable-component-update"),
            # As all of Chromium does by itself, so that its headless shell draws the same letters.
            "--font-render-hinting=slight",
            *options,
        ],
    )


@dataclass
class Device:
    """A browser of somebody's, with one tab, and everything that its console complained of."""

    context: BrowserContext
    page: Page
    complaints: list[str]


@pytest.fixture
def new_device(browser: Browser) -> Iterator[Callable[..., Device]]:
    """Opens a device at a server, of somebody who wants less motion: drawing it is a third of a browser's work.

    Whatever its console says that is an error or a warning is collected.
    """
    opened: list[BrowserContext] = []

    def open_device(server: Server, **options: Any) -> Device:
        asked: dict[str, Any] = {"reduced_motion": "reduce", **options}
        context = browser.new_context(base_url=server.address, **asked)
        context.set_default_timeout(PATIENCE)
        opened.append(context)
        page = context.new_page()
        complaints: list[str] = []

        def collect(message: ConsoleMessage) -> None:
            if message.type in ("error", "warning"):
                complaints.append(message.text)

        page.on("console", collect)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return Device(context, page, complaints)

    yield open_device
    for context in opened:
        context.close()


@pytest.fixture
def device(new_device: Callable[..., Device], server: Server) -> Device:
    return new_device(server)


@pytest.fixture
def page(device: Device) -> Page:
    """A tab that nobody is signed in to."""
    return device.page


@pytest.fixture
def anas_page(page: Page) -> Page:
    """A tab with Ana's empty dashboard."""
    sign_up(page)
    return page


def sign_up(page: Page, name: str = "Ana Costa", email: str = "") -> str:
    """Create an account and wait for its dashboard. Returns the address of the account.

    By REST, which costs half of what the form does; `test_journeys.py` fills in the form.
    """
    email = email or some_email(name)
    origin = page.request.get("/healthz").url.removesuffix("/healthz")
    zone = page.evaluate("Intl.DateTimeFormat().resolvedOptions().timeZone")
    person = {"name": name, "email": email, "password": PASSWORD, "timezone": zone}
    answer = page.request.post("/api/auth/sign-up", data=person, headers={"Origin": origin})
    assert answer.ok, answer.text()
    page.goto("/dashboard")
    await_empty_dashboard(page)
    return email


def sign_up_by_form(page: Page, name: str = "Ana Costa") -> str:
    """The same, as a person does it."""
    email = some_email(name)
    page.goto("/sign-up")
    page.get_by_role("textbox", name="Name").fill(name)
    page.get_by_role("textbox", name="Email").fill(email)
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    expect(page).to_have_url(re.compile("/dashboard"))
    await_empty_dashboard(page)
    return email


def some_email(name: str) -> str:
    return f"{name.partition(' ')[0].lower()}-{secrets.token_hex(4)}@example.org"


def await_empty_dashboard(page: Page) -> None:
    # Only the server knows that there are no tasks, and its socket says the same: from here on the page is all there.
    page.get_by_text("Set the first stone").wait_for()
    expect(page.locator("#first-page")).to_have_count(0)


def sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    page.get_by_role("textbox", name="Email").fill(email)
    page.get_by_role("textbox", name="Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def due_field(dialog: Locator, name: str = "Due date") -> Locator:
    """The field of a date or a time, which the button that says when has behind it."""
    field = dialog.get_by_label(name, exact=True)
    if not field.is_visible():
        dialog.get_by_role("button", name=re.compile("^Due: ")).click()
    return field


def quick_add(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Add a task")


def add(page: Page, *titles: str) -> None:
    for title in titles:
        quick_add(page).fill(title)
        quick_add(page).press("Enter")
        page.get_by_role("checkbox", name=title, exact=True).wait_for()
