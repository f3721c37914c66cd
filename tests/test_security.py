import base64
import json
import unicodedata
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import bcrypt
import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import security
from dashboard.security import (
    hash_password,
    is_own_path,
    issue_token,
    new_token_id,
    password_matches,
    read_token,
    token_hash,
)
from dashboard.services.accounts import password_hashing

RING = (b"the newest secret of them all, 32+ bytes", b"the one before it, which still reads old")
NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
USER = UUID("01890a5d-ac96-774b-bcce-b302099a8057")
SESSION = UUID("01890a5d-ac97-7dd0-8d3b-000000000001")


# Passwords


@pytest.mark.real_passwords
def test_a_hash_costs_what_it_should() -> None:
    assert security.BCRYPT_COST == 12
    assert hash_password("correct horse").startswith("$2b$12$")


@pytest.mark.real_passwords
def test_an_unknown_address_costs_as_much_as_a_known_one() -> None:
    assert password_hashing._DUMMY_HASH.startswith(f"$2b${security.BCRYPT_COST}$")
    assert not password_matches("", password_hashing._DUMMY_HASH)


def test_a_password_matches_its_own_hash_and_no_other() -> None:
    stored = hash_password("correct horse battery staple")
    assert password_matches("correct horse battery staple", stored)
    assert not password_matches("correct horse battery stapl", stored)
    assert not password_matches("", stored)


def test_the_same_password_makes_another_hash_each_time() -> None:
    assert hash_password("correct horse") != hash_password("correct horse")


@pytest.mark.parametrize(
    ("typed", "other"),
    [
        ("x" * 72 + "a", "x" * 72 + "b"),
        ("😀" * 63 + "a", "😀" * 63 + "b"),
        ("a" * 127 + "b", "a" * 128),
    ],
)
def test_every_character_of_a_long_password_counts(typed: str, other: str) -> None:
    stored = hash_password(typed)
    assert password_matches(typed, stored)
    assert not password_matches(other, stored)


def test_it_does_not_matter_how_a_keyboard_composes_an_accent() -> None:
    composed, decomposed = (
        "caf\u00e9 cr\u00e8me",
        unicodedata.normalize("NFD", "caf\u00e9 cr\u00e8me"),
    )
    assert composed != decomposed
    assert password_matches(decomposed, hash_password(composed))


def test_case_and_spaces_of_a_password_matter() -> None:
    stored = hash_password("Correct Horse ")
    assert not password_matches("correct horse ", stored)
    assert not password_matches("Correct Horse", stored)


@pytest.mark.parametrize(
    "stored", ["", "plain", "$2b$12$short", "$2b$99$" + "a" * 53, "ünïcode", "a\x00b"]
)
def test_a_malformed_hash_matches_nothing(stored: str) -> None:
    assert not password_matches("correct horse", stored)


def test_the_hash_is_of_no_use_to_a_program_that_hashes_plainly() -> None:
    stored = hash_password("correct horse").encode()
    assert not bcrypt.checkpw(b"correct horse", stored)


# Tokens


def issued(ring: tuple[bytes, ...] = RING, **changes: Any) -> str:
    facts: dict[str, Any] = {
        "user_id": USER,
        "session_id": SESSION,
        "token_id": "jti-1",
        "issued_at": NOW,
        "expires_at": NOW + timedelta(days=90),
    }
    return issue_token(ring, **(facts | changes))


def forged(secret: bytes = RING[0], headers: dict[str, Any] | None = None, **claims: Any) -> str:
    """A token signed with our key but made by someone else's hand; a claim of `...` is left out."""
    genuine = jwt.decode(issued(), options={"verify_signature": False})
    body = {name: value for name, value in (genuine | claims).items() if value is not ...}
    return jwt.encode(
        body, secret, "HS256", headers=jwt.get_unverified_header(issued()) | (headers or {})
    )


def test_a_token_says_who_and_which_session() -> None:
    assert read_token(RING, issued(), at=NOW) == (USER, SESSION, token_hash("jti-1"))


def test_a_token_tells_nobody_a_name_or_an_address() -> None:
    body = jwt.decode(issued(), options={"verify_signature": False})
    assert set(body) == {"iss", "aud", "sub", "sid", "jti", "iat", "nbf", "exp"}


