"""/api/repeat: what a repeat would do."""

from fastapi import APIRouter

from dashboard.api.dependencies import Read
from dashboard.api.json_response import Answer
from dashboard.api.repeat_json import PreviewBody, RepeatPreviewOut, preview_out
from dashboard.api.routes import SignedInRoute
from dashboard.services.tasks import repeat_previews

router = APIRouter(prefix="/api/repeat", tags=["Tasks"], route_class=SignedInRoute)


@router.post("/preview", summary="Preview a repeat", response_model=RepeatPreviewOut)
async def preview_repeat(read: Read, asked: PreviewBody) -> Answer:
    """The dates after the completion, or after the due date; nothing is kept."""
    return Answer(preview_out(await read(repeat_previews.preview, asked)))
