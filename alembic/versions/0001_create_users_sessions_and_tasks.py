"""Create users, sessions and tasks.

Revision 0001, after nothing.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
SORTED_BYTE_BY_BYTE = sa.String().with_variant(sa.String(collation="C"), "postgresql")
OUTSIDE_THE_TRASH = sa.text("deleted_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "user",
        *_identity(),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("email_verified", sa.Boolean(), nullable=False),
        sa.Column("image", sa.String(), nullable=True),
        sa.Column("timezone", sa.String(64), nullable=False),
        sa.Column("locale", sa.String(16), nullable=False),
        sa.Column("disabled_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user")),
        sa.UniqueConstraint("email", name=op.f("uq_user_email")),
        _at_most("user", "name", 100),
        _at_most("user", "email", 254),
        _at_most("user", "timezone", 64),
    )
    op.create_table(
        "account",
        *_identity(),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.String(64), nullable=False),
        sa.Column("account_id", sa.String(255), nullable=False),
        sa.Column("password", sa.String(), nullable=True),
        sa.Column("access_token", sa.String(), nullable=True),
        sa.Column("refresh_token", sa.String(), nullable=True),
        sa.Column("id_token", sa.String(), nullable=True),
        sa.Column("access_token_expires_at", MOMENT, nullable=True),
        sa.Column("refresh_token_expires_at", MOMENT, nullable=True),
        sa.Column("scope", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint(
            "provider_id", "account_id", name=op.f("uq_account_provider_id_account_id")
        ),
        _belongs_to_a_user("account"),
    )
    op.create_index("ix_account_user_id", "account", ["user_id"])
    op.create_table(
        "session",
        *_identity(),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("absolute_expires_at", MOMENT, nullable=False),
        sa.Column("last_seen_at", MOMENT, nullable=False),
        sa.Column("fresh_at", MOMENT, nullable=False),
        sa.Column("remember", sa.Boolean(), nullable=False),
        sa.Column("ip_address", sa.String(45), nullable=False),
        sa.Column("user_agent", sa.String(512), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_session_token_hash")),
        _at_most("session", "user_agent", 512),
        _belongs_to_a_user("session"),
    )
    op.create_index("ix_session_user_id", "session", ["user_id"])
    op.create_index("ix_session_expires_at", "session", ["expires_at"])
    op.create_table(
        "verification",
        *_identity(),
        sa.Column("identifier", sa.String(320), nullable=False),
        sa.Column("value", sa.String(64), nullable=False),
        sa.Column("payload", sa.String(), nullable=True),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verification")),
        sa.UniqueConstraint("value", name=op.f("uq_verification_value")),
    )
    op.create_index("ix_verification_identifier", "verification", ["identifier"])
    op.create_index("ix_verification_expires_at", "verification", ["expires_at"])
    _create_tasks()


def _create_tasks() -> None:
    op.create_table(
        "task",
        *_identity(),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(255), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("due_date", sa.Date(), nullable=True),
        sa.Column("due_time", sa.Time(), nullable=True),
        sa.Column("completed_at", MOMENT, nullable=True),
        sa.Column("deleted_at", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("idempotency_key", sa.String(255), nullable=True),
        sa.Column("due_key", sa.BigInteger(), nullable=False),
        sa.Column("agenda_key", sa.BigInteger(), nullable=False),
        sa.Column("title_key", SORTED_BYTE_BY_BYTE, nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
        _at_most("task", "title", 255),
        _at_most("task", "description", 10_000),
        sa.CheckConstraint("priority BETWEEN 1 AND 3", name=op.f("ck_task_priority_rank")),
        _belongs_to_a_user("task"),
    )
    op.create_index(
        "uq_task_user_id_idempotency_key", "task", ["user_id", "idempotency_key"], unique=True
    )
    op.create_index("ix_task_trash", "task", ["user_id", "deleted_at", "id"])
    for order, column in (
        ("created", "created_at"),
        ("updated", "updated_at"),
        ("due", "due_key"),
        ("priority", "priority"),
        ("title", "title_key"),
        ("agenda", "agenda_key"),
    ):
        op.create_index(
            f"ix_task_list_by_{order}",
            "task",
            ["user_id", column, "id"],
            sqlite_where=OUTSIDE_THE_TRASH,
            postgresql_where=OUTSIDE_THE_TRASH,
        )


def downgrade() -> None:
    for table in ("task", "verification", "session", "account", "user"):
        op.drop_table(table)


def _identity() -> list[sa.Column]:
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
    ]


def _at_most(table: str, column: str, length: int) -> sa.CheckConstraint:
    return sa.CheckConstraint(
        f"length({column}) <= {length}", name=op.f(f"ck_{table}_{column}_length")
    )


def _belongs_to_a_user(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["user_id"], ["user.id"], name=op.f(f"fk_{table}_user_id_user"), ondelete="CASCADE"
    )
