"""Valid requests go to their endpoint directly; what is wrong with the others FastAPI says, as it is documented."""

from typing import Annotated
from uuid import UUID

from fastapi import Body, FastAPI, Header, Path, Query, Request
from fastapi.routing import APIRoute
from starlette.responses import Response

from dashboard.api.direct import direct
from dashboard.api.routes import SignedInRoute
from dashboard.models.task import TaskDraft
from dashboard.models.task_query import TaskQuery
from tests.api.conftest import on_sqlite


async def answers(task_id: UUID, query: Annotated[TaskQuery, Query()]) -> Response:
    return Response(f"{task_id} {query.limit}")


async def takes_a_body(draft: Annotated[TaskDraft, Body()]) -> Response:
    return Response(draft.title)


async def takes_a_number(count: int) -> Response:
    return Response(str(count))


async def takes_a_long_header(key: Annotated[str, Header(min_length=9)]) -> Response:
    return Response(key)


async def takes_a_short_name(task_id: Annotated[str, Path(max_length=9)]) -> Response:
    return Response(task_id)


async def takes_the_request(request: Request) -> Response:
    return Response(request.url.path)


async def gives_data(task_id: UUID) -> dict[str, str]:
    return {"id": str(task_id)}


async def documented(_request: Request) -> Response:
    return Response("documented")


def is_direct(endpoint, path="/{task_id}"):
    return direct(APIRoute(path, endpoint, methods=["POST"]), documented) is not documented


def test_what_is_simple_goes_directly_and_nothing_else():
    assert is_direct(answers)
    assert is_direct(takes_a_body, "/")
    for endpoint in (takes_a_number, takes_a_long_header, takes_the_request):
        assert not is_direct(endpoint, "/")
    assert not is_direct(takes_a_short_name)
    assert not is_direct(gives_data)


def test_the_routes_of_people_go_directly(api: FastAPI):
    people = [route for route in api.routes if isinstance(route, SignedInRoute)]
    assert len(people) > 50
    assert [route.path for route in people if direct(route, documented) is documented] == []


@on_sqlite
async def test_a_request_that_is_wrong_is_told_so_in_the_same_words(ana_client):
    for method, url, body, field in (
        ("GET", "/api/tasks?limit=0", None, "limit"),
        ("GET", "/api/tasks?nonsense=1", None, "nonsense"),
        ("GET", "/api/tasks/none", None, "task_id"),
        ("POST", "/api/tasks", {}, "title"),
        ("POST", "/api/tasks", None, ""),
        ("POST", "/api/tasks", [1], ""),
    ):
        response = await ana_client.request(method, url, json=body)
        assert response.status_code == 422
        assert [error["field"] for error in response.json()["errors"]] == [field], (method, url)
