"""`users`: who has an account here."""

import asyncio
import secrets
import sys

import click
from pydantic import ValidationError

from dashboard.cli.output import answer, answer_all, as_json_too
from dashboard.database.transactions import get_database
from dashboard.errors import InvalidInput
from dashboard.models.user import EmailChange, SignUp
from dashboard.services.accounts import registration
from dashboard.services.accounts import users as service


@click.group()
def users() -> None:
    """See and manage who has an account here."""


@users.command("list")
@as_json_too
def list_users(as_json: bool) -> None:
    """List all accounts, oldest first."""
    with get_database().transaction(writes=False) as session:
        rows = [line._asdict() for line in service.list_users(session)]
    answer_all(rows, "Nobody has an account yet.", as_json=as_json)


@users.command()
@click.argument("email")
@click.option("--name", required=True, help="What the person is called.")
@click.option("--timezone", default="UTC", show_default=True, help="As in Europe/London.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@as_json_too
def create(email: str, name: str, timezone: str, password_stdin: bool, as_json: bool) -> None:
    """Create an account, also where sign-up is closed.

    Without --password-stdin a password is made up and shown, once.
    """
    password = sys.stdin.readline().rstrip("\n") if password_stdin else secrets.token_urlsafe(15)
    try:
        wish = SignUp(name=name, email=email, password=password, timezone=timezone)
    except ValidationError as error:
        raise _in_one_sentence(error) from None
    user = asyncio.run(registration.create(wish))
    made_up = {} if password_stdin else {"password": password}
    words = f"{user.email} has an account now."
    if made_up:
        words += f" Its password is {password}"
    answer({"id": user.id, "email": user.email, **made_up}, words, as_json=as_json)


@users.command()
@click.argument("email")
@as_json_too
def disable(email: str, as_json: bool) -> None:
    """Disable an account: its sessions end, its tokens are worth nothing. Its data stays."""
    with get_database().transaction() as session:
        user = service.disable(session, email)
    row = {"id": user.id, "email": user.email, "disabled_at": user.disabled_at}
    answer(row, f"{user.email} is disabled.", as_json=as_json)


@users.command()
@click.argument("email")
@as_json_too
def enable(email: str, as_json: bool) -> None:
    """Let a disabled account be used again."""
    with get_database().transaction() as session:
        user = service.enable(session, email)
    row = {"id": user.id, "email": user.email, "disabled_at": None}
    answer(row, f"{user.email} is enabled.", as_json=as_json)


@users.command("set-email")
@click.argument("old")
@click.argument("new")
@as_json_too
def set_email(old: str, new: str, as_json: bool) -> None:
    """Give an account another address to sign in with. Its sessions end; its password stays."""
    try:
        change = EmailChange(email=new)
    except ValidationError as error:
        raise _in_one_sentence(error) from None
    with get_database().transaction() as session:
        user = service.set_email(session, old, change.email)
    row = {"id": user.id, "email": user.email}
    answer(row, f"{old} is {user.email} now.", as_json=as_json)


def _in_one_sentence(error: ValidationError) -> InvalidInput:
    return InvalidInput(InvalidInput.from_pydantic(error.errors()).errors[0])
