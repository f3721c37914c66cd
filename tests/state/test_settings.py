"""The settings page: what it lists, in words, and that it says so when it cannot."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from dashboard.database.transactions import Database
from dashboard.models.api_token import TokenScope, TokenWish
from dashboard.models.auth_event import AuthEventType
from dashboard.models.session import Actor, Client
from dashboard.models.task import TaskDraft
from dashboard.models.user import PasswordChange, User
from dashboard.services.accounts import api_tokens, audit, passwords, sessions
from dashboard.services.accounts.sessions import SignedIn
from dashboard.services.tasks import commands
from dashboard.state.settings import _EVENTS, SettingsState, day, when
from tests.conftest import PASSWORD, until
from tests.state.conftest import Tab
from tests.state.test_tasks import break_database

IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1"
)


@pytest.fixture
def page(open_tab: Callable[..., Tab], ana_signed_in: SignedIn) -> SettingsState:
    """Ana's settings page, before anything is loaded."""
    root = open_tab(ana_signed_in, "/settings")._get_root_state()
    found = root.get_substate(SettingsState.get_full_name().split(".")[1:])
    assert isinstance(found, SettingsState)
    return found


def sign_in_elsewhere(database: Database, signed_in: SignedIn) -> SignedIn:
    with database.transaction() as session:
        client = Client("192.0.2.7", IPHONE)
        return sessions.open_session(session, signed_in.user, client, remember=True)


async def test_devices_are_named_and_this_one_is_first(
    frozen_clock, page: SettingsState, ana_signed_in: SignedIn, database: Database
) -> None:
    elsewhere = sign_in_elsewhere(database, ana_signed_in)
    frozen_clock.advance(hours=1)
    await page.load()
    this, phone = page.devices
    assert (this.is_current, this.words) == (True, "Active now.")
    assert (phone.id, phone.name, phone.kind) == (
        str(elsewhere.session.id),
        "Safari on iPhone",
        "phone",
    )
    assert phone.words == "192.0.2.7. Last active today at {13:00}."
    assert not page.is_only_device


async def test_a_device_that_was_seen_just_now_is_active(
    frozen_clock, page: SettingsState, ana_signed_in: SignedIn, database: Database
) -> None:
    sign_in_elsewhere(database, ana_signed_in)
    frozen_clock.advance(minutes=1, seconds=59)
    await page.load()
    assert page.devices[1].words == "192.0.2.7. Active now."


async def test_an_open_page_follows_who_signs_in_and_out_elsewhere(
    open_tab: Callable[..., Tab],
    listening: Callable[[Tab], AbstractAsyncContextManager[asyncio.Lock]],
    ana: Actor,
    ana_signed_in: SignedIn,
    database: Database,
) -> None:
    tab = open_tab(ana_signed_in, "/settings")
    page = await tab.get_state(SettingsState)
    for state in (tab, page):
        await state.load()
    async with listening(tab):
        elsewhere = sign_in_elsewhere(database, ana_signed_in)
        await until(lambda: len(page.devices) == 2)
        await database.write(sessions.end_one, ana, elsewhere.session.id)
        await until(lambda: len(page.devices) == 1)
        assert page.events[0].what == "Another device signed out"


async def test_other_pages_load_no_devices(
    tab: Tab,
    listening: Callable[[Tab], AbstractAsyncContextManager[asyncio.Lock]],
    ana: Actor,
    ana_signed_in: SignedIn,
    database: Database,
) -> None:
    async with listening(tab):
        sign_in_elsewhere(database, ana_signed_in)
        with database.transaction() as session:
            commands.create_task(session, ana, TaskDraft(title="Milk"))
        await until(lambda: tab.changes)
        assert not (await tab.get_state(SettingsState)).is_loaded


