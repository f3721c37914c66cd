"""The log says where something went wrong, and nothing that is nobody's business."""

import io
import json
import logging
import re
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from granian.log import LogLevels, configure_logging
from reflex.app import EventNamespace
from reflex.state import StateUpdate

from dashboard.errors import NotSignedIn
from dashboard.logging import (
    OnceAMinute,
    discreet_record,
    keep_secrets,
    request_id,
    without_secrets,
    write_log,
)

ROOT = Path(__file__).parent.parent
JWT = (
    "eyJhbGciOiJIUzI1NiIsImtpZCI6IjAxMiJ9."
    "eyJpc3MiOiJjYWlybiIsInN1YiI6IjAxOTAifQ."
    "SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c"
)


@pytest.fixture
async def log() -> AsyncIterator[io.StringIO]:
    """All that any logger writes, as an operator would read it."""
    before = logging.getLogRecordFactory()
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    logging.getLogger().addHandler(handler)
    await keep_secrets()
    yield written
    logging.setLogRecordFactory(before)
    logging.getLogger().removeHandler(handler)


@pytest.mark.parametrize(
    "name", ["reflex.app", "reflex_base.event.processor", "engineio.server", "socketio", "asyncio"]
)
def test_a_framework_says_where_and_not_what(log: io.StringIO, name: str) -> None:
    logger = logging.getLogger(name)
    logger.error("Received event. Event data: %s", {"title": "my secret lamp"})
    logger.error(f"Failed to deserialize {'my secret lamp'}")  # noqa: G004
    said = log.getvalue()
    assert "secret lamp" not in said
    assert said.count(f"{name}: see test_logging.test_a_framework_says_where_and_not_what") == 2


def test_an_error_says_its_kind_and_where_it_was_raised_and_not_its_words(log: io.StringIO) -> None:
    def look_for(_lamp: str) -> None:
        try:
            raise KeyError("my secret lamp")
        except KeyError as error:
            raise ValueError("no lamp like my secret lamp") from error

    try:
        look_for("my secret lamp")
    except ValueError:
        logging.getLogger("dashboard.dashboard").exception("An event failed.")
    said = log.getvalue()
    assert "An event failed." in said
    assert "in look_for" in said
    assert said.index("builtins.KeyError\n") < said.index("builtins.ValueError\n")
    # The source line that raised it is ours to show; the words of the error would be a second time.
    assert said.count("no lamp like") == 1


def test_an_error_of_ours_keeps_its_sentence(log: io.StringIO) -> None:
    try:
        raise NotSignedIn
    except NotSignedIn:
        logging.getLogger("dashboard.state").exception("Refused")
    assert "NotSignedIn: You are not signed in." in log.getvalue()


def test_every_error_of_a_group_is_there(log: io.StringIO) -> None:
    try:
        raise ExceptionGroup("of my secret lamp", [OSError("lamp one"), NotSignedIn()])
    except ExceptionGroup:
        logging.getLogger("dashboard.services").exception("Several")
    said = log.getvalue()
    assert "builtins.OSError\n" in said
    assert "NotSignedIn: You" in said


@pytest.mark.parametrize(
    ("said", "written"),
    [
        (
            f"cookie: theme=dark; dashboard_session={JWT}",
            "cookie: theme=dark; dashboard_session=[token]",
        ),
        (f"__Host-dashboard_session={JWT}; a=b", "__Host-dashboard_session=[token]; a=b"),
        ("dashboard_session=forged", "dashboard_session=[token]"),
        (f"token {JWT} is odd", "token [token] is odd"),
        ("Authorization: Bearer cairn_abc123", "Authorization: Bearer [token]"),
        (f"Token crn_{'x-Y_' * 10} is odd", "Token [token] is odd"),
        ("POST /api/auth/sign-in failed", "POST /api/auth/sign-in failed"),
        (
            "dashboard.services.accounts.sessions failed",
            "dashboard.services.accounts.sessions failed",
        ),
    ],
)
def test_what_looks_like_a_token_is_left_out(log: io.StringIO, said: str, written: str) -> None:
    assert without_secrets(said) == written
    logging.getLogger("granian").warning("%s", said)
    assert log.getvalue() == f"{written}\n"


