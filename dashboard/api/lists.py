"""/api/lists: each route is the call of one service."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body
from pydantic import Field
from starlette.responses import Response
from typing_extensions import TypedDict

from dashboard.api.dependencies import IdempotencyKey, IfMatch, Read, Write
from dashboard.api.json_response import Answer, Moment, moment
from dashboard.api.openapi import ETAG, LOCATION, problems
from dashboard.api.routes import SignedInRoute
from dashboard.errors import Forbidden, InboxStays, ListNotFound, StaleVersion
from dashboard.models.list import Color, Icon, ListChanges, ListDraft, ListOrder, Role, View
from dashboard.services.lists import commands, queries
from dashboard.services.lists.queries import VisibleList

ListDraftBody = Annotated[
    ListDraft, Body(examples=[{"name": "Home", "color": "moss", "icon": "home"}])
]
ListChangesBody = Annotated[
    ListChanges, Body(examples=[{"name": "House move"}, {"is_archived": True}])
]
ListOrderBody = Annotated[
    ListOrder, Body(examples=[{"list_ids": ["019cd6a4-11aa-7c02-8f4b-0d9e8c7b6a59"]}])
]


class ListOut(TypedDict):
    """A list, as you see it."""

    id: UUID
    name: str
    color: Color
    icon: Annotated[Icon, Field(description="Empty for none.")]
    is_inbox: bool
    is_archived: bool
    view: View
    role: Annotated[Role, Field(description="What you may do in it.")]
    open_count: int
    created_at: Moment
    updated_at: Moment
    version: Annotated[int, Field(description="Grows with each change; in quotes, the ETag.")]


class ListsOut(TypedDict):
    """Your lists, the Inbox first, in your own order."""

    items: list[ListOut]
    count: int


class ListAnswer(Answer):
    """One list, with its version as the ETag, and its address when it is new."""

    def __init__(self, row: VisibleList, status_code: int = 200) -> None:
        headers = {"ETag": f'"{row.list.version}"'}
        if status_code == 201:
            headers["Location"] = f"/api/lists/{row.list.id}"
        super().__init__(list_out(row), status_code, headers)


router = APIRouter(prefix="/api/lists", tags=["Lists"], route_class=SignedInRoute)

_FOUND = problems(ListNotFound, Forbidden)
_CHANGED = problems(ListNotFound, Forbidden, InboxStays, StaleVersion)


@router.get("", summary="List lists", response_model=ListsOut)
async def list_lists(read: Read) -> Answer:
    """All that you see, those in the trash aside: the Inbox first, then in your own order."""
    return Answer(lists_out(await read(queries.list_lists)))


@router.post(
    "",
    summary="Create a list",
    status_code=201,
    response_model=ListOut,
    responses={201: LOCATION, **problems(Forbidden, ListNotFound)},
)
async def create_list(
    write: Write, draft: ListDraftBody, idempotency_key: IdempotencyKey = None
) -> Answer:
    """Only the name is needed. At most 500."""
    effects = await write(commands.create_list, draft, idempotency_key=idempotency_key)
    return ListAnswer(effects.row, status_code=201)


@router.put("/order", summary="Order your lists", status_code=204)
async def order_lists(write: Write, order: ListOrderBody) -> Response:
    """The ids of all of your lists, each once; the Inbox stays the first, named or not."""
    await write(commands.order_lists, order)
    return Response(status_code=204)


@router.get(
    "/{list_id}", summary="Look at a list", response_model=ListOut, responses={200: ETAG, **_FOUND}
)
async def get_list(read: Read, list_id: UUID) -> Answer:
    """One list outside the trash."""
    return ListAnswer(await read(queries.find_list, list_id))


@router.patch(
    "/{list_id}",
    summary="Change a list",
    response_model=ListOut,
    responses={200: ETAG, **_CHANGED},
)
async def change_list(
    write: Write, list_id: UUID, changes: ListChangesBody, if_match: IfMatch = None
) -> Answer:
    """What is not given stays as it is. The tasks of an archived list are read only."""
    effects = await write(commands.update_list, list_id, changes, version=if_match)
    return ListAnswer(effects.row)


@router.delete(
    "/{list_id}", summary="Move a list to the trash", status_code=204, responses=_CHANGED
)
async def delete_list(write: Write, list_id: UUID, if_match: IfMatch = None) -> Response:
    """With its tasks. It can be restored for 30 days."""
    await write(commands.delete_list, list_id, version=if_match)
    return Response(status_code=204)


@router.post(
    "/{list_id}/restore",
    summary="Take a list out of the trash",
    response_model=ListOut,
    responses={200: ETAG, **_FOUND},
)
async def restore_list(write: Write, list_id: UUID) -> Answer:
    """With the tasks that went there with it. A list that is not in the trash stays as it is."""
    return ListAnswer((await write(commands.restore_list, list_id)).row)


def lists_out(rows: Sequence[VisibleList]) -> ListsOut:
    return ListsOut(items=[list_out(row) for row in rows], count=len(rows))


def list_out(row: VisibleList) -> ListOut:
    """What any answer says of a list."""
    found = row.list
    return ListOut(
        id=found.id,
        name=found.name,
        color=Color(found.color),
        icon=Icon(found.icon),
        is_inbox=found.is_inbox,
        is_archived=found.archived_at is not None,
        view=View(found.view),
        role=row.role,
        open_count=row.open_count,
        created_at=moment(found.created_at),
        updated_at=moment(found.updated_at),
        version=found.version,
    )