async def test_tokens_say_what_they_may_and_when_they_were_used(
    frozen_clock, page: SettingsState, ana: Actor, database: Database
) -> None:
    await page.load()
    assert (page.tokens, page.has_tokens, page.is_loaded) == ([], False, True)
    end = frozen_clock.now() + timedelta(days=30)
    with database.transaction() as session:
        reader = TokenWish(name="Reader", scope=TokenScope.READ)
        writer = TokenWish(name="Writer", scope=TokenScope.WRITE, expires_at=end)
        unused = api_tokens.create_token(session, ana, reader)
        used = api_tokens.create_token(session, ana, writer)
        api_tokens.note_use(session, used.row.id)
    await page.load()
    first, second = page.tokens
    assert (first.name, first.scope) == ("Writer", "Read and write")
    hint = used.row.hint
    assert first.words == f"{hint}… Created today. Used today at {{13:00}}. Ends on {{2026-04-09}}."
    assert (second.name, second.scope) == ("Reader", "Read")
    assert second.words == f"{unused.row.hint}… Created today. Not used yet."
    assert unused.secret not in str(page.tokens)


async def test_a_token_that_is_over_says_so(
    frozen_clock, page: SettingsState, ana: Actor, database: Database
) -> None:
    end = frozen_clock.now() + timedelta(minutes=1)
    with database.transaction() as session:
        wish = TokenWish(name="Short", scope=TokenScope.READ, expires_at=end)
        api_tokens.create_token(session, ana, wish)
    frozen_clock.advance(minutes=2)
    await page.load()
    assert page.tokens[0].words.endswith("Ended today.")


async def test_the_password_says_when_it_was_changed(
    frozen_clock, page: SettingsState, ana: Actor, open_tab: Callable[..., Tab]
) -> None:
    await page.load()
    assert page.password_words == "Changed today."
    frozen_clock.advance(days=1)
    frozen_clock.advance(hours=-13)
    await page.load()
    assert page.password_words == "Changed yesterday."
    change = PasswordChange(current_password=PASSWORD, new_password="four herons mend a kettle")
    await passwords.change_password(ana, change, Client())
    await page.load()
    assert page.leave_to.startswith("/sign-in?expired=true&from=/settings")


async def test_the_address_says_whether_it_is_verified_where_mail_is_sent(
    tab: Tab, ana: Actor, database: Database, set_env: Callable[..., None]
) -> None:
    assert (tab.email_words, tab.is_email_unverified) == ("You sign in with it.", False)
    set_env(SMTP_HOST="localhost", SMTP_FROM="cairn@example.org")
    await tab.load()
    assert (tab.email_words, tab.is_email_unverified) == ("Not verified.", True)
    with database.transaction() as session:
        session.exec(select(User)).one().email_verified = True
    await tab.load()
    assert (tab.email_words, tab.is_email_unverified) == ("Verified. You sign in with it.", False)


async def test_lists_that_cannot_be_loaded_stay_and_say_why(
    page: SettingsState, monkeypatch: pytest.MonkeyPatch
) -> None:
    await page.load()
    with monkeypatch.context() as patch:
        break_database(patch)
        await page.load()
        assert page.trouble
        assert len(page.devices) == 1
    await page.load()
    assert page.trouble == ""


async def test_what_happened_of_late_is_told_newest_first(
    frozen_clock, page: SettingsState, ana: Actor, ana_signed_in: SignedIn, database: Database
) -> None:
    sign_in_elsewhere(database, ana_signed_in)
    await database.write(sessions.end_others, ana)
    frozen_clock.advance(hours=1)
    with database.transaction() as session:
        audit.record(session, ana.id, AuthEventType.SIGN_IN_FAILED, Client("192.0.2.9", IPHONE))
    await page.load()
    failed, revoked = page.events
    assert (failed.what, failed.words) == (
        "Wrong password",
        "Safari on iPhone, 192.0.2.9. Today at {14:00}.",
    )
    assert (revoked.what, revoked.words) == ("Another device signed out", "Today at {13:00}.")


def test_every_kind_of_event_has_words() -> None:
    assert set(_EVENTS) == set(AuthEventType)


NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (NOW, "today at {13:00}"),
        (NOW - timedelta(hours=13), "today at {00:00}"),
        (NOW - timedelta(hours=13, seconds=1), "yesterday at {23:59}"),
        (NOW - timedelta(days=2), "on {2026-03-08}"),
        (NOW - timedelta(days=365), "on {2025-03-10} 2025"),
    ],
)
def test_moments_are_told_as_people_would(frozen_clock, moment: datetime, words: str) -> None:
    assert when(moment, "Europe/Berlin") == words
    assert words.startswith(day(moment, "Europe/Berlin"))
