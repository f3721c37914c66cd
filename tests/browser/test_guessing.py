"""A crowd that guesses at one password, and the owner of the account, who gets in meanwhile."""

import secrets
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.browser.conftest import PASSWORD, Server

ATTEMPTS, PLACES, AT_ONCE = 1000, 200, 8
HOME = "192.0.2.1"


@pytest.fixture
def server_behind_a_proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with the limits that people meet, which is told by a proxy where they are."""
    folder = tmp_path_factory.mktemp("guessing")
    running = Server(folder, None, limits="1", settings={"TRUSTED_PROXY_HOPS": "1"}).start()
    yield running
    running.stop()


@pytest.mark.slow
def test_a_thousand_guesses_from_two_hundred_addresses_keep_no_owner_out(
    server_behind_a_proxy: Server,
) -> None:
    server = server_behind_a_proxy
    email = f"ana-{secrets.token_hex(4)}@example.org"

    def send(path: str, body: dict[str, str], place: str) -> httpx.Response:
        headers = {"X-Forwarded-For": place, "Origin": server.address}
        return client.post(path, json=body, headers=headers)

    def guess(number: int) -> httpx.Response:
        place = f"203.0.113.{number % PLACES}"
        return send("/api/auth/sign-in", {"email": email, "password": f"guess {number}"}, place)

    def come_home() -> int:
        return send("/api/auth/sign-in", {"email": email, "password": PASSWORD}, HOME).status_code

    with (
        httpx.Client(base_url=server.address, timeout=60) as client,
        ThreadPoolExecutor(AT_ONCE) as crowd,
    ):
        person = {"name": "Ana Costa", "email": email, "password": PASSWORD}
        send("/api/auth/sign-up", person, HOME).raise_for_status()
        guesses = [crowd.submit(guess, number) for number in range(ATTEMPTS)]
        during = [come_home() for _ in range(3)]
        answers = [each.result() for each in guesses]
        after = come_home()
    found = Counter(answer.status_code for answer in answers)
    assert set(found) == {401, 429}
    # Five, and one after each pause of 5, 10, 20 … seconds that went by.
    assert found[401] <= 10
    assert all("Retry-After" in answer.headers for answer in answers if answer.status_code == 429)
    assert [*during, after] == [200] * 4
