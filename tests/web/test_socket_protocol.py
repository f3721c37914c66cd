"""What may be said over a socket: the frames of our own pages, and nothing that resembles them."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.state.tasks import TaskListState
from dashboard.web.socket_protocol import LARGEST_FRAME, BadFrame, checked_frame, event_named

LIST = TaskListState.get_full_name()
HYDRATE = "reflex___state____state.hydrate_and_load"
GESTURE = {
    "load_id": "0a1b2c3d",
    "nonce": "12345678",
    "kind": "change",
    "id": "0192f0c1-0000-7000-8000-000000000000",
    "fields": {"title": "Milk"},
    "version": None,
}
EVENT = {
    "name": f"{LIST}.perform",
    "payload": {"gesture": GESTURE},
    "router_data": {"pathname": "/dashboard", "asPath": "/dashboard?q=a", "query": {"q": "a"}},
}


def event(said: Any) -> str:
    return f"42/_event,{json.dumps(said)}"


def heard(frame: str) -> Any:
    """What goes on of a frame, without its type."""
    checked = checked_frame(frame)
    assert checked is not None
    return json.loads(checked.partition(",")[2])


def test_an_event_goes_on_as_it_came() -> None:
    assert heard(event(["event", EVENT])) == ["event", EVENT]


def test_a_gesture_without_fields_or_a_version_goes_on_too() -> None:
    bare = {name: GESTURE[name] for name in ("load_id", "nonce", "kind", "id")}
    said = {**EVENT, "payload": {"gesture": bare}}
    assert heard(event(["event", said])) == ["event", said]


@pytest.mark.parametrize("frame", ["1", "3", "41/_event,"])
def test_the_small_talk_of_the_protocol_goes_on(frame: str) -> None:
    assert checked_frame(frame) == frame


def test_a_connection_brings_its_first_event_along() -> None:
    boot = {"event": EVENT, "state_schema": "0a1b"}
    assert heard(f"40/_event,{json.dumps(boot)}") == boot
    assert heard("40/_event,") == {"event": None, "state_schema": None}


def test_what_nobody_asked_for_does_not_go_on() -> None:
    extra = {**EVENT, "token": "of someone else", "handler": "x", "event_actions": {"a": 1}}
    assert heard(event(["event", extra])) == ["event", EVENT]
    router_data = {**EVENT["router_data"], "headers": {"x-dashboard-session": "x"}, "ip": "1.2.3.4"}
    assert heard(event(["event", {**EVENT, "router_data": router_data}])) == ["event", EVENT]


def test_of_a_name_that_is_said_twice_only_one_goes_on() -> None:
    twice = f'42/_event,["event",{{"name":"{LIST}.load","name":"{LIST}.show_more"}}]'
    assert heard(twice)[1]["name"] == f"{LIST}.show_more"


def test_half_of_a_character_goes_on_to_where_it_gets_its_sentence() -> None:
    gesture = {**GESTURE, "fields": {"title": "\ud83d"}}
    checked = checked_frame(event(["event", {**EVENT, "payload": {"gesture": gesture}}]))
    assert checked is not None
    assert "\\ud83d" in checked


@pytest.mark.parametrize("name", ["load", "show_more", "listen"])
def test_an_event_that_says_all_by_its_name_brings_nothing_else(name: str) -> None:
    assert heard(event(["event", {"name": f"{LIST}.{name}"}]))[1]["payload"] == {}
    assert checked_frame(event(["event", {"name": f"{LIST}.{name}", "payload": {"a": 1}}])) is None


@pytest.mark.parametrize(
    ("name", "payload"),
    [
        ("no.such.handler", {}),
        ("", {}),
        (f"{LIST}.setvar", {"var_name": "rows", "value": []}),
        (f"{LIST}._load_page", {}),
        (f"{LIST}.reset", {}),
        ("reflex___state____state.setvar", {"var_name": "is_hydrated", "value": True}),
        ("reflex___state____state.hydrate", {}),
        ("reflex___state____state.set_is_hydrated", {"value": True}),
        (
            "reflex___state____state.reflex___state____on_load_internal_state.set_is_hydrated",
            {"value": True},
        ),
        (
            "reflex___state____state.reflex___state____update_vars_internal_state.update_vars_internal",
            {"vars": {f"{LIST}.rows": []}},
        ),
        (
            "reflex___state____state.reflex___state____frontend_event_exception_state.handle_frontend_exception",
            {"info": "x", "component_stack": "y"},
        ),
        (HYDRATE, {"vars": {f"{LIST}.rows": []}}),
        (HYDRATE, {"hashes": "x"}),
        (HYDRATE, {"hashes": ["x" * 65]}),
        (f"{LIST}.perform", {}),
        (f"{LIST}.perform", {"gesture": []}),
        (f"{LIST}.perform", {"gesture": {}}),
        (f"{LIST}.perform", {"gesture": GESTURE, "actor": "bob"}),
        *(
            (f"{LIST}.perform", {"gesture": {**GESTURE, **broken}})
            for broken in (
                {"nonce": 5},
                {"kind": "drop"},
                {"id": "no uuid"},
                {"fields": [1]},
                {"version": True},
                {"user": "ana"},
            )
        ),
        (f"{LIST}.open_task", {"task_id": {"$ne": ""}}),
        (f"{LIST}.open_task", {"task_id": 10**40}),
        (f"{LIST}.open_task", {"task_id": None}),
    ],
)
def test_an_event_that_no_page_of_ours_sends_goes_nowhere(name: str, payload: Any) -> None:
    assert checked_frame(event(["event", {"name": name, "payload": payload}])) is None
    boot = {"event": {"name": name, "payload": payload}}
    assert heard(f"40/_event,{json.dumps(boot)}")["event"] is None


def test_what_a_page_sends_first_goes_on() -> None:
    boot = {"event": {**EVENT, "name": HYDRATE, "payload": {"hashes": ["0a1b"]}}}
    assert heard(f"40/_event,{json.dumps(boot)}")["event"] == boot["event"]


@pytest.mark.parametrize("said", [["client_error", {"message": "x"}], ["ping"], ["ping", 1]])
def test_reports_of_the_client_go_nowhere(said: Any) -> None:
    assert checked_frame(event(said)) is None


@pytest.mark.parametrize(
    "frame",
    [
        None,
        "",
        "0",
        "2",
        "2probe",
        "5",
        "4",
        "42",
        "42/_event",
        "42/_event,",
        "42/_event,[]",
        "42/_event,{}",
        '42["event",{"name":"a"}]',
        '42/admin,["event",{"name":"a"}]',
        '42/_event,1["event",{"name":"a"}]',
        '43/_event,1["event",{"name":"a"}]',
        '451-/_event,["event",{"_placeholder":true,"num":0}]',
        "40",
        "40/admin,",
        "40/_event,[]",
        '40/_event,{"event":"boot"}',
        '40/_event,{"state_schema":5}',
        "41",
        event(["event"]),
        event(["event", "a string"]),
        event(["event", None]),
        event(["event", {}]),
        event(["event", EVENT, "more"]),
        event(["connect", EVENT]),
        event(["disconnect"]),
        event(["event", {**EVENT, "name": 5}]),
        event(["event", {**EVENT, "name": "x" * 201}]),
        event(["event", {**EVENT, "payload": []}]),
        event(["event", {**EVENT, "payload": "x"}]),
        event(["event", {**EVENT, "router_data": []}]),
        event(["event", {**EVENT, "router_data": {"pathname": {"$ne": ""}}}]),
        event(["event", {**EVENT, "router_data": {"query": {"q": ["a"]}}}]),
        event(["event", {**EVENT, "payload": {"gesture": {"n": float("nan")}}}]),
        event(["event", {**EVENT, "payload": {"gesture": {"n": float("-inf")}}}]),
        event(
            ["event", {**EVENT, "payload": {"gesture": {**GESTURE, "fields": {"n": 1}}}}]
        ).replace("1}", "1e999}"),
        "42/_event," + "[" * 100_000,
        "42/_event," + '{"a":' * 20_000,
        event(["event", {"name": "a", "payload": {"t": "x" * LARGEST_FRAME}}]),
        "3" * (LARGEST_FRAME + 1),
    ],
    ids=lambda frame: str(frame)[:60],
)
def test_nothing_else_does(frame: str | None) -> None:
    with pytest.raises(BadFrame) as caught:
        checked_frame(frame)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


@pytest.mark.parametrize(
    "values",
    ["[" + "0," * 600 + "0]", "[" * 300 + "]" * 300 + "," + "[" * 300 + "]" * 300, '"",' * 5000],
    ids=["numbers", "lists", "words"],
)
def test_a_frame_of_more_values_than_a_page_sends_is_refused_before_it_is_read(
    values: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "dashboard.web.socket_protocol._parsed", lambda _said: pytest.fail("It was read.")
    )
    with pytest.raises(BadFrame):
        checked_frame(f'42/_event,["event",{{"name":"{LIST}.perform","payload":[{values}]}}]')


def test_marks_in_a_text_are_no_values() -> None:
    text = ',[{"\\:' * 3000
    gesture = {**GESTURE, "fields": {"title": "Milk", "description": text}}
    said = {**EVENT, "payload": {"gesture": gesture}}
    assert heard(event(["event", said]))[1]["payload"]["gesture"] == gesture


@pytest.mark.parametrize(
    "query",
    [{str(n): "" for n in range(33)}, {"q": "x" * 257}, {"x" * 257: ""}],
    ids=["many", "long", "long name"],
)
def test_an_address_asks_no_more_than_a_page_understands(query: dict[str, str]) -> None:
    place = {"pathname": "/", "asPath": "/", "query": query}
    with pytest.raises(BadFrame):
        checked_frame(event(["event", {**EVENT, "router_data": place}]))


@pytest.mark.parametrize("frame", [event(["event", EVENT]), '42/_event,["event",{"name":"a"}]'])
def test_the_name_of_an_event_is_seen_from_outside(frame: str) -> None:
    assert event_named(frame) == json.loads(frame.partition(",")[2])[1]["name"]


@given(
    st.text() | st.text().map("42/_event,".__add__) | st.text().map('42/_event,["event",'.__add__)
)
def test_whatever_is_said_is_understood_or_refused(frame: str) -> None:
    try:
        checked_frame(frame)
    except BadFrame:
        return
