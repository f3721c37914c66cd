"""Every route, and what it answers to its owner, to a stranger and to whoever is not signed in (any more).

A new route fails here until somebody has thought about who may do what with it.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import httpx
import pytest
from sqlmodel import col, select

from dashboard.api.app import create_api
from dashboard.db import Database
from dashboard.models.api_token import ApiToken, TokenScope, TokenWish
from dashboard.models.session import Actor, Client, UserSession
from dashboard.models.task import Task
from dashboard.models.user import User
from dashboard.services import api_tokens, sessions, users
from dashboard.services.sessions import SignedIn
from tests.api.conftest import MakeClient, on_sqlite, routes_of
from tests.conftest import PASSWORD


class Row(NamedTuple):
    """What the owner of what is asked for gets, what somebody else gets, and what they send."""

    owner: int
    stranger: int
    body: Any = None


_TASK = {"title": "Bread"}
_WHOLE_TASK = _TASK | {
    "description": "",
    "priority": "Low",
    "is_completed": False,
    "due_date": None,
    "due_time": None,
}
_OTHER_PASSWORD = "four herons mend a kettle"

FOR_THE_SIGNED_IN = {
    ("GET", "/api/tasks"): Row(200, 200),
    ("POST", "/api/tasks"): Row(201, 201, _TASK),
    ("GET", "/api/tasks/metrics"): Row(200, 200),
    ("GET", "/api/tasks/{task_id}"): Row(200, 403),
    ("PUT", "/api/tasks/{task_id}"): Row(200, 403, _WHOLE_TASK),
    ("PATCH", "/api/tasks/{task_id}"): Row(200, 403, _TASK),
    ("DELETE", "/api/tasks/{task_id}"): Row(204, 403),
    ("POST", "/api/tasks/{task_id}/restore"): Row(200, 403),
    ("GET", "/api/auth/session"): Row(200, 200),
    ("POST", "/api/auth/sign-out"): Row(204, 204),
    ("POST", "/api/auth/confirm"): Row(204, 204, {"password": PASSWORD}),
    ("POST", "/api/auth/password"): Row(
        204, 204, {"current_password": PASSWORD, "new_password": _OTHER_PASSWORD}
    ),
    ("GET", "/api/auth/sessions"): Row(200, 200),
    ("DELETE", "/api/auth/sessions"): Row(204, 204),
    ("DELETE", "/api/auth/sessions/{session_id}"): Row(204, 403),
    ("GET", "/api/auth/tokens"): Row(200, 200),
    ("POST", "/api/auth/tokens"): Row(201, 201, {"name": "Script", "scope": "read"}),
    ("DELETE", "/api/auth/tokens/{token_id}"): Row(204, 403),
    ("PATCH", "/api/account"): Row(200, 200, {"name": "Somebody"}),
    ("GET", "/api/account/export"): Row(200, 200),
    ("DELETE", "/api/account"): Row(204, 204, {"password": PASSWORD}),
    # No mail is sent here, which is said to both.
    ("POST", "/api/account/email"): Row(403, 403, {"email": "other@example.org"}),
    ("POST", "/api/account/email/verify"): Row(403, 403),
}
_NO_LINK = {"token": "nonsense"}
FOR_EVERYONE = {
    ("GET", "/healthz"): (200, None),
    ("GET", "/readyz"): (200, None),
    # Without a token in the settings there are none.
    ("GET", "/metrics"): (404, None),
    ("GET", "/api/docs"): (200, None),
    ("GET", "/api/openapi.json"): (200, None),
    ("POST", "/api/auth/sign-up"): (422, {"name": "Eve"}),
    ("POST", "/api/auth/sign-in"): (401, {"email": "ana@example.org", "password": "wrong"}),
    ("POST", "/api/auth/password-strength"): (200, {"password": "wrong"}),
    ("POST", "/api/auth/forgot-password"): (403, {"email": "ana@example.org"}),
    ("POST", "/api/auth/reset-password"): (410, _NO_LINK | {"password": _OTHER_PASSWORD}),
    ("POST", "/api/account/email/confirm"): (410, _NO_LINK),
}


@pytest.fixture
def ids(database: Database, ana: Actor, ana_signed_in: SignedIn, anas_milk: Task) -> dict[str, Any]:
    """What Ana has, by the names that the routes have for it."""
    with database.transaction() as session:
        elsewhere = sessions.open_session(session, ana_signed_in.user, Client(), remember=False)
        wish = TokenWish(name="Ana's script", scope=TokenScope.READ)
        token = api_tokens.create_token(session, ana, wish)
    return {
        "task_id": anas_milk.id,
        "session_id": elsewhere.session.id,
        "token_id": token.row.id,
    }


@pytest.fixture
async def signed_out(
    new_client: MakeClient,
    nobody: httpx.AsyncClient,
    database: Database,
    ana_signed_in: SignedIn,
    make_person: Callable[..., SignedIn],
) -> Mapping[str, httpx.AsyncClient]:
    """Whoever is not signed in, or is not any more."""
    disabled = make_person("Dan", email="dan@example.org")
    with database.transaction() as session:
        expired, revoked = (
            sessions.open_session(session, ana_signed_in.user, Client(), remember=False)
            for _ in range(2)
        )
        expired.session.expires_at = expired.session.created_at
        session.add(expired.session)
        users.revoke_sessions(session, "ana@example.org", revoked.session.id)
        users.disable(session, "dan@example.org")
    return {
        "nobody": nobody,
        "expired": await new_client(expired),
        "revoked": await new_client(revoked),
        "disabled": await new_client(disabled),
    }


def belongings(database: Database, actor: Actor) -> list[dict[str, Any]]:
    """All that is Ana's."""
    owners = {User: col(User.id), Task: col(Task.user_id), ApiToken: col(ApiToken.user_id)}
    owners[UserSession] = col(UserSession.user_id)
    with database.transaction(writes=False) as session:
        return [
            row.model_dump()
            for table, owner in owners.items()
            for row in session.exec(select(table).where(owner == actor.id)).all()
        ]


