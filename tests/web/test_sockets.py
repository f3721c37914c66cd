"""How many sockets there may be, how fast they are listened to, and when they are closed."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from typing import Any

import pytest
from reflex.event import Event
from sqlmodel import col, delete
from starlette.types import Message

from dashboard import events
from dashboard.database.transactions import Database
from dashboard.errors import Unavailable
from dashboard.models.session import Actor, UserSession
from dashboard.models.session import Client as Place
from dashboard.reflex_adapter.event_queue import on_event
from dashboard.services.accounts import sessions
from dashboard.services.accounts.sessions import SignedIn
from dashboard.services.operation import readiness
from dashboard.state.tasks import TaskListState
from dashboard.web import live_socket, sockets
from dashboard.web.gate import Gate
from dashboard.web.socket_protocol import event_named
from dashboard.web.sockets import MOST_PER_USER
from tests.api.conftest import ORIGIN, on_sqlite
from tests.conftest import until
from tests.web.test_socket_protocol import GESTURE

pytestmark = on_sqlite

PONG: Message = {"type": "websocket.receive", "text": "3"}
HERE = Place("192.0.2.1", "Browser")
CLOSED: Message = {"type": "websocket.close", "code": 1008}


class Client:
    """A browser's end of a socket, and what the program behind the gate heard of it."""

    def __init__(self) -> None:
        self.says: asyncio.Queue[Message] = asyncio.Queue()
        self.was_told: list[Message] = []
        self.was_heard: list[Message] = []
        self.asked: list[asyncio.Future[None]] = []
        """The events that reached the program; each is answered when its future is done."""
        self.is_deaf = False
        """Whether it reads nothing of what is sent to it."""
        self.is_lost = False
        """Whether there is an error for what is sent to it, before its going is noticed."""

    def say(self, *messages: Message) -> None:
        for message in messages:
            self.says.put_nowait(message)

    async def send(self, message: Message) -> None:
        if self.is_deaf:
            await asyncio.Event().wait()
        if self.is_lost:
            raise RuntimeError("The transport is closed.")
        self.was_told.append(message)

    @property
    def is_connected(self) -> bool:
        return {"type": "websocket.accept"} in self.was_told

    @property
    def is_gone(self) -> bool:
        """Whether the program has been told that nobody is there any more."""
        return any(message["type"] == "websocket.disconnect" for message in self.was_heard)


Connect = Callable[..., Awaitable[Client]]


@pytest.fixture
async def connect(program: Gate, reflex) -> AsyncIterator[Connect]:
    """Opens sockets of someone's, or of nobody's."""
    async with AsyncExitStack() as stack:

        async def open_one(signed_in: SignedIn | None = None, address: str = "192.0.2.1") -> Client:
            return await stack.enter_async_context(connected(program, signed_in, address))

        yield open_one


@asynccontextmanager
async def connected(
    program: Gate, signed_in: SignedIn | None, address: str, tab: str = "a-tab-of-somebody"
) -> AsyncIterator[Client]:
    client = Client()
    cookie = [(b"cookie", f"dashboard_session={signed_in.token}".encode())] if signed_in else []
    scope = {
        "type": "websocket",
        "path": "/_event/",
        "query_string": f"transport=websocket&token={tab}".encode(),
        "headers": [(b"host", b"localhost:3000"), (b"origin", ORIGIN.encode()), *cookie],
        "client": (address, 50000),
        "test.client": client,
    }
    client.say({"type": "websocket.connect"})
    running = asyncio.ensure_future(program(scope, client.says.get, client.send))
    await until(lambda: client.was_told)
    yield client
    running.cancel()
    await asyncio.wait([running])


@pytest.fixture(autouse=True)
def _limited(set_env: Callable[..., None]) -> None:
    set_env(RATE_LIMIT_SCALE="1")


