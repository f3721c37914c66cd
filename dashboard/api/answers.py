"""A successful answer: JSON made in one step from what the service returned."""

from typing import Any

from pydantic_core import to_json
from starlette.responses import Response


class Answer(Response):
    """JSON of plain data (ids, days and moments included), without FastAPI's second look at it."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        return to_json(content)
