"""What a start says: which Cairn it is, where it is, where its data is, and what should not stay as it is."""

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy.engine import make_url
from sqlmodel import Session

from dashboard import clock
from dashboard.config import Settings
from dashboard.database.transactions import get_database
from dashboard.services.accounts import sign_up_policy, users
from dashboard.services.operation import backups
from dashboard.version import full_version

WITHOUT_BACKUP = timedelta(days=7)


def summary(settings: Settings) -> Iterator[str]:
    """Line by line. The database has to be migrated."""
    yield f"Cairn {full_version()}"
    yield f"  Address   {settings.public_url}"
    yield f"  Data      {settings.data_dir.absolute()}"
    yield f"  Database  {_database(settings)}"
    with get_database().transaction(writes=False) as session:
        advice = list(_advice(settings, session))
    yield from (f"  {words}" for words in advice)


def _database(settings: Settings) -> str:
    address = make_url(settings.database_url)
    if settings.is_sqlite:
        return f"SQLite, {address.database}"
    return f"PostgreSQL, {address.database} at {address.host or 'this machine'}"


def _advice(settings: Settings, session: Session) -> Iterator[str]:
    rule, first = sign_up_policy.rule(session), users.first_created_at(session)
    if rule == "setup_code":
        yield f"Nobody has an account yet. Create the first one at {sign_up_policy.setup_link()}"
        yield f"or with the setup code {sign_up_policy.setup_code()}; everyone after that needs an invitation."
    if rule == "open" and not settings.is_local:
        yield "Everyone who finds the address can create an account: SIGN_UP=invitation keeps strangers out."
    if not settings.smtp_host and not settings.is_local:
        yield "No mail is sent, so nobody can choose another password alone: see SMTP_HOST in docs/deploy.md."
    last = backups.last_backup_at(settings)
    if first is not None and clock.now() - (last or first) > WITHOUT_BACKUP:
        since = f"since {last:%Y-%m-%d}" if last else "yet"
        yield f"No backup was made {since}: see Backups in docs/deploy.md."
