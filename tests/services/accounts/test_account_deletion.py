"""Whoever deletes their account is gone at once; what is left of them goes in batches, whatever happens meanwhile."""

import asyncio
from datetime import timedelta
from itertools import groupby

import pytest
from sqlmodel import SQLModel, col, func, select

from dashboard.database.transactions import Database
from dashboard.errors import InvalidEmailOrPassword, NotSignedIn, UserAlreadyExists
from dashboard.models.account import Account
from dashboard.models.activity import Activity
from dashboard.models.api_token import ApiToken, TokenScope, TokenWish
from dashboard.models.auth_event import AuthEvent, AuthEventType
from dashboard.models.list import ListMember, Role, TaskList
from dashboard.models.session import Actor, Client, UserSession
from dashboard.models.task import Task, TaskDraft
from dashboard.models.user import SignIn, SignUp, User
from dashboard.services.accounts import (
    account_deletion,
    api_tokens,
    audit,
    authentication,
    login,
    registration,
    users,
)
from dashboard.services.accounts.sessions import SignedIn
from dashboard.services.operation import batches, housekeeping
from dashboard.services.tasks import commands
from tests.conftest import PASSWORD, AfterABatch, actor_of, until

TABLES = (User, Account, UserSession, ApiToken, AuthEvent, TaskList, ListMember, Task, Activity)


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "AMONG_PEOPLE", 2)


def how_many(database: Database, table: type[SQLModel], user_id=None) -> int:
    whose = {User: "id", Task: "created_by", TaskList: "created_by", Activity: "actor_id"}
    owner = col(getattr(table, whose.get(table, "user_id")))
    with database.transaction(writes=False) as session:
        wanted = select(func.count()).select_from(table)
        return session.exec(wanted.where(owner == user_id) if user_id else wanted).one()


def furnish(database: Database, actor: Actor) -> None:
    """Seven tasks, one of them in the trash, a token and some lines of the audit trail."""
    with database.transaction() as session:
        made = [
            commands.create_task(session, actor, TaskDraft(title=f"Task {number}")).task
            for number in range(7)
        ]
        commands.delete_task(session, actor, made[0].id)
        wish = TokenWish(name="Script", scope=TokenScope.WRITE)
        api_tokens.create_token(session, actor, wish)
        for _ in range(3):
            audit.record(session, actor.id, AuthEventType.SIGN_IN)


async def leave(database: Database, actor: Actor) -> None:
    """As far as somebody gets whose server is killed at that moment."""
    await database.write(account_deletion.close, actor)


async def test_after_deleting_an_account_nothing_is_left_of_it_and_all_of_everybody_elses(
    database: Database, ana: Actor, bob: Actor
) -> None:
    for actor in (ana, bob):
        furnish(database, actor)
    before = {table: how_many(database, table, bob.id) for table in TABLES}
    await account_deletion.delete_account(ana, PASSWORD, Client())
    await until(lambda: how_many(database, User) == 1)
    assert {table: how_many(database, table) for table in TABLES} == before


async def test_an_account_is_of_no_use_before_any_of_its_tasks_is_gone(
    database: Database, ana_signed_in: SignedIn, ana: Actor
) -> None:
    furnish(database, ana)
    await leave(database, ana)
    assert how_many(database, Task, ana.id) == 7
    with database.transaction(writes=False) as session:
        with pytest.raises(NotSignedIn):
            authentication.authenticate_by_id(session, ana.session_id)
        (row,) = session.exec(select(User)).all()
    assert row.disabled_at is not None
    assert "ana" not in f"{row.name} {row.email}".lower()
    for table in (Account, UserSession, ApiToken):
        assert how_many(database, table) == 0
    with pytest.raises(InvalidEmailOrPassword):
        await login.sign_in(SignIn(email="ana@example.org", password=PASSWORD), Client())
    with pytest.raises(InvalidEmailOrPassword):
        await login.sign_in(SignIn(email=row.email, password=PASSWORD), Client())


async def test_the_address_is_free_at_once_and_the_newcomer_has_none_of_the_old_tasks(
    database: Database, ana: Actor
) -> None:
    furnish(database, ana)
    await leave(database, ana)
    again = SignUp(name="Ana", email="ana@example.org", password=PASSWORD)
    newcomer = actor_of(await registration.sign_up(again, Client()))
    await account_deletion.clear()
    assert how_many(database, Task) == 0
    assert how_many(database, User, newcomer.id) == 1
    with pytest.raises(UserAlreadyExists):
        await registration.sign_up(again, Client())


