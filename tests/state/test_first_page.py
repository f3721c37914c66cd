"""What a document brings along is what the socket would say first."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from reflex_base.utils.format import json_dumps
from sqlmodel import Session

from dashboard.models.list import ListDraft
from dashboard.models.session import Actor
from dashboard.models.task import TaskDraft
from dashboard.reflex_adapter import states
from dashboard.services.accounts.sessions import SignedIn
from dashboard.services.lists import commands as list_commands
from dashboard.services.tasks import commands
from dashboard.state.first_page import OF_DOCUMENT, first_page
from tests.conftest import FrozenClock
from tests.state.conftest import Tab


def said(delta: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """All that is said of tasks, lists and the person; not of the page's address, nor which loading it is."""
    parts = [said for name, said in delta.items() if "session_state" in name]
    return {name: part[name] for part in parts for name in part if "load_id" not in name}


@pytest.fixture
def list_id(session: Session, ana: Actor, anas_milk: object) -> UUID:
    """A list of Ana's with a task in it, beside what is in her Inbox and her trash."""
    made = list_commands.create_list(session, ana, ListDraft(name="Work")).row.list.id
    commands.create_task(session, ana, TaskDraft(title="Report", list_id=made))
    gone = commands.create_task(session, ana, TaskDraft(title="Old milk")).task
    commands.delete_task(session, ana, gone.id)
    session.commit()
    return made


@pytest.mark.parametrize(
    "address", ["/dashboard", "/dashboard?q=milk&sort=title", "/inbox", "/lists/{}", "/trash"]
)
async def test_a_document_brings_what_the_socket_says_first(
    open_tab: Callable[..., Tab],
    ana_signed_in: SignedIn,
    list_id: UUID,
    frozen_clock: FrozenClock,
    address: str,
) -> None:
    address = address.format(list_id)
    tab = open_tab(ana_signed_in, address)
    await tab.load()
    path, _, query = address.partition("?")
    page = await first_page(path, query, ana_signed_in.session.id)
    assert page is not None
    brought = json.loads(page.data)
    delta = await states.take_delta(tab._get_root_state())
    assert said(brought) == said(json.loads(json_dumps(delta)))
    told = next(part for part in brought.values() if "load_id_rx_state_" in part)
    assert told["load_id_rx_state_"] == OF_DOCUMENT
    assert told["rows_rx_state_"]


async def test_no_title_ends_the_script_that_holds_it(
    session: Session, ana: Actor, ana_signed_in: SignedIn
) -> None:
    title = "</script><script>alert(1)</script><!--"
    commands.create_task(session, ana, TaskDraft(title=title))
    session.commit()
    page = await first_page("/dashboard", "", ana_signed_in.session.id)
    assert page is not None
    assert "<" not in page.data
    assert any(
        row["title"] == title
        for part in json.loads(page.data).values()
        for row in part.get("rows_rx_state_", [])
    )


async def test_a_session_that_has_ended_brings_nothing(
    frozen_clock: FrozenClock, ana_signed_in: SignedIn
) -> None:
    frozen_clock.advance(days=31)
    assert await first_page("/dashboard", "", ana_signed_in.session.id) is None
