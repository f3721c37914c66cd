"""/api/lists: each route is the call of one service."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from dashboard.api.dependencies import IfMatch, Read, Write
from dashboard.api.json_response import Answer
from dashboard.api.list_json import (
    ListAnswer,
    ListChangesBody,
    ListDraftBody,
    ListOrderBody,
    ListOut,
    ListsOut,
    lists_out,
)
from dashboard.api.openapi import problems
from dashboard.api.routes import SignedInRoute
from dashboard.api.task_json import ETAG, LOCATION
from dashboard.errors import Forbidden, InboxStays, ListNotFound, StaleVersion
from dashboard.services.lists import commands, queries

router = APIRouter(prefix="/api/lists", tags=["Lists"], route_class=SignedInRoute)

_FOUND = problems(ListNotFound, Forbidden)
_CHANGED = problems(ListNotFound, Forbidden, InboxStays, StaleVersion)


@router.get("", summary="List lists", response_model=ListsOut)
async def list_lists(read: Read) -> Answer:
    """All that you see, those in the trash aside: the Inbox first, then in your own order."""
    return Answer(lists_out(await read(queries.list_lists)))


@router.post(
    "", summary="Create a list", status_code=201, response_model=ListOut, responses={201: LOCATION}
)
async def create_list(write: Write, draft: ListDraftBody) -> Answer:
    """Only the name is needed. At most 500."""
    return ListAnswer((await write(commands.create_list, draft)).row, status_code=201)


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
