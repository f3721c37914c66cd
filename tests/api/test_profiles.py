"""Who someone is here, everything of theirs, and the end of it."""

import json

import pytest
from pydantic import TypeAdapter
from sqlalchemy import func, select
from sqlmodel import SQLModel

from dashboard.api import profiles as api_profiles
from dashboard.api.profiles import ExportOut
from dashboard.api.sessions import UserOut
from dashboard.database.transactions import Database
from dashboard.errors import NoRoom
from dashboard.services.accounts import audit, links, users
from dashboard.services.tasks import commands, task_list
from tests.api.conftest import on_sqlite
from tests.api.test_accounts import cookie_of
from tests.conftest import PASSWORD, until


async def test_a_profile_is_changed_in_part(frozen_clock, ana_client):
    frozen_clock.advance(minutes=1)
    response = await ana_client.patch("/api/account", json={"name": "  Ana Costa "})
    assert response.status_code == 200
    TypeAdapter(UserOut).validate_python(response.json())
    user = response.json()
    assert (user["name"], user["timezone"]) == ("Ana Costa", "Europe/Berlin")
    assert user["updated_at"] > user["created_at"]
    user = (await ana_client.patch("/api/account", json={"timezone": "Asia/Tokyo"})).json()
    assert (user["name"], user["timezone"]) == ("Ana Costa", "Asia/Tokyo")
    assert (await ana_client.get("/api/auth/session")).json()["user"] == user
    assert (await ana_client.patch("/api/account", json={})).json()["name"] == "Ana Costa"


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"name": "\u2800"},
        {"name": "x" * 101},
        {"name": None},
        {"name": "a\x00"},
        {"name": "a\nb"},
        {"timezone": "Mars/Olympus"},
        {"timezone": ""},
        {"timezone": "../../etc/passwd"},
        {"week_start": "friday"},
        {"date_order": "ymd"},
        {"time_format": "24"},
        {"landing_page": "https://example.org"},
        {"default_priority": "Urgent"},
        {"default_list_id": "Home"},
        {"email": "other@example.org"},
        {"email_verified": True},
        {"id": "01890a5d-ac96-774b-bcce-b302099a8057"},
        {"disabled_at": None},
    ],
    ids=str,
)
async def test_a_profile_that_makes_no_sense_is_a_422(ana_client, change):
    before = (await ana_client.get("/api/auth/session")).json()
    response = await ana_client.patch("/api/account", json=change)
    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == list(change)
    assert (await ana_client.get("/api/auth/session")).json() == before


async def test_what_someone_has_chosen_counts_where_words_say_nothing(frozen_clock, ana_client):
    ana_list = (await ana_client.post("/api/lists", json={"name": "Home"})).json()
    chosen = {
        "week_start": "sunday",
        "date_order": "mdy",
        "time_format": "12h",
        "landing_page": "today",
        "default_list_id": ana_list["id"],
        "default_priority": "High",
    }
    user = (await ana_client.patch("/api/account", json=chosen)).json()
    assert chosen.items() <= user.items()
    text = "Taxes 10/11\nRest p4\nShop next week #Inbox !low"
    made = (await ana_client.post("/api/tasks/quick", json={"text": text})).json()["tasks"]
    assert [(each["list_id"], each["priority"]) for each in made] == [
        (ana_list["id"], "High"),
        (ana_list["id"], "Medium"),
        (user["id"], "Low"),
    ]
    # Today is Tuesday 10 March.
    assert [each["due_date"] for each in made] == ["2026-10-11", None, "2026-03-15"]
    plain = (await ana_client.post("/api/tasks", json={"title": "Plain"})).json()
    assert (plain["list_id"], plain["priority"]) == (user["id"], "Medium")
    await ana_client.patch(f"/api/lists/{ana_list['id']}", json={"is_archived": True})
    made = (await ana_client.post("/api/tasks/quick", json={"text": "Dust"})).json()["tasks"]
    assert made[0]["list_id"] == user["id"]
    assert (
        await ana_client.patch("/api/account", json={"default_list_id": ana_list["id"]})
    ).status_code == 409
    nothing = dict.fromkeys(chosen)
    user = (await ana_client.patch("/api/account", json=nothing)).json()
    assert nothing.items() <= user.items()
    made = (await ana_client.post("/api/tasks/quick", json={"text": "Taxes 10/11"})).json()
    assert (made["tasks"][0]["due_date"], made["tasks"][0]["priority"]) == ("2026-11-10", "Medium")


@pytest.mark.parametrize(("of", "status"), [("bob", 403), ("nobody", 404)])
async def test_new_tasks_go_to_no_list_that_is_not_ones_own(ana_client, bob_client, of, status):
    bobs = (await bob_client.post("/api/lists", json={"name": "Bob's"})).json()["id"]
    list_id = bobs if of == "bob" else "01890a5d-ac96-774b-bcce-b302099a8057"
    response = await ana_client.patch("/api/account", json={"default_list_id": list_id})
    assert response.status_code == status


