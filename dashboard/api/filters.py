"""/api/filters: each route is the call of one service."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body
from pydantic import Field
from starlette.responses import Response
from typing_extensions import TypedDict

from dashboard.api.dependencies import IdempotencyKey, Read, Write
from dashboard.api.json_response import Answer, Moment, moment
from dashboard.api.openapi import problems
from dashboard.api.routes import SignedInRoute
from dashboard.errors import FilterNotFound, Forbidden
from dashboard.models.saved_filter import FilterChanges, FilterDraft
from dashboard.services.tasks import saved_filters
from dashboard.services.tasks.saved_filters import CountedFilter

router = APIRouter(prefix="/api/filters", tags=["Filters"], route_class=SignedInRoute)

FilterDraftBody = Annotated[
    FilterDraft, Body(examples=[{"name": "Soon", "query": "due<7d -@errand"}])
]
FilterChangesBody = Annotated[
    FilterChanges, Body(examples=[{"query": "due<14d"}, {"name": "Later", "place": 1}])
]
_FOUND = problems(FilterNotFound, Forbidden)


class FilterOut(TypedDict):
    """A saved query."""

    id: UUID
    name: str
    query: str
    place: Annotated[int, Field(description="Among your filters, from 1.")]
    count: Annotated[
        int | None,
        Field(description="How many tasks it finds; null when it cannot be answered any more."),
    ]
    problem: Annotated[str, Field(description="Why it cannot be answered; empty when it can.")]
    created_at: Moment
    updated_at: Moment


class FiltersOut(TypedDict):
    """Your filters, in their order."""

    items: list[FilterOut]
    count: int


def filter_out(row: CountedFilter) -> FilterOut:
    """What any answer says of a filter."""
    saved = row.filter
    return FilterOut(
        id=saved.id,
        name=saved.name,
        query=saved.query,
        place=saved.place,
        count=row.found,
        problem=row.problem,
        created_at=moment(saved.created_at),
        updated_at=moment(saved.updated_at),
    )


@router.get("", summary="List filters", response_model=FiltersOut)
async def list_filters(read: Read) -> Answer:
    """Each with the `count` that `GET /api/tasks?filter=` has for its query."""
    items = [filter_out(row) for row in await read(saved_filters.list_filters)]
    return Answer(FiltersOut(items=items, count=len(items)))


@router.post("", summary="Save a filter", status_code=201, response_model=FilterOut)
async def create_filter(
    write: Write, draft: FilterDraftBody, idempotency_key: IdempotencyKey = None
) -> Answer:
    """A query that cannot be understood is a 422 that says where. At most 50."""
    made = await write(saved_filters.create_filter, draft, idempotency_key=idempotency_key)
    return Answer(filter_out(made), 201)


@router.patch("/{filter_id}", summary="Change a filter", response_model=FilterOut, responses=_FOUND)
async def change_filter(write: Write, filter_id: UUID, changes: FilterChangesBody) -> Answer:
    """What is not given stays as it is; `place` puts it there among the others."""
    return Answer(filter_out(await write(saved_filters.update_filter, filter_id, changes)))


@router.delete("/{filter_id}", summary="Delete a filter", status_code=204, responses=_FOUND)
async def delete_filter(write: Write, filter_id: UUID) -> Response:
    """Its tasks stay."""
    await write(saved_filters.delete_filter, filter_id)
    return Response(status_code=204)
