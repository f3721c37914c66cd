"""Drop columns that nothing has ever used: OAuth's of an account, a user's picture and language.

Revision 0018, after 0017.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
OF_OAUTH = {
    "access_token": sa.String(),
    "refresh_token": sa.String(),
    "id_token": sa.String(),
    "access_token_expires_at": MOMENT,
    "refresh_token_expires_at": MOMENT,
    "scope": sa.String(),
}


def upgrade() -> None:
    for column in OF_OAUTH:
        op.drop_column("account", column)
    for column in ("image", "locale"):
        op.drop_column("user", column)


def downgrade() -> None:
    """Make them again, as they were for everyone: empty, and British."""
    op.add_column("user", sa.Column("image", sa.String(), nullable=True))
    op.add_column("user", sa.Column("locale", sa.String(16), nullable=True))
    op.execute("""UPDATE "user" SET locale = 'en-GB'""")
    with op.batch_alter_table("user") as batch:
        batch.alter_column("locale", existing_type=sa.String(16), nullable=False)
    for column, of_type in OF_OAUTH.items():
        op.add_column("account", sa.Column(column, of_type, nullable=True))
