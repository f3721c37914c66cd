from typing import Any

import pytest
from pydantic import ValidationError

from dashboard.errors import InvalidInput
from dashboard.models.user import SignIn, SignUp, mailbox, normal_email
from tests.models.test_text import short

ANA: dict[str, Any] = {
    "name": "Ana",
    "email": "ana@example.org",
    "password": "correct horse battery staple",
    "timezone": "Europe/Berlin",
}


def problem_of(model: type, values: dict[str, Any]) -> tuple[str, str]:
    with pytest.raises(ValidationError) as caught:
        model.model_validate(values)
    (error,) = InvalidInput.from_pydantic(caught.value.errors()).errors
    return error.field, error.message


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("ana@example.org", "ana@example.org"),
        ("  Ana@Example.ORG ", "ana@example.org"),
        ("ana+tasks@example.org", "ana+tasks@example.org"),
        ("o'hara@example.org", "o'hara@example.org"),
        ("ana@nas", "ana@nas"),
        ("ana@nas.local", "ana@nas.local"),
        ("ana@localhost", "ana@localhost"),
        ("ana@home.lan", "ana@home.lan"),
        ("ana@example.test", "ana@example.test"),
        ("ana@bücher.example", "ana@bücher.example"),
        ("anä@example.org", "anä@example.org"),
        ("ana\u0308@example.org", "anä@example.org"),
        ("Ana@BÜCHER.example", "ana@bücher.example"),
        ("ana@bu\u0308cher\u3002example", "ana@bücher.example"),
        ("ana@xn--bcher-kva.example", "ana@bücher.example"),
        ("ana@faß.example", "ana@faß.example"),
        (
            "a" * 64 + "@" + ".".join(["b" * 61] * 3) + ".org",
            "a" * 64 + "@" + ".".join(["b" * 61] * 3) + ".org",
        ),
    ],
)
def test_an_address_is_kept_trimmed_and_in_small_letters(typed: str, kept: str) -> None:
    assert SignUp(**ANA | {"email": typed}).email == kept
    assert normal_email(typed) == normal_email(kept) == kept


@pytest.mark.parametrize(
    ("email", "taken"),
    [
        ("ana@bücher.example", "ana@xn--bcher-kva.example"),
        ("jürgen@example.org", "jürgen@example.org"),
        ("no address", "no address"),
    ],
)
def test_mail_servers_are_given_the_domain_that_name_servers_know(email: str, taken: str) -> None:
    assert mailbox(email) == taken


@pytest.mark.parametrize(
    "email",
    [
        "",
        "ana",
        "@",
        "ana@",
        "@example.org",
        "ana@@example.org",
        "ana@exa mple.org",
        "ana@-x.org",
        "ana@" + "x" * 250 + ".org",
        "a" * 64 + "@" + ".".join(["b" * 61] * 3) + ".orgs",
        "ana\n@example.org",
        "ana@example.org\nBcc: bob@example.org",
        "Ana <ana@example.org>",
    ],
    ids=short,
)
def test_what_is_no_address_is_refused_in_a_sentence(email: str) -> None:
    assert problem_of(SignUp, ANA | {"email": email}) == (
        "email",
        "This does not look like an email address.",
    )


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "", "Enter your name."),
        ("name", "\u200b ", "Enter your name."),
        ("name", "x" * 101, "Use at most 100 characters: 1 too many."),
        (
            "name",
            "Ana,\n\nyour account is locked",
            "Use one line, without tabs or control characters.",
        ),
        ("name", "Ana\r\nBcc: bob", "Use one line, without tabs or control characters."),
        ("name", "Ana\tBobson", "Use one line, without tabs or control characters."),
        ("name", "Ana\u2028Bobson", "Use one line, without tabs or control characters."),
        ("name", "Ana\x1b[2J", "Use one line, without tabs or control characters."),
        ("name", "Ana\x85Bobson", "Use one line, without tabs or control characters."),
        ("name", "Ana\x00", "The text has a NUL character; remove it."),
        ("name", "Ana\udc00", "The text has half of a character; type it again."),
        ("name", 5, "Write this as text."),
        ("email", "ana@example.org\x00", "The text has a NUL character; remove it."),
        ("password", "1234567", "Use at least 8 characters."),
        ("password", "x" * 129, "Use at most 128 characters: 1 too many."),
        ("password", "correct horse\x00", "The text has a NUL character; remove it."),
        ("password", "correct horse\ud800", "The text has half of a character; type it again."),
        ("password", None, "Write this as text."),
        ("timezone", "Mars/Olympus", "This time zone is not known."),
        ("timezone", "europe/berlin", "This time zone is not known."),
        ("timezone", "../../etc/passwd", "This time zone is not known."),
        ("timezone", "localtime", "This time zone is not known."),
        ("timezone", "", "This time zone is not known."),
        ("is_admin", True, "This field is not known."),
        ("email_verified", True, "This field is not known."),
        ("id", "x", "This field is not known."),
    ],
    ids=short,
)
def test_anything_else_that_is_wrong_is_refused_in_a_sentence(
    field: str, value: Any, sentence: str
) -> None:
    assert problem_of(SignUp, ANA | {field: value}) == (field, sentence)


@pytest.mark.parametrize("field", ["name", "email", "password"])
def test_signing_up_needs_a_name_an_address_and_a_password(field: str) -> None:
    rest = {name: value for name, value in ANA.items() if name != field}
    assert problem_of(SignUp, rest) == (field, "This is required.")


def test_a_password_has_eight_to_128_characters_however_many_bytes_they_are() -> None:
    for password in ("x" * 8, "😀" * 128, " " * 8):
        assert SignUp(**ANA | {"password": password}).password == password


def test_a_name_is_trimmed_and_kept_as_it_is() -> None:
    assert SignUp(**ANA | {"name": "  José 👩‍🚀 "}).name == "José 👩‍🚀"


def test_without_a_zone_it_is_utc() -> None:
    assert SignUp(name="Ana", email="ana@example.org", password="x" * 8).timezone == "UTC"


def test_signing_in_takes_any_text_for_an_address() -> None:
    assert SignIn(email="nobody", password="").email == "nobody"


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("email", "\x00", "The text has a NUL character; remove it."),
        ("password", "x" * 129, "This is too long: use at most 128 characters."),
        ("password", "\ud800", "The text has half of a character; type it again."),
        ("remember", "yes", "This is true or false."),
        ("remember", 1, "This is true or false."),
        ("user_id", "x", "This field is not known."),
    ],
    ids=short,
)
def test_signing_in_refuses_what_cannot_be_right(field: str, value: Any, sentence: str) -> None:
    values = {"email": "ana@example.org", "password": "correct horse"}
    assert problem_of(SignIn, values | {field: value}) == (field, sentence)


def test_what_someone_types_is_in_no_error_and_in_no_log() -> None:
    with pytest.raises(ValidationError) as caught:
        SignUp.model_validate(ANA | {"password": "s3cr3t"})
    assert "s3cr3t" not in str(caught.value)
