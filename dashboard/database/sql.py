"""Pieces of SQL that the two databases write differently."""

from typing import Any

from sqlalchemy import ColumnElement, Integer, Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class _WithoutIndex(FunctionElement[int]):
    inherit_cache = True


def without_index(column: Any) -> ColumnElement[int]:
    """A column whose index is not used.

    SQLite does not know how rows are spread: it would rather follow this column's index, and sort what it finds.
    """
    return _WithoutIndex(column)


@compiles(_WithoutIndex, "sqlite")
def _with_a_plus(element: _WithoutIndex, compiler: SQLCompiler, **options: Any) -> str:
    return f"+{compiler.process(element.clauses, **options)}"


@compiles(_WithoutIndex, "postgresql")
def _as_it_is(element: _WithoutIndex, compiler: SQLCompiler, **options: Any) -> str:
    return compiler.process(element.clauses, **options)


class _Position(FunctionElement[int]):
    type = Integer()
    inherit_cache = True


def position(text: Any, part: Any) -> ColumnElement[int]:
    """Where a text first has another one in it, from 1; 0 where it has not."""
    return _Position(text, part)


@compiles(_Position, "sqlite")
def _instr(element: _Position, compiler: SQLCompiler, **options: Any) -> str:
    return f"instr({compiler.process(element.clauses, **options)})"


@compiles(_Position, "postgresql")
def _strpos(element: _Position, compiler: SQLCompiler, **options: Any) -> str:
    return f"strpos({compiler.process(element.clauses, **options)})"


class AsText(FunctionElement[str]):
    """A column that PostgreSQL hands out as text, which its driver passes on as it is; SQLite has text already."""

    type = Text()
    inherit_cache = True


class AsMoment(AsText):
    """The same of a moment: RFC 3339 in UTC, to the microsecond."""

    inherit_cache = True


class AsMinutes(AsText):
    """The same of a time of day, to the minute."""

    inherit_cache = True


_AS_TEXT = {
    AsText: "CAST({} AS text)",
    AsMoment: """to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')""",
    AsMinutes: "to_char({}, 'HH24:MI')",
}


@compiles(AsText, "sqlite")
def _stored_text(element: AsText, compiler: SQLCompiler, **options: Any) -> str:
    return compiler.process(element.clauses, **options)


@compiles(AsText, "postgresql")
def _made_text(element: AsText, compiler: SQLCompiler, **options: Any) -> str:
    return _AS_TEXT[type(element)].format(compiler.process(element.clauses, **options))
