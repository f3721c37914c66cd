"""Search whatever the accents.

Revision 0005, after 0004.
"""

import unicodedata
from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

AT_ONCE = 1_000
ACCENTS = dict.fromkeys(range(0x300, 0x370))
TASK = sa.table(
    "task",
    sa.column("id", sa.Uuid()),
    sa.column("title", sa.Text()),
    sa.column("description", sa.Text()),
    sa.column("search_text", sa.Text()),
)


def upgrade() -> None:
    _write_anew(lambda text: _folded(unicodedata.normalize("NFKD", text).translate(ACCENTS)))


def downgrade() -> None:
    _write_anew(_folded)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _write_anew(form: Callable[[str], str]) -> None:
    """A batch at a time, so that no number of tasks is too many for the memory."""
    connection = op.get_bind()
    batch = sa.select(TASK).order_by(TASK.c.id).limit(AT_ONCE)
    rows = connection.execute(batch).all()
    while rows:
        changed = [
            {"its_id": row.id, "text": text}
            for row in rows
            if (text := f"{form(row.title)}\n{form(row.description)}") != row.search_text
        ]
        if changed:
            connection.execute(
                sa.update(TASK)
                .where(TASK.c.id == sa.bindparam("its_id"))
                .values(search_text=sa.bindparam("text")),
                changed,
            )
        rows = connection.execute(batch.where(TASK.c.id > rows[-1].id)).all()
