"""Arrange tasks by hand, in sections and under other tasks.

Revision 0016, after 0015. Tasks keep the order in which their list showed them: by due date, then as they were made.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
FOREIGN_KEYS = ("fk_task_section_id_section", "fk_task_parent_id_task")
COLUMNS = ("section_id", "parent_id", "position", "place", "subtasks")
PARTIAL = {"parent_id": ["parent_id"], "section_id": ["section_id", "state"]}


def upgrade() -> None:
    _create_sections()
    for column in (
        sa.Column("section_id", sa.Uuid(), nullable=True),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("position", _key(64), nullable=True),
        sa.Column("place", _key(194), nullable=True),
        sa.Column("subtasks", sa.String(16), nullable=True),
    ):
        op.add_column("task", column)
    # As keys of models/position.py, which come before those of what is made from now on.
    number = "printf('%08d', number)" if _is_sqlite() else "lpad(CAST(number AS text), 8, '0')"
    op.execute(
        f"""UPDATE task SET position = '0' || {number} || 'V', place = '/0' || {number} || 'V'
            FROM (SELECT id, row_number() OVER (PARTITION BY list_id ORDER BY due_key, id) AS number
                  FROM task) AS numbered
            WHERE numbered.id = task.id"""
    )
    with _changing_task() as batch:
        batch.alter_column("position", existing_type=_key(64), nullable=False)
        batch.alter_column("place", existing_type=_key(194), nullable=False)
        batch.create_foreign_key(
            op.f(FOREIGN_KEYS[0]), "section", ["section_id"], ["id"], ondelete="SET NULL"
        )
        batch.create_foreign_key(
            op.f(FOREIGN_KEYS[1]),
            "task",
            ["parent_id"],
            ["id"],
            ondelete="CASCADE",
            deferrable=True,
            initially="DEFERRED",
        )
    _follow_texts()
    op.create_index(
        "ix_task_list_by_place", "task", ["list_id", "state", "place", "id", "due_key", "priority"]
    )
    for name, columns in PARTIAL.items():
        is_set = sa.text(f"{name} IS NOT NULL")
        op.create_index(
            f"ix_task_{name}", "task", columns, sqlite_where=is_set, postgresql_where=is_set
        )


def downgrade() -> None:
    """Subtasks stay, as tasks of their own, and what lay in sections lies in the list."""
    for name in ("list_by_place", *PARTIAL):
        op.drop_index(f"ix_task_{name}", "task")
    with _changing_task() as batch:
        for name in FOREIGN_KEYS:
            batch.drop_constraint(op.f(name), type_="foreignkey")
        for column in COLUMNS:
            batch.drop_column(column)
    _follow_texts()
    op.drop_table("folded_section")
    op.drop_table("section")


def _create_sections() -> None:
    op.create_table(
        "section",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("list_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("position", _key(64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("deleted_at", MOMENT, nullable=True),
        sa.Column("deleted_in", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_section")),
        sa.ForeignKeyConstraint(
            ["list_id"], ["list.id"], name=op.f("fk_section_list_id_list"), ondelete="CASCADE"
        ),
        sa.CheckConstraint("length(name) <= 80", name=op.f("ck_section_name_length")),
    )
    op.create_index("ix_section_list_id", "section", ["list_id", "position"])
    op.create_table(
        "folded_section",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("section_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "section_id", name=op.f("pk_folded_section")),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user.id"],
            name=op.f("fk_folded_section_user_id_user"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["section_id"],
            ["section.id"],
            name=op.f("fk_folded_section_section_id_section"),
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_folded_section_section_id", "folded_section", ["section_id"])


def _key(length: int) -> Any:
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def _changing_task() -> Any:
    """SQLite makes the table again, and loses the triggers of the search with the old one."""
    return op.batch_alter_table("task")


def _follow_texts() -> None:
    """Have SQLite follow what is written, as 0011 does: the index of the search itself is as it was."""
    if not _is_sqlite():
        return
    scripts: Any = op.get_context().environment_context
    for statement in scripts.script.get_revision("0011").module.ON_SQLITE:
        if statement.startswith("CREATE TRIGGER"):
            op.execute(statement)


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"
