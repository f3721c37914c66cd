"""Commands for the person who runs Cairn. Each ends with 0 (done), 1 (refused, in a sentence) or 2 (not understood)."""

import sys
from collections.abc import Sequence

import click

from dashboard.cli.add import add
from dashboard.cli.backups import backup, copy_to, restore
from dashboard.cli.check import check
from dashboard.cli.doctor import doctor
from dashboard.cli.links import invite, reset_link
from dashboard.cli.serve import serve
from dashboard.cli.sessions import sessions
from dashboard.cli.users import users
from dashboard.errors import ConfigurationError, DashboardError
from dashboard.places import IS_CHECKOUT
from dashboard.version import full_version

PROGRAM = "python -m dashboard" if IS_CHECKOUT else "cairn"


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(full_version(), prog_name="Cairn", message="%(prog)s %(version)s")
def cairn() -> None:
    """Commands for the person who runs Cairn."""


for command in (serve, add, check, doctor, backup, restore, copy_to, users, sessions, invite):
    cairn.add_command(command)
for command in (reset_link, sessions):
    users.add_command(command)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    try:
        return cairn.main(args=arguments, prog_name=PROGRAM, standalone_mode=False) or 0
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        return 130
    except (ConfigurationError, DashboardError) as error:
        click.echo(error, file=sys.stderr)
        return 1