async def test_each_batch_is_small_and_the_place_goes_last(database: Database, ana: Actor) -> None:
    furnish(database, ana)
    await leave(database, ana)
    left = []
    while await database.write(account_deletion.clear_batch):
        left.append((how_many(database, Task), how_many(database, User)))
    steps = [step for step, _ in groupby(left)]
    assert steps == [(7, 1), (5, 1), (3, 1), (1, 1), (0, 1), (0, 0)]


async def test_others_write_between_two_batches(
    database: Database, ana: Actor, bob: Actor, after_a_batch: AfterABatch
) -> None:
    furnish(database, ana)
    await leave(database, ana)
    async with after_a_batch(account_deletion.clear()):
        await database.write(commands.create_task, bob, TaskDraft(title="Bread"))
        assert how_many(database, Task, ana.id) > 0
    assert how_many(database, Task, bob.id) == 1
    assert how_many(database, Task, ana.id) == 0


async def test_who_was_killed_in_the_middle_finishes_soon_after_the_next_start(
    database: Database, ana: Actor
) -> None:
    furnish(database, ana)
    await leave(database, ana)
    await database.write(account_deletion.clear_batch)

    async def sleep(seconds: float) -> None:
        if seconds == housekeeping.DAILY:
            raise asyncio.CancelledError

    # Another process has had its turn today.
    await housekeeping._is_our_turn()
    with pytest.raises(asyncio.CancelledError):
        await housekeeping.keep_house(sleep)
    assert {how_many(database, table) for table in TABLES} == {0}


async def test_what_could_not_be_cleared_is_logged_and_left_to_housekeeping(
    database: Database, ana: Actor, monkeypatch: pytest.MonkeyPatch, caplog
) -> None:
    furnish(database, ana)
    with monkeypatch.context() as broken:
        broken.setattr(account_deletion, "delete_batch", lambda *_: 1 / 0)
        await account_deletion.delete_account(ana, PASSWORD, Client())
        await until(lambda: "Not everything of a deleted account is gone yet" in caplog.text)
    assert how_many(database, Task) == 7
    await housekeeping._throw_all_away()
    assert how_many(database, Task) == how_many(database, User) == 0


async def test_two_processes_that_clear_at_once_share_the_work(
    database: Database, ana: Actor, bob: Actor
) -> None:
    for actor in (ana, bob):
        furnish(database, actor)
        await leave(database, actor)
    await asyncio.gather(account_deletion.clear(), account_deletion.clear())
    assert {how_many(database, table) for table in TABLES} == {0}


async def test_whoever_is_only_disabled_keeps_everything(database: Database, ana: Actor) -> None:
    furnish(database, ana)
    await database.write(users.disable, "ana@example.org")
    await account_deletion.clear()
    assert how_many(database, Task) == 7


def shared_list(database: Database, *members: tuple[Actor, Role]) -> TaskList:
    """A list with a task of the first of its members, who came one after the other."""
    founder = members[0][0]
    with database.transaction() as session:
        home = TaskList(created_by=founder.id, name="Home")
        session.add(home)
        session.flush()
        for place, (actor, role) in enumerate(members):
            since = home.created_at + timedelta(days=place)
            session.add(ListMember(user_id=actor.id, list_id=home.id, role=role, created_at=since))
        task = Task(list_id=home.id, created_by=founder.id, title="Sweep")
        task.index()
        session.add(task)
        return home


@pytest.mark.parametrize(
    ("roles", "heir"),
    [
        ((Role.VIEWER, Role.EDITOR), 1),
        ((Role.EDITOR, Role.EDITOR), 0),
        ((Role.VIEWER, Role.VIEWER), 0),
        ((Role.EDITOR, Role.OWNER), 1),
    ],
)
async def test_a_shared_list_stays_with_the_others_and_one_of_them_owns_it(
    database: Database, ana: Actor, bob: Actor, make_actor, roles: tuple[Role, Role], heir: int
) -> None:
    others = (bob, make_actor("Cleo"))
    home = shared_list(database, (ana, Role.OWNER), *zip(others, roles, strict=True))
    with database.transaction() as session:
        commands.create_task(session, ana, TaskDraft(title="Milk"))
        swept = commands.create_task(session, ana, TaskDraft(title="Mop", list_id=home.id)).task
    await account_deletion.delete_account(ana, PASSWORD, Client())
    await until(lambda: how_many(database, User) == 2)
    with database.transaction(writes=False) as session:
        members = session.exec(select(ListMember).where(ListMember.list_id == home.id)).all()
        left = session.exec(select(Task)).all()
        (row,) = session.exec(select(Activity)).all()
    owners = {member.user_id for member in members if member.role == Role.OWNER}
    assert owners == {others[heir].id}
    assert len(members) == 2
    assert [(task.list_id, task.created_by) for task in left] == [(home.id, None)] * 2
    assert (row.task_id, row.actor_id) == (swept.id, None)
