"""How many tasks there are, kept by the database itself, so that a count costs the same however many they are."""

# ruff: noqa: S608 (statements of constants alone)

from uuid import UUID

from sqlalchemy import DDL, BigInteger, Column, Integer, SmallInteger, Table, event
from sqlmodel import Field, SQLModel

from dashboard.models.task import NO_DUE_DATE, SECONDS_A_DAY, Task

WHENEVER = 0
"""Stands for the day of a row that counts a whole shelf; the first real day is 1."""


class TaskTally(SQLModel, table=True):
    """How many tasks of a user are on a shelf: in all, and those due on one day. No row means none.

    Derived: triggers on `task` make and keep it, whoever writes, so it is never written by hand, nor a part of a
    backup. On SQLite a batch of Alembic's that makes `task` anew drops them; the migration has to create them again.
    """

    __tablename__ = "task_tally"  # pyright: ignore[reportAssignmentType] (as SQLModel documents it)
    __table_args__ = {"sqlite_with_rowid": False}

    user_id: UUID = Field(foreign_key="user.id", ondelete="CASCADE", primary_key=True)
    shelf: int = Field(
        sa_column=Column(SmallInteger, primary_key=True, autoincrement=False, nullable=False)
    )
    day: int = Field(
        sa_column=Column(Integer, primary_key=True, autoincrement=False, nullable=False)
    )
    """`date.toordinal()`, or WHENEVER."""
    n: int = Field(sa_column=Column(BigInteger, nullable=False))


# SQLite: row by row. Who is deleted with all they have has no row here any more, and gets none: what goes is only
# taken off.


def _came(row: str) -> str:
    return f"""
    INSERT INTO task_tally (user_id, shelf, day, n) VALUES ({row}.user_id, {row}.shelf, {WHENEVER}, 1)
        ON CONFLICT DO UPDATE SET n = n + 1;
    INSERT INTO task_tally (user_id, shelf, day, n)
        SELECT {row}.user_id, {row}.shelf, {row}.due_key / {SECONDS_A_DAY}, 1
        WHERE {row}.due_key < {NO_DUE_DATE} ON CONFLICT DO UPDATE SET n = n + 1;"""


def _went(row: str) -> str:
    its = f"""WHERE user_id = {row}.user_id AND shelf = {row}.shelf
        AND day IN ({WHENEVER}, {row}.due_key / {SECONDS_A_DAY})"""
    return f"""
    UPDATE task_tally SET n = n - 1 {its};
    DELETE FROM task_tally {its} AND n = 0;"""


_ON_SQLITE = (
    f"CREATE TRIGGER task_tally_insert AFTER INSERT ON task BEGIN{_came('NEW')}\nEND",
    f"CREATE TRIGGER task_tally_delete AFTER DELETE ON task BEGIN{_went('OLD')}\nEND",
    f"""CREATE TRIGGER task_tally_update AFTER UPDATE OF user_id, shelf, due_key ON task
    WHEN (OLD.user_id, OLD.shelf, OLD.due_key) <> (NEW.user_id, NEW.shelf, NEW.due_key)
BEGIN{_went("OLD")}{_came("NEW")}\nEND""",
)

# PostgreSQL: once for a whole statement, and always in the same order of rows, so that no two statements wait for
# each other. When a user is deleted, their row is gone by now, and the tally goes by itself.


def _on_postgresql(happened: str, *changes: tuple[str, int]) -> tuple[str, str]:
    rows = "\n        UNION ALL ".join(
        f"SELECT user_id, shelf, due_key / {SECONDS_A_DAY} AS day, {n} AS n FROM {table}"
        for table, n in changes
    )
    function = f"""CREATE FUNCTION task_tally_{happened}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    WITH change AS (
        {rows}
    ), tally AS (
        SELECT user_id, shelf, {WHENEVER} AS day, n FROM change
        UNION ALL SELECT user_id, shelf, day, n FROM change WHERE day < {NO_DUE_DATE // SECONDS_A_DAY}
    )
    INSERT INTO task_tally (user_id, shelf, day, n)
    SELECT user_id, shelf, day, sum(n) FROM tally
    WHERE EXISTS (SELECT FROM "user" WHERE id = user_id)
    GROUP BY user_id, shelf, day HAVING sum(n) <> 0 ORDER BY user_id, shelf, day
    ON CONFLICT (user_id, shelf, day) DO UPDATE SET n = task_tally.n + excluded.n;
{_EMPTIED if ("went", -1) in changes else ""}    RETURN NULL;
END $$"""
    tables = " ".join(f"{'NEW' if n > 0 else 'OLD'} TABLE AS {table}" for table, n in changes)
    trigger = f"""CREATE TRIGGER task_tally_{happened} AFTER {happened.upper()} ON task
    REFERENCING {tables}
    FOR EACH STATEMENT EXECUTE FUNCTION task_tally_{happened}()"""
    return function, trigger


_EMPTIED = f"""    DELETE FROM task_tally USING (
        SELECT DISTINCT user_id, shelf, unnest(ARRAY[{WHENEVER}, due_key / {SECONDS_A_DAY}]) AS day FROM went
    ) AS gone
    WHERE task_tally.user_id = gone.user_id AND task_tally.shelf = gone.shelf
        AND task_tally.day = gone.day AND task_tally.n = 0;
"""
_ON_POSTGRESQL = (
    *_on_postgresql("insert", ("came", 1)),
    *_on_postgresql("update", ("went", -1), ("came", 1)),
    *_on_postgresql("delete", ("went", -1)),
)


def _with_triggers(table: Table) -> None:
    """Have `create_all` make them, as a migration does for everyone else."""
    for dialect, statements in (("sqlite", _ON_SQLITE), ("postgresql", _ON_POSTGRESQL)):
        for statement in statements:
            event.listen(table, "after_create", DDL(statement).execute_if(dialect=dialect))


_with_triggers(Task.__table__)  # pyright: ignore[reportAttributeAccessIssue] (of every table=True)
