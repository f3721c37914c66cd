"""What one process remembers of what it has seen, where to ask the database would be too much."""

from collections.abc import Hashable
from threading import Lock
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")

MOST_KEPT = 10_000


class Memory(Generic[Key, Value]):
    """A value for each key, of so many keys at most: what has been here longest is forgotten. For any thread."""

    def __init__(self) -> None:
        self._kept: dict[Key, Value] = {}
        self._changing = Lock()

    def remember(self, key: Key, value: Value) -> None:
        with self._changing:
            self._kept[key] = value
            if len(self._kept) > MOST_KEPT:
                del self._kept[next(iter(self._kept))]

    def recall(self, key: Key) -> Value | None:
        return self._kept.get(key)

    def forget(self, key: Key) -> None:
        with self._changing:
            self._kept.pop(key, None)
