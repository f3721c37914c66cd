"""`python -m dashboard users` and `sessions`: what the person who runs Cairn may do with accounts."""

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import select

from dashboard import events
from dashboard.cli import main
from dashboard.database.transactions import Database
from dashboard.models.auth_event import AuthEvent
from dashboard.models.session import Actor, UserSession
from dashboard.models.task import Priority, Task
from dashboard.models.user import User
from dashboard.services.accounts.sessions import SignedIn

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Runs a command that succeeds. Returns what it says."""

    def succeed(*arguments: str) -> str:
        assert main(arguments) == 0, capsys.readouterr().err
        said = capsys.readouterr()
        assert said.err == ""
        return said.out

    return succeed


@pytest.fixture
def ask(run: Callable[..., str]) -> Callable[..., Any]:
    """Runs a command for a program. Returns the JSON that it says."""
    return lambda *arguments: json.loads(run(*arguments, "--json"))


@pytest.fixture
def refuse(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Runs a command that is refused. Returns the one sentence that it says."""

    def fail(*arguments: str) -> str:
        assert main(arguments) == 1
        said = capsys.readouterr()
        assert said.out == ""
        assert said.err.count("\n") == 1
        return said.err.rstrip()

    return fail


@pytest.mark.parametrize(
    "command",
    [
        [],
        ["check"],
        ["doctor"],
        ["users"],
        ["users", "list"],
        ["users", "create"],
        ["users", "disable"],
        ["users", "enable"],
        ["users", "reset-link"],
        ["users", "set-email"],
        ["users", "sessions", "revoke"],
        ["invite"],
        ["sessions"],
        ["sessions", "list"],
        ["sessions", "revoke"],
    ],
)
def test_every_command_explains_itself(run: Callable[..., str], command: list[str]) -> None:
    said = run(*command, "--help")
    assert said.startswith(f"Usage: {' '.join(['python -m dashboard', *command])} ")
    assert run(*command, "-h") == said


def test_accounts_are_listed_for_people_and_for_programs(
    run: Callable[..., str], ask: Callable[..., Any], ana: Actor, bob: Actor
) -> None:
    assert [(row["email"], row["sessions"]) for row in ask("users", "list")] == [
        ("ana@example.org", 1),
        ("bob@example.org", 1),
    ]
    heading, first, _ = run("users", "list").splitlines()
    assert heading.split() == ["id", "email", "name", "created_at", "disabled_at", "sessions"]
    assert first.split()[1:3] == ["ana@example.org", "Ana"]


def test_nobody_is_listed_in_a_sentence(run: Callable[..., str], ask: Callable[..., Any]) -> None:
    assert run("users", "list") == "Nobody has an account yet.\n"
    assert ask("users", "list") == []


def test_an_account_is_created_with_a_password_that_works_even_where_sign_up_is_closed(
    ask: Callable[..., Any], set_env: Callable[..., None], run: Callable[..., str]
) -> None:
    set_env(SIGN_UP="closed")
    made = ask("users", "create", " ADA@example.org", "--name", "Ada", "--timezone", "Europe/Paris")
    assert made["email"] == "ada@example.org"
    assert len(made["password"]) >= 20
    (line,) = ask("users", "list")
    assert (line["id"], line["name"], line["sessions"]) == (made["id"], "Ada", 0)
    assert "Its password is " in run("users", "create", "bob@example.org", "--name", "Bob")


def test_a_password_may_come_from_standard_input_and_is_not_shown(
    run: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("seven otters juggle figs\n"))
    said = run("users", "create", "ada@example.org", "--name", "Ada", "--password-stdin")
    assert said == "ada@example.org has an account now.\n"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["ana@example.org", "--name", "Ana"], "This address already has an account."),
        (["no address", "--name", "Ana"], "This does not look like an email address."),
        (["ada@example.org", "--name", " "], "Enter your name."),
        (["ada@example.org", "--name", "A", "--timezone", "Mars"], "This time zone is not known."),
    ],
)
def test_an_account_that_cannot_be_is_refused_in_a_sentence(
    refuse: Callable[..., str], ana: Actor, arguments: list[str], sentence: str
) -> None:
    assert refuse("users", "create", *arguments).startswith(sentence)


def test_a_weak_password_is_refused_here_too(
    refuse: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("password1\n"))
    arguments = ["users", "create", "ada@example.org", "--name", "Ada", "--password-stdin"]
    assert "easy to guess" in refuse(*arguments)


