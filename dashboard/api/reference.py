"""/api/openapi.json for programs, /api/docs for people: one page, made here, with no script."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from dashboard.api.json_response import Answer
from dashboard.api.openapi import openapi
from dashboard.api.reference_page import CONTENT_SECURITY_POLICY, reference_page
from dashboard.api.routes import OpenRoute

router = APIRouter(prefix="/api", route_class=OpenRoute, include_in_schema=False)


@router.get("/openapi.json")
async def get_openapi(request: Request) -> Answer:
    return Answer(openapi(request.app))


@router.get("/docs")
async def get_reference(request: Request) -> Response:
    headers = {"Content-Security-Policy": CONTENT_SECURITY_POLICY}
    return HTMLResponse(reference_page(openapi(request.app)), headers=headers)
