"""Note which gestures were carried out, so that each is carried out once, whichever tab sends it again.

Revision 0012, after 0011.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "done_gesture",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_done_gesture")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_done_gesture_user_id_user"), ondelete="CASCADE"
        ),
    )
    op.create_index("ix_done_gesture_user_id", "done_gesture", ["user_id"])
    op.create_index("ix_done_gesture_done_at", "done_gesture", ["done_at"])


def downgrade() -> None:
    op.drop_table("done_gesture")
