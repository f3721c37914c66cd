"""/healthz and /readyz, for whoever watches over the server."""

from typing import Literal

from fastapi import APIRouter
from typing_extensions import TypedDict

from dashboard.api.answers import Answer
from dashboard.api.routes import OpenRoute
from dashboard.services import fitness, health

router = APIRouter(tags=["Health"], route_class=OpenRoute)


class HealthOut(TypedDict):
    status: Literal["ok"]


@router.get("/healthz", summary="Is it alive?", response_model=HealthOut)
async def is_alive() -> Answer:
    """Asks nobody else: a database that is away is no reason to restart this process."""
    return Answer(HealthOut(status="ok"))


@router.get("/readyz", summary="Can it work?", response_model=HealthOut)
async def is_ready() -> Answer:
    """The database is reachable and migrated, and Redis answers where it is set."""
    fitness.require_fit()
    await health.require_ready()
    return Answer(HealthOut(status="ok"))
