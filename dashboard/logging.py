"""What the log may say: where something went wrong, and never a cookie, a token, a password or what somebody typed."""

import logging
import math
import re
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any

from pydantic_core import to_json

from dashboard.errors import DashboardError
from dashboard.reflex_adapter.names import TALKATIVE_LOGGERS

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""The id of the request that is being answered, where one is."""

_MINUTE = 60.0
_SECRETS = (
    (re.compile(r"[\w-]{10,}\.[\w-]{10,}\.[\w-]{20,}", re.ASCII), "[token]"),
    (re.compile(r"(dashboard_session=)[^;\s\"']+", re.IGNORECASE), r"\1[token]"),
    (re.compile(r"(\bbearer\s+)\S+", re.IGNORECASE), r"\1[token]"),
    (re.compile(r"\bcrn_[\w-]+", re.ASCII), "[token]"),
)


async def keep_secrets() -> None:
    """From now on, whatever logger of this process says something, it says it discreetly."""
    logging.setLogRecordFactory(discreet_record)


def discreet_record(*args: Any, **kwargs: Any) -> logging.LogRecord:
    """A record without private content."""
    record = logging.LogRecord(*args, **kwargs)
    if record.name.partition(".")[0] in TALKATIVE_LOGGERS and record.levelno >= logging.WARNING:
        message = f"{record.name}: see {record.module}.{record.funcName}, line {record.lineno}"
    else:
        message = without_secrets(record.getMessage())
    record.msg, record.args = message, ()
    record.request_id = request_id.get()
    if record.exc_info and record.exc_info[1] is not None:
        # Formatters take this text for the traceback, and make none of their own.
        record.exc_text = "".join(_without_words(record.exc_info[1])).rstrip()
    return record


def write_log(*, level: str, as_json: bool) -> None:
    """From now on, this process writes its log to standard error, for people or for a program."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLine() if as_json else _Line())
    handler.addFilter(OnceAMinute())
    logging.getLogger().handlers[:] = [handler]
    logging.getLogger("dashboard").setLevel(level.upper())
    logging.getLogger("reflex.app").addFilter(is_news)
    if as_json:
        logging.getLogger("_granian").handlers[:] = [handler]
    else:
        logging.getLogger("_granian").addFilter(OnceAMinute())


class OnceAMinute(logging.Filter):
    """Lets a warning or an error through once a minute for each kind, which says how many there were meanwhile.

    Most can be caused by strangers, as often as they like. A kind is the place in the source that speaks, and the one
    that failed.
    """

    def __init__(self) -> None:
        super().__init__()
        self._said_at: dict[tuple[object, ...], float] = {}
        self._unsaid = Counter[tuple[object, ...]]()

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno < logging.WARNING:
            return True
        kind, now = _kind(record), time.monotonic()
        if now - self._said_at.get(kind, -math.inf) < _MINUTE:
            self._unsaid[kind] += 1
            return False
        self._said_at[kind] = now
        if unsaid := self._unsaid.pop(kind, 0):
            record.msg = f"{record.msg} (and {unsaid} more of the kind since it was last said)"
        return True


def _kind(record: logging.LogRecord) -> tuple[object, ...]:
    error = record.exc_info[1] if record.exc_info else None
    frames = traceback.extract_tb(error.__traceback__)[-1:] if error else []
    failed = [(type(error), frame.filename, frame.lineno) for frame in frames]
    return (record.name, record.pathname, record.lineno, record.levelno, *failed)


def is_news(record: logging.LogRecord) -> bool:
    """Whether it is worth a line. Reflex warns of each tab that is left, or loaded again, before all was sent to it."""
    return record.funcName != "emit_update" or record.levelno > logging.WARNING


def reason(error: BaseException) -> str:
    """What an error says, or its kind where it says nothing, as one of time that is up."""
    return str(error) or type(error).__name__


class _Line(logging.Formatter):
    """`2026-03-10T12:00:00Z WARNING dashboard.events.redis_bridge: Redis is back. [3f2a…]`"""

    converter = time.gmtime
    default_time_format = "%Y-%m-%dT%H:%M:%SZ"
    default_msec_format = ""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 (as it is called there)
        own = getattr(record, "request_id", "")
        return super().formatMessage(record) + (f" [{own}]" if own else "")


class JsonLine(_Line):
    """An object on each line; log.json names it, for the process that looks after the workers."""

    def format(self, record: logging.LogRecord) -> str:
        said: dict[str, Any] = {
            "time": self.formatTime(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": getattr(record, "request_id", "") or None,
            "error": record.exc_text,
            **getattr(record, "fields", {}),
        }
        return to_json({name: value for name, value in said.items() if value is not None}).decode()


def without_secrets(text: str) -> str:
    """The text, with what looks like a token left out."""
    for secret, instead in _SECRETS:
        text = secret.sub(instead, text)
    return text


def _without_words(error: BaseException) -> Iterator[str]:
    """A traceback with the kind of each error and not its words, which may quote anything; ours never do."""
    if earlier := error.__cause__ or (None if error.__suppress_context__ else error.__context__):
        yield from _without_words(earlier)
        yield "\n"
    if isinstance(error, BaseExceptionGroup):
        for each in error.exceptions:
            yield from _without_words(each)
    yield "Traceback (most recent call last):\n"
    yield from traceback.format_tb(error.__traceback__)
    words = f": {error}" if isinstance(error, DashboardError) else ""
    yield f"{type(error).__module__}.{type(error).__qualname__}{words}\n"
