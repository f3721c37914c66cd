"""How Alembic runs a migration: on the connection that dashboard/database/migrations.py holds, or on one like it."""

from alembic import context
from sqlalchemy import Connection
from sqlmodel import SQLModel

import dashboard.models  # noqa: F401 (registers every table)
from dashboard.config import get_settings
from dashboard.database import migrations
from dashboard.models.task_search import is_declared


def run_on(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        include_name=is_declared,
        compare_type=True,
        compare_server_default=True,
        # SQLite cannot alter a table; a batch makes it anew there and alters it on PostgreSQL.
        render_as_batch=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run_on(given)
else:
    with migrations.migrating(get_settings().database_url) as own:
        run_on(own)
