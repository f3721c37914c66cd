"""Requests that are as the documentation says go to their endpoint directly: FastAPI's solving of parameters takes
longer than the database does. It declares and documents them all the same, and says what is wrong with other requests.
"""

from collections.abc import Awaitable, Callable, Coroutine, Mapping
from inspect import isclass, iscoroutinefunction
from typing import Any, get_type_hints

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import BaseModel, TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.responses import Response

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
Reader = Callable[[Request], Awaitable[Any]]


def direct(route: APIRoute, documented: Handler) -> Handler:
    """A handler that answers what is valid as `documented` does, FastAPI's own, which answers the rest."""
    readers = _readers(route)
    if readers is None:
        return documented

    async def handle(request: Request) -> Response:
        try:
            values = {name: await read(request) for name, read in readers.items()}
        except ValidationError:
            return await documented(request)
        return await route.endpoint(**values)

    return handle


def _readers(route: APIRoute) -> Mapping[str, Reader] | None:
    """What reads each parameter of an endpoint from a request; None where one of them is not so simple."""
    answer = get_type_hints(route.endpoint).get("return")
    dependant = route.dependant
    models = [*dependant.query_params, *dependant.body_params]
    is_simple = (
        isclass(answer)
        and issubclass(answer, Response)
        and iscoroutinefunction(route.endpoint)
        and not (dependant.request_param_name or dependant.response_param_name)
        and not (dependant.background_tasks_param_name or dependant.http_connection_param_name)
        and not dependant.cookie_params
        and len(dependant.query_params) < 2
        and len(dependant.body_params) < 2
        and all(_is_model(field.field_info.annotation) for field in models)
        and all(map(_is_plain, dependant.header_params))
        and not any(field.field_info.metadata for field in dependant.path_params)
    )
    dependencies = {each.name: _of_dependency(each) for each in dependant.dependencies}
    if not is_simple or None in (*dependencies, *dependencies.values()):
        return None
    readers: dict[Any, Any] = dict(dependencies)
    readers |= {each.name: _of_header(each.alias) for each in dependant.header_params}
    readers |= {each.name: _of_path(each) for each in dependant.path_params}
    readers |= {each.name: _of_query(each) for each in dependant.query_params}
    readers |= {each.name: _of_body(each) for each in dependant.body_params}
    return readers


def _is_model(kind: Any) -> bool:
    return isclass(kind) and issubclass(kind, BaseModel)


def _is_plain(header: Any) -> bool:
    """Whether a header is taken as it comes, and may be missing."""
    info = header.field_info
    return info.annotation == str | None and info.default is None and not info.metadata


def _of_dependency(dependant: Dependant) -> Reader | None:
    """One that asks for the request, or for a header, and for nothing else."""
    call: Any = dependant.call
    others = (
        dependant.dependencies,
        dependant.path_params,
        dependant.query_params,
        dependant.cookie_params,
        dependant.body_params,
    )
    if any(others) or not all(map(_is_plain, dependant.header_params)):
        return None
    if not dependant.header_params:
        return call if dependant.request_param_name else None
    headers = {field.name: field.alias for field in dependant.header_params}

    async def of_headers(request: Request) -> Any:
        return await call(**{name: request.headers.get(alias) for name, alias in headers.items()})

    return None if dependant.request_param_name else of_headers


def _of_header(alias: str) -> Reader:
    async def read(request: Request) -> str | None:
        return request.headers.get(alias)

    return read


def _of_path(field: Any) -> Reader:
    kind = TypeAdapter(field.field_info.annotation)

    async def read(request: Request) -> Any:
        return kind.validate_python(request.path_params[field.alias])

    return read


def _of_query(field: Any) -> Reader:
    model: type[BaseModel] = field.field_info.annotation

    async def read(request: Request) -> BaseModel:
        return model.model_validate(dict(request.query_params))

    return read


def _of_body(field: Any) -> Reader:
    model: type[BaseModel] = field.field_info.annotation

    async def read(request: Request) -> BaseModel:
        # Nothing at all is no object either.
        return model.model_validate(await request.json() if await request.body() else None)

    return read
