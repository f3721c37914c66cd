"""The full-text index of tasks: FTS5 on SQLite, a tsvector on PostgreSQL. search_terms.py says what is in it.

Derived: triggers on `task` make and keep it, so no program writes it by hand, and no backup holds it. On SQLite a batch
of Alembic's that rebuilds `task` drops the triggers; the migration has to create them again.
"""

# ruff: noqa: S608 (statements of constants alone)

from typing import Any

from sqlalchemy import DDL, event

from dashboard.models.search_terms import LENGTH
from dashboard.models.task import Task


def is_declared(name: str | None, kind: str, _parents: Any) -> bool:
    """Whether Alembic should look for it among the models: all but the tables of the index."""
    return kind != "table" or not (name or "").startswith("task_search")


# SQLite: FTS5 knows a text by a number that stays, which an id is not; and it forgets a text when told what was in it.
# Any three characters in a row are a term. Where in a text they are is not kept: that would take four times the room.


def _told(command: str, row: str) -> str:
    columns, values = ("task_search, ", "'delete', ") if command == "delete" else ("", "")
    return f"""
    INSERT INTO task_search ({columns}rowid, body)
        SELECT {values}number, {row}.search_text FROM task_search_key WHERE task_id = {row}.id;"""


ON_SQLITE = (
    "CREATE TABLE task_search_key (number INTEGER NOT NULL PRIMARY KEY, task_id CHAR(32) NOT NULL UNIQUE)",
    """CREATE VIRTUAL TABLE task_search
    USING fts5(body, content='', detail=none, columnsize=0, tokenize='trigram case_sensitive 1')""",
    f"""CREATE TRIGGER task_search_insert AFTER INSERT ON task BEGIN
    INSERT INTO task_search_key (task_id) VALUES (NEW.id);{_told("insert", "NEW")}\nEND""",
    f"""CREATE TRIGGER task_search_update AFTER UPDATE OF search_text ON task
    WHEN OLD.search_text <> NEW.search_text
BEGIN{_told("delete", "OLD")}{_told("insert", "NEW")}\nEND""",
    f"""CREATE TRIGGER task_search_delete AFTER DELETE ON task BEGIN{_told("delete", "OLD")}
    DELETE FROM task_search_key WHERE task_id = OLD.id;\nEND""",
)

# PostgreSQL: beside the tasks, so that what does not touch a text does not touch its index. Who looks has to look
# through what waits to be put into the index as well, so little may wait. It counts letters from the beginning each
# time: in a text without a blank, 10,000 of them would take seconds, so that long runs are cut into pieces before.
# A tsvector drops what comes twice by itself; asked for with DISTINCT, it took three times as long.

_PIECE = 200

ON_POSTGRESQL = (
    f"""CREATE FUNCTION task_search_terms(body text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    WITH run AS (
        SELECT letters FROM unnest(
            regexp_split_to_array(body, '[\\u0001-\\u002f\\u003a-\\u0060\\u007b-\\u007f]+')
        ) AS letters
    ), piece AS (
        SELECT letters, length(letters) AS places FROM run WHERE length(letters) <= {_PIECE}
        UNION ALL
        SELECT substr(letters, begins, {_PIECE + LENGTH - 1}), least({_PIECE}, length(letters) - begins + 1)
        FROM run, generate_series(1, length(letters), {_PIECE}) AS begins WHERE length(letters) > {_PIECE}
    )
    SELECT array_to_tsvector(ARRAY(
        SELECT substr(letters, place, {LENGTH})
        FROM piece, generate_series(1, places) AS place
    ))
$$""",
    """CREATE TABLE task_search (
    task_id uuid CONSTRAINT pk_task_search PRIMARY KEY
        CONSTRAINT fk_task_search_task_id_task REFERENCES task (id) ON DELETE CASCADE,
    terms tsvector NOT NULL
)""",
    """CREATE INDEX ix_task_search_terms ON task_search
    USING gin (terms) WITH (gin_pending_list_limit = 256)""",
    """CREATE FUNCTION task_search_write() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO task_search (task_id, terms)
    VALUES (NEW.id, task_search_terms(NEW.search_text))
    ON CONFLICT (task_id) DO UPDATE SET terms = excluded.terms;
    RETURN NULL;
END $$""",
    """CREATE TRIGGER task_search_insert AFTER INSERT ON task
    FOR EACH ROW EXECUTE FUNCTION task_search_write()""",
    """CREATE TRIGGER task_search_update AFTER UPDATE OF search_text ON task
    FOR EACH ROW WHEN (OLD.search_text <> NEW.search_text)
    EXECUTE FUNCTION task_search_write()""",
)

for _dialect, _statements in (("sqlite", ON_SQLITE), ("postgresql", ON_POSTGRESQL)):
    for _statement in _statements:
        _ddl = DDL(_statement.replace("%", "%%")).execute_if(dialect=_dialect)
        event.listen(Task.__table__, "after_create", _ddl)  # pyright: ignore[reportAttributeAccessIssue] (of every table=True)
