from datetime import timedelta

import pytest
from sqlmodel import Session, col, delete, select

from dashboard import clock, security
from dashboard.database.transactions import Database
from dashboard.errors import (
    InvalidEmailOrPassword,
)
from dashboard.models.account import Account
from dashboard.models.session import Client
from dashboard.models.user import SignIn, User
from dashboard.services.accounts import login, password_hashing
from dashboard.services.accounts.sessions import SignedIn
from tests.conftest import PASSWORD


def credentials(
    email: str = "ana@example.org", password: str = PASSWORD, *, remember: bool = False
) -> SignIn:
    return SignIn(email=email, password=password, remember=remember)


async def test_the_right_password_opens_a_new_session(ana_signed_in: SignedIn) -> None:
    for email in ("ana@example.org", " Ana@Example.ORG "):
        opened = await login.sign_in(credentials(email), Client())
        assert opened.user.id == ana_signed_in.user.id
        assert opened.session.id != ana_signed_in.session.id


async def test_being_remembered_is_asked_for(ana_signed_in: SignedIn, frozen_clock) -> None:
    for remember, idle in ((True, timedelta(days=30)), (False, timedelta(hours=12))):
        opened = await login.sign_in(credentials(remember=remember), Client())
        assert opened.session.remember is remember
        assert opened.session.expires_at == frozen_clock.now() + idle


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("ana@example.org", "wrong"),
        ("ana@example.org", ""),
        ("ana@example.org", PASSWORD.upper()),
        ("nobody@example.org", PASSWORD),
        ("", PASSWORD),
        ("not an address", PASSWORD),
        ("ana%", PASSWORD),
        ("%", PASSWORD),
    ],
)
async def test_anything_else_is_refused_in_the_same_words(
    ana_signed_in: SignedIn, email: str, password: str
) -> None:
    with pytest.raises(InvalidEmailOrPassword):
        await login.sign_in(credentials(email, password), Client())


async def test_a_disabled_account_is_refused_like_a_wrong_password(
    database: Database, ana_signed_in: SignedIn
) -> None:
    await database.write(
        lambda session: setattr(
            session.get(User, ana_signed_in.user.id), "disabled_at", clock.now()
        )
    )
    with pytest.raises(InvalidEmailOrPassword):
        await login.sign_in(credentials(), Client())


@pytest.mark.parametrize("stored", [None, "", "not a hash", "$2b$12$short"])
async def test_an_account_without_a_good_hash_is_refused_and_no_error(
    database: Database, ana_signed_in: SignedIn, stored: str | None
) -> None:
    def spoil(session: Session) -> None:
        session.exec(select(Account)).one().password = stored

    await database.write(spoil)
    with pytest.raises(InvalidEmailOrPassword):
        await login.sign_in(credentials(), Client())


async def test_an_account_of_another_provider_has_no_password_here(
    database: Database, ana_signed_in: SignedIn
) -> None:
    def move(session: Session) -> None:
        session.exec(select(Account)).one().provider_id = "oidc"

    await database.write(move)
    with pytest.raises(InvalidEmailOrPassword):
        await login.sign_in(credentials(), Client())


@pytest.mark.parametrize("what", ["disabled", "deleted"])
async def test_whoever_is_disabled_or_deleted_while_the_password_is_checked_does_not_get_in(
    database: Database, ana_signed_in: SignedIn, monkeypatch, what: str
) -> None:
    async def meanwhile(*_: object) -> bool:
        def end(session: Session) -> None:
            if what == "deleted":
                session.exec(delete(User).where(col(User.id) == ana_signed_in.user.id))
            else:
                setattr(session.get(User, ana_signed_in.user.id), "disabled_at", clock.now())  # noqa: B010

        await database.write(end)
        return True

    monkeypatch.setattr(password_hashing, "matches", meanwhile)
    with pytest.raises(InvalidEmailOrPassword):
        await login.sign_in(credentials(), Client())


async def test_a_password_that_is_changed_while_it_is_checked_opens_nothing(
    database: Database, ana_signed_in: SignedIn, monkeypatch
) -> None:
    async def meanwhile(*_: object) -> bool:
        def change(session: Session) -> None:
            session.exec(select(Account)).one().password = "another"

        await database.write(change)
        return True

    monkeypatch.setattr(password_hashing, "matches", meanwhile)
    with pytest.raises(InvalidEmailOrPassword):
        await login.sign_in(credentials(), Client())


@pytest.mark.parametrize("email", ["ana@example.org", "nobody@example.org"])
async def test_a_failed_signing_in_costs_one_hash_whoever_it_is(
    ana_signed_in: SignedIn, monkeypatch, email: str
) -> None:
    costs: list[str] = []
    matches = security.password_matches
    monkeypatch.setattr(
        security,
        "password_matches",
        lambda password, stored: costs.append(stored[:7]) or matches(password, stored),
    )
    with pytest.raises(InvalidEmailOrPassword):
        await login.sign_in(credentials(email, "wrong"), Client())
    assert costs == ["$2b$04$"]


async def test_when_sign_up_is_closed_those_who_are_here_still_sign_in(
    ana_signed_in: SignedIn, set_env
) -> None:
    set_env(SIGN_UP="closed")
    assert (await login.sign_in(credentials(), Client())).user.id == ana_signed_in.user.id
