"""`python -m dashboard doctor` finds what is wrong and changes nothing."""

import importlib
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from dashboard.cli import main
from dashboard.database import revisions
from tests.conftest import RedisServer

# The package has the command by this name.
doctor = importlib.import_module("dashboard.cli.doctor")

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def findings(
    database_url: str, capsys: pytest.CaptureFixture[str]
) -> Callable[[int], dict[str, list[str]]]:
    """What the doctor finds that is not fine, by what it is about; it has to end with this code."""
    Path(database_url.removeprefix("sqlite:///")).chmod(0o600)

    def examine(code: int = 0) -> dict[str, list[str]]:
        assert main(["doctor", "--json"]) == code
        found: dict[str, list[str]] = {}
        for each in json.loads(capsys.readouterr().out):
            assert set(each) == {"about", "state", "words"}
            if each["state"] != "ok":
                found.setdefault(each["about"], []).append(f"{each['state']}: {each['words']}")
        return found

    return examine


class Stranger(BaseHTTPRequestHandler):
    """Answers in Cairn's place, as a test wants it."""

    answers: tuple[dict[str, Any], ...] = ({"status": 200}, {"status": 101})

    def do_GET(self) -> None:
        answer = self.answers["upgrade" in map(str.lower, self.headers)]
        self.send_response(answer["status"])
        for name, value in answer.get("headers", {}).items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (as it is called there)
        """Says nothing."""


FINE: tuple[dict[str, Any], ...] = (
    {"status": 200, "headers": {"Content-Security-Policy": "default-src 'none'"}},
    {"status": 101},
)


@pytest.fixture
def stranger(set_env: Callable[..., None]) -> Iterator[type[Stranger]]:
    """Something that answers at PUBLIC_URL."""
    handler = type("Handler", (Stranger,), {"answers": FINE})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    set_env(PUBLIC_URL=f"http://127.0.0.1:{server.server_port}", RATE_LIMIT_SCALE="1")
    yield handler
    server.shutdown()
    server.server_close()


def test_a_healthy_cairn_has_nothing(stranger, findings) -> None:
    assert findings() == {}


def test_it_is_read_by_people_too(stranger, findings, capsys) -> None:
    assert main(["doctor"]) == 0
    heading, *rows = capsys.readouterr().out.splitlines()
    assert heading.split() == ["about", "state", "words"]
    assert [row.split()[0] for row in rows] == [
        "settings",
        "permissions",
        "schema",
        "space",
        "redis",
        "clock",
        "proxy",
    ]


def test_nobody_at_the_address_is_a_warning(set_env, findings) -> None:
    set_env(PUBLIC_URL="http://127.0.0.1:1", RATE_LIMIT_SCALE="1")
    ((warning,),) = findings().values()
    assert warning.startswith("warning: Nothing answers at http://127.0.0.1:1")


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        (({"status": 421}, FINE[1]), "does not pass the Host header on"),
        (({"status": 502}, FINE[1]), "/sign-in answers 502"),
        (({"status": 200}, FINE[1]), "drops security headers"),
        ((FINE[0], {"status": 400}), "A websocket is answered with 400"),
    ],
)
def test_a_proxy_that_is_in_the_way_is_a_failure(stranger, findings, answers, words: str) -> None:
    stranger.answers = answers
    ((failure,),) = findings(1).values()
    assert failure.startswith("failure: ")
    assert words in failure


def test_a_clock_that_is_wrong_is_a_warning(stranger, findings, frozen_clock) -> None:
    (warning,) = findings()["clock"]
    assert "The clock of the proxy is" in warning


def test_settings_that_are_dangerous_are_warnings(set_env, findings) -> None:
    set_env(PUBLIC_URL="http://tasks.invalid", RATE_LIMIT_SCALE="0")
    words = " ".join(findings()["settings"])
    assert "PUBLIC_URL is not https" in words
    assert "RATE_LIMIT_SCALE is 0" in words
    set_env(PUBLIC_URL="https://tasks.invalid")
    assert "TRUSTED_PROXY_HOPS is 0" in " ".join(findings()["settings"])


