"""What the server does beside answering."""

import gc

from dashboard.dashboard import app, spare_what_stays
from dashboard.services.housekeeping import keep_house
from dashboard.services.relay import relay_facts


def test_the_server_keeps_house_and_relays_facts_for_as_long_as_it_runs() -> None:
    assert {keep_house, relay_facts} <= set(app.get_lifespan_tasks())


async def test_the_garbage_collector_walks_nothing_that_was_made_at_start() -> None:
    kept = [[]]
    await spare_what_stays()
    try:
        assert gc.get_freeze_count() > 0
        assert all(each is not kept for each in gc.get_objects())
    finally:
        gc.unfreeze()