async def test_an_export_has_everything_and_nothing_of_anybody_else(
    ana_client, ana, anas_milk, bob, make_task, database, api_program
):
    await api_program()
    make_task(bob, "Beer")
    thrown_away = make_task(ana, "Old")
    await database.write(commands.delete_task, ana, thrown_away.id)
    response = await ana_client.get("/api/account/export")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["Content-Disposition"].startswith('attachment; filename="cairn-20')
    assert response.headers["Cache-Control"] == "no-store"
    everything = response.json()
    TypeAdapter(ExportOut).validate_python(everything)
    assert (everything["format"], everything["version"]) == ("cairn", 1)
    assert everything["user"] == (await ana_client.get("/api/auth/session")).json()["user"]
    milk, old = everything["tasks"]
    assert milk == (await ana_client.get(f"/api/tasks/{anas_milk.id}")).json() | {
        "deleted_at": None
    }
    assert old["title"] == "Old"
    assert old["deleted_at"]
    assert [each["id"] for each in everything["sessions"]] == [str(ana.session_id)]
    assert [each["name"] for each in everything["tokens"]] == ["Program"]
    assert [each["type"] for each in everything["activity"]] == ["token_created"]
    assert "Beer" not in response.text


async def test_an_export_holds_no_secret(ana_client, ana_signed_in, api_program, nobody):
    program = await api_program()
    token = program.headers["Authorization"].removeprefix("Bearer ")
    text = (await ana_client.get("/api/account/export")).text
    for secret in (token, ana_signed_in.token, ana_signed_in.session.token_hash, "$2b$"):
        assert secret not in text


async def test_an_export_needs_a_password_entered_lately(frozen_clock, ana_client):
    frozen_clock.advance(minutes=11)
    response = await ana_client.get("/api/account/export")
    assert (response.status_code, response.json()["code"]) == (403, "PASSWORD_NEEDED")
    await ana_client.post("/api/auth/confirm", json={"password": PASSWORD})
    response = await ana_client.get("/api/account/export")
    assert 'filename="cairn-2026-03-10.json"' in response.headers["Content-Disposition"]


async def test_an_export_is_in_the_audit_trail_as_the_next_one_tells(ana_client):
    for told in ([], ["exported"]):
        everything = (await ana_client.get("/api/account/export")).json()
        assert [each["type"] for each in everything["activity"]] == told


async def test_what_is_kept_can_be_exported_from_a_full_disk(
    ana_client, anas_milk, monkeypatch: pytest.MonkeyPatch
):
    def fail(*_: object) -> None:
        raise NoRoom

    monkeypatch.setattr(audit, "record", fail)
    everything = (await ana_client.get("/api/account/export")).json()
    assert [task["title"] for task in everything["tasks"]] == ["Milk"]


async def test_a_deleted_account_leaves_nothing_behind(
    ana_client, anas_milk, api_program, database, nobody
):
    program = await api_program()
    with database.transaction() as session:
        owner = users.find(session, "ana@example.org")
        links.reset_link(session, owner)
        links.email_link(session, owner, "ana.costa@example.org")
    response = await ana_client.request("DELETE", "/api/account", json={"password": PASSWORD})
    assert (response.status_code, response.content) == (204, b"")
    assert cookie_of(response)["max-age"] == "0"
    assert (await ana_client.get("/api/auth/session")).status_code == 401
    assert (await program.get("/api/tasks")).status_code == 401
    credentials = {"email": "ana@example.org", "password": PASSWORD}
    assert (await nobody.post("/api/auth/sign-in", json=credentials)).status_code == 401
    # Their tasks and the like go a batch at a time, right after the answer.
    await until(lambda: rows_by_table(database) == {})


def rows_by_table(database: Database) -> dict[str, int]:
    with database.transaction(writes=False) as session:
        counts = {
            table.name: session.execute(select(func.count()).select_from(table)).scalar_one()
            for table in SQLModel.metadata.sorted_tables
        }
    return {name: count for name, count in counts.items() if count}


async def test_deleting_an_account_needs_its_password_each_time(ana_client, bob_client):
    for body, status in (({"password": "wrong horse"}, 403), ({}, 422), (None, 422)):
        response = await ana_client.request("DELETE", "/api/account", json=body)
        assert response.status_code == status
    assert (await ana_client.get("/api/auth/session")).status_code == 200
    await ana_client.request("DELETE", "/api/account", json={"password": PASSWORD})
    assert (await bob_client.get("/api/auth/session")).status_code == 200


@on_sqlite
@pytest.mark.parametrize("count", [0, 3, 4, 5])
async def test_an_export_of_many_tasks_is_whole(
    ana_client, ana, make_task, monkeypatch: pytest.MonkeyPatch, count: int
):
    monkeypatch.setattr(api_profiles, "EXPORTED_AT_ONCE", 2)
    for number in range(count):
        make_task(ana, f"{number}")
    everything = json.loads((await ana_client.get("/api/account/export")).content)
    assert [task["title"] for task in everything["tasks"]] == [str(n) for n in range(count)]


async def test_a_task_that_changes_during_an_export_is_in_it_once(database, ana, make_task):
    made = [make_task(ana, f"{number}").id for number in range(4)]
    with database.transaction(writes=False) as session:
        first = task_list.list_everything(session, ana, 2)
    for task_id in made:
        await database.write(commands.delete_task, ana, task_id)
    with database.transaction(writes=False) as session:
        second = task_list.list_everything(session, ana, 5, first[-1])
    assert [row.id for row in (*first, *second)] == made
