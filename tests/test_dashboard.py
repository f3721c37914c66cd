"""What the server does beside answering."""

from dashboard.dashboard import app
from dashboard.services.housekeeping import keep_house
from dashboard.services.relay import relay_facts


def test_the_server_keeps_house_and_relays_facts_for_as_long_as_it_runs() -> None:
    assert {keep_house, relay_facts} <= set(app.get_lifespan_tasks())
