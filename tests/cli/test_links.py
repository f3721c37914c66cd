"""`python -m dashboard invite` and `users reset-link`: addresses to hand to somebody."""

import json

import pytest

from dashboard.cli import main
from dashboard.database.transactions import Database
from dashboard.models.auth_event import AuthEventType
from dashboard.models.session import Actor
from dashboard.services.accounts import audit, verifications
from dashboard.services.accounts.verifications import INVITATION, RESET

pytestmark = pytest.mark.usefixtures("database")


def link_of(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(arguments) == 0
    return capsys.readouterr().out.strip()


def test_an_invitation_is_an_address_of_this_server(
    capsys: pytest.CaptureFixture[str], set_env, database: Database
) -> None:
    set_env(PUBLIC_URL="https://tasks.example.org")
    address, _, secret = link_of(capsys, "invite").partition("#")
    assert address == "https://tasks.example.org/sign-up"
    with database.transaction(writes=False) as session:
        assert verifications.look(session, INVITATION, secret) == ""


def test_a_reset_link_is_for_the_person_it_was_made_for(
    capsys: pytest.CaptureFixture[str], ana, database: Database
) -> None:
    said = json.loads(link_of(capsys, "users", "reset-link", "ANA@example.org", "--json"))
    address, _, secret = said["link"].partition("#")
    assert address == "http://localhost:3000/reset-password"
    with database.transaction(writes=False) as session:
        assert verifications.look(session, RESET, secret) == str(ana.id)


def test_that_the_operator_made_a_reset_link_is_in_the_audit_trail(
    capsys: pytest.CaptureFixture[str], ana: Actor, database: Database
) -> None:
    link_of(capsys, "users", "reset-link", "ana@example.org")
    with database.transaction(writes=False) as session:
        told = [event.type for event in audit.recent(session, ana)]
    assert told == [AuthEventType.RESET_LINK_MADE]


def test_nobody_gets_a_link_for_an_account_that_is_not_there(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(("users", "reset-link", "nobody@example.org")) == 1
    assert capsys.readouterr().out == ""
