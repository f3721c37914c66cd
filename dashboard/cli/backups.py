"""`backup`, `restore` and `copy-to`: everything in the database as one file, and into another database."""

from pathlib import Path

import click

from dashboard.cli.output import answer, as_json_too
from dashboard.config import database_address
from dashboard.database.backup_file import Manifest
from dashboard.services.operation import backups

_FILE = click.Path(dir_okay=False, path_type=Path)
_force = click.option("--force", is_flag=True, help="Replace what is there, after a copy of it.")


@click.command()
@click.argument("file", type=_FILE)
@as_json_too
def backup(file: Path, as_json: bool) -> None:
    """Write everything in the database into FILE, while Cairn runs or not.

    FILE is readable for its owner alone, and takes the place of an older backup once it is whole.
    """
    _tell(backups.back_up(file), f"{file} holds", as_json=as_json)


@click.command()
@click.argument("file", type=_FILE)
@_force
@as_json_too
def restore(file: Path, force: bool, as_json: bool) -> None:
    """Fill the database with what is in FILE, which `backup` wrote: all of it or nothing. Stop Cairn before."""
    _tell(backups.restore(file, force=force), "The database holds", as_json=as_json)


@click.command("copy-to")
@click.argument("address")
@_force
@as_json_too
def copy_to(address: str, force: bool, as_json: bool) -> None:
    """Put everything into the database at ADDRESS, as in postgresql://user:password@host/name. Stop Cairn before."""
    try:
        url = database_address(address)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="ADDRESS") from None
    _tell(backups.copy_to(url, force=force), "The other database holds", as_json=as_json)


def _tell(manifest: Manifest, beginning: str, *, as_json: bool) -> None:
    accounts = manifest.tables["user"].rows
    words = (
        f"{beginning} {manifest.rows:,} rows of {accounts:,} account{'' if accounts == 1 else 's'}."
    )
    answer(manifest.model_dump(), words, as_json=as_json)
