"""Give tasks labels: their names on each, and colours that are each person's own.

Revision 0015, after 0014.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

IS_LABELLED = sa.text("label_keys <> ''")


def upgrade() -> None:
    for name in ("labels", "label_keys"):
        op.add_column(
            "task", sa.Column(name, sa.Text(), nullable=False, server_default=sa.text("''"))
        )
    op.create_index(
        "ix_task_labelled",
        "task",
        ["list_id", "state"],
        sqlite_where=IS_LABELLED,
        postgresql_where=IS_LABELLED,
    )
    op.create_table(
        "label_color",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("color", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "key", name=op.f("pk_label_color")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_label_color_user_id_user"), ondelete="CASCADE"
        ),
        sa.CheckConstraint("length(key) <= 200", name=op.f("ck_label_color_key_length")),
    )


def downgrade() -> None:
    """Labels and their colours are gone; the tasks stay."""
    op.drop_table("label_color")
    op.drop_index("ix_task_labelled", "task")
    for name in ("label_keys", "labels"):
        op.drop_column("task", name)
