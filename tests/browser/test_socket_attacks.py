"""A raw client at the socket: floods, forgeries and noise, which nobody else notices and of which no log tells."""

import json
import os
import random
import re
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from simple_websocket import Client, ConnectionClosed
from simple_websocket import ConnectionError as Refused
from uuid_utils.compat import uuid7
from wsproto.utilities import LocalProtocolError

from tests.browser.conftest import PASSWORD, ROOT, Server
from tests.browser.script import Script
from tests.browser.wire import HYDRATE, LIST, NAMESPACE, Wire, connect

FUZZ_SECONDS = float(os.environ.get("FUZZ_SECONDS", "3"))
"""Minutes of it are for a machine with nothing else to do; five need `-o faulthandler_timeout=600`, too."""


@pytest.fixture(scope="module")
def limited_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose limits are those that people meet."""
    running = Server(tmp_path_factory.mktemp("limited"), None, limits="1").start()
    yield running
    running.stop()


def new_person(server: Server) -> Script:
    email = f"{secrets.token_hex(6)}@example.org"
    person = {"name": "Ana Costa", "email": email, "password": PASSWORD}
    headers = {"Origin": server.address}
    httpx.post(
        f"{server.address}/api/auth/sign-up", json=person, headers=headers
    ).raise_for_status()
    return Script(server, email)


def is_closed(socket: Client, seconds: float = 10) -> bool:
    """Whether the server closes a socket before long."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            socket.receive(timeout=0.5)
        except ConnectionClosed:
            return True
    return False


@pytest.mark.parametrize(
    ("query", "headers"),
    [
        ("", {"Origin": "https://evil.example"}),
        ("", {"Origin": "null"}),
        ("", {"Origin": "HTTP://LOCALHOST"}),
        ("EIO=4&transport=websocket", {}),
        ("EIO=4&transport=websocket&token=a-tab-of-mine&token=a-tab-of-yours", {}),
        ("EIO=4&transport=polling&token=a-tab-of-mine", {}),
    ],
)
def test_a_handshake_that_no_page_of_ours_makes_is_refused(
    server: Server, query: str, headers: dict[str, str]
) -> None:
    with pytest.raises(Refused) as caught:
        connect(server, query=query, **headers)
    assert caught.value.status_code == 403


def test_the_other_ways_into_reflex_are_closed(server: Server) -> None:
    with httpx.Client(base_url=server.address) as client:
        for url in ("/_event/?EIO=4&transport=polling", "/_upload", "/_health", "/ping"):
            assert client.get(url).status_code == 404
            assert client.post(url, content=b"40").status_code == 404


@pytest.mark.parametrize(
    "frame",
    [
        "2probe",
        "4",
        '42["event",{}]',
        '42/admin,["event",{}]',
        f'42{NAMESPACE}["event","text"]',
        f'451-{NAMESPACE}["event",{{"_placeholder":true,"num":0}}]',
        f'42{NAMESPACE}["event",{{"name":"x","payload":{{"n":NaN}}}}]',
        "3" * 200_000,
        b"\x00\x01",
    ],
    ids=lambda frame: str(frame[:30]),
)
def test_a_frame_that_no_page_of_ours_sends_closes_the_socket(server: Server, frame: Any) -> None:
    socket = connect(server)
    socket.send(f"40{NAMESPACE}")
    socket.send(frame)
    assert is_closed(socket)
    assert httpx.get(f"{server.address}/readyz").status_code == 200


FORGED = [
    (f"{LIST}.setvar", {"var_name": "rows", "value": [{"title": "forged"}]}),
    ("reflex___state____state.setvar", {"var_name": "is_hydrated", "value": "forged"}),
    ("reflex___state____state.set_is_hydrated", {"value": "forged"}),
    (
        "reflex___state____state.reflex___state____update_vars_internal_state.update_vars_internal",
        {"vars": {f"{LIST}.rows": [{"title": "forged"}]}},
    ),
    (HYDRATE, {"vars": {f"{LIST}.name": "forged"}}),
    (f"{LIST}._load_page", {"query": "forged"}),
    (f"{LIST}.reset", {}),
    (f"{LIST}.load", {"actor": "forged"}),
    (f"{LIST}.open_task", {"task_id": {"$ne": "forged"}}),
    (f"{LIST}.perform", {"gesture": {"kind": "create"}, "actor": "forged"}),
    ("no.such.handler", {"a": "forged"}),
]


