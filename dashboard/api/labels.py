"""/api/labels: each route is the call of one service."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Body, Path
from pydantic import Field
from starlette.responses import Response
from typing_extensions import TypedDict

from dashboard.api.dependencies import Read, Write
from dashboard.api.json_response import Answer
from dashboard.api.openapi import problems
from dashboard.api.routes import SignedInRoute
from dashboard.errors import LabelNotFound, ReadOnly
from dashboard.models.label import LabelChanges
from dashboard.models.list import Color
from dashboard.services.tasks import labels
from dashboard.services.tasks.labels import VisibleLabel

LabelChangesBody = Annotated[
    LabelChanges, Body(examples=[{"name": "errands"}, {"color": "heather"}])
]
Name = Annotated[str, Path(description="In capitals or not.", examples=["errand"])]


class LabelOut(TypedDict):
    """A label, as you see it."""

    name: str
    color: Annotated[Color, Field(description="Yours alone.")]
    open_count: int
    count: Annotated[int, Field(description="How many tasks have it, completed ones too.")]


class LabelsOut(TypedDict):
    """Your labels, by name."""

    items: list[LabelOut]
    count: int


def label_out(row: VisibleLabel) -> LabelOut:
    """What any answer says of a label."""
    return LabelOut(name=row.name, color=row.color, open_count=row.open_count, count=row.total)


def labels_out(rows: Sequence[VisibleLabel]) -> LabelsOut:
    return LabelsOut(items=[label_out(row) for row in rows], count=len(rows))


router = APIRouter(prefix="/api/labels", tags=["Labels"], route_class=SignedInRoute)

_CHANGED = problems(LabelNotFound, ReadOnly)


@router.get("", summary="List labels", response_model=LabelsOut)
async def list_labels(read: Read) -> Answer:
    """Those of all tasks that you see, but for the trash and archived lists."""
    return Answer(labels_out(await read(labels.list_labels)))


@router.patch("/{name}", summary="Change a label", response_model=LabelOut, responses=_CHANGED)
async def change_label(write: Write, name: Name, changes: LabelChangesBody) -> Answer:
    """A new name goes to every task that you may change; a name that there is already makes the two one."""
    return Answer(label_out(await write(labels.update_label, name, changes)))


@router.delete("/{name}", summary="Remove a label", status_code=204, responses=_CHANGED)
async def delete_label(write: Write, name: Name) -> Response:
    """From every task that you may change. The tasks stay."""
    await write(labels.delete_label, name)
    return Response(status_code=204)