@pytest.fixture(autouse=True)
def _engine(reflex, monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind the gate: something that accepts sockets and listens to them, as Engine.IO does."""

    async def listen(_self, scope, receive, send) -> None:
        client = scope["test.client"]
        await receive()
        await send({"type": "websocket.accept"})
        while not client.is_gone:
            client.was_heard.append(message := await receive())
            if name := event_named(message.get("text")):
                client.asked.append(asyncio.get_running_loop().create_future())
                tell = on_event.get()
                assert tell is not None
                tell("a tab", Event(name=name), client.asked[-1])
        await send({"type": "websocket.close"})

    monkeypatch.setattr(type(reflex), "__call__", listen)


@pytest.fixture
def _quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, "FAREWELL", 0.01)
    monkeypatch.setattr(sockets, "LOOK_EVERY", 0.01)


async def test_what_is_said_is_heard_and_what_is_answered_is_told(connect: Connect) -> None:
    client = await connect()
    client.say(PONG)
    await until(lambda: client.was_heard == [PONG])
    assert client.was_told == [{"type": "websocket.accept"}]


@pytest.mark.parametrize(
    "message",
    [
        {"type": "websocket.receive", "text": "nonsense"},
        {"type": "websocket.receive", "text": "3" * 200_000},
        {"type": "websocket.receive", "bytes": b"3"},
        {"type": "websocket.receive", "bytes": b"\x00", "text": None},
    ],
    ids=["nonsense", "large", "bytes", "binary"],
)
async def test_a_socket_that_says_what_no_page_says_is_closed(
    connect: Connect, message: Message
) -> None:
    client, other = await connect(), await connect()
    client.say(message, PONG)
    await until(lambda: client.is_gone)
    assert client.was_told == [{"type": "websocket.accept"}, CLOSED]
    assert PONG not in client.was_heard
    other.say(PONG)
    await until(lambda: other.was_heard == [PONG])


async def test_who_says_too_much_is_listened_to_at_their_pace(
    reflex, database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sockets, "EVENTS_SIGNED_OUT_AT_ONCE", 3)
    # Slow enough that none but the first comes through while we look.
    monkeypatch.setattr(sockets, "EVENTS_SIGNED_OUT_PER_SECOND", 0.01)
    program = Gate(reflex)
    async with (
        connected(program, None, "192.0.2.1") as flood,
        connected(program, None, "192.0.2.1") as neighbour,
        connected(program, None, "192.0.2.2") as other,
    ):
        flood.say(*[PONG] * 30)
        await until(lambda: len(flood.was_heard) == 3)
        neighbour.say(PONG)
        other.say(PONG)
        await until(lambda: other.was_heard)
        assert len(flood.was_heard) == 3
        assert not neighbour.was_heard, "those of one place share its pace"


async def test_what_waits_for_its_turn_goes_with_the_one_who_said_it(
    reflex, database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sockets, "EVENTS_SIGNED_OUT_AT_ONCE", 3)
    monkeypatch.setattr(sockets, "EVENTS_SIGNED_OUT_PER_SECOND", 0.01)
    async with connected(Gate(reflex), None, "192.0.2.1") as flood:
        flood.say(*[PONG] * 30)
        await until(lambda: len(flood.was_heard) == 3)
        flood.say({"type": "websocket.disconnect", "code": 1001})
        await until(lambda: flood.is_gone)
        assert flood.was_heard[:-1] == [PONG] * 3


async def test_a_socket_with_more_waiting_than_a_page_ever_has_is_closed(
    connect: Connect, ana_signed_in: SignedIn
) -> None:
    few, large, anas = await connect(), await connect(), await connect(ana_signed_in)
    few.say(*[PONG] * 200)
    large.say(*[{"type": "websocket.receive", "text": "4" * 4000}] * 20)
    anas.say(*[PONG] * 2000)
    await until(lambda: few.is_gone and large.is_gone and anas.is_gone)


async def test_a_socket_that_does_not_read_is_closed(
    program: Gate, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_socket, "SLOWEST_SEND", 0.01)
    monkeypatch.setattr(live_socket, "LAST_WORD", 0.01)
    client = await connect()
    (socket,) = program._sockets._all()
    client.is_deaf = True
    await socket.send({"type": "websocket.send", "text": "news"})
    await until(lambda: client.is_gone)


async def test_a_socket_with_too_much_that_it_has_not_read_is_closed(
    program: Gate, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_socket, "LAST_WORD", 0.01)
    client = await connect()
    (socket,) = program._sockets._all()
    client.is_deaf = True
    for _ in range(3):
        await socket.send({"type": "websocket.send", "text": "x" * 400_000})
    await until(lambda: client.is_gone)


def said(handler: str, **payload: Any) -> Message:
    event = ["event", {"name": f"{TaskListState.get_full_name()}.{handler}", "payload": payload}]
    return {"type": "websocket.receive", "text": f"42/_event,{json.dumps(event)}"}


async def test_a_tab_has_eight_events_under_way_and_one_loading(
    connect: Connect, ana_signed_in: SignedIn
) -> None:
    tab, other = await connect(ana_signed_in), await connect(ana_signed_in)
    tab.say(said("load"))
    await until(lambda: len(tab.asked) == 1)
    tab.say(*[said("load")] * 5, *[said("perform", gesture=GESTURE)] * 10)
    other.say(said("load"))
    await until(lambda: len(other.asked) == 1)
    assert len(tab.asked) == 1
    tab.asked[0].set_result(None)
    await until(lambda: len(tab.asked) == 1 + 8)
    heard = [event_named(each["text"]).rpartition(".")[2] for each in tab.was_heard[:3]]
    assert heard == ["load", "load", "perform"]
    tab.asked[1].set_result(None)
    await until(lambda: len(tab.asked) == 1 + 9)


async def test_with_a_tab_goes_what_it_only_wanted_to_see(
    connect: Connect, ana_signed_in: SignedIn
) -> None:
    tab = await connect(ana_signed_in)
    tab.say(said("load"), said("perform", gesture=GESTURE), said("listen"))
    await until(lambda: len(tab.asked) == 3)
    tab.say(said("open_task", task_id="x"), {"type": "websocket.disconnect", "code": 1001})
    await until(lambda: tab.is_gone)
    await until(lambda: tab.asked[0].cancelled() and tab.asked[2].cancelled())
    assert not tab.asked[1].done()
    assert len(tab.asked) == 3


async def test_what_somebody_did_is_done_when_its_answer_cannot_be_told(
    program: Gate, connect: Connect, ana_signed_in: SignedIn
) -> None:
    tab = await connect(ana_signed_in)
    tab.say(*[said("perform", gesture=GESTURE)] * 10)
    await until(lambda: len(tab.asked) == live_socket.MOST_UNANSWERED)
    tab.is_lost = True
    (socket,) = program._sockets._all()
    await socket.send({"type": "websocket.send", "text": "answer"})
    tab.asked[0].set_result(None)
    tab.asked[1].set_result(None)
    await until(lambda: len(tab.asked) == 10)
    tab.say({"type": "websocket.disconnect", "code": 1001})
    await until(lambda: tab.is_gone)


async def test_frames_that_go_nowhere_close_the_socket_in_the_end(connect: Connect) -> None:
    client, other = await connect(), await connect(address="192.0.2.2")
    stray = {"type": "websocket.receive", "text": '42/_event,["event",{"name":"of.before"}]'}
    client.say(*[stray] * 20, PONG)
    await until(lambda: client.was_heard == [PONG])
    client.say(stray)
    await until(lambda: client.is_gone)
    assert not other.is_gone


async def test_a_tab_that_asks_again_and_again_what_waits_already_is_closed(
    connect: Connect, ana_signed_in: SignedIn
) -> None:
    tab = await connect(ana_signed_in)
    tab.say(*[said("load")] * live_socket.REPEATS_AT_ONCE)
    await until(lambda: len(tab.asked) == 1)
    assert not tab.is_gone
    tab.say(*[said("load")] * live_socket.REPEATS_AT_ONCE)
    await until(lambda: tab.is_gone)


async def test_of_the_tabs_that_have_gone_the_state_of_twenty_is_kept(
    program: Gate, ana_signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    forgotten: list[str] = []

    async def forget(tab: str) -> None:
        forgotten.append(tab)

    monkeypatch.setattr(sockets, "forget", forget)
    for n in range(22):
        async with connected(program, ana_signed_in, "192.0.2.1", f"tab-{n:05}"):
            pass
    await until(lambda: forgotten == ["tab-00000", "tab-00001"])
    async with connected(program, None, "192.0.2.1", "of-a-stranger"):
        pass
    await until(lambda: forgotten[2:] == ["of-a-stranger"])


async def test_a_stranger_who_is_silent_is_closed(
    connect: Connect, ana_signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sockets, "LONGEST_SILENCE", 0.05)
    monkeypatch.setattr(sockets, "LOOK_EVERY", 0.01)
    client, anas = await connect(), await connect(ana_signed_in)
    await until(lambda: client.is_gone)
    assert not anas.is_gone


async def test_a_person_has_twenty_sockets_and_another_one_is_refused(
    connect: Connect, ana_signed_in: SignedIn, bob_signed_in: SignedIn
) -> None:
    for _ in range(MOST_PER_USER):
        assert (await connect(ana_signed_in)).is_connected
    assert (await connect(ana_signed_in)).was_told == [CLOSED]
    assert (await connect(bob_signed_in)).is_connected
    assert (await connect()).is_connected


async def test_the_place_of_a_socket_that_closed_is_free(
    program: Gate, connect: Connect, ana_signed_in: SignedIn
) -> None:
    for _ in range(MOST_PER_USER - 1):
        await connect(ana_signed_in)
    for _ in range(3):
        async with connected(program, ana_signed_in, "192.0.2.1") as client:
            assert client.is_connected


async def test_an_address_where_nobody_is_signed_in_has_a_limit_too(
    connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sockets, "MOST_PER_PLACE", 2)
    assert [(await connect()).is_connected for _ in range(3)] == [True, True, False]
    assert (await connect(address="192.0.2.2")).is_connected


async def test_the_addresses_of_one_household_are_one_place(
    connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sockets, "MOST_PER_PLACE", 2)
    addresses = [f"2001:db8::{n}" for n in range(1, 4)]
    found = [(await connect(address=address)).is_connected for address in addresses]
    assert found == [True, True, False]
    assert (await connect(address="2001:db8:0:1::1")).is_connected


async def test_there_are_so_many_sockets_of_strangers_and_those_of_people_are_let_in_beside_them(
    connect: Connect, ana_signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sockets, "MOST_SIGNED_OUT", 3)
    found = [(await connect(address=f"192.0.2.{n}")).is_connected for n in range(4)]
    assert found == [True, True, True, False]
    assert (await connect(ana_signed_in)).is_connected


async def test_sockets_are_not_opened_without_end(
    program: Gate, connect: Connect, monkeypatch: pytest.MonkeyPatch, reflex
) -> None:
    monkeypatch.setattr(sockets, "HANDSHAKES_SIGNED_OUT_AT_ONCE", 3)
    busy = Gate(reflex)
    found = []
    for _ in range(4):
        async with connected(busy, None, "192.0.2.1") as client:
            found.append(client.is_connected)
    assert found == [True, True, True, False]


async def test_a_load_test_switches_the_limits_off(set_env, reflex, database, monkeypatch) -> None:
    set_env(RATE_LIMIT_SCALE="0")
    for limit in ("MOST_PER_PLACE", "HANDSHAKES_SIGNED_OUT_AT_ONCE", "EVENTS_SIGNED_OUT_AT_ONCE"):
        monkeypatch.setattr(sockets, limit, 1)
    program = Gate(reflex)
    async with AsyncExitStack() as stack:
        for _ in range(5):
            client = await stack.enter_async_context(connected(program, None, "192.0.2.1"))
            client.say(*[PONG] * 5)
            await until(lambda client=client: len(client.was_heard) == 5)


@pytest.mark.usefixtures("_quickly")
async def test_the_sockets_of_a_session_that_ends_here_are_closed(
    connect: Connect,
    ana: Actor,
    ana_signed_in: SignedIn,
    bob_signed_in: SignedIn,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sockets, "LOOK_EVERY", 3600)
    first, second = await connect(ana_signed_in), await connect(ana_signed_in)
    bobs, nobodys = await connect(bob_signed_in), await connect()
    await database.write(sessions.end_session, ana)
    await until(lambda: first.is_gone and second.is_gone)
    assert first.was_told == [{"type": "websocket.accept"}, CLOSED]
    assert not bobs.is_gone
    assert not nobodys.is_gone


async def test_a_page_has_a_moment_to_leave_by_itself(
    connect: Connect, ana: Actor, ana_signed_in: SignedIn, database: Database, monkeypatch
) -> None:
    monkeypatch.setattr(sockets, "FAREWELL", 3600)
    client = await connect(ana_signed_in)
    await database.write(sessions.end_session, ana)
    client.say(PONG)
    await until(lambda: client.was_heard)
    assert not client.is_gone


async def test_a_session_that_is_revoked_loses_its_sockets_here_within_two_seconds(
    connect: Connect, ana: Actor, ana_signed_in: SignedIn, database: Database
) -> None:
    with database.transaction() as session:
        elsewhere = sessions.open_session(session, ana_signed_in.user, HERE, remember=False)
    clients = [await connect(elsewhere), await connect(elsewhere)]
    await database.write(sessions.end_one, ana, elsewhere.session.id)
    await until(lambda: all(CLOSED in client.was_told for client in clients), seconds=2)


@pytest.mark.usefixtures("database")
def test_an_end_that_nobody_announces_is_looked_for_often_enough_for_five_seconds() -> None:
    assert sockets.LOOK_EVERY + live_socket.LAST_WORD <= 5


def end_elsewhere(database: Database, actor: Actor) -> None:
    """As another process or the operator's command does it: nobody announces it here."""
    with database.transaction() as session:
        session.exec(delete(UserSession).where(col(UserSession.id) == actor.session_id))


@pytest.mark.usefixtures("_quickly")
async def test_a_session_that_ended_elsewhere_is_noticed_soon(
    connect: Connect,
    ana: Actor,
    ana_signed_in: SignedIn,
    bob_signed_in: SignedIn,
    database: Database,
) -> None:
    anas, bobs = await connect(ana_signed_in), await connect(bob_signed_in)
    end_elsewhere(database, ana)
    await until(lambda: anas.is_gone)
    assert not bobs.is_gone


@pytest.mark.usefixtures("_quickly")
async def test_a_session_whose_time_is_over_is_noticed_too(
    frozen_clock, connect: Connect, ana_signed_in: SignedIn
) -> None:
    client = await connect(ana_signed_in)
    frozen_clock.advance(days=91)
    await until(lambda: client.is_gone)


async def test_after_news_may_have_been_missed_every_session_is_looked_up_at_once(
    connect: Connect, ana: Actor, ana_signed_in: SignedIn, database: Database, monkeypatch
) -> None:
    monkeypatch.setattr(sockets, "LOOK_EVERY", 3600)
    client = await connect(ana_signed_in)
    end_elsewhere(database, ana)
    events.deliver(events.EventsLost())
    await until(lambda: client.is_gone)


@pytest.mark.usefixtures("_quickly")
async def test_the_end_of_a_session_that_is_noticed_is_told_to_the_other_tabs(
    connect: Connect, ana: Actor, ana_signed_in: SignedIn, database: Database
) -> None:
    heard: list[events.Event] = []
    events.listen(ana.id, heard.append)
    await connect(ana_signed_in)
    end_elsewhere(database, ana)
    await until(lambda: heard == [events.SessionEnded(ana.id, ana.session_id)])


@pytest.mark.usefixtures("_quickly")
async def test_an_open_page_shows_that_its_session_is_in_use(
    frozen_clock,
    connect: Connect,
    ana: Actor,
    bob: Actor,
    ana_signed_in: SignedIn,
    database: Database,
) -> None:
    def seen_at(actor: Actor) -> datetime:
        with database.transaction(writes=False) as session:
            return sessions.current(session, actor)[1].last_seen_at

    begun = frozen_clock.now()
    await connect(ana_signed_in)
    frozen_clock.advance(minutes=1)
    await until(lambda: seen_at(ana) == frozen_clock.now())
    assert seen_at(bob) == begun


@pytest.mark.usefixtures("_quickly")
async def test_a_database_that_is_away_closes_nobodys_socket(
    connect: Connect, ana_signed_in: SignedIn, database_is_away
) -> None:
    client = await connect(ana_signed_in)
    await asyncio.sleep(0.05)
    client.say(PONG)
    await until(lambda: client.was_heard)
    assert not client.is_gone


async def test_a_process_that_ceases_to_be_fit_lets_go_of_every_socket(
    connect: Connect, ana_signed_in: SignedIn, monkeypatch
) -> None:
    clients = [await connect(ana_signed_in), await connect()]
    readiness._readiness.note(Unavailable())
    assert not any(client.is_gone for client in clients)
    readiness._readiness.note(Unavailable())
    await until(lambda: all(client.is_gone for client in clients))
    for client in clients:
        assert {"type": "websocket.close", "code": 1013} in client.was_told
    readiness._readiness.note(None)
    assert (await connect(ana_signed_in)).is_connected


# The end of the process


async def test_a_process_that_ends_answers_what_it_has_begun_and_hears_nothing_more(
    connect: Connect, program: Gate, database: Database
) -> None:
    client = await connect()
    is_over = threading.Event()
    begun = asyncio.ensure_future(database.read(lambda _session: is_over.wait(60)))
    await asyncio.sleep(0)
    leaving = asyncio.ensure_future(program._sockets.leave())
    await asyncio.sleep(0.3)
    client.say(PONG)
    assert client.was_told == [{"type": "websocket.accept"}], "somebody still waits for an answer"
    is_over.set()
    await begun
    await leaving
    assert client.was_told == [
        {"type": "websocket.accept"},
        {"type": "websocket.close", "code": 1012},
    ]
    assert PONG not in client.was_heard


async def test_a_process_that_ends_lets_nobody_else_in(connect: Connect, program: Gate) -> None:
    await program._sockets.leave()
    client = await connect()
    assert client.was_told[0]["type"] == "websocket.http.response.start"
    assert client.was_told[0]["status"] == 503
