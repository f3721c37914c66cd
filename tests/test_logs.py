"""The log says where something went wrong, and nothing that is nobody's business."""

import io
import logging
from collections.abc import AsyncIterator

import pytest

from dashboard.errors import NotSignedIn
from dashboard.logs import keep_secrets, without_secrets

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
    assert said.count(f"{name}: see test_logs.test_a_framework_says_where_and_not_what") == 2


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
        ("POST /api/auth/sign-in failed", "POST /api/auth/sign-in failed"),
        ("dashboard.services.sessions failed", "dashboard.services.sessions failed"),
    ],
)
def test_what_looks_like_a_token_is_left_out(log: io.StringIO, said: str, written: str) -> None:
    assert without_secrets(said) == written
    logging.getLogger("granian").warning("%s", said)
    assert log.getvalue() == f"{written}\n"
