"""The file of a backup: every row of every table, in a form that does not depend on the database they came from.

It is a zip with a file of JSON lines for each table and `manifest.json`, which says what it is and what has to be in
it. Rows are in the order of their keys, and each value is written in one way, that of SQLite; so the same rows make the
same lines and the same hash, whichever database they are in.
"""

import hashlib
import os
import secrets
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import IO, Any, Literal, NamedTuple
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from pydantic import BaseModel
from pydantic_core import from_json, to_json
from sqlalchemy import (
    CHAR,
    Boolean,
    Connection,
    Date,
    DateTime,
    Integer,
    String,
    Time,
    Uuid,
    inspect,
)
from sqlalchemy.types import TypeEngine

from dashboard import clock
from dashboard.errors import BadBackup, ConfigurationError

MANIFEST = "manifest.json"
FORMAT, VERSION = "cairn-backup", 1
DERIVED = frozenset(
    {"task_tally", "task_search", "task_search_key"}
    | {f"task_search_{part}" for part in ("data", "idx", "config")}
)
"""Tables that triggers fill from the others, when these are filled; and those that FTS5 makes for itself."""

_ROWS_AT_ONCE = 1000
_BROKEN = (BadZipFile, KeyError, ValueError, EOFError, OSError, zlib.error, RuntimeError)
"""What is raised over a file that is cut off, damaged or something else; RuntimeError asks for a password."""


class TableContents(BaseModel):
    """What a table holds: its columns, how many rows, and the hash of their lines."""

    columns: tuple[str, ...]
    rows: int
    sha256: str


class Manifest(BaseModel):
    """What a backup says of itself."""

    format: Literal["cairn-backup"] = FORMAT
    version: Literal[1] = VERSION
    revision: str
    """The schema that the database had."""
    made_at: datetime
    tables: dict[str, TableContents]

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables.values())


class _Column(NamedTuple):
    name: str
    kind: str


# In this order: in SQLite, a CHAR is an id.
_KINDS: tuple[tuple[type[TypeEngine[Any]], str], ...] = (
    (Uuid, "id"),
    (CHAR, "id"),
    (DateTime, "moment"),
    (Date, "day"),
    (Time, "time"),
    (Boolean, "switch"),
    (Integer, "number"),
    (String, "text"),
)
# How PostgreSQL says a value the way that SQLite keeps it.
_IN_POSTGRESQL = {
    "id": "replace({0}::text, '-', '')",
    "moment": "to_char({0} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')",
    "day": "to_char({0}::timestamp, 'YYYY-MM-DD')",
    "time": "to_char({0}, 'HH24:MI:SS.US')",
    "switch": "{0}::integer",
    "number": "{0}",
    "text": "{0}",
}


def write(file: Path, connection: Connection, revision: str) -> Manifest:
    """Make the file from all that this connection sees. Until it is whole and on the disk, it has another name."""
    draft = file.with_name(f".{file.name}-{secrets.token_hex(8)}")
    try:
        draft.touch(mode=0o600)
        with ZipFile(draft, "w", ZIP_DEFLATED, compresslevel=3) as archive:
            tables = {}
            for name in tables_of(connection):
                with archive.open(_member(name), "w", force_zip64=True) as lines:
                    tables[name] = _contents(connection, name, lines)
            manifest = Manifest(revision=revision, made_at=clock.now(), tables=tables)
            archive.writestr(MANIFEST, manifest.model_dump_json(indent=2))
        _put_on_disk(draft)
        draft.replace(file)
        _put_on_disk(file.parent)
    except OSError as error:
        raise ConfigurationError(f"{file} cannot be written ({error.strerror or error}).") from None
    finally:
        draft.unlink(missing_ok=True)
    return manifest


class Backup:
    """A file that says that it is a backup. Until it is checked, its rows may be anything."""

    def __init__(self, file: Path, archive: ZipFile, manifest: Manifest) -> None:
        self.manifest = manifest
        self._file = file
        self._archive = archive

    def check(self) -> None:
        """Read all of it. Raises BadBackup when anything is not as it was written."""
        with _refused(self._file):
            if set(self._archive.namelist()) != {MANIFEST, *map(_member, self.manifest.tables)}:
                raise BadZipFile
            for name, contents in self.manifest.tables.items():
                with self._archive.open(_member(name)) as lines:
                    if _summed_up(contents.columns, lines) != contents:
                        raise BadZipFile

    def load(self, connection: Connection) -> None:
        """Fill tables that are there and empty. Raises BadBackup when they are not made for these rows."""
        tables = tables_of(connection)
        if set(tables) != set(self.manifest.tables):
            raise BadBackup(f"{self._file} does not hold the tables of the schema that it names.")
        for name in tables:
            contents = self.manifest.tables[name]
            if contents.columns != tuple(column.name for column in _columns(connection, name)):
                raise BadBackup(f"{self._file} has other columns in {name} than its schema.")
            with _refused(self._file), self._archive.open(_member(name)) as lines:
                rows = (_row(line, len(contents.columns)) for line in lines)
                _insert(connection, name, contents.columns, rows)
            # Whatever a type or a trigger made of a row, it is noticed here.
            if _contents(connection, name) != contents:
                raise BadBackup(f"{self._file} cannot be put back as it was: {name} differs.")