def test_a_token_holds_until_its_last_second_also_by_a_clock_that_is_behind() -> None:
    token = issued(expires_at=NOW + timedelta(hours=1))
    for seconds, is_good in (
        (-86401, False),
        (-86400, True),
        (0, True),
        (3599, True),
        (3600, False),
    ):
        read = read_token(RING, token, at=NOW + timedelta(seconds=seconds))
        assert (read is not None) is is_good, seconds


def test_an_older_secret_still_reads_and_a_forgotten_one_does_not() -> None:
    token = issued(ring=(RING[1],))
    assert read_token(RING, token, at=NOW) is not None
    assert read_token(RING[:1], token, at=NOW) is None


@pytest.mark.parametrize("claim", ["iss", "aud", "sub", "sid", "jti", "iat", "nbf", "exp"])
def test_a_token_without_any_one_claim_is_nothing(claim: str) -> None:
    without: dict[str, Any] = {claim: ...}
    assert read_token(RING, forged(**without), at=NOW) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"iss": "someone else"},
        {"aud": "another-program"},
        {"sub": "not-a-uuid"},
        {"sid": "not-a-uuid"},
        {"exp": 10**40, "nbf": 10**41},
        {"exp": "tomorrow"},
        {"nbf": None},
        {"headers": {"typ": "JWT"}},
        {"headers": {"typ": None}},
        {"headers": {"kid": "unknown"}},
        {"secret": b"x" * 40},
    ],
    ids=str,
)
def test_a_token_that_is_wrong_in_any_way_is_nothing(wrong: dict[str, Any]) -> None:
    assert read_token(RING, forged(), at=NOW) is not None
    assert read_token(RING, forged(**wrong), at=NOW) is None


def unsigned(header: dict[str, Any]) -> str:
    def part(value: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    return f"{part(header)}.{issued().split('.')[1]}."


@pytest.mark.parametrize(
    "token",
    [
        "",
        "a.b",
        "a.b.c",
        "a.b.c.d",
        issued() + "=",
        issued() + "\n",
        issued() + " ",
        " " + issued(),
        issued().replace(".", "..", 1),
        issued()[:-2],
        "a" * 3000,
        f"{'a' * 1000}.{'b' * 1000}.{'c' * 1000}",
        unsigned({"alg": "none", "typ": "session+jwt"}),
        unsigned({"alg": "none", "typ": "session+jwt"}) + "AAAA",
        "é.é.é",
        "\ud800.a.b",
    ],
)
def test_what_is_not_a_token_is_nothing(token: str) -> None:
    assert read_token(RING, token, at=NOW) is None


@given(st.text())
def test_whatever_someone_sends_it_is_nothing_and_no_error(token: str) -> None:
    assert read_token(RING, token, at=NOW) is None


@given(st.integers(0, 400), st.characters(codec="ascii"))
def test_a_token_with_one_character_changed_is_nothing(place: int, character: str) -> None:
    token = issued()
    place %= len(token) - 1  # The last character may carry bits that are not read.
    changed = token[:place] + character + token[place + 1 :]
    assert changed == token or read_token(RING, changed, at=NOW) is None


def test_a_key_that_is_too_short_signs_nothing_that_is_read() -> None:
    with pytest.warns(jwt.InsecureKeyLengthWarning):
        token = issued(ring=(b"short",))
    assert read_token((b"short",), token, at=NOW) is None


def test_token_ids_are_long_and_new_each_time() -> None:
    made = {new_token_id() for _ in range(100)}
    assert len(made) == 100
    assert min(map(len, made)) >= 43
    assert len(token_hash("x")) == 64


# Addresses to send a browser to


ADDRESSES = json.loads((Path(__file__).parent / "vectors" / "return_addresses.json").read_text())


@pytest.mark.parametrize("address", [*ADDRESSES["own"], "/" + "x" * 500], ids=ascii)
def test_a_path_of_ours_is_one(address: str) -> None:
    assert is_own_path(address)


@pytest.mark.parametrize(
    "address",
    [*ADDRESSES["not_own"], "/a\ud800b", "/" + "x" * 5000],
    ids=lambda address: ascii(address)[:40],
)
def test_anything_that_a_browser_might_take_elsewhere_is_not(address: str) -> None:
    assert not is_own_path(address)
