"""Keep each address in one form.

Revision 0009, after 0008.

The domain as people read it (IDNA 2008), NFC, lower-case. Two accounts of one mailbox, which earlier releases let
people make, both stay: the address goes to the one that has proved it, else to the older one. The others get an address
of their own that nobody has, which `users list` shows and `users set-email` changes.
"""

import logging
import unicodedata
from collections.abc import Iterable
from itertools import groupby
from typing import Any

import email_validator
import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

logger = logging.getLogger(__name__)
USER = sa.table(
    "user",
    sa.column("id", sa.Uuid()),
    sa.column("email", sa.Text()),
    sa.column("email_verified", sa.Boolean()),
)


def upgrade() -> None:
    connection = op.get_bind()
    people = connection.execute(sa.select(USER).order_by(USER.c.id)).all()
    changes = dict(_changes(people))
    # Each address that changes is free before another account takes it.
    for form in (lambda row: f"{row.id}@moving.invalid", lambda row: changes[row.id]):
        for row in people:
            if row.id in changes:
                its = sa.update(USER).where(USER.c.id == row.id)
                connection.execute(its.values(email=form(row)))
    doubles = sum(email.endswith("@duplicate.invalid") for email in changes.values())
    if doubles:
        logger.warning(
            "Accounts that had the mailbox of another one and need an address: %d (see users list).",
            doubles,
        )


def downgrade() -> None:
    """Earlier releases take this form as well."""


def _changes(people: Iterable[Any]) -> Iterable[tuple[Any, str]]:
    """The id and new address of every account that needs one."""

    def form(row: Any) -> str:
        return _form(row.email)

    for email, rows in groupby(sorted(people, key=form), key=form):
        # Sorting is stable: of equals the older one is first.
        first, *others = sorted(rows, key=lambda row: not row.email_verified)
        if first.email != email:
            yield first.id, email
        for row in others:
            yield row.id, f"{row.id}@duplicate.invalid"


def _form(email: str) -> str:
    plain = unicodedata.normalize("NFC", email.strip().lower())
    try:
        return email_validator.validate_email(
            plain, check_deliverability=False, globally_deliverable=False
        ).normalized
    except email_validator.EmailNotValidError:
        return email
