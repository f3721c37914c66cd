import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.services.accounts.devices import describe

APPLE = "AppleWebKit/605.1.15 (KHTML, like Gecko)"
CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0"


@pytest.mark.parametrize(
    ("user_agent", "name", "kind"),
    [
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            *("Firefox on Linux", "computer"),
        ),
        (
            f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) {APPLE} Version/18.0 Mobile/15E148 Safari/604.1",
            *("Safari on iPhone", "phone"),
        ),
        (
            f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) {APPLE} FxiOS/140.0 Mobile/15E148 Safari/605.1.15",
            *("Firefox on iPhone", "phone"),
        ),
        (
            f"Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X) {APPLE} CriOS/140.0 Mobile/15E148 Safari/604.1",
            *("Chrome on iPad", "tablet"),
        ),
        (
            f"Mozilla/5.0 (Linux; Android 15; Pixel 9) {CHROME} Mobile Safari/537.36",
            *("Chrome on Android", "phone"),
        ),
        (
            f"Mozilla/5.0 (Linux; Android 15; SM-X910) {CHROME} Safari/537.36",
            *("Chrome on Android tablet", "tablet"),
        ),
        (
            f"Mozilla/5.0 (Linux; Android 15; SM-S921B) {CHROME} SamsungBrowser/28.0 Mobile Safari/537.36",
            *("Samsung Internet on Android", "phone"),
        ),
        (
            f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME} Safari/537.36 Edg/140.0.0.0",
            *("Edge on Windows", "computer"),
        ),
        (
            f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {APPLE} Version/18.0 Safari/605.1.15",
            *("Safari on Mac", "computer"),
        ),
        (
            f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {CHROME} Safari/537.36 OPR/120.0.0.0",
            *("Opera on Mac", "computer"),
        ),
        (
            f"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {CHROME} Safari/537.36",
            *("Chrome on ChromeOS", "computer"),
        ),
        ("Mozilla/5.0 (PlayStation; PlayStation 5/2.26)", "Unknown device", "computer"),
        ("curl/8.14.1", "curl", "program"),
        ("python-httpx/0.28.1", "python-httpx", "program"),
        ("", "Unknown device", "computer"),
        ("<script>alert(1)</script>", "Unknown device", "computer"),
        ("\x00\ud800", "Unknown device", "computer"),
    ],
    ids=lambda value: value[-40:],
)
def test_a_device_is_called_what_its_owner_knows_it_by(
    user_agent: str, name: str, kind: str
) -> None:
    device = describe(user_agent)
    assert (device.name, device.kind) == (name, kind)


@given(st.text(max_size=512))
def test_whatever_a_browser_says_of_itself_the_words_are_plain(user_agent: str) -> None:
    name = describe(user_agent).name
    assert 0 < len(name) <= 60
    assert name.isascii()
    assert not set(name) & set("<>&\"'")