def test_a_forged_event_changes_nothing_and_the_next_one_is_heard(server: Server) -> None:
    script = new_person(server)
    with Wire(server, script.cookie) as wire:
        wire.loaded()
        before = dict(wire.said)
        for name, payload in FORGED:
            wire.send(name, **payload)
        wire.perform("create", uuid7(), fields={"title": "Milk"})
        assert [task["title"] for task in script.tasks()] == ["Milk"]
        for secret in ("forged", script.cookie):
            assert secret not in "".join(wire.frames)
        for name in ("rows", "load_id", "name", "email"):
            assert wire.said[name] == before[name]


def test_a_flood_is_listened_to_at_its_pace_and_nobody_else_waits(limited_server: Server) -> None:
    flooder, other = new_person(limited_server), new_person(limited_server)
    with Wire(limited_server, flooder.cookie) as flood, Wire(limited_server, other.cookie) as wire:
        flood.loaded()
        wire.loaded()
        before, begun = len(flood.frames), time.monotonic()
        # Closed in the middle of it, where the server is quick enough.
        with suppress(ConnectionClosed, OSError):
            for _ in range(1000):
                flood.send("load")
        assert wire.perform("create", uuid7(), fields={"title": "Milk"}).get("error", "") == ""
        flood.listen(0.001)
        heard, seconds = len(flood.frames) - before, time.monotonic() - begun
        # A frame for each event: the first sixty, and twenty a second for as long as that took.
        assert heard <= 60 + 20 * (seconds + 1)


def test_a_person_has_no_more_than_twenty_sockets(limited_server: Server) -> None:
    script = new_person(limited_server)
    sockets = [connect(limited_server, script.cookie) for _ in range(20)]
    with pytest.raises(Refused):
        connect(limited_server, script.cookie)
    sockets.pop().close()
    deadline = time.monotonic() + 10
    while True:
        try:
            connect(limited_server, script.cookie).close()
        except Refused:
            assert time.monotonic() < deadline, "The place of a closed socket was not free."
            time.sleep(0.05)
        else:
            break
    for socket in sockets:
        socket.close()


def test_a_session_that_ends_takes_its_sockets_along(server: Server) -> None:
    script = new_person(server)
    socket, other = connect(server, script.cookie), connect(server)
    script.send("POST", "/api/auth/sign-out")
    assert is_closed(socket)
    other.send(f"40{NAMESPACE}")
    assert not is_closed(other, seconds=0.5)
    other.close()


def test_a_session_that_the_operator_ends_does_so_too(server: Server) -> None:
    script = new_person(server)
    email = script.send("GET", "/api/auth/session")["user"]["email"]
    socket = connect(server, script.cookie)
    subprocess.run(
        [sys.executable, "-m", "dashboard", "sessions", "revoke", email],
        cwd=ROOT,
        env={**os.environ, "DATA_DIR": str(server.data_dir), "REDIS_URL": ""},
        check=True,
        capture_output=True,
    )
    assert is_closed(socket)
    assert script.send("GET", "/api/tasks")["code"] == "NOT_SIGNED_IN"


# What the log says


def test_a_day_of_secrets_and_attacks_leaves_none_of_them_in_the_log(own_server: Server) -> None:
    server = own_server
    script = new_person(server)
    tab = str(uuid4())
    canary = "canary"
    with Wire(server, script.cookie, token=tab) as wire:
        wire.loaded()
        wire.perform("create", uuid7(), fields={"title": "A canary sings"})
        wire.perform("create", uuid7(), fields={"title": "", "description": "canary"})
        wire.perform("change", uuid7(), fields={"title": "\ud83d canary"})
        for name, payload in FORGED:
            wire.send(name, **payload, canary=canary)
        wire.send("perform", gesture={"kind": "canary", "nonce": canary})
        wire.send("open_task", task_id=canary)
    for frame in (
        f'42{NAMESPACE}["event","canary"]',
        f'42{NAMESPACE}["event",{{"name":"{LIST}.load","payload":"canary"}}]',
        f'42{NAMESPACE}["client_error",{{"message":"canary","error_type":"canary"}}]',
        f'40{NAMESPACE}{{"event":"canary","state_schema":"canary"}}',
        f'40{NAMESPACE}{{"state_schema":"canary"}}',
        "canary",
    ):
        socket = connect(server, script.cookie)
        socket.send(f"40{NAMESPACE}")
        socket.send(frame)
        if not is_closed(socket, seconds=0.2):
            socket.close()
    with httpx.Client(base_url=server.address, headers={"Origin": server.address}) as client:
        credentials = {"email": "canary@example.org", "password": "canary canary"}
        for url in ("sign-in", "sign-up"):
            client.post(f"/api/auth/{url}", json=credentials)
            client.post(f"/api/auth/{url}", content=b"canary", headers={"Content-Type": "canary"})
        for headers in ({"Cookie": "dashboard_session=canary"}, {"Authorization": "Bearer canary"}):
            client.get("/api/tasks?q=canary", headers=headers)
            client.get("/dashboard?q=canary", headers=headers)
        client.get("/canary", headers={"Host": "canary", "X-Forwarded-For": "canary"})
    assert script.tasks()
    server.stop()
    log = server.log()
    for secret in (canary, script.cookie, tab, PASSWORD, "example.org"):
        assert secret not in log, log
    assert not list(ROOT.glob(".states/*"))


