"""/api/lists/{id}/sections and /api/sections: each route is the call of one service."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Query
from pydantic import Field
from starlette.responses import Response
from typing_extensions import TypedDict

from dashboard.api.dependencies import IdempotencyKey, IfMatch, Read, Write
from dashboard.api.json_response import Answer, Moment, moment
from dashboard.api.openapi import ETAG, LOCATION, problems
from dashboard.api.routes import SignedInRoute
from dashboard.errors import (
    Forbidden,
    ListArchived,
    ListInTrash,
    ListNotFound,
    SectionNotFound,
    StaleVersion,
)
from dashboard.models.section import SectionChanges, SectionDeletion, SectionDraft
from dashboard.services.lists import sections
from dashboard.services.lists.sections import SectionRow

SectionDraftBody = Annotated[SectionDraft, Body(examples=[{"name": "Packing"}])]
SectionChangesBody = Annotated[
    SectionChanges,
    Body(examples=[{"name": "Unpacking"}, {"is_folded": True}]),
]


class SectionOut(TypedDict):
    """A section of a list."""

    id: UUID
    list_id: UUID
    name: str
    position: Annotated[str, Field(description="Its place in the list; sorts as text.")]
    is_folded: Annotated[bool, Field(description="By you.")]
    created_at: Moment
    updated_at: Moment
    version: Annotated[int, Field(description="Grows with each change; in quotes, the ETag.")]


class SectionsOut(TypedDict):
    """The sections of a list, in their order."""

    items: list[SectionOut]
    count: int


class SectionAnswer(Answer):
    """One section, with its version as the ETag, and its address when it is new."""

    def __init__(self, row: SectionRow, status_code: int = 200) -> None:
        headers = {"ETag": f'"{row.section.version}"'}
        if status_code == 201:
            headers["Location"] = f"/api/sections/{row.section.id}"
        super().__init__(section_out(row), status_code, headers)


def sections_out(rows: Sequence[SectionRow]) -> SectionsOut:
    return SectionsOut(items=[section_out(row) for row in rows], count=len(rows))


def section_out(row: SectionRow) -> SectionOut:
    """What any answer says of a section."""
    section = row.section
    return SectionOut(
        id=section.id,
        list_id=section.list_id,
        name=section.name,
        position=section.position,
        is_folded=row.is_folded,
        created_at=moment(section.created_at),
        updated_at=moment(section.updated_at),
        version=section.version,
    )


router = APIRouter(prefix="/api", tags=["Lists"], route_class=SignedInRoute)

_FOUND = problems(SectionNotFound, Forbidden)
_CHANGED = problems(SectionNotFound, Forbidden, ListArchived, ListInTrash)


@router.get(
    "/lists/{list_id}/sections",
    summary="List the sections of a list",
    response_model=SectionsOut,
    responses=problems(ListNotFound, Forbidden),
)
async def list_sections(read: Read, list_id: UUID) -> Answer:
    """All of them, in their order."""
    return Answer(sections_out(await read(sections.list_sections, list_id)))


@router.post(
    "/lists/{list_id}/sections",
    summary="Add a section to a list",
    status_code=201,
    response_model=SectionOut,
    responses={201: LOCATION, **problems(ListNotFound, Forbidden)},
)
async def create_section(
    write: Write, list_id: UUID, draft: SectionDraftBody, idempotency_key: IdempotencyKey = None
) -> Answer:
    """Behind the others, unless it says where. At most 200 in a list."""
    made = await write(sections.create_section, list_id, draft, idempotency_key=idempotency_key)
    return SectionAnswer(made, status_code=201)


@router.get(
    "/sections/{section_id}",
    summary="Look at a section",
    response_model=SectionOut,
    responses={200: ETAG, **_FOUND},
)
async def get_section(read: Read, section_id: UUID) -> Answer:
    """One section that is not deleted."""
    return SectionAnswer(await read(sections.get_section, section_id))


@router.patch(
    "/sections/{section_id}",
    summary="Change a section",
    response_model=SectionOut,
    responses={200: ETAG, **_CHANGED, **problems(StaleVersion)},
)
async def change_section(
    write: Write, section_id: UUID, changes: SectionChangesBody, if_match: IfMatch = None
) -> Answer:
    """Its name, its place among the others, and whether you have folded it."""
    return SectionAnswer(
        await write(sections.update_section, section_id, changes, version=if_match)
    )


@router.delete(
    "/sections/{section_id}", summary="Delete a section", status_code=204, responses=_CHANGED
)
async def delete_section(
    write: Write, section_id: UUID, query: Annotated[SectionDeletion, Query()]
) -> Response:
    """Its tasks move above all sections, unless they are to go to the trash. It can be restored for 30 days."""
    await write(sections.delete_section, section_id, with_tasks=query.with_tasks)
    return Response(status_code=204)


@router.post(
    "/sections/{section_id}/restore",
    summary="Restore a section",
    response_model=SectionOut,
    responses={200: ETAG, **_CHANGED},
)
async def restore_section(write: Write, section_id: UUID) -> Answer:
    """With the tasks that lay in it, as far as nobody has moved them on. One that is not deleted stays as it is."""
    return SectionAnswer(await write(sections.restore_section, section_id))
