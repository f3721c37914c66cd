"""How a command answers: in words, or as JSON for a program."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import click
from pydantic_core import to_json

T = TypeVar("T", bound=Callable[..., Any])

Row = Mapping[str, Any]


def as_json_too(command: T) -> T:
    """Gives a command `--json`."""
    option = click.option("--json", "as_json", is_flag=True, help="Answer as JSON, for a program.")
    return option(command)


def answer(row: Row, words: str, *, as_json: bool) -> None:
    """Say one thing."""
    click.echo(to_json(row, indent=2) if as_json else words)


def answer_all(rows: Sequence[Row], nothing: str, *, as_json: bool) -> None:
    """Say a table, or that there is nothing to say."""
    if as_json:
        click.echo(to_json(rows, indent=2))
    elif not rows:
        click.echo(nothing)
    else:
        table = [list(rows[0]), *([_cell(value) for value in row.values()] for row in rows)]
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        for cells in table:
            line = "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
            click.echo(line.rstrip())


def _cell(value: Any) -> str:
    match value:
        case None:
            return "-"
        case bool():
            return "yes" if value else "no"
    return f"{value:%Y-%m-%d %H:%M}" if hasattr(value, "strftime") else str(value)
