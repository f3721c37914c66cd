"""What Cairn assumes of Reflex without a promise: one test each, which fails by its name after an upgrade."""

import asyncio
import inspect
import re
import tomllib
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import reflex as rx
import reflex_base
from reflex.event import Event
from reflex.istate.delta import _resolve_delta
from reflex.istate.manager.memory import StateManagerMemory
from reflex.istate.manager.redis import StateManagerRedis
from reflex.istate.manager.token import BaseStateToken
from reflex.state import _diff_against_initial_state
from reflex.utils.exec import is_prod_mode
from reflex_base import environment, otel
from reflex_base.compiler import templates
from reflex_base.constants import Endpoint
from reflex_base.event.processor import EventProcessor
from reflex_base.registry import RegistrationContext

import dashboard.pages  # noqa: F401 (registers every state)
from dashboard.reflex_adapter import states
from dashboard.reflex_adapter.event_queue import followed, on_event
from dashboard.reflex_adapter.event_times import _Meters
from dashboard.reflex_adapter.front_end import LeanPackages, OwnOrigin, SameBytes
from dashboard.reflex_adapter.handlers import own_handler, own_handlers
from dashboard.reflex_adapter.names import (
    DEFAULT_ENVIRONMENT,
    FRAMEWORK_HANDLERS,
    HYDRATE,
    NAMESPACE,
    ON_LOAD,
    SERVE_WHAT_IS_BUILT,
    TALKATIVE_LOGGERS,
    UNANSWERED_MESSAGES,
)
from dashboard.state.session import SessionState
from dashboard.state.tasks import TaskListState

PROJECT = Path(__file__).parents[2]
CLIENT = Path(reflex_base.__file__).parent / ".templates/web/utils/state.js"


def test_reflex_is_the_version_that_was_read() -> None:
    dependencies = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"][
        "dependencies"
    ]
    pinned = dict(each.split("==") for each in dependencies if each.startswith("reflex"))
    assert pinned == {name: version(name) for name in pinned}
    assert "reflex" in pinned


def test_handlers_are_registered_under_the_name_of_their_state() -> None:
    name = f"{TaskListState.get_full_name()}.load"
    handler = own_handler(name)
    assert name in own_handlers()
    assert handler is not None
    assert inspect.iscoroutinefunction(handler.fn)


async def test_a_hydration_leaves_out_the_values_of_which_it_is_given_the_hashes() -> None:
    event = Event(name=HYDRATE)
    await states.say_only_what_is_known(event)
    state = rx.State(_reflex_internal_init=True)  # pyright: ignore[reportCallIssue] (as Reflex itself does)
    everything = await _resolve_delta(state.dict())
    assert await _diff_against_initial_state(rx.State, everything, event.payload["hashes"]) == {}
    assert "hashes" in inspect.signature(rx.State.hydrate_and_load.fn).parameters


def test_every_state_has_a_setvar_which_is_not_ours() -> None:
    name = f"{TaskListState.get_full_name()}.setvar"
    assert name in RegistrationContext.get().event_handlers
    assert own_handler(name) is None


@pytest.mark.parametrize("name", sorted(FRAMEWORK_HANDLERS))
def test_the_events_of_the_framework_have_their_names(name: str) -> None:
    assert name in RegistrationContext.get().event_handlers
    assert own_handler(name) is None


def test_the_client_sends_two_events_of_the_framework() -> None:
    said = CLIENT.read_text() + templates.context_template(
        is_dev_mode=False, default_color_mode='"system"', state_name=rx.State.get_full_name()
    )
    for name in (HYDRATE, ON_LOAD):
        assert name.rpartition(".")[2] in said


def test_events_travel_in_their_namespace_beside_two_messages() -> None:
    assert f"/{Endpoint.EVENT.value.strip('/')}" == NAMESPACE
    said = CLIENT.read_text()
    assert '.emit("event"' in said
    assert any(f'"{message}"' in said for message in UNANSWERED_MESSAGES)


def test_an_event_is_queued_with_a_tab_an_event_and_a_context() -> None:
    names = [*inspect.signature(EventProcessor.enqueue).parameters]
    assert names == ["self", "token", "event", "ev_ctx"]


