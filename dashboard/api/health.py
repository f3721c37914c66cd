"""/healthz, /readyz and /metrics, for what monitors the server."""

from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response
from typing_extensions import TypedDict

from dashboard import __version__
from dashboard.api.json_response import Answer
from dashboard.api.routes import MonitorRoute, OpenRoute
from dashboard.metrics import get_metrics
from dashboard.services.operation import readiness
from dashboard.version import commit
from dashboard.web.problems import METRICS

router = APIRouter(tags=["Health"], route_class=OpenRoute)
monitor = APIRouter(tags=["Health"], route_class=MonitorRoute)


class HealthOut(TypedDict):
    status: Literal["ok"]


class AliveOut(HealthOut):
    version: str
    commit: Annotated[str, Field(description="Empty where it is not known.")]


@router.get("/healthz", summary="Is it alive?", response_model=AliveOut)
async def is_alive() -> Answer:
    """Asks nothing else: a database that is away is no reason to restart this process."""
    return Answer(AliveOut(status="ok", version=__version__, commit=commit()))


@router.get("/readyz", summary="Can it work?", response_model=HealthOut)
async def is_ready() -> Answer:
    """The database is reachable and migrated, and Redis answers where it is set."""
    readiness.require_serving()
    await readiness.require_ready()
    return Answer(HealthOut(status="ok"))


@monitor.get(METRICS, include_in_schema=False)
def metrics() -> Response:
    """Counts and times, in the words of Prometheus, for who shows the METRICS_TOKEN as a bearer token."""
    measured = get_metrics()
    text = measured.text() if measured else b""
    return Response(text, media_type="text/plain; version=0.0.4")