@contextmanager
def opened(file: Path) -> Iterator[Backup]:
    """A backup, to be read. Raises BadBackup when the file is none."""
    try:
        raw = file.open("rb")
    except OSError as error:
        raise BadBackup(f"{file} cannot be read ({error.strerror or error}).") from None
    with raw:
        with _refused(file):
            archive = ZipFile(raw)
            manifest = Manifest.model_validate_json(archive.read(MANIFEST))
        yield Backup(file, archive, manifest)


def is_backup(file: Path) -> bool:
    """Whether a file says that it is a backup."""
    try:
        with opened(file):
            return True
    except BadBackup:
        return False


def tables_of(connection: Connection) -> list[str]:
    """Every table that a backup holds, each after those that it refers to."""
    tables = inspect(connection).get_sorted_table_and_fkc_names()
    return [name for name, _ in tables if name and name not in {"alembic_version", *DERIVED}]


def contents_of(connection: Connection) -> dict[str, TableContents]:
    """What is in each of these tables; the same for two databases that hold the same."""
    return {name: _contents(connection, name) for name in tables_of(connection)}


def _contents(connection: Connection, table: str, into: IO[bytes] | None = None) -> TableContents:
    columns = _columns(connection, table)
    names = tuple(column.name for column in columns)
    return _summed_up(names, _lines(connection, table, columns), into)


def _columns(connection: Connection, table: str) -> list[_Column]:
    """Sorted, because a migration leaves them in another order on SQLite than on PostgreSQL."""
    columns = inspect(connection).get_columns(table)
    return sorted(
        _Column(column["name"], _kind(column["type"]))
        for column in columns
        if not column.get("computed")
    )


def _kind(type_: TypeEngine[Any]) -> str:
    for known, kind in _KINDS:
        if isinstance(type_, known):
            return kind
    raise NotImplementedError(f"A backup does not know how to write {type_!r}.")


def _lines(connection: Connection, table: str, columns: Sequence[_Column]) -> Iterator[bytes]:
    """The rows as JSON arrays."""
    key = inspect(connection).get_pk_constraint(table)["constrained_columns"]
    values, order = _values(connection, columns), _order(connection, columns, key)
    statement = f"SELECT {values} FROM {_quoted(table)} ORDER BY {order}"  # noqa: S608 - names of our own tables
    streamed = {"stream_results": True}
    with connection.exec_driver_sql(statement, execution_options=streamed) as rows:
        for some in rows.partitions(_ROWS_AT_ONCE):
            for row in some:
                yield to_json(tuple(row)) + b"\n"


def _values(connection: Connection, columns: Sequence[_Column]) -> str:
    if connection.dialect.name == "sqlite":
        return ", ".join(_quoted(column.name) for column in columns)
    return ", ".join(_IN_POSTGRESQL[kind].format(_quoted(name)) for name, kind in columns)


def _order(connection: Connection, columns: Sequence[_Column], key: Sequence[str]) -> str:
    """By code points, on both."""
    kinds = dict(columns)
    bytewise = ' COLLATE "C"' if connection.dialect.name == "postgresql" else ""
    return ", ".join(_quoted(name) + (bytewise if kinds[name] == "text" else "") for name in key)


def _insert(
    connection: Connection, table: str, columns: Sequence[str], rows: Iterator[list[Any]]
) -> None:
    names = ", ".join(map(_quoted, columns))
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL TimeZone = 'UTC'")
        with connection.connection.cursor().copy(
            f"COPY {_quoted(table)} ({names}) FROM STDIN"
        ) as copy:
            for row in rows:
                copy.write_row(row)
        return
    places = ", ".join("?" * len(columns))
    statement = f"INSERT INTO {_quoted(table)} ({names}) VALUES ({places})"  # noqa: S608 - as above
    while some := [tuple(row) for row in islice(rows, _ROWS_AT_ONCE)]:
        connection.exec_driver_sql(statement, some)


def _row(line: bytes, width: int) -> list[str | int | None]:
    """What a line holds. Raises ValueError for one that no backup has, even where all hashes are right."""
    row = from_json(line)
    if not isinstance(row, list) or len(row) != width or not all(map(_is_value, row)):
        raise ValueError("A row is a list of a value for each column.")
    return row


def _is_value(value: object) -> bool:
    is_number = type(value) is int and value.bit_length() < 64
    return is_number or value is None or isinstance(value, str)


def _summed_up(
    columns: tuple[str, ...], lines: Iterable[bytes], into: IO[bytes] | None = None
) -> TableContents:
    """What lines come to, once they have all passed, and have been written where they are to go."""
    digest, count = hashlib.sha256(), 0
    for line in lines:
        digest.update(line)
        count += 1
        if into is not None:
            into.write(line)
    return TableContents(columns=columns, rows=count, sha256=digest.hexdigest())


def _member(table: str) -> str:
    return f"{table}.jsonl"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _put_on_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _refused(file: Path) -> Iterator[None]:
    """Say in one sentence that a file is not what it should be."""
    try:
        yield
    except _BROKEN:
        raise BadBackup(
            f"{file} is not a backup of Cairn, or not all of it is there any more."
        ) from None
