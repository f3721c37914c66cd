"""Search tasks by a full-text index.

Revision 0007, after 0006.
"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    # PostgreSQL makes an index of what is there quicker than entry by entry.
    steps = (
        (*ON_SQLITE, *FILLED_ON_SQLITE)
        if is_sqlite
        else (*ON_POSTGRESQL[:2], *FILLED_ON_POSTGRESQL, *ON_POSTGRESQL[2:])
    )
    for statement in steps:
        op.execute(statement)


def downgrade() -> None:
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    on_task = " ON task" if is_postgresql else ""
    for happened in ("insert", "update") if is_postgresql else ("insert", "update", "delete"):
        op.execute(f"DROP TRIGGER task_search_{happened}{on_task}")
    op.execute("DROP TABLE task_search")
    if is_postgresql:
        op.execute("DROP FUNCTION task_search_write()")
        op.execute("DROP FUNCTION task_search_terms(uuid, text)")
    else:
        op.execute("DROP TABLE task_search_key")


FILLED_ON_SQLITE = (
    "INSERT INTO task_search_key (task_id) SELECT id FROM task ORDER BY id",
    """INSERT INTO task_search (rowid, terms)
    SELECT number, search_terms(user_id, search_text)
    FROM task_search_key JOIN task ON task.id = task_id ORDER BY number""",
)
FILLED_ON_POSTGRESQL = (
    """INSERT INTO task_search (task_id, terms)
    SELECT id, task_search_terms(user_id, search_text) FROM task""",
)

# As models/task_search.py had them.

ON_SQLITE = (
    "CREATE TABLE task_search_key (number INTEGER NOT NULL PRIMARY KEY, task_id CHAR(32) NOT NULL UNIQUE)",
    """CREATE VIRTUAL TABLE task_search
    USING fts5(terms, content='', detail=none, columnsize=0, tokenize='ascii')""",
    """CREATE TRIGGER task_search_insert AFTER INSERT ON task BEGIN
    INSERT INTO task_search_key (task_id) VALUES (NEW.id);
    INSERT INTO task_search (rowid, terms)
        SELECT number, search_terms(NEW.user_id, NEW.search_text)
        FROM task_search_key WHERE task_id = NEW.id;
END""",
    """CREATE TRIGGER task_search_update AFTER UPDATE OF user_id, search_text ON task
    WHEN (OLD.user_id, OLD.search_text) <> (NEW.user_id, NEW.search_text)
BEGIN
    INSERT INTO task_search (task_search, rowid, terms)
        SELECT 'delete', number, search_terms(OLD.user_id, OLD.search_text)
        FROM task_search_key WHERE task_id = OLD.id;
    INSERT INTO task_search (rowid, terms)
        SELECT number, search_terms(NEW.user_id, NEW.search_text)
        FROM task_search_key WHERE task_id = NEW.id;
END""",
    """CREATE TRIGGER task_search_delete AFTER DELETE ON task BEGIN
    INSERT INTO task_search (task_search, rowid, terms)
        SELECT 'delete', number, search_terms(OLD.user_id, OLD.search_text)
        FROM task_search_key WHERE task_id = OLD.id;
    DELETE FROM task_search_key WHERE task_id = OLD.id;
END""",
)
ON_POSTGRESQL = (
    r"""CREATE FUNCTION task_search_terms(owner_id uuid, body text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    WITH run AS (
        SELECT letters FROM unnest(
            regexp_split_to_array(body, '[\u0001-\u002f\u003a-\u0060\u007b-\u007f]+')
        ) AS letters
    ), piece AS (
        SELECT letters, length(letters) AS places FROM run WHERE length(letters) <= 200
        UNION ALL
        SELECT substr(letters, begins, 204), least(200, length(letters) - begins + 1)
        FROM run, generate_series(1, length(letters), 200) AS begins WHERE length(letters) > 200
    )
    SELECT array_to_tsvector(ARRAY(
        SELECT DISTINCT right(owner_id::text, 6) || substr(letters, place, 5)
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
    VALUES (NEW.id, task_search_terms(NEW.user_id, NEW.search_text))
    ON CONFLICT (task_id) DO UPDATE SET terms = excluded.terms;
    RETURN NULL;
END $$""",
    """CREATE TRIGGER task_search_insert AFTER INSERT ON task
    FOR EACH ROW EXECUTE FUNCTION task_search_write()""",
    """CREATE TRIGGER task_search_update AFTER UPDATE OF user_id, search_text ON task
    FOR EACH ROW WHEN ((OLD.user_id, OLD.search_text) IS DISTINCT FROM (NEW.user_id, NEW.search_text))
    EXECUTE FUNCTION task_search_write()""",
)
