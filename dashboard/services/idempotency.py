"""Idempotency keys: a create that is sent again with its key makes nothing again."""

import re
from uuid import UUID, uuid5

from dashboard.errors import FieldError, InvalidInput
from dashboard.models.session import Actor
from dashboard.models.task import IDEMPOTENCY_KEY_LENGTH

_KEY = re.compile(rf"[\x20-\x7e]{{1,{IDEMPOTENCY_KEY_LENGTH}}}")


def require_usable(key: str) -> None:
    """Raises InvalidInput for what cannot be a key."""
    if not _KEY.fullmatch(key):
        message = f"The key has 1 to {IDEMPOTENCY_KEY_LENGTH} printable ASCII characters."
        raise InvalidInput(FieldError("Idempotency-Key", message))


def id_of(actor: Actor, key: str, *, within: UUID | None = None) -> UUID:
    """The id of what a person's key makes, each time the same; `within` a list, another one in each.

    Raises InvalidInput for what cannot be a key.
    """
    require_usable(key)
    return uuid5(actor.id, key if within is None else f"{within}/{key}")
