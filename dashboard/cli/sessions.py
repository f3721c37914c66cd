"""`sessions`: who is signed in."""

from uuid import UUID

import click

from dashboard.cli.output import answer, answer_all, as_json_too
from dashboard.database.transactions import get_database
from dashboard.services.accounts import users as service


@click.group()
def sessions() -> None:
    """See and end the sessions of an account."""


@sessions.command("list")
@click.argument("email")
@as_json_too
def list_sessions(email: str, as_json: bool) -> None:
    """List the live sessions of an account, the one seen last first."""
    with get_database().transaction(writes=False) as session:
        rows = [line._asdict() for line in service.list_sessions(session, email)]
    answer_all(rows, f"{email} is signed in nowhere.", as_json=as_json)


@sessions.command()
@click.argument("email")
@click.option("--id", "session_id", type=click.UUID, help="Only this one.")
@as_json_too
def revoke(email: str, session_id: UUID | None, as_json: bool) -> None:
    """End the sessions of an account. Open tabs notice within five seconds."""
    with get_database().transaction() as session:
        count = service.revoke_sessions(session, email, session_id)
    words = f"{count} session{'' if count == 1 else 's'} of {email} ended."
    answer({"email": email, "ended": count}, words, as_json=as_json)