def test_a_folder_that_is_open_to_others_is_a_failure(stranger, findings, tmp_path: Path) -> None:
    (tmp_path / "data").chmod(0o755)
    (failure,) = findings(1)["permissions"]
    assert failure == f"failure: {tmp_path}/data is open to others: chmod go= {tmp_path}/data"


def test_an_old_schema_is_a_warning_and_stays_old(stranger, findings, monkeypatch) -> None:
    monkeypatch.setattr(revisions, "newest_revision", lambda: "9999")
    (warning,) = findings()["schema"]
    assert "this Cairn needs 9999: the next start migrates it" in warning
    assert findings()["schema"] == [warning]


@pytest.mark.parametrize(("free", "code", "state"), [(10**8, 0, "warning"), (10**6, 1, "failure")])
def test_little_space_is_said_and_hardly_any_is_a_failure(
    stranger, findings, monkeypatch, free: int, code: int, state: str
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("", (), {"free": free}))
    ((said,),) = findings(code).values()
    assert said.startswith(f"{state}: ")


def test_a_redis_that_is_away_is_a_failure(
    stranger, findings, set_env, redis_server: RedisServer
) -> None:
    set_env(REDIS_URL=redis_server.url)
    assert findings() == {}
    redis_server.stop()
    (failure,) = findings(1)["redis"]
    assert "Redis at REDIS_URL cannot be used" in failure


def test_a_redis_elsewhere_that_lets_anybody_in_is_a_failure(
    stranger, findings, set_env, redis_server: RedisServer, monkeypatch
) -> None:
    monkeypatch.setattr(doctor, "_is_here", lambda _url: False)
    set_env(REDIS_URL=redis_server.url)
    ((failure,),) = findings(1).values()
    assert failure.startswith("failure: The Redis at REDIS_URL asks for no password")
    with Redis.from_url(redis_server.url) as redis:
        redis.config_set("requirepass", "tell-nobody")
    set_env(REDIS_URL=redis_server.url.replace("unix://", "unix://:tell-nobody@"))
    assert findings() == {}


@pytest.mark.parametrize(
    ("url", "is_here"),
    [
        ("unix:///run/redis.sock", True),
        ("redis://localhost/3", True),
        ("redis://127.0.0.2:6380", True),
        ("redis://[::1]", True),
        ("redis://:secret@redis", False),
        ("rediss://127.example.org", False),
        ("redis://10.0.0.7", False),
    ],
)
def test_a_redis_is_here_when_only_this_machine_reaches_it(
    database_url: str, url: str, is_here: bool
) -> None:
    assert doctor._is_here(url) is is_here


def test_a_port_beside_the_proxy_that_others_reach_is_a_warning(
    stranger, findings, set_env
) -> None:
    set_env(TRUSTED_PROXY_HOPS="1")
    assert findings() == {}
    set_env(BIND="0.0.0.0")  # noqa: S104
    ((warning,),) = findings().values()
    assert warning.startswith("warning: BIND is 0.0.0.0")


def test_a_database_that_is_away_is_a_failure(stranger, findings, set_env) -> None:
    set_env(DATABASE_URL="postgresql://ana:tell-nobody@127.0.0.1:1/cairn")
    from dashboard.database import transactions

    transactions.get_database.cache_clear()
    found = findings(1)
    assert "tell-nobody" not in str(found)
    assert found["schema"]


def test_a_folder_that_is_not_there_yet_is_a_warning_and_is_not_made(
    stranger, findings, set_env, tmp_path: Path
) -> None:
    folder = tmp_path / "later"
    set_env(DATA_DIR=str(folder))
    assert list(findings()) == ["space"]
    assert not folder.exists()
