"""The edge is tried with the API behind it: the fixtures are those of the API's tests."""

from tests.api.conftest import (  # noqa: F401
    ana_client,
    api,
    api_program,
    bob_client,
    database_is_away,
    https,
    is_unready,
    new_client,
    nobody,
    program,
    reflex,
)
