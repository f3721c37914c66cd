"""Everything in the database as one file, and back, into this database or another one."""

import tempfile
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from dashboard.config import Settings, get_settings, prepare_data_dir
from dashboard.database import backup_file, migrations
from dashboard.database.backup_file import Manifest
from dashboard.errors import ConfigurationError

_MADE = "last-backup"
"""An empty file in DATA_DIR whose age is that of the last backup."""


def back_up(file: Path) -> Manifest:
    """Write one moment of the database into a file, in the place of an older backup; people work on meanwhile."""
    manifest = _write(file)
    # A backup that is made is made, also where nothing can be noted beside the data.
    with suppress(OSError):
        (get_settings().data_dir / _MADE).touch(mode=0o600)
    return manifest


def last_backup_at(settings: Settings) -> datetime | None:
    """When `back_up` was last done; None when that is not known."""
    try:
        return datetime.fromtimestamp((settings.data_dir / _MADE).stat().st_mtime, UTC)
    except FileNotFoundError:
        return None


def _write(file: Path) -> Manifest:
    if file.exists() and not backup_file.is_backup(file):
        raise ConfigurationError(f"{file} is there already and is not a backup: give another name.")
    with migrations.reading(get_settings().database_url) as (connection, revision):
        return backup_file.write(file, connection, revision)


def restore(file: Path, *, force: bool) -> Manifest:
    """Fill the database with the rows of another one, and bring it to the newest schema: all of it or nothing.

    Raises BadBackup for a file that is damaged, and ConfigurationError where accounts would be lost, unless forced.
    """
    prepare_data_dir(get_settings())
    return _restore(file, get_settings().database_url, force=force)


def copy_to(url: str, *, force: bool) -> Manifest:
    """Put everything into another database, of either kind."""
    prepare_data_dir(get_settings())
    with tempfile.TemporaryDirectory(prefix=".copy-", dir=get_settings().data_dir) as folder:
        file = Path(folder) / "cairn.backup"
        _write(file)
        return _restore(file, url, force=force)


def _restore(file: Path, url: str, *, force: bool) -> Manifest:
    with backup_file.opened(file) as backup:
        backup.check()
        with migrations.rebuilding(url, backup.manifest.revision, force=force) as connection:
            backup.load(connection)
        return backup.manifest