def test_a_disabled_account_has_no_session_and_gets_none_until_it_is_enabled(
    run: Callable[..., str],
    ask: Callable[..., Any],
    database: Database,
    ana: Actor,
    bob: Actor,
) -> None:
    heard: list[events.Event] = []
    events.listen(ana.id, heard.append)
    assert run("users", "disable", "Ana@example.org") == "ana@example.org is disabled.\n"
    assert heard == [events.SessionEnded(ana.id, ana.session_id)]
    disabled_at = ask("users", "list")[0]["disabled_at"]
    assert disabled_at
    assert ask("users", "disable", "ana@example.org")["disabled_at"] == disabled_at
    with database.transaction(writes=False) as session:
        assert session.exec(select(UserSession.user_id)).all() == [bob.id]
    assert ask("users", "enable", "ana@example.org")["disabled_at"] is None
    with database.transaction(writes=False) as session:
        user = session.get(User, ana.id)
        assert user is not None
        assert user.disabled_at is None
        trail = session.exec(select(AuthEvent.type).order_by("id")).all()
    assert trail == ["user_disabled", "user_disabled", "user_enabled"]


def test_sessions_are_listed_and_revoked(
    run: Callable[..., str],
    ask: Callable[..., Any],
    ana: Actor,
    bob: Actor,
    make_person: Callable[..., SignedIn],
) -> None:
    (line,) = ask("sessions", "list", "ana@example.org")
    assert line["id"] == str(ana.session_id)
    other = str(bob.session_id)
    assert run("sessions", "revoke", "ana@example.org", "--id", other).startswith("0 sessions")
    assert ask("sessions", "revoke", "ana@example.org") == {"email": "ana@example.org", "ended": 1}
    assert run("sessions", "list", "ana@example.org") == "ana@example.org is signed in nowhere.\n"
    assert len(ask("sessions", "list", "bob@example.org")) == 1
    assert run("sessions", "revoke", "bob@example.org", "--id", other).startswith("1 session of")


@pytest.mark.parametrize(
    "command",
    [["users", "disable"], ["users", "enable"], ["sessions", "list"], ["sessions", "revoke"]],
)
def test_an_unknown_address_is_a_sentence(refuse: Callable[..., str], command: list[str]) -> None:
    assert refuse(*command, "nobody@example.org") == "Nobody has an account with this address."


@pytest.mark.parametrize(
    "arguments",
    [
        ["users", "create", "ada@example.org"],
        ["users", "fly"],
        ["sessions", "revoke"],
        ["sessions", "revoke", "ana@example.org", "--id", "x"],
    ],
)
def test_what_is_not_understood_ends_with_2(arguments: list[str], capsys) -> None:
    assert main(arguments) == 2
    assert "Usage: python -m dashboard" in capsys.readouterr().err


def test_an_account_gets_another_address_and_its_sessions_end(
    run: Callable[..., str], ask: Callable[..., Any], ana: Actor, database: Database
) -> None:
    with database.transaction() as session:
        session.exec(select(User)).one().email_verified = True
    said = ask("users", "set-email", "ANA@example.org", " Ana.Costa@example.org")
    assert said == {"id": str(ana.id), "email": "ana.costa@example.org"}
    (line,) = ask("users", "list")
    assert (line["email"], line["sessions"]) == ("ana.costa@example.org", 0)
    with database.transaction(writes=False) as session:
        assert session.exec(select(User.email_verified)).one() is False
        assert [event.type for event in session.exec(select(AuthEvent))] == ["email_changed"]
    said = run("users", "set-email", "ana.costa@example.org", "ana@example.org")
    assert said == "ana.costa@example.org is ana@example.org now.\n"


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("nobody@example.org", "new@example.org", "Nobody has an account with this address."),
        ("ana@example.org", "bob@example.org", "This address already has an account."),
        ("ana@example.org", "no address", "This does not look like an email address."),
    ],
)
def test_an_address_that_cannot_be_given_is_refused_in_a_sentence(
    refuse: Callable[..., str], ask: Callable[..., Any], ana: Actor, bob: Actor, old, new, sentence
) -> None:
    assert refuse("users", "set-email", old, new).startswith(sentence)
    assert [line["email"] for line in ask("users", "list")] == [
        "ana@example.org",
        "bob@example.org",
    ]


def test_a_task_in_words_is_added_for_a_person(
    capsys: pytest.CaptureFixture[str], ana, database: Database
) -> None:
    assert (
        main(("add", "--for", "ana@example.org", "Pay", "rent", "2030-01-31", "p1", "#Flat")) == 0
    )
    assert capsys.readouterr().out == "Added to Flat: Pay rent, due 2030-01-31\n"
    with database.transaction(writes=False) as session:
        (task,) = session.exec(select(Task)).all()
    assert (task.title, task.priority, task.created_by) == ("Pay rent", Priority.HIGH, ana.id)