async def test_what_is_queued_is_told_with_its_answer() -> None:
    class Processor:
        async def enqueue(self, token: str, event: Any, ev_ctx: Any = None) -> asyncio.Future[Any]:
            return asyncio.get_running_loop().create_future()

    class App:
        event_processor = Processor()

    told: list[tuple[Any, ...]] = []
    async with followed(App()):  # pyright: ignore[reportArgumentType] (all that it looks at)
        on_event.set(lambda *what: told.append(what))
        answer = await App.event_processor.enqueue("tab", "event")
    assert told == [("tab", "event", answer)]


async def test_a_state_in_memory_can_be_deleted() -> None:
    manager = StateManagerMemory()
    token = BaseStateToken(ident="tab", cls=rx.State)
    async with manager.modify_state(token):
        pass
    assert token.lock_key in manager._states_locks

    class App:
        state_manager = manager

    await states.delete(App(), "tab")  # pyright: ignore[reportArgumentType] (all that it looks at)
    assert token.lock_key not in manager._states_locks


def test_a_state_in_redis_has_a_key_for_each_of_its_parts() -> None:
    token = BaseStateToken(ident="tab", cls=rx.State)
    keys = {token._state_key(each) for each in states._with_substates(rx.State)}
    assert len(keys) == len(states._with_substates(rx.State)) > 1
    assert "redis" in StateManagerRedis.__dataclass_fields__


async def test_a_state_gives_its_changes_once() -> None:
    root = rx.State(_reflex_internal_init=True)  # pyright: ignore[reportCallIssue] (as Reflex itself does)
    await states.empty(root, SessionState)
    root.is_hydrated = True
    assert await states.take_delta(root)
    assert not await states.take_delta(root)


def test_what_can_change_comes_in_a_proxy_around_the_value() -> None:
    root = rx.State(_reflex_internal_init=True)  # pyright: ignore[reportCallIssue] (as Reflex itself does)
    tab: Any = root.get_substate(TaskListState.get_full_name().split(".")[1:])
    assert type(tab.changes) is not list
    assert type(states.without_proxy(tab.changes)) is list


def test_events_are_measured_by_a_histogram_of_open_telemetry() -> None:
    taken: list[tuple[str, float]] = []
    meter = _Meters(lambda *what: taken.append(what)).get_meter()
    histogram = meter.create_histogram(otel.METRIC_EVENT_DURATION)
    histogram.record(0.5, {otel.ATTR_EVENT_NAME: "state.tasks.load"})
    assert taken == [("load", 0.5)]


@pytest.mark.parametrize("name", TALKATIVE_LOGGERS)
def test_the_loggers_that_quote_are_named_after_their_packages(name: str) -> None:
    assert find_spec(name) is not None


@pytest.mark.parametrize("name", [*SERVE_WHAT_IS_BUILT, *DEFAULT_ENVIRONMENT])
def test_reflex_reads_its_settings_from_these_variables(name: str) -> None:
    known = environment.environment
    assert hasattr(known, name.removeprefix("__"))


def test_the_mode_is_asked_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REFLEX_ENV_MODE", SERVE_WHAT_IS_BUILT["REFLEX_ENV_MODE"])
    assert is_prod_mode()


def test_the_configuration_of_vite_has_a_list_of_aliases() -> None:
    written = inspect.getsource(templates.vite_config_template)
    aliased = LeanPackages._aliased(written)
    for package in LeanPackages.STAND_INS:
        assert aliased.count(f'find: "{package}"') == 1
    assert LeanPackages._aliased(aliased) == aliased


def test_a_configuration_of_vite_without_aliases_stops_the_build() -> None:
    with pytest.raises(RuntimeError, match="vite"):
        LeanPackages._aliased("export default {}")


def test_the_addresses_of_a_build_become_those_of_its_page(tmp_path: Path) -> None:
    (tmp_path / "assets").mkdir()
    script = tmp_path / "assets/reflex-env-1.js"
    script.write_text("a=`http://localhost:8000/ping`,b=`ws://localhost:8000/_event`")
    plugin: Any = OwnOrigin()
    plugin.post_build(static_dir=tmp_path)
    assert not re.search(r"localhost", script.read_text())
    with pytest.raises(RuntimeError, match="addresses"):
        plugin.post_build(static_dir=tmp_path)


def test_the_moment_of_the_build_is_imported_by_one_line_of_the_client() -> None:
    assert SameBytes.NEEDED in SameBytes._without_moment(CLIENT.read_text())
    with pytest.raises(RuntimeError, match="Reflex no longer writes"):
        SameBytes._without_moment("")
