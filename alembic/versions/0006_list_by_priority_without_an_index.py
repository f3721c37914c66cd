"""List by priority without an index: a shelf holds one priority only.

Revision 0006, after 0005.
"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_task_list_by_priority", "task")


def downgrade() -> None:
    columns = ["user_id", "shelf", "priority", "id", "due_key"]
    op.create_index("ix_task_list_by_priority", "task", columns)
