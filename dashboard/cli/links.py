"""`invite` and `users reset-link`: addresses to hand to somebody, each good for one use."""

import click

from dashboard.cli.output import answer, as_json_too
from dashboard.database.transactions import get_database
from dashboard.services.accounts import links, users


@click.command()
@as_json_too
def invite(as_json: bool) -> None:
    """Make a link by which one person can create an account within a week."""
    with get_database().transaction() as session:
        link = links.invitation_link(session)
    answer({"link": link}, link, as_json=as_json)


@click.command("reset-link")
@click.argument("email")
@as_json_too
def reset_link(email: str, as_json: bool) -> None:
    """Make a link by which a person chooses another password within an hour."""
    with get_database().transaction() as session:
        link = users.reset_link(session, email)
    answer({"link": link}, link, as_json=as_json)
