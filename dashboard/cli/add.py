"""`add`: a task in words, for one of the people here."""

import click
from pydantic import ValidationError

from dashboard.cli.output import answer, as_json_too
from dashboard.database.transactions import get_database
from dashboard.errors import InvalidInput
from dashboard.models.quick_add import QuickAdd
from dashboard.models.session import NO_SESSION, Actor
from dashboard.services.accounts import users
from dashboard.services.tasks.quick_add.add import add_tasks


@click.command()
@click.argument("words", nargs=-1, required=True)
@click.option("--for", "email", required=True, help="The email address of whose task it is.")
@as_json_too
def add(words: tuple[str, ...], email: str, as_json: bool) -> None:
    """Add a task in words: cairn add --for ana@example.org call mum tomorrow at 18:00"""
    try:
        asked = QuickAdd(text=" ".join(words))
    except ValidationError as error:
        raise InvalidInput.from_pydantic(error.errors()) from None
    with get_database().transaction() as session:
        user = users.find(session, email)
        made = add_tasks(session, Actor(user.id, NO_SESSION, user.timezone), asked)
    for task, line in made:
        due = f", due {task.due_date}" if task.due_date else ""
        at = f" {task.due_time:%H:%M}" if task.due_time else ""
        to = f" to {line.list}" if line.list else ""
        answer(
            {"id": task.id, "title": task.title},
            f"Added{to}: {task.title}{due}{at}",
            as_json=as_json,
        )
