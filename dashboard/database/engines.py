"""Engines: how connections to SQLite and to PostgreSQL are made, and when they are still good."""

import sqlite3
import time
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry

if TYPE_CHECKING:
    import psycopg

SQLITE_BUSY_SECONDS = 10
TRUSTED_SECONDS = 1.0
"""How long a connection to PostgreSQL may rest and still be used without asking whether it is there."""


def sqlite_engine(url: str, *, begin: str, pragmas: tuple[str, ...] = (), **options: Any) -> Engine:
    """An engine whose transactions start with `begin`; commits are on the disk before they are answered.

    That the file keeps a write-ahead log is a property of the file: migrations.py sets it, under a lock.
    """
    engine = create_engine(
        url, connect_args={"timeout": SQLITE_BUSY_SECONDS}, hide_parameters=True, **options
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: object) -> None:
        # None hands transactions to us: the driver would begin them late, and only for some statements.
        connection.isolation_level = None
        for pragma in (
            "foreign_keys=ON",
            "synchronous=FULL",
            f"busy_timeout={SQLITE_BUSY_SECONDS * 1000}",
            *pragmas,
        ):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def postgresql_engine(url: str, **options: Any) -> Engine:
    """An engine that notices within seconds when the machine of either end is gone, instead of waiting for hours."""
    engine = create_engine(
        url,
        max_overflow=0,
        hide_parameters=True,
        connect_args={
            "connect_timeout": 5,
            "tcp_user_timeout": 5000,
            "keepalives_idle": 5,
            "keepalives_interval": 2,
            "keepalives_count": 3,
        },
        **options,
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: "psycopg.Connection", _record: object) -> None:
        # The server would keep the locks of a transaction whose machine is gone, and everyone else waiting for them.
        connection.autocommit = True
        connection.execute(
            "SET tcp_keepalives_idle = 5; SET tcp_keepalives_interval = 2;"
            "SET tcp_keepalives_count = 3; SET tcp_user_timeout = 5000"
        )
        connection.autocommit = False

    return engine


def ping_idle_connections(engine: Engine) -> None:
    """Have a connection say that it still stands before it is used after a rest; if not, all are opened again.

    Asked each time (`pool_pre_ping`), it would be a fifth of what is said to create a task. One that breaks sooner is
    an error for the first request that uses it, after which all are opened again, too.
    """

    @event.listens_for(engine, "checkin")
    def note(_connection: object, record: ConnectionPoolEntry) -> None:
        record.info["rests_since"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def ask(connection: Any, record: ConnectionPoolEntry, _proxy: object) -> None:
        now = time.monotonic()
        if now - record.info.get("rests_since", now) < TRUSTED_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError from error
