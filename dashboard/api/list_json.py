"""Lists as JSON: what an answer says of one, and examples of what to send."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Body
from pydantic import Field
from typing_extensions import TypedDict

from dashboard.api.json_response import Answer, Moment, moment
from dashboard.models.list import Color, Icon, ListChanges, ListDraft, ListOrder, Role, View
from dashboard.services.lists.queries import ListRow

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

    def __init__(self, row: ListRow, status_code: int = 200) -> None:
        headers = {"ETag": f'"{row.list.version}"'}
        if status_code == 201:
            headers["Location"] = f"/api/lists/{row.list.id}"
        super().__init__(list_out(row), status_code, headers)


def lists_out(rows: Sequence[ListRow]) -> ListsOut:
    return ListsOut(items=[list_out(row) for row in rows], count=len(rows))


def list_out(row: ListRow) -> ListOut:
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