# How it is written


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[..., list[str]]]:
    """Writes the log of an event in a request, as an operator has set it. Gives the lines."""
    root, ours, granians = (logging.getLogger(name) for name in (None, "dashboard", "_granian"))
    before = (logging.getLogRecordFactory(), root.handlers[:], ours.level, granians.handlers[:])
    logging.setLogRecordFactory(discreet_record)

    def write(level: str, *, as_json: bool) -> list[str]:
        write_log(level=level, as_json=as_json)
        told = request_id.set("7f3a7f3a")
        logging.getLogger("dashboard.web.request_log").info(
            "GET %s", "/x", extra={"fields": {"n": 1}}
        )
        request_id.reset(told)
        try:
            raise KeyError("my secret lamp")
        except KeyError:
            logging.getLogger("dashboard.dashboard").exception("An event failed: %s", JWT)
        return capsys.readouterr().err.splitlines()

    yield write
    logging.setLogRecordFactory(before[0])
    root.handlers[:], granians.handlers[:] = before[1], before[3]
    ours.setLevel(before[2])


def test_a_line_says_when_how_bad_who_and_in_which_request(lines) -> None:
    first, second, *traceback = lines("info", as_json=False)
    assert re.fullmatch(
        r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ INFO dashboard.web.request_log: GET /x \[7f3a7f3a\]",
        first,
    )
    assert second.endswith("Z ERROR dashboard.dashboard: An event failed: [token]")
    assert traceback[-1] == "builtins.KeyError"


def test_information_is_left_out_unless_it_is_wanted(lines) -> None:
    assert "ERROR" in lines("warning", as_json=False)[0]


async def test_a_tab_that_is_left_before_all_was_sent_to_it_is_no_news(lines) -> None:
    before = len(lines("warning", as_json=False))
    nobody = SimpleNamespace(
        _token_manager=SimpleNamespace(token_to_socket={}, instance_id="this"),
    )
    await EventNamespace.emit_update(cast("EventNamespace", nobody), StateUpdate(), "a-tab")
    assert len(lines("warning", as_json=False)) == before


def test_the_process_that_looks_after_the_workers_writes_such_lines_too(
    lines, capsys: pytest.CaptureFixture[str]
) -> None:
    lines("warning", as_json=True)
    granian = logging.getLogger("_granian")
    before = granian.level, granian.propagate
    configure_logging(LogLevels.warning, json.loads((ROOT / "dashboard" / "log.json").read_text()))
    try:
        granian.error("Unexpected exit from worker-1")
    finally:
        granian.level, granian.propagate = before
    said = json.loads(capsys.readouterr().err)
    assert said.pop("time").endswith("Z")
    assert said == {
        "level": "error",
        "logger": "_granian",
        "message": "Unexpected exit from worker-1",
    }


def test_a_program_reads_an_object_on_each_line(lines) -> None:
    first, second = map(json.loads, lines("info", as_json=True))
    assert first.pop("time").endswith("Z")
    assert first == {
        "level": "info",
        "logger": "dashboard.web.request_log",
        "message": "GET /x",
        "request_id": "7f3a7f3a",
        "n": 1,
    }
    assert second["message"] == "An event failed: [token]"
    assert second["error"].endswith("builtins.KeyError")
    # The source line that raised it is ours to show; the words of the error would be a second time.
    assert str(second).count("secret lamp") == 1
    assert "request_id" not in second


def test_what_strangers_cause_again_and_again_is_said_once_a_minute_with_a_count(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    moment = [0.0]
    monkeypatch.setattr("dashboard.logging.time.monotonic", lambda: moment[0])
    written, logger = io.StringIO(), logging.getLogger("strangers")
    logger.setLevel(logging.INFO)
    handler = logging.StreamHandler(written)
    handler.addFilter(OnceAMinute())
    logger.handlers = [handler]
    logger.propagate = False

    def make_noise() -> None:
        logger.warning("Noise at the socket.")

    def fail(kind: type[Exception]) -> None:
        try:
            raise kind
        except Exception:
            logger.exception("A request failed.")

    for _ in range(1000):
        make_noise()
        fail(KeyError)
        logger.info("A request.")
    fail(ValueError)
    assert written.getvalue().count("Noise") == 1
    assert written.getvalue().count("A request failed.") == 2
    assert written.getvalue().count("A request.\n") == 1000
    moment[0] = 60
    make_noise()
    make_noise()
    said = "Noise at the socket. (and 999 more of the kind since it was last said)"
    assert written.getvalue().splitlines()[-1] == said
    assert written.getvalue().count("Noise") == 2