def test_every_route_is_in_the_matrix() -> None:
    routes = {
        (method, route.path) for route in routes_of(create_api()) for method in route.methods or ()
    }
    assert FOR_THE_SIGNED_IN.keys() | FOR_EVERYONE.keys() == routes


@on_sqlite
@pytest.mark.parametrize("route", FOR_THE_SIGNED_IN, ids=" ".join)
async def test_a_route_for_the_signed_in_serves_its_owner_alone(
    route: tuple[str, str],
    ids: dict[str, Any],
    signed_out: Mapping[str, httpx.AsyncClient],
    ana_client: httpx.AsyncClient,
    bob_client: httpx.AsyncClient,
    database: Database,
    ana: Actor,
) -> None:
    (method, template), row = route, FOR_THE_SIGNED_IN[route]
    url, before = template.format(**ids), belongings(database, ana)
    for name, client in signed_out.items():
        response = await client.request(method, url, json=row.body)
        assert (response.status_code, response.json()["code"]) == (401, "NOT_SIGNED_IN"), name
    response = await bob_client.request(method, url, json=row.body)
    assert response.status_code == row.stranger
    assert not {"Milk", "Ana", "ana@example.org", str(ana.id)} & set(response.text.split('"'))
    assert belongings(database, ana) == before
    response = await ana_client.request(method, url, json=row.body)
    assert response.status_code == row.owner


@on_sqlite
@pytest.mark.parametrize("route", FOR_EVERYONE, ids=" ".join)
async def test_a_route_for_everyone_tells_everyone_the_same(
    route: tuple[str, str],
    signed_out: Mapping[str, httpx.AsyncClient],
    ana_client: httpx.AsyncClient,
    bob_client: httpx.AsyncClient,
    database: Database,
    ana: Actor,
) -> None:
    (method, url), (status, body) = route, FOR_EVERYONE[route]
    before, told = belongings(database, ana), set()
    for client in (*signed_out.values(), ana_client, bob_client):
        response = await client.request(method, url, json=body)
        assert response.status_code == status
        told.add(response.text)
    assert len(told) == 1
    assert belongings(database, ana) == before
