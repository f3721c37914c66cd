"""What a browser may run and load of an answer: its Content-Security-Policy."""

import base64
import hashlib
from collections.abc import Iterator
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path

from dashboard.config import Settings
from dashboard.places import BUILT_PAGES

NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""For whatever is no page."""


def page_policy(settings: Settings, built: Path = BUILT_PAGES) -> str:
    """For the pages: our own files, and of the scripts inside them exactly those that the build wrote."""
    socket = settings.public_url.replace("http", "ws", 1)
    directives = {
        "default-src": "'none'",
        "script-src": " ".join(["'self'", *script_hashes(built)]),
        # React and the browser's own widgets set styles of single elements.
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data:",
        "font-src": "'self'",
        # Named as well, because to an older Safari a socket is not 'self'.
        "connect-src": f"'self' {socket}",
        "manifest-src": "'self'",
        "worker-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {sources}" for name, sources in directives.items())


@lru_cache(maxsize=1)
def script_hashes(built: Path) -> tuple[str, ...]:
    """The sources of all scripts that stand inside the pages; none where nothing was built (in development)."""
    scripts = {script for page in built.rglob("*.html") for script in inline_scripts(page)}
    return tuple(sorted(_source(script) for script in scripts))


def inline_scripts(page: Path) -> Iterator[str]:
    """The text of each script inside a page, as the browser hashes it."""
    reader = _ScriptReader()
    reader.feed(page.read_text(encoding="utf-8"))
    reader.close()
    yield from reader.scripts


def _source(script: str) -> str:
    digest = hashlib.sha256(script.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


class _ScriptReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.scripts: list[str] = []
        self._is_inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._is_inside = tag == "script" and "src" not in dict(attrs)
        if self._is_inside:
            self.scripts.append("")

    def handle_endtag(self, tag: str) -> None:
        self._is_inside = False

    def handle_data(self, data: str) -> None:
        if self._is_inside:
            self.scripts[-1] += data
