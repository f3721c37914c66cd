"""Every route, and what it answers to its owner, to a stranger and to whoever is not signed in (any more)."""

from collections.abc import Callable, Mapping
from typing import Any

import httpx
import pytest
from sqlmodel import col, select

from dashboard.database.transactions import Database
from dashboard.models.api_token import ApiToken, TokenScope, TokenWish
from dashboard.models.list import ListDraft, TaskList
from dashboard.models.saved_filter import FilterDraft
from dashboard.models.section import SectionDraft
from dashboard.models.session import Actor, Client, UserSession
from dashboard.models.task import Task, TaskChanges
from dashboard.models.user import User
from dashboard.services.accounts import api_tokens, sessions, users
from dashboard.services.accounts.sessions import SignedIn
from dashboard.services.lists import commands
from dashboard.services.lists import sections as sections_of_lists
from dashboard.services.tasks.commands import update_task
from dashboard.services.tasks.saved_filters import create_filter
from tests.api.conftest import MakeClient, on_sqlite
from tests.api.every_route import FOR_EVERYONE, FOR_THE_SIGNED_IN, Route


@pytest.fixture
def ids(database: Database, ana: Actor, ana_signed_in: SignedIn, anas_milk: Task) -> dict[str, Any]:
    """What Ana has, by the names that the routes have for it."""
    with database.transaction() as session:
        elsewhere = sessions.open_session(session, ana_signed_in.user, Client(), remember=False)
        wish = TokenWish(name="Ana's script", scope=TokenScope.READ)
        token = api_tokens.create_token(session, ana, wish)
        update_task(session, ana, anas_milk.id, TaskChanges(labels=("errand",)))
        saved = create_filter(session, ana, FilterDraft(name="Errands", query="@errand"))
        home = commands.create_list(session, ana, ListDraft(name="Home of Ana")).row
        draft = SectionDraft(name="Packing of Ana")
        packing = sections_of_lists.create_section(session, ana, home.list.id, draft)
    return {
        "task_id": anas_milk.id,
        "list_id": home.list.id,
        "section_id": packing.section.id,
        "session_id": elsewhere.session.id,
        "token_id": token.row.id,
        "name": "errand",
        "filter_id": saved.filter.id,
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
    owners = {User: col(User.id), Task: col(Task.created_by), ApiToken: col(ApiToken.user_id)}
    owners |= {UserSession: col(UserSession.user_id), TaskList: col(TaskList.created_by)}
    with database.transaction(writes=False) as session:
        return [
            row.model_dump()
            for table, owner in owners.items()
            for row in session.exec(select(table).where(owner == actor.id)).all()
        ]


@on_sqlite
@pytest.mark.parametrize("route", FOR_THE_SIGNED_IN, ids=" ".join)
async def test_a_route_for_the_signed_in_serves_its_owner_alone(
    route: Route,
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
    assert not {
        "Milk",
        "Home of Ana",
        "Packing of Ana",
        "Ana",
        "ana@example.org",
        str(ana.id),
    } & set(response.text.split('"'))
    assert belongings(database, ana) == before
    response = await ana_client.request(method, url, json=row.body)
    assert response.status_code == row.owner


@on_sqlite
@pytest.mark.parametrize("route", FOR_EVERYONE, ids=" ".join)
async def test_a_route_for_everyone_tells_everyone_the_same(
    route: Route,
    signed_out: Mapping[str, httpx.AsyncClient],
    ana_client: httpx.AsyncClient,
    bob_client: httpx.AsyncClient,
    database: Database,
    ana: Actor,
) -> None:
    (method, url), row = route, FOR_EVERYONE[route]
    before, told = belongings(database, ana), set()
    for client in (*signed_out.values(), ana_client, bob_client):
        response = await client.request(method, url, json=row.body)
        assert response.status_code == row.owner == row.stranger
        told.add(response.text)
    assert len(told) == 1
    assert belongings(database, ana) == before
