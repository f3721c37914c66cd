"""A successful answer: JSON made in one step from what a service returned."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field
from pydantic_core import to_json
from starlette.responses import Response

from dashboard import clock

Moment = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
"""RFC 3339 in UTC, always to the microsecond."""


def moment(at: datetime) -> Moment:
    """A moment as every answer writes it."""
    return clock.rfc3339(at)


class Answer(Response):
    """JSON of plain data, without FastAPI's second look at it."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        return to_json(content)
