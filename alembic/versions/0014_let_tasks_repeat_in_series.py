"""Let tasks repeat: each is an occurrence of a series, of which at most one is open.

Revision 0014, after 0013.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

IS_OPEN = sa.text("state = 0 AND series_id IS NOT NULL")


def upgrade() -> None:
    op.add_column("task", sa.Column("repeat", sa.Text(), nullable=True))
    op.add_column("task", sa.Column("series_id", sa.Uuid(), nullable=True))
    op.add_column("task", sa.Column("occurrence", sa.Integer(), nullable=True))
    op.create_index(
        "uq_task_open_occurrence",
        "task",
        ["series_id"],
        unique=True,
        sqlite_where=IS_OPEN,
        postgresql_where=IS_OPEN,
    )


def downgrade() -> None:
    """Each occurrence stays, as a task of its own."""
    op.drop_index("uq_task_open_occurrence", "task")
    for column in ("occurrence", "series_id", "repeat"):
        op.drop_column("task", column)
