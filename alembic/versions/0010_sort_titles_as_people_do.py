"""Sort titles as people do, and find letters with a stroke.

Revision 0010, after 0009.
"""

import unicodedata
from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

AT_ONCE = 1_000
KEY_LENGTH = 255
ACCENTS = dict.fromkeys(range(0x300, 0x370))
LETTERS = str.maketrans(dict(zip("đðħıłøŧς", "ddhilotσ", strict=True)))
LETTERS |= str.maketrans({"æ": "ae", "œ": "oe", "ß": "ss", "þ": "th"})
TASK = sa.table(
    "task",
    sa.column("id", sa.Uuid()),
    sa.column("title", sa.Text()),
    sa.column("description", sa.Text()),
    sa.column("title_key", sa.Text()),
    sa.column("search_text", sa.Text()),
)

Form = Callable[[str], str]


def upgrade() -> None:
    _write_anew(title_form=_searchable, search_form=_searchable)


def downgrade() -> None:
    _write_anew(title_form=_folded, search_form=lambda text: _folded(_without_accents(text)))


def _searchable(text: str) -> str:
    letters = unicodedata.normalize("NFKC", _without_accents(text))
    return letters.upper().lower().translate(LETTERS)


def _without_accents(text: str) -> str:
    return unicodedata.normalize("NFKD", text).translate(ACCENTS)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _write_anew(title_form: Form, search_form: Form) -> None:
    """A batch at a time, so that no number of tasks is too many for the memory."""
    connection = op.get_bind()
    batch = sa.select(TASK).order_by(TASK.c.id).limit(AT_ONCE)
    change = sa.update(TASK).where(TASK.c.id == sa.bindparam("its_id"))
    change = change.values(title_key=sa.bindparam("key"), search_text=sa.bindparam("text"))
    rows = connection.execute(batch).all()
    while rows:
        changed = [
            {"its_id": row.id, "key": key, "text": text}
            for row in rows
            for key in [title_form(row.title)[:KEY_LENGTH]]
            for text in [f"{search_form(row.title)}\n{search_form(row.description)}"]
            if (key, text) != (row.title_key, row.search_text)
        ]
        if changed:
            connection.execute(change, changed)
        rows = connection.execute(batch.where(TASK.c.id > rows[-1].id)).all()
