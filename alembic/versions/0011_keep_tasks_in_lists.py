"""Keep tasks in lists: everyone gets an Inbox, and what was counted by triggers is counted by queries.

Revision 0011, after 0010.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
ORDERS = {
    "created": ["created_at", "id", "due_key", "priority"],
    "updated": ["updated_at", "id", "due_key", "priority"],
    "completed": ["completed_at", "id", "due_key", "priority"],
    "title": ["title_key", "id", "due_key", "priority"],
    "due": ["due_key", "id", "priority"],
}
ORDERS_BEFORE = {
    "created": ["created_at", "id", "due_key"],
    "updated": ["updated_at", "id", "due_key"],
    "due": ["due_key", "id"],
    "title": ["title_key", "id", "due_key"],
    "agenda": ["agenda_key", "id", "due_key"],
}
IN_THE_TRASH = sa.text("deleted_at IS NOT NULL")
STATE = "CASE WHEN deleted_at IS NOT NULL THEN 2 WHEN completed_at IS NOT NULL THEN 1 ELSE 0 END"
SHELF = (
    "priority + CASE WHEN deleted_at IS NOT NULL THEN 20"
    " WHEN completed_at IS NOT NULL THEN 10 ELSE 0 END"
)


def upgrade() -> None:
    _create_lists()
    _drop_tally()
    _drop_search("uuid, text")
    _drop_indexes(ORDERS_BEFORE, "user_id")
    for column in (
        sa.Column("list_id", sa.Uuid(), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("state", sa.SmallInteger(), nullable=True),
    ):
        op.add_column("task", column)
    # An Inbox has the id of its person.
    op.execute(f"UPDATE task SET list_id = user_id, created_by = user_id, state = {STATE}")
    with op.batch_alter_table("task") as batch:
        batch.alter_column("list_id", existing_type=sa.Uuid(), nullable=False)
        batch.alter_column("state", existing_type=sa.SmallInteger(), nullable=False)
        batch.drop_constraint(op.f("ck_task_shelf_of_its_state"), type_="check")
        batch.drop_constraint(op.f("fk_task_user_id_user"), type_="foreignkey")
        for column in ("shelf", "agenda_key", "user_id"):
            batch.drop_column(column)
        batch.create_check_constraint(op.f("ck_task_state_of_its_moments"), f"state = {STATE}")
        batch.create_foreign_key(
            op.f("fk_task_list_id_list"), "list", ["list_id"], ["id"], ondelete="CASCADE"
        )
        batch.create_foreign_key(
            op.f("fk_task_created_by_user"), "user", ["created_by"], ["id"], ondelete="SET NULL"
        )
    _create_indexes(ORDERS, "list_id", "state", owner="created_by")
    # PostgreSQL makes an index of what is there quicker than entry by entry.
    steps = (
        (*ON_SQLITE, *FILLED_ON_SQLITE)
        if _is_sqlite()
        else (*ON_POSTGRESQL[:2], *FILLED_ON_POSTGRESQL, *ON_POSTGRESQL[2:])
    )
    for statement in steps:
        op.execute(statement)


def downgrade() -> None:
    _drop_search("text")
    _drop_indexes(ORDERS, "created_by")
    for column in (
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("agenda_key", sa.BigInteger(), nullable=True),
        sa.Column("shelf", sa.SmallInteger(), nullable=True),
    ):
        op.add_column("task", column)
    # Each task belongs to one person again: who made it, or else the first of those who see it.
    op.execute("UPDATE task SET idempotency_key = NULL WHERE created_by IS NULL")
    op.execute(
        f"""UPDATE task SET shelf = {SHELF}, agenda_key = {_agenda_key()},
            user_id = coalesce(created_by, (
                SELECT user_id FROM list_member WHERE list_member.list_id = task.list_id
                ORDER BY role <> 'owner', created_at, user_id LIMIT 1))"""
    )
    op.execute("DELETE FROM task WHERE user_id IS NULL")
    with op.batch_alter_table("task") as batch:
        for name, kind in (
            ("user_id", sa.Uuid()),
            ("agenda_key", sa.BigInteger()),
            ("shelf", sa.SmallInteger()),
        ):
            batch.alter_column(name, existing_type=kind, nullable=False)
        batch.drop_constraint(op.f("ck_task_state_of_its_moments"), type_="check")
        batch.drop_constraint(op.f("fk_task_list_id_list"), type_="foreignkey")
        batch.drop_constraint(op.f("fk_task_created_by_user"), type_="foreignkey")
        for column in ("state", "created_by", "list_id"):
            batch.drop_column(column)
        batch.create_check_constraint(op.f("ck_task_shelf_of_its_state"), f"shelf = {SHELF}")
        batch.create_foreign_key(
            op.f("fk_task_user_id_user"), "user", ["user_id"], ["id"], ondelete="CASCADE"
        )
    _create_indexes(ORDERS_BEFORE, "user_id", "shelf", owner="user_id")
    op.drop_table("list_member")
    op.drop_table("list")
    _migration("0004").create_tally()
    _migration("0007").upgrade()
    _migration("0008").upgrade()


def _create_lists() -> None:
    op.create_table(
        "list",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("color", sa.String(16), nullable=False),
        sa.Column("icon", sa.String(16), nullable=False),
        sa.Column("view", sa.String(8), nullable=False),
        sa.Column("archived_at", MOMENT, nullable=True),
        sa.Column("deleted_at", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list")),
        sa.ForeignKeyConstraint(
            ["created_by"], ["user.id"], name=op.f("fk_list_created_by_user"), ondelete="SET NULL"
        ),
        sa.CheckConstraint("length(name) <= 80", name=op.f("ck_list_name_length")),
        sa.CheckConstraint("view IN ('list', 'board')", name=op.f("ck_list_view_known")),
    )
    op.create_index("ix_list_created_by", "list", ["created_by"])
    op.create_table(
        "list_member",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("list_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(8), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("user_id", "list_id", name=op.f("pk_list_member")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_list_member_user_id_user"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["list_id"], ["list.id"], name=op.f("fk_list_member_list_id_list"), ondelete="CASCADE"
        ),
        sa.CheckConstraint(
            "role IN ('viewer', 'editor', 'owner')", name=op.f("ck_list_member_role_known")
        ),
    )
    op.create_index("ix_list_member_list_id", "list_member", ["list_id"])
    op.execute(
        "INSERT INTO list (id, created_at, updated_at, created_by, name, color, icon, view, version)"
        """ SELECT id, created_at, created_at, id, 'Inbox', 'stone', '', 'list', 1 FROM "user" """
    )
    op.execute(
        "INSERT INTO list_member (user_id, list_id, role, position, created_at)"
        """ SELECT id, id, 'owner', 0, created_at FROM "user" """
    )


def _create_indexes(orders: dict[str, list[str]], *first: str, owner: str) -> None:
    op.create_index(
        f"uq_task_{owner}_idempotency_key", "task", [owner, "idempotency_key"], unique=True
    )
    op.create_index(
        "ix_task_trash",
        "task",
        ["deleted_at"],
        sqlite_where=IN_THE_TRASH,
        postgresql_where=IN_THE_TRASH,
    )
    for order, columns in orders.items():
        op.create_index(f"ix_task_list_by_{order}", "task", [*first, *columns])


def _drop_indexes(orders: dict[str, list[str]], owner: str) -> None:
    for order in orders:
        op.drop_index(f"ix_task_list_by_{order}", "task")
    op.drop_index("ix_task_trash", "task")
    op.drop_index(f"uq_task_{owner}_idempotency_key", "task")


def _drop_tally() -> None:
    for happened in ("insert", "update", "delete"):
        op.execute(f"DROP TRIGGER task_tally_{happened}{_on_task()}")
        if not _is_sqlite():
            op.execute(f"DROP FUNCTION task_tally_{happened}()")
    op.drop_table("task_tally")


def _drop_search(arguments: str) -> None:
    for happened in ("insert", "update", "delete") if _is_sqlite() else ("insert", "update"):
        op.execute(f"DROP TRIGGER task_search_{happened}{_on_task()}")
    op.execute("DROP TABLE task_search")
    if _is_sqlite():
        op.execute("DROP TABLE task_search_key")
    else:
        op.execute("DROP FUNCTION task_search_write()")
        op.execute(f"DROP FUNCTION task_search_terms({arguments})")


def _agenda_key() -> str:
    """What is open by its due date, then what is completed, latest first."""
    microseconds = (
        "strftime('%s', substr(completed_at, 1, 19)) * 1000000 + substr(completed_at, 21, 6)"
        if _is_sqlite()
        else "(extract(epoch FROM completed_at) * 1000000)::bigint"
    )
    return (
        f"CASE WHEN completed_at IS NULL THEN due_key ELSE {2**62 + 2**61} - ({microseconds}) END"
    )


def _migration(revision: str) -> Any:
    scripts: Any = op.get_context().environment_context
    return scripts.script.get_revision(revision).module


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _on_task() -> str:
    return "" if _is_sqlite() else " ON task"


FILLED_ON_SQLITE = (
    "INSERT INTO task_search_key (task_id) SELECT id FROM task ORDER BY id",
    """INSERT INTO task_search (rowid, body)
    SELECT number, search_text FROM task_search_key JOIN task ON task.id = task_id ORDER BY number""",
)
FILLED_ON_POSTGRESQL = (
    """INSERT INTO task_search (task_id, terms)
    SELECT id, task_search_terms(search_text) FROM task""",
)

# As models/task_search.py has them; a test holds the two together.

ON_SQLITE = (
    "CREATE TABLE task_search_key (number INTEGER NOT NULL PRIMARY KEY, task_id CHAR(32) NOT NULL UNIQUE)",
    """CREATE VIRTUAL TABLE task_search
    USING fts5(body, content='', detail=none, columnsize=0, tokenize='trigram case_sensitive 1')""",
    """CREATE TRIGGER task_search_insert AFTER INSERT ON task BEGIN
    INSERT INTO task_search_key (task_id) VALUES (NEW.id);
    INSERT INTO task_search (rowid, body)
        SELECT number, NEW.search_text FROM task_search_key WHERE task_id = NEW.id;
END""",
    """CREATE TRIGGER task_search_update AFTER UPDATE OF search_text ON task
    WHEN OLD.search_text <> NEW.search_text
BEGIN
    INSERT INTO task_search (task_search, rowid, body)
        SELECT 'delete', number, OLD.search_text FROM task_search_key WHERE task_id = OLD.id;
    INSERT INTO task_search (rowid, body)
        SELECT number, NEW.search_text FROM task_search_key WHERE task_id = NEW.id;
END""",
    """CREATE TRIGGER task_search_delete AFTER DELETE ON task BEGIN
    INSERT INTO task_search (task_search, rowid, body)
        SELECT 'delete', number, OLD.search_text FROM task_search_key WHERE task_id = OLD.id;
    DELETE FROM task_search_key WHERE task_id = OLD.id;
END""",
)
ON_POSTGRESQL = (
    r"""CREATE FUNCTION task_search_terms(body text) RETURNS tsvector
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
        SELECT substr(letters, place, 5)
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
