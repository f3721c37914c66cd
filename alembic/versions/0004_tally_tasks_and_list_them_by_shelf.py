"""Tally tasks and list them by shelf.

Revision 0004, after 0003.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ORDERS = {
    "created": "created_at",
    "updated": "updated_at",
    "due": "due_key",
    "priority": "priority",
    "title": "title_key",
    "agenda": "agenda_key",
}
OUTSIDE_THE_TRASH = sa.text("deleted_at IS NULL")
IN_THE_TRASH = sa.text("deleted_at IS NOT NULL")
SHELF = (
    "priority + CASE WHEN deleted_at IS NOT NULL THEN 20"
    " WHEN completed_at IS NOT NULL THEN 10 ELSE 0 END"
)
NO_DUE_DATE = 2**62


def upgrade() -> None:
    for order in ORDERS:
        op.drop_index(f"ix_task_list_by_{order}", "task")
    op.drop_index("ix_task_trash", "task")
    op.add_column("task", sa.Column("shelf", sa.SmallInteger(), nullable=True))
    op.execute(f"UPDATE task SET shelf = {SHELF}")
    with op.batch_alter_table("task") as batch:
        batch.alter_column("shelf", existing_type=sa.SmallInteger(), nullable=False)
        batch.create_check_constraint(op.f("ck_task_shelf_of_its_state"), f"shelf = {SHELF}")
    for order, column in ORDERS.items():
        rest = ["id"] if order == "due" else ["id", "due_key"]
        op.create_index(f"ix_task_list_by_{order}", "task", ["user_id", "shelf", column, *rest])
    op.create_index(
        "ix_task_trash",
        "task",
        ["deleted_at"],
        sqlite_where=IN_THE_TRASH,
        postgresql_where=IN_THE_TRASH,
    )
    create_tally()


def create_tally() -> None:
    op.create_table(
        "task_tally",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("shelf", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "shelf", "day", name=op.f("pk_task_tally")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_task_tally_user_id_user"), ondelete="CASCADE"
        ),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO task_tally (user_id, shelf, day, n)"
        " SELECT user_id, shelf, 0, count(*) FROM task GROUP BY user_id, shelf UNION ALL"
        " SELECT user_id, shelf, due_key / 86400, count(*) FROM task"
        f" WHERE due_key < {NO_DUE_DATE} GROUP BY user_id, shelf, due_key / 86400"
    )
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in SQLITE_TRIGGERS if is_sqlite else POSTGRESQL_TRIGGERS:
        op.execute(statement)


def downgrade() -> None:
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    for happened in ("insert", "update", "delete"):
        on_task = " ON task" if is_postgresql else ""
        op.execute(f"DROP TRIGGER task_tally_{happened}{on_task}")
        if is_postgresql:
            op.execute(f"DROP FUNCTION task_tally_{happened}()")
    op.drop_table("task_tally")
    op.drop_index("ix_task_trash", "task")
    for order in ORDERS:
        op.drop_index(f"ix_task_list_by_{order}", "task")
    with op.batch_alter_table("task") as batch:
        batch.drop_constraint(op.f("ck_task_shelf_of_its_state"), type_="check")
        batch.drop_column("shelf")
    op.create_index("ix_task_trash", "task", ["user_id", "deleted_at", "id"])
    for order, column in ORDERS.items():
        op.create_index(
            f"ix_task_list_by_{order}",
            "task",
            ["user_id", column, "id"],
            sqlite_where=OUTSIDE_THE_TRASH,
            postgresql_where=OUTSIDE_THE_TRASH,
        )


# As models/task_tally.py had them.

SQLITE_TRIGGERS = (
    """CREATE TRIGGER task_tally_insert AFTER INSERT ON task BEGIN
    INSERT INTO task_tally (user_id, shelf, day, n) VALUES (NEW.user_id, NEW.shelf, 0, 1)
        ON CONFLICT DO UPDATE SET n = n + 1;
    INSERT INTO task_tally (user_id, shelf, day, n)
        SELECT NEW.user_id, NEW.shelf, NEW.due_key / 86400, 1
        WHERE NEW.due_key < 4611686018427387904 ON CONFLICT DO UPDATE SET n = n + 1;
END""",
    """CREATE TRIGGER task_tally_delete AFTER DELETE ON task BEGIN
    UPDATE task_tally SET n = n - 1 WHERE user_id = OLD.user_id AND shelf = OLD.shelf
        AND day IN (0, OLD.due_key / 86400);
    DELETE FROM task_tally WHERE user_id = OLD.user_id AND shelf = OLD.shelf
        AND day IN (0, OLD.due_key / 86400) AND n = 0;
END""",
    """CREATE TRIGGER task_tally_update AFTER UPDATE OF user_id, shelf, due_key ON task
    WHEN (OLD.user_id, OLD.shelf, OLD.due_key) <> (NEW.user_id, NEW.shelf, NEW.due_key)