# Noise


def frames(chance: random.Random) -> Iterator[str | bytes]:
    """What a page says, and what becomes of it on the way through a broken machine."""
    gesture = {
        "load_id": "x",
        "nonce": "12345678",
        "kind": "create",
        "id": str(uuid7()),
        "fields": {"title": "Milk"},
    }
    place = {"pathname": "/dashboard", "asPath": "/dashboard?q=a", "query": {"q": "a"}}
    events = [
        {"name": f"{LIST}.perform", "payload": {"gesture": gesture}, "router_data": place},
        {"name": f"{LIST}.load", "router_data": place},
        {"name": f"{LIST}.open_task", "payload": {"task_id": str(uuid4())}, "router_data": place},
        {"name": HYDRATE, "payload": {"hashes": ["a"]}, "router_data": place},
    ]
    odd: list[Any] = [
        None,
        True,
        -1,
        10**40,
        1.5,
        "",
        "x" * 999,
        "\ud83d",
        "\0",
        [],
        {},
        [[]],
        "💥",
    ]
    while True:
        event = json.loads(json.dumps(chance.choice(events)))
        target = event
        while isinstance(target, dict) and target and chance.random() < 0.8:
            key = chance.choice(list(target))
            if not isinstance(target[key], dict) or chance.random() < 0.3:
                target[key] = chance.choice(odd)
                break
            target = target[key]
        frame = f"42{NAMESPACE}{json.dumps(['event', event])}"
        match chance.randrange(4):
            case 0:
                place_of = chance.randrange(len(frame))
                yield frame[:place_of] + chr(chance.randrange(1, 0x250)) + frame[place_of + 1 :]
            case 1:
                yield chance.randbytes(chance.randrange(1, 200))
            case _:
                yield frame


@pytest.mark.slow
def test_noise_harms_nobody(own_server: Server) -> None:
    server, chance = own_server, random.Random(20_260_310)
    noisy, quiet = new_person(server), new_person(server)
    noise = frames(chance)
    with Wire(server, quiet.cookie) as wire:
        wire.loaded()
        wire.perform("create", uuid7(), fields={"title": "Before"})
        before, sent, opened = memory_of(server), 0, 0
        deadline = time.monotonic() + FUZZ_SECONDS
        while time.monotonic() < deadline:
            # The server asks now and then whether the quiet one is still there.
            wire.listen(0)
            # A tab of its own each time would be a flood of another kind.
            socket = connect(
                server, noisy.cookie, f"EIO=4&transport=websocket&token=noise{opened % 20:04}"
            )
            opened += 1
            try:
                socket.send(f"40{NAMESPACE}")
                for _ in range(20):
                    socket.send(next(noise))
                    sent += 1
                    socket.receive(timeout=0)
                socket.close()
            except (ConnectionClosed, LocalProtocolError, OSError):
                # It was noticed, and the socket closed.
                continue
        answer = wire.perform("create", uuid7(), fields={"title": "After"})
        assert answer.get("error", "") == ""
    assert sent > 100
    assert [task["title"] for task in quiet.tasks()] == ["Before", "After"]
    assert {task["title"] for task in noisy.tasks()} <= {"Milk"}
    assert httpx.get(f"{server.address}/readyz").status_code == 200
    assert memory_of(server) - before < 100_000, "kB"


def memory_of(server: Server) -> int:
    """What the processes of a server hold, in kB."""
    assert server.process is not None
    pids = [server.process.pid]
    children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children")
    pids += map(int, children.read_text().split())
    status = [Path(f"/proc/{pid}/status").read_text() for pid in pids]
    return sum(int(re.findall(r"VmRSS:\s+(\d+)", each)[0]) for each in status)
