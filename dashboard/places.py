"""Where the program's files are: in a checkout of the project, or in an installed wheel."""

from pathlib import Path

_BUNDLE = Path(__file__).resolve().with_name("bundle")

IS_CHECKOUT = not _BUNDLE.is_dir()
PROJECT = _BUNDLE.parent.parent if IS_CHECKOUT else _BUNDLE
"""The folder with rxconfig.py, .web and alembic, where Reflex runs. bin/bundle copies them into the wheel."""
BUILT_PAGES = PROJECT / ".web" / "build" / "client"
"""Where bin/build leaves the pages, and Reflex serves them from."""