BEGIN
    UPDATE task_tally SET n = n - 1 WHERE user_id = OLD.user_id AND shelf = OLD.shelf
        AND day IN (0, OLD.due_key / 86400);
    DELETE FROM task_tally WHERE user_id = OLD.user_id AND shelf = OLD.shelf
        AND day IN (0, OLD.due_key / 86400) AND n = 0;
    INSERT INTO task_tally (user_id, shelf, day, n) VALUES (NEW.user_id, NEW.shelf, 0, 1)
        ON CONFLICT DO UPDATE SET n = n + 1;
    INSERT INTO task_tally (user_id, shelf, day, n)
        SELECT NEW.user_id, NEW.shelf, NEW.due_key / 86400, 1
        WHERE NEW.due_key < 4611686018427387904 ON CONFLICT DO UPDATE SET n = n + 1;
END""",
)
POSTGRESQL_TRIGGERS = (
    """CREATE FUNCTION task_tally_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    WITH change AS (
        SELECT user_id, shelf, due_key / 86400 AS day, 1 AS n FROM came
    ), tally AS (
        SELECT user_id, shelf, 0 AS day, n FROM change
        UNION ALL SELECT user_id, shelf, day, n FROM change WHERE day < 53375995583650
    )
    INSERT INTO task_tally (user_id, shelf, day, n)
    SELECT user_id, shelf, day, sum(n) FROM tally
    WHERE EXISTS (SELECT FROM "user" WHERE id = user_id)
    GROUP BY user_id, shelf, day HAVING sum(n) <> 0 ORDER BY user_id, shelf, day
    ON CONFLICT (user_id, shelf, day) DO UPDATE SET n = task_tally.n + excluded.n;
    RETURN NULL;
END $$""",
    """CREATE TRIGGER task_tally_insert AFTER INSERT ON task
    REFERENCING NEW TABLE AS came
    FOR EACH STATEMENT EXECUTE FUNCTION task_tally_insert()""",
    """CREATE FUNCTION task_tally_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    WITH change AS (
        SELECT user_id, shelf, due_key / 86400 AS day, -1 AS n FROM went
        UNION ALL SELECT user_id, shelf, due_key / 86400 AS day, 1 AS n FROM came
    ), tally AS (
        SELECT user_id, shelf, 0 AS day, n FROM change
        UNION ALL SELECT user_id, shelf, day, n FROM change WHERE day < 53375995583650
    )
    INSERT INTO task_tally (user_id, shelf, day, n)
    SELECT user_id, shelf, day, sum(n) FROM tally
    WHERE EXISTS (SELECT FROM "user" WHERE id = user_id)
    GROUP BY user_id, shelf, day HAVING sum(n) <> 0 ORDER BY user_id, shelf, day
    ON CONFLICT (user_id, shelf, day) DO UPDATE SET n = task_tally.n + excluded.n;
    DELETE FROM task_tally USING (
        SELECT DISTINCT user_id, shelf, unnest(ARRAY[0, due_key / 86400]) AS day FROM went
    ) AS gone
    WHERE task_tally.user_id = gone.user_id AND task_tally.shelf = gone.shelf
        AND task_tally.day = gone.day AND task_tally.n = 0;
    RETURN NULL;
END $$""",
    """CREATE TRIGGER task_tally_update AFTER UPDATE ON task
    REFERENCING OLD TABLE AS went NEW TABLE AS came
    FOR EACH STATEMENT EXECUTE FUNCTION task_tally_update()""",
    """CREATE FUNCTION task_tally_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    WITH change AS (
        SELECT user_id, shelf, due_key / 86400 AS day, -1 AS n FROM went
    ), tally AS (
        SELECT user_id, shelf, 0 AS day, n FROM change
        UNION ALL SELECT user_id, shelf, day, n FROM change WHERE day < 53375995583650
    )
    INSERT INTO task_tally (user_id, shelf, day, n)
    SELECT user_id, shelf, day, sum(n) FROM tally
    WHERE EXISTS (SELECT FROM "user" WHERE id = user_id)
    GROUP BY user_id, shelf, day HAVING sum(n) <> 0 ORDER BY user_id, shelf, day
    ON CONFLICT (user_id, shelf, day) DO UPDATE SET n = task_tally.n + excluded.n;
    DELETE FROM task_tally USING (
        SELECT DISTINCT user_id, shelf, unnest(ARRAY[0, due_key / 86400]) AS day FROM went
    ) AS gone
    WHERE task_tally.user_id = gone.user_id AND task_tally.shelf = gone.shelf
        AND task_tally.day = gone.day AND task_tally.n = 0;
    RETURN NULL;
END $$""",
    """CREATE TRIGGER task_tally_delete AFTER DELETE ON task
    REFERENCING OLD TABLE AS went
    FOR EACH STATEMENT EXECUTE FUNCTION task_tally_delete()""",
)
