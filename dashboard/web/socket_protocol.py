"""What a browser may say over a socket: the frames of Socket.IO, as far as Reflex's client sends them.

Each is taken apart here and put together again, so that everything behind the gate reads only checked frames, and
has nothing to complain of in a log. An event that no page of ours would send is left out.
"""

import json
import re
from typing import Annotated, Any, NoReturn

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from dashboard.reflex_adapter.names import NAMESPACE, UNANSWERED_MESSAGES
from dashboard.state.event_schemas import may_be_sent

LARGEST_FRAME = 128 * 1024
"""In characters. A gesture with the longest description, every character of it escaped, is half of that."""
LARGEST_OF_STRANGERS = 4 * 1024
"""The same, while signed out: pages where one signs in say little."""
MOST_NODES = 500
"""Values in the JSON of a frame. The largest of ours, a hydration, has a hash for each of a few dozen states."""

_NAMESPACE = f"{NAMESPACE},"
_CONNECT, _DISCONNECT, _EVENT = f"40{_NAMESPACE}", f"41{_NAMESPACE}", f"42{_NAMESPACE}"
_PONG, _CLOSE = "3", "1"
_LONGEST_NAME, _LONGEST_ADDRESS = 200, 8192
_MOST_QUERIED, _LONGEST_QUERIED = 32, 256
# A string that does not end is one up to the end, so that no character is looked at twice.
_STRING = re.compile(r'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)', re.DOTALL)
_NAMED = re.compile(r'\["event",\s?\{"name":\s?"([^"\\]{1,200})"')


class BadFrame(ValueError):
    """Nothing that our own pages would send."""


class _Spoken(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore")


_Queried = Annotated[str, StringConstraints(max_length=_LONGEST_QUERIED)]


class _Place(_Spoken):
    """Where the page is."""

    pathname: Annotated[str, Field(max_length=_LONGEST_ADDRESS)] = "/"
    asPath: Annotated[str, Field(max_length=_LONGEST_ADDRESS)] = "/"  # noqa: N815 (Reflex's own name)
    query: Annotated[dict[_Queried, _Queried], Field(max_length=_MOST_QUERIED)] = {}


class _Event(_Spoken):
    name: Annotated[str, Field(max_length=_LONGEST_NAME)]
    payload: dict[str, Any] = {}
    router_data: _Place = _Place()


class _Boot(_Spoken):
    """What comes with the connection: the first event, and the shape of state that the page was built for."""

    event: _Event | None = None
    state_schema: Annotated[str, Field(max_length=128)] | None = None


def price(frame: str | None) -> float:
    """What a frame costs of its sender's pace: one for each 4 kB that begin."""
    return 1 + len(frame or "") // 4096


def event_named(frame: str | None) -> str:
    """The event that a frame names where pages write it; empty when it does not."""
    named = _NAMED.match(frame, len(_EVENT)) if frame and frame.startswith(_EVENT) else None
    return named[1] if named else ""


def is_connect(frame: str) -> bool:
    """Whether a frame begins a conversation; a tab has one at a time."""
    return frame.startswith(_CONNECT)


def is_disconnect(frame: str) -> bool:
    return frame == _DISCONNECT


def checked_frame(frame: str | None, largest: int = LARGEST_FRAME) -> str | None:
    """The frame as it may go on, or None when it need not. Raises BadFrame."""
    if frame is None or len(frame) > largest:
        raise BadFrame
    if frame in (_PONG, _CLOSE, _DISCONNECT):
        return frame
    if not frame.startswith((_CONNECT, _EVENT)):
        raise BadFrame
    # What parsing costs is known before it is done.
    if len(frame) > MOST_NODES and _has_many_nodes(frame):
        raise BadFrame
    try:
        if frame.startswith(_CONNECT):
            return _connect(frame.removeprefix(_CONNECT))
        return _event(frame.removeprefix(_EVENT))
    except (ValidationError, ValueError, RecursionError):
        # Without the cause, which quotes the frame.
        raise BadFrame from None


def _has_many_nodes(frame: str) -> bool:
    # Names and values have two quotes each, beside those that are escaped.
    if frame.count('"') - frame.count('\\"') > 4 * MOST_NODES:
        return True
    bare = _STRING.sub("", frame)
    return sum(bare.count(mark) for mark in ",[{") > MOST_NODES


def _connect(said: str) -> str:
    boot = _Boot.model_validate(_parsed(said or "{}"))
    if boot.event and not may_be_sent(boot.event.name, boot.event.payload):
        boot.event = None
    return f"{_CONNECT}{_written(boot.model_dump())}"


def _event(said: str) -> str | None:
    match _parsed(said):
        case ["event", event]:
            checked = _Event.model_validate(event)
            if not may_be_sent(checked.name, checked.payload):
                return None
            return f"{_EVENT}{_written(['event', checked.model_dump()])}"
        case [kind, *_] if kind in UNANSWERED_MESSAGES:
            return None
    raise BadFrame


def _parsed(said: str) -> Any:
    # Not by Pydantic, which would not read half of a character: a title with one deserves its sentence.
    return json.loads(said, parse_constant=_refuse)


def _written(said: Any) -> str:
    return json.dumps(said, allow_nan=False, separators=(",", ":"))


def _refuse(_constant: str) -> NoReturn:
    raise BadFrame
