"""Let people choose how they write dates, where they begin, and what a new task gets.

Revision 0019, after 0018.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

CUSTOMS = {
    "week_start": sa.String(16),
    "date_order": sa.String(16),
    "time_format": sa.String(16),
    "landing_page": sa.String(16),
    "default_list_id": sa.Uuid(),
    "default_priority": sa.String(16),
}


def upgrade() -> None:
    """Nothing is chosen at first: what is empty follows the browser, or is as it was."""
    for column, of_type in CUSTOMS.items():
        op.add_column("user", sa.Column(column, of_type, nullable=True))


def downgrade() -> None:
    for column in CUSTOMS:
        op.drop_column("user", column)
