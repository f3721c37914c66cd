"""Limit attempts and keep an audit trail.

Revision 0003, after 0002.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "rate_limit",
        sa.Column("key", sa.String(100), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("window_start", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_rate_limit")),
    )
    op.create_index("ix_rate_limit_window_start", "rate_limit", ["window_start"])
    op.create_table(
        "auth_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.String(32), nullable=False),
        sa.Column("ip_address", sa.String(45), nullable=False),
        sa.Column("user_agent", sa.String(512), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_auth_event")),
        sa.CheckConstraint(
            "length(user_agent) <= 512", name=op.f("ck_auth_event_user_agent_length")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_auth_event_user_id_user"), ondelete="CASCADE"
        ),
    )
    op.create_index("ix_auth_event_user_id_created_at", "auth_event", ["user_id", "created_at"])
    op.create_index("ix_auth_event_created_at", "auth_event", ["created_at"])


def downgrade() -> None:
    op.drop_table("auth_event")
    op.drop_table("rate_limit")
