"""What the server does beside answering."""

import gc

import pytest

from dashboard.config import get_settings
from dashboard.dashboard import app, prepare_start, spare_what_stays
from dashboard.database.revisions import is_current
from dashboard.database.transactions import Database
from dashboard.events.redis_bridge import relay_events
from dashboard.services.operation.housekeeping import keep_house
from dashboard.services.operation.readiness import watch_over


def test_the_server_keeps_house_and_relays_facts_for_as_long_as_it_runs() -> None:
    assert {keep_house, relay_events, watch_over} <= set(app.get_lifespan_tasks())


async def test_the_garbage_collector_walks_nothing_that_was_made_at_start() -> None:
    kept = [[]]
    await spare_what_stays()
    try:
        assert gc.get_freeze_count() > 0
        assert all(each is not kept for each in gc.get_objects())
    finally:
        gc.unfreeze()


def test_the_development_server_prepares_its_database_by_itself(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", empty_database_url)
    get_settings.cache_clear()
    assert prepare_start in app.get_lifespan_tasks()
    prepare_start()
    database = Database(empty_database_url)
    with database.transaction() as session:
        assert is_current(session)
    database.close()
